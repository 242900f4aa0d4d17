// The documents keep their word: links lead somewhere, commands exist, tables equal the code, examples run.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'tap'
import { readAdapterFile } from '../harness/cli/adapter/adapter-file.ts'
import { localAdapterNamed } from '../harness/cli/adapter/named-adapters.ts'
import { exitCodes } from '../harness/gate/exit-codes.ts'
import { openProject, type Project } from '../harness/cli/project/project.ts'
import { permutationsFor, runSession } from '../harness/cli/session/session.ts'
import { parseFixtures } from '../harness/plan/read/fixtures.ts'
import type { PermutationResult } from '../harness/result/report.ts'

const root = resolve(import.meta.dirname, '../..')
const bin = join(root, 'bin/viaduct.js')
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

interface Block {
  readonly language: string
  readonly code: string
}

function blocksOf(file: string): Block[] {
  return [...text(file).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
  }))
}

/** A document without its code: what prose and tables say. */
function proseOf(file: string): string {
  return text(file).replaceAll(/^```[\s\S]*?^```$/gm, '')
}

/** The cells of the rows of the first table whose head is this, without the blanks that align them. */
function tableOf(file: string, head: readonly string[]): string[][] {
  const rows = text(file)
    .split('\n')
    .map((line) => (line.startsWith('|') ? line.split('|').slice(1, -1) : []).map((cell) => cell.trim()))
  const start = rows.findIndex((row) => row.join('|') === head.join('|'))
  if (start === -1) return []
  const end = rows.findIndex((row, place) => place > start && row.length === 0)
  return rows.slice(start + 2, end === -1 ? undefined : end)
}

/** The fragment by which a heading is linked to. */
function fragmentOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} -]/gu, '')
    .replaceAll(' ', '-')
}

await test('every relative link leads to a file, and to a heading if it names one', async (t) => {
  const links = documents.flatMap((file) =>
    [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^\w+:/.test(target))
      .map((target) => ({ file, target })),
  )
  t.ok(links.length > 15, `${links.length} links`)
  const offenders = links.filter(({ file, target }) => {
    const [path = '', fragment] = target.split('#')
    const reached = path === '' ? file : join(dirname(file), path)
    if (!existsSync(join(root, reached))) return true
    if (fragment === undefined) return false
    const prose = proseOf(reached)
    if (prose.includes(`<a id="${fragment}"></a>`)) return false
    return ![...prose.matchAll(/^#+ (.*)$/gm)].some(([, heading = '']) => fragmentOf(heading) === fragment)
  })
  t.same(offenders, [])
})

await test('pictures are small enough to be loaded with the page', async (t) => {
  for (const name of readdirSync(join(root, 'docs/pictures'))) {
    const { size } = statSync(join(root, 'docs/pictures', name))
    t.ok(size > 20_000 && size < 300_000, `${name}: ${size} octets`)
  }
})

function helpOf(...command: readonly string[]): string {
  return spawnSync(process.execPath, [bin, ...command, '--help'], { encoding: 'utf8' }).stdout
}

function commandNames(): ReadonlySet<string> {
  return new Set([...helpOf().matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name = '']) => name))
}

await test('the tour in the README has every command', (t) => {
  const tour = /## A tour of the commands\n(.*?)\n## /s.exec(text('README.md'))?.[1] ?? ''
  t.same(
    [...commandNames()].filter((name) => name !== 'help' && !tour.includes(`**${name}**`)),
    [],
  )
  t.end()
})

