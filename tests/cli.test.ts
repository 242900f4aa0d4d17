// The command line, but for runs: what it says to wrong usage and wrong files, and what can be asked.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'tap'
import { folder, root, viaduct, type Outcome } from './viaduct-command.ts'

const suite = `suite: emp.broken
title: A suite with mistakes
interface: emp
class: core
cases:
  - id: twice
    title: Refers to what is not there
    memory: { left.tx: { bytes: 8 } }
    steps:
      - left.isend: { to: right, tag: 5, buffer: nowhere, as: s }
      - settle: { within: 5s }
    expect:
      - left.done: { request: s }
        for: EMP-REL-999
    proves: [{ frames: { from: left, times: { min: 1 } } }]
    kills: [emp-no-retransmitt]
  - id: twice
    title: Has a member that nothing knows
    expext: []
    steps:
      - settle: { within: 5s }
    expect:
      - left.deadline: none
        for: EMP-REL-012
    proves: [{ frames: { from: left, times: { min: 1 } } }]
`

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

file('broken.yaml', suite)
file('syntax.yaml', 'suite: emp.syntax\ncases: [\n  - id: x\n')
file('in-the-way', '')

const commands = ['run', 'list', 'explain', 'lint', 'coverage', 'mutants', 'serve'] as const

/** Everything that is tried here; each starts as soon as a processor is free. */
const tried = {
  help: viaduct(['--help']),
  nothing: viaduct([]),
  unknownCommand: viaduct(['rum']),
  unknownOption: viaduct(['run', '--seeed', '1']),
  noInteger: viaduct(['run', '--seed', 'one']),
  noSuchMutant: viaduct(['mutants', 'emp-no-retransmitt']),
  noSuchServed: viaduct(['serve', 'mutant:emp-no-retransmitt']),
  lintBroken: viaduct(['lint', 'broken.yaml', 'syntax.yaml']),
  lintMissing: viaduct(['lint', 'broken.yaml', 'missing.yaml']),
  lintGood: viaduct(['lint', join(root, 'suites/emp/loss.yaml')]),
  noMatch: viaduct(['run', 'emp.los', '--report', 'never']),
  folderInTheWay: viaduct(['run', 'emp.loss', '--report', 'in-the-way/report']),
  unknownAdapter: viaduct(['run', 'emp.loss', '--adapter', 'mutant:emp-no-retransmitt']),
  unknownProgram: viaduct(['run', 'emp.loss', '--adapter', './no-such-adapter --fast']),
  adapterDies: viaduct(['run', 'emp.loss', '--adapter', 'ls /no/such/file']),
  adapterBabbles: viaduct(['run', 'emp.loss', '--adapter', 'echo hello']),
  listAdapters: viaduct(['list', '--adapters']),
  list: viaduct(['list']),
  listSuite: viaduct(['list', 'emp.loss']),
  listNothing: viaduct(['list', 'emp.los']),
  explainCase: viaduct(['explain', 'emp.loss/one-data-frame-lost']),
  explainRequirement: viaduct(['explain', 'EMP-REL-006']),
  explainNothing: viaduct(['explain', 'EMP-REL-06']),
  coverage: viaduct(['coverage', 'emp']),
  coverageOfNothing: viaduct(['coverage', 'mpi']),
}

// --- help -----------------------------------------------------------------------------------------------------------

await test('--help names every command', async (t) => {
  const { code, stdout } = await tried.help
  t.equal(code, 0)
  for (const name of commands) t.match(stdout, new RegExp(`^ {2}${name} `, 'm'))
})

for (const name of commands) {
  await test(`${name} --help says what ${name} does`, async (t) => {
    const { code, stdout, stderr } = await viaduct([name, '--help'])
    t.equal(code, 0)
    t.ok(stdout.startsWith(`Usage: viaduct ${name} `), stdout)
    t.equal(stderr, '')
  })
}

/** What a built file imports before anything is asked: other files, and packages. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)].map(
    (found) => found[1] ?? '',
  )
}

await test('before a command is asked for only light files are loaded, and commander', async (t) => {
  const reached = new Set<string>()
  const packages = new Set<string>()
  const follow = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    for (const target of importsOf(path)) {
      if (target.startsWith('.')) follow(resolve(dirname(path), target))
      else packages.add(target)
    }
  }
  follow(join(root, 'build/harness/cli/main.js'))
  t.same([...packages], ['commander'])
  t.same(
    [...reached].filter((path) => dirname(path) !== join(root, 'build/harness/cli')),
    [],
    'no other room is entered',
  )
  t.ok(reached.size < 5, [...reached].join('\n'))
})

// --- wrong usage ----------------------------------------------------------------------------------------------------

/** A complaint: exit 3, on stderr, and nothing on stdout. */
async function complaint(outcome: Promise<Outcome>, code = 3): Promise<string> {
  const { code: seen, stdout, stderr } = await outcome
  if (seen !== code || stdout !== '') throw new Error(`exit ${seen}\n${stdout}\n${stderr}`)
  return stderr
}