await test('every command and option that a document shows exists', async (t) => {
  const commands = commandNames()
  t.ok(commands.has('run') && commands.has('mutants'), [...commands].join(', '))
  const help = new Map([...commands].filter((name) => name !== 'help').map((name) => [name, helpOf(name)]))
  const offenders: string[] = []
  let seen = 0
  for (const file of documents) {
    const inline = [...proseOf(file).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
    const shown = blocksOf(file).filter(({ language }) => ['sh', 'console', 'yaml'].includes(language))
    const lines = [...inline, ...shown.flatMap(({ code }) => code.split('\n'))]
    for (const line of lines) {
      for (const [, name = '', rest = ''] of line.matchAll(/(?:^|\s)viaduct ([a-z]+)\b([^&#]*)/g)) {
        seen++
        const words = help.get(name)
        if (words === undefined) offenders.push(`${file}: viaduct ${name}`)
        const options = [...rest.replaceAll(/'[^']*'/g, '').matchAll(/\s(--[a-z-]+)/g)].map(([, option = '']) => option)
        for (const option of options)
          if (words?.includes(option) !== true) offenders.push(`${file}: viaduct ${name} ${option}`)
      }
    }
  }
  t.ok(seen > 25, `${seen} commands`)
  t.same(offenders, [])
})

await test('every npm script that a document shows exists', async (t) => {
  const scripts = text('package.json')
  const shown = documents.flatMap((file) =>
    [...text(file).matchAll(/\bnpm (?:run ([a-z:-]+)|(test))\b/g)].map(([, name = 'test']) => name),
  )
  t.ok(shown.length > 5)
  t.same(
    shown.filter((name) => !scripts.includes(`"${name}":`)),
    [],
  )
})

await test('the table of exit codes in the README equals the code, in order of precedence', async (t) => {
  const codes = tableOf('README.md', ['code', 'meaning']).map(([code]) => Number(code))
  t.same(codes, Object.values(exitCodes))
})

interface RoomFile {
  readonly references: readonly { readonly path: string }[]
  readonly compilerOptions?: { readonly types?: readonly string[]; readonly lib?: readonly string[] }
}

function isRoomFile(value: unknown): value is RoomFile {
  return typeof value === 'object' && value !== null && 'references' in value && Array.isArray(value.references)
}

function roomFile(path: string): RoomFile {
  const parsed: unknown = JSON.parse(text(path))
  if (!isRoomFile(parsed)) throw new Error(`${path} has no references`)
  return parsed
}

await test('the table of doors in docs/architecture.md is what the tsconfigs say', async (t) => {
  const rows = roomFile('tsconfig.json').references.map(({ path: room }) => {
    const { references, compilerOptions } = roomFile(join(room, 'tsconfig.json'))
    const doors = references.map(({ path }) => `\`${relative(root, resolve(root, room, path))}\``)
    const isBrowser = compilerOptions?.lib?.includes('dom') === true
    const outside = compilerOptions?.types?.includes('node') === true ? 'Node' : isBrowser ? 'browser' : '–'
    return [`\`${room}\``, doors.length === 0 ? '–' : doors.join(', '), outside]
  })
  t.same(tableOf('docs/architecture.md', ['room', 'may import', 'outside world']), rows)
})

await test('the guide for VIA has every fixture, with its parameters', async (t) => {
  const file = 'suites/fixtures/via.yaml'
  const { fixtures } = parseFixtures([{ file, text: text(file) }])
  const told = tableOf('docs/writing-a-via-suite.md', ['fixture', 'parameters', 'what it does'])
  for (const [name, { parameters }] of fixtures) {
    const row = told.find(([named]) => named === `\`${name}\``)
    const names = [...(row?.[1] ?? '').matchAll(/`([a-z-]+)[^`]*`/g)].map((found): string => found[1] ?? '')
    t.same(names.toSorted(), [...parameters.keys()].toSorted(), name)
  }
  t.equal(told.length, fixtures.size)
})

await test('the guide for adapters has every option of EMP', (t) => {
  const told = tableOf('docs/writing-an-adapter.md', ['option', 'declare it if', 'what it widens'])
  const names = [
    ...(text('spec/pics/emp.yaml')
      .split('values:')[0]
      ?.matchAll(/- name: (\S+)/g) ?? []),
  ]
  t.ok(names.length > 5)
  t.same(
    told.map(([name]) => name),
    names.map(([, name]) => `\`${name}\``),
  )
  t.end()
})

await test('the adapter file that the guide shows says nothing wrong', (t) => {
  const shown = blocksOf('docs/writing-an-adapter.md').find(({ code }) => code.includes('adapter.yaml'))
  const file = join(t.testdir({ 'adapter.yaml': shown?.code ?? '' }), 'adapter.yaml')
  t.match(readAdapterFile(file), { build: 'make --silent', callTimeout: 20_000 })
  t.end()
})

function openOwn(file: string, code: string): Project | undefined {
  return openProject([{ file, text: code }])
}

async function rowsOf(project: Project, name: string): Promise<PermutationResult[]> {
  const adapter = localAdapterNamed(name)
  if (!adapter) throw new Error(`no adapter ${name}`)
  const permutations = permutationsFor(project, adapter, 1)
  const rows: PermutationResult[] = []
  for await (const row of runSession({ project, adapter, permutations, repeat: () => '' })) rows.push(row)
  return rows
}

await test('every suite that a document shows parses, passes, and kills what it says', async (t) => {
  const suites = documents.flatMap((file) =>
    blocksOf(file)
      .filter(({ language, code }) => language === 'yaml' && code.startsWith('suite:'))
      .map(({ code }, place) => ({ file: `${file}:example-${place + 1}`, code })),
  )
  t.ok(suites.length >= 3, `${suites.length} suites`)
  for (const { file, code } of suites) {
    // What is wrong with it stands on stderr.
    const project = openOwn(file, code)
    t.ok(project, `${file} parses`)
    if (!project) continue
    const rows = await rowsOf(project, 'reference')
    t.same(
      rows.filter(({ verdict }) => verdict !== 'pass').map(({ name, reason }) => ({ name, reason })),
      [],
      `${file} passes on the reference`,
    )
    const promised = project.declared.flatMap(({ id, kills }) => kills.map((mutant) => ({ id, mutant })))
    for (const { id, mutant } of promised) {
      const caught = (await rowsOf(project, `mutant:${mutant}`)).some(
        (row) => `${row.suite}/${row.case}` === id && row.verdict !== 'pass' && row.verdict !== 'not-applicable',
      )
      t.ok(caught, `${id} kills ${mutant}`)
    }
  }
})

await test('the bad input of the guide gets the complaints that the guide shows', async (t) => {
  const blocks = blocksOf('docs/writing-a-suite.md')
  const bad = blocks.find(({ code }) => code.startsWith('# bad.yaml'))
  const shown = blocks.find(({ language }) => language === 'text')
  const folder = t.testdir()
  writeFileSync(join(folder, 'bad.yaml'), bad?.code ?? '')
  const run = spawnSync(process.execPath, [bin, 'lint', 'bad.yaml'], { cwd: folder, encoding: 'utf8' })
  t.equal(run.status, exitCodes.usage)
  t.equal(run.stderr, shown?.code)
})

await test('every requirement, mutant and case that a document names exists', async (t) => {
  const project = openProject()
  t.ok(project)
  const requirements = new Set(project?.catalogue.requirements.map(({ id }) => id))
  const cases = new Set(project?.declared.map(({ id }) => id))
  const offenders = documents.flatMap((file) => {
    const shown = [
      proseOf(file),
      ...blocksOf(file).flatMap(({ language, code }) => (language === 'yaml' || language === 'text' ? [] : [code])),
    ].join('\n')
    return [
      ...[...shown.matchAll(/\b(?:EMP|VIA)-[A-Z]+-\d{3}\b/g)].map(([id]) => id).filter((id) => !requirements.has(id)),
      ...[...shown.matchAll(/\bmutant:([a-z-]+)/g)].map(([id]) => id).filter((id) => !localAdapterNamed(id)),
      ...[...shown.matchAll(/\bemp\.[a-z-]+\/[a-z-]+/g)].map(([id]) => id).filter((id) => !cases.has(id)),
    ].map((name) => `${file}: ${name}`)
  })
  t.same(offenders, [])
})

interface Reading {
  readonly name: string
  readonly document: string
  /** Which rows it has. */
  readonly letters: string
  /** Rows that requirements and layouts cite, at the least. */
  readonly citedLeast: number
}

const readings: readonly Reading[] = [
  { name: 'EMP', document: 'docs/reading-emp.md', letters: 'ER', citedLeast: 50 },
  { name: 'VIA', document: 'docs/reading-via.md', letters: 'SQ', citedLeast: 40 },
]

/** The anchors and names of the rows of a reading. */
function rowsExplained({ document, letters }: Reading): { anchor: string; name: string }[] {
  const row = new RegExp(`<a id="([${letters.toLowerCase()}]\\d+)"></a>\\*\\*([${letters}]\\d+)\\b`, 'g')
  return [...proseOf(document).matchAll(row)].map(([, anchor = '', name = '']) => ({ anchor, name }))
}

const allRequirements = openProject()?.catalogue.requirements ?? []

function requirementsOf(name: string): typeof allRequirements {
  return allRequirements.filter(({ id }) => id.startsWith(`${name}-`))
}

/** The rows that layouts of an interface cite. */
function rowsOfLayouts(name: string): string[] {
  const files = readdirSync(join(root, 'spec/layouts')).filter((file) => file.startsWith(`${name.toLowerCase()}-`))
  return files.flatMap((file) =>
    [...text(join('spec/layouts', file)).matchAll(/^ *source: \[(.*)\]$/gm)].flatMap(([, rows = '']) =>
      rows.split(', '),
    ),
  )
}

for (const reading of readings) {
  const { name, document } = reading
  await test(`every row that a requirement or layout of ${name} cites is explained in ${document}`, async (t) => {
    const rows = rowsExplained(reading)
    t.same(
      rows.filter((row) => row.anchor !== row.name.toLowerCase()),
      [],
      'an anchor is the name of its row',
    )
    const explained = new Map<string, number>()
    for (const row of rows) explained.set(row.name, (explained.get(row.name) ?? 0) + 1)
    const layouts = rowsOfLayouts(name)
    t.ok(layouts.length > 5, `${layouts.length} rows of layouts`)
    const cited = new Set([...requirementsOf(name).flatMap(({ source }) => source), ...layouts])
    t.ok(cited.size >= reading.citedLeast, `${cited.size} rows`)
    t.same(
      [...cited].filter((row) => explained.get(row) !== 1),
      [],
      'each has one entry',
    )
  })
}

await test('each reading of VIA rests on a question, or on a point that names the requirement', async (t) => {
  const prose = proseOf('docs/reading-via.md').replaceAll(/\s+/g, ' ')
  const read = requirementsOf('VIA').filter(({ basis }) => basis === 'reading')
  t.ok(read.length > 30, `${read.length} readings`)
  const offenders = read.filter(
    ({ id, source }) => !source.some((row) => row.startsWith('Q')) && !prose.includes(`_Reading, for ${id}.`),
  )
  t.same(
    offenders.map(({ id }) => id),
    [],
  )
})

await test('every point of docs/reading-via.md has its number and anchor, in order', async (t) => {
  const points = [...proseOf('docs/reading-via.md').matchAll(/^- (.*)\*\*(S\d+)\.(\d+)\*\*/gm)]
  t.ok(points.length > 80, `${points.length} points`)
  const found = new Map<string, number>()
  const offenders: string[] = []
  for (const [, before = '', row = '', point = ''] of points) {
    const place = (found.get(row) ?? 0) + 1
    found.set(row, place)
    const isRight = Number(point) === place && before === `<a id="${row.toLowerCase()}-${point}"></a>`
    if (!isRight) offenders.push(`${row}.${point}`)
  }
  t.same(offenders, [])
})

await test('the questions of docs/reading-via.md are numbered from 1 without gaps', async (t) => {
  const numbers = [...proseOf('docs/reading-via.md').matchAll(/<a id="q(\d+)">/g)].map(([, number]) => Number(number))
  t.same(
    numbers.toSorted((a, b) => a - b),
    numbers.map((_, place) => place + 1),
  )
})