await test('without a command the help is shown as a complaint', async (t) => {
  t.match(await complaint(tried.nothing), /^Usage: viaduct/)
})

await test('an unknown command is wrong usage, with the nearest', async (t) => {
  const said = await complaint(tried.unknownCommand)
  t.match(said, /unknown command 'rum'/)
  t.match(said, /Did you mean run\?/)
})

await test('an unknown option is wrong usage, with the nearest', async (t) => {
  t.match(await complaint(tried.unknownOption), /unknown option '--seeed'\n\(Did you mean --seed\?\)/)
})

await test('a seed that is no integer is wrong usage', async (t) => {
  t.match(await complaint(tried.noInteger), /one is not an integer/)
})

await test('a pattern that matches nothing is wrong usage, with the nearest', async (t) => {
  t.equal(await complaint(tried.noMatch), '`emp.los` matches no case: did you mean `emp.loss`?\n')
})

await test('a report folder that cannot be made is told before anything runs', async (t) => {
  const said = await complaint(tried.folderInTheWay)
  t.match(said, /^The report cannot be written to .*in-the-way\/report: /)
  t.notMatch(said, /pass/)
})

await test('an adapter that nobody knows exits 5, with the nearest', async (t) => {
  const said = await complaint(tried.unknownAdapter, 5)
  t.match(said, /^mutant:emp-no-retransmitt is neither an adapter .* nor a program/)
  t.match(said, /Did you mean mutant:emp-no-retransmit\?/)
})

await test('a program that is not there exits 5', async (t) => {
  const said = await complaint(tried.unknownProgram, 5)
  t.match(said, /no-such-adapter --fast is neither .* viaduct list --adapters shows the names/)
})

await test('a command that ends at once exits 5, with its last words', async (t) => {
  const said = await complaint(tried.adapterDies, 5)
  t.match(said, /^The adapter could not be started: the adapter exited with code \d/)
  t.match(said, /It wrote to stderr:\n.*\/no\/such\/file/)
})

await test('a command that does not speak the protocol exits 5, with what it said', async (t) => {
  t.match(await complaint(tried.adapterBabbles, 5), /^The adapter could not be started: .*"hello"/)
})

await test('a mutant that nobody knows is wrong usage, with the nearest', async (t) => {
  t.match(await complaint(tried.noSuchMutant), /Did you mean emp-no-retransmit\?/)
})

await test('an adapter that cannot be served exits 5, with the nearest', async (t) => {
  t.match(await complaint(tried.noSuchServed, 5), /mutant:emp-no-retransmit`?\?/)
})

// --- lint -----------------------------------------------------------------------------------------------------------

/** What lint must say: where, what, and the line with its caret. */
const mistakes: readonly { at: string; words: RegExp; code: string; hint?: string }[] = [
  { at: 'broken.yaml:10:50', words: /nowhere/, code: 'nowhere' },
  { at: 'broken.yaml:14:14', words: /no requirement `EMP-REL-999`/, code: 'EMP-REL-999', hint: 'EMP-REL-009' },
  { at: 'broken.yaml:16:13', words: /no mutant/, code: 'emp-no-retransmitt', hint: 'emp-no-retransmit' },
  { at: 'broken.yaml:17:9', words: /another case of this suite has the id `twice`/, code: 'twice' },
  { at: 'broken.yaml:19:5', words: /unknown key `expext`/, code: 'expext', hint: 'expect' },
  { at: 'syntax.yaml:3:3', words: /./, code: '- id: x' },
]

for (const { at, words, code, hint } of mistakes) {
  await test(`lint shows the mistake at ${at}, with a caret under it`, async (t) => {
    const said = await complaint(tried.lintBroken)
    const told = said.split('\n\n').find((each) => each.startsWith(`${at}: error: `)) ?? said
    const [head = '', line = '', caret = '', help = ''] = told.split('\n')
    t.match(head, words)
    t.equal(line.indexOf(code), caret.indexOf('^'))
    t.equal(caret.trim().replace('| ', '').length, code.length)
    if (hint !== undefined) t.equal(help, `help: did you mean \`${hint}\`?`)
  })
}

await test('lint ends with the number of its errors', async (t) => {
  const said = await complaint(tried.lintBroken)
  const count = [...said.matchAll(/: error: /g)].length
  t.match(said, new RegExp(`\n${count} errors\n$`))
})

await test('a file that lint cannot read is told', async (t) => {
  t.match(await complaint(tried.lintMissing), /^missing\.yaml cannot be read: /)
})

await test('lint has nothing to say against a good file', async (t) => {
  const { code, stdout, stderr } = await tried.lintGood
  t.same([code, stderr], [0, ''])
  t.match(stdout, /^1 files?, \d+ cases: nothing to complain about\n$/)
})

// --- what can be asked ----------------------------------------------------------------------------------------------

/** What a command answered. */
async function answer(outcome: Promise<Outcome>): Promise<string> {
  const { code, stdout, stderr } = await outcome
  if (code !== 0 || stderr !== '') throw new Error(`exit ${code}\n${stderr}`)
  return stdout
}

await test('list --adapters names the reference, degenerates and mutants, and says what else there is', async (t) => {
  const said = await answer(tried.listAdapters)
  for (const name of ['reference', 'degenerate:silent', 'degenerate:yes', 'degenerate:no', 'mutant:emp-no-retransmit'])
    t.match(said, new RegExp(`^${name} +[A-Z].*\\.$`, 'm'))
  t.ok([...said.matchAll(/^mutant:/gm)].length >= 12)
  t.match(said, /command that speaks the adapter protocol/)
})

await test('list names cases and requirements', async (t) => {
  const said = await answer(tried.list)
  t.match(said, /^ {2}emp\.loss\/one-data-frame-lost +core +A lost data frame/m)
  t.match(said, /^ {2}EMP-REL-006 +must +core +sourced +/m)
  t.ok(Number(/^(\d+) cases$/m.exec(said)?.[1]) >= 40)
  t.ok(Number(/^(\d+) requirements$/m.exec(said)?.[1]) >= 30)
})

await test('list with a pattern names what it matches', async (t) => {
  const said = await answer(tried.listSuite)
  t.match(said, /^ {2}emp\.loss\/one-data-frame-lost /m)
  t.notMatch(said, /emp\.matching|EMP-/)
})

await test('list with a pattern that matches nothing is wrong usage', async (t) => {
  t.match(await complaint(tried.listNothing), /`emp\.los` matches no case: did you mean `emp\.loss`\?/)
})

await test('explain tells of a case what it is, what it verifies, and how to repeat it', async (t) => {
  const said = await answer(tried.explainCase)
  t.match(said, /^emp\.loss\/one-data-frame-lost {2}A lost data frame/)
  t.match(said, /suites\/emp\/loss\.yaml:\d+/)
  for (const title of ['What it verifies', 'Topology', 'Faults', 'Steps', 'Allowed outcomes', 'Mutants it kills'])
    t.match(said, new RegExp(`^${title}\n {2}\\S`, 'm'))
  t.match(said, /^ {2}EMP-REL-007: When the timer of a collection runs out/m)
  t.match(said, /^ {2}emp-no-retransmit$/m)
  t.match(said, /^ {2}npx viaduct run emp\.loss\/one-data-frame-lost --trace$/m)
})

await test('explain tells of a requirement its words, its source, and the cases that verify it', async (t) => {
  const said = await answer(tried.explainRequirement)
  t.match(said, /^EMP-REL-006 {2}A collection that is not acknowledged/)
  t.match(said, /^ {2}must, class core, sourced: E13/m)
  t.match(said, /^Verified by\n(?: {2}.*\n)* {2}emp\.loss\/one-data-frame-lost: /m)
  t.match(said, /^ {2}emp-no-retransmit: /m)
})

await test('explain of what is not there is wrong usage, with the nearest', async (t) => {
  t.match(await complaint(tried.explainNothing), /no requirement EMP-REL-06\. Did you mean EMP-REL-00?6\?/)
})

await test('coverage leaves no requirement of EMP uncovered', async (t) => {
  const said = await answer(tried.coverage)
  t.notMatch(said, /UNCOVERED/)
  t.match(said, /^\d+ requirements: \d+ covered, \d+ deferred, \d+ untestable, 0 uncovered$/m)
})

await test('coverage of an interface that nobody knows is wrong usage', async (t) => {
  t.match(await complaint(tried.coverageOfNothing), /mpi is no interface; there are emp and via/)
})
