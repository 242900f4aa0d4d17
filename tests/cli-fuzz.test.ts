// viaduct fuzz and replay at the command line: what is found is kept, repeated and reported, and misuse is answered.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'
import type { Report } from '../harness/result/report.ts'
import { answer, complaint, entry, folder, root, viaduct, written } from './viaduct-command.ts'

const schema: unknown = JSON.parse(readFileSync(join(root, 'spec/schema/report.schema.json'), 'utf8'))

function reportIn(path: string): Report {
  const report: Report = JSON.parse(written(path, 'report.json'))
  return report
}

function isValid(report: Report): boolean {
  if (typeof schema !== 'object' || schema === null) throw new Error('the schema is none')
  return new Ajv2020({ strict: false }).validate(schema, report)
}

await test('what a search finds is kept, comes again bit for bit, is gone from what is right, and is told where it cannot be kept', async (t) => {
  const mutant = ['--adapter', 'mutant:emp-zero-length-lost']
  const search = ['fuzz', 'emp', ...mutant, '--runs', '250', '--seed', '1', '--save', 'kept', '--report', 'found']
  const { code, stdout } = await viaduct(search)
  t.equal(code, 1)
  t.match(stdout, /fail EMP-MATCH-011/)
  t.match(stdout, /kept: kept\/emp-match-011-[0-9a-f]{8}\.yaml/)
  t.match(stdout, /^exit 1: \d+ kinds? of failure in 250 drawn runs$/m)
  t.match(stdout, /250 runs, \d+\/s, seed 1; \d+ state pairs/)
  const report = reportIn('found')
  t.ok(isValid(report), 'the document is valid')
  t.equal(report.fuzz?.[0]?.failures.length, report.cases.length)
  t.match(written('found', 'index.html'), /id="search"/)
  const file = readdirSync(join(folder, 'kept')).find((name) => name.startsWith('emp-match-011')) ?? ''
  const path = join('kept', file)
  const again = await viaduct(['replay', path, ...mutant, '--report', 'again', '--trace'])
  t.equal(again.code, 1)
  t.match(again.stdout, /trace digest of .*: [0-9a-f]{8}, as when it was found/)
  t.match(again.stdout, /us {2}right|us {2}left/, 'the trace is a readable log')
  t.match(await viaduct(['replay', path, '--report', 'right']), { code: 0 })
  t.match(await answer(viaduct(['lint', path])), /1 case: nothing to complain about/)

  for (const name of readdirSync(join(folder, 'kept'))) mkdirSync(join(folder, 'full', name), { recursive: true })
  const unkept = await viaduct([...search.slice(0, -3), 'full', '--report', 'unkept'])
  t.equal(unkept.code, 1)
  t.match(unkept.stderr, /full\/emp-match-011-\w+\.yaml could not be written: EISDIR/)
  t.match(unkept.stderr, written('kept', file).split('\n').slice(2).join('\n'), 'the case is told')
  t.equal(reportIn('unkept').cases.length, report.cases.length)
})

await test('the search that README.md and the guide show finds what they show', async (t) => {
  const [readme, guide] = ['README.md', 'docs/fuzzing.md'].map((name) => readFileSync(join(root, name), 'utf8'))
  const command = /^\$ npx viaduct (fuzz emp .*)$/m.exec(readme ?? '')?.[1] ?? ''
  const { stdout } = await viaduct([...command.split(' '), '--report', 'as-shown'])
  const shown = (readme ?? '').slice((readme ?? '').indexOf(command) + command.length + 1)
  for (const line of shown.slice(0, shown.indexOf('```')).trimEnd().split('\n'))
    if (line !== '...') t.ok(stdout.includes(`${line}\n`), line)
  const kept = readdirSync(join(folder, 'found')).find((name) => name.endsWith('.yaml')) ?? ''
  for (const line of written('found', kept).split('\n').slice(0, 3)) t.ok(guide?.includes(line), line)
})

await test('a search of the reference over both interfaces finds nothing, in two threads as well', async (t) => {
  const { code, stdout } = await viaduct(['fuzz', '--runs', '64', '--seed', '3', '--jobs', '2', '--report', 'none'])
  t.equal(code, 0)
  t.match(stdout, /emp: 64 runs.*\n.*via: 64 runs/)
  t.match(reportIn('none'), { exit: { code: 0, why: '128 drawn runs, and nothing was forbidden' }, cases: [] })
})

await test('an implementation behind a pipe is searched as one in process is', async (t) => {
  const served = `'${process.execPath}' '${entry}' serve mutant:emp-receive-lifo`
  const bounds = ['--runs', '60', '--seed', '4', '--call-timeout', '9s']
  const search = ['fuzz', 'emp', ...bounds, '--save', 'kept-afar', '--report', 'afar']
  const { code, stdout } = await viaduct([...search, '--adapter', served])
  t.equal(code, 1)
  t.match(stdout, /\d+ kinds? of failure/)
  t.match(reportIn('afar').cases[0], { verdict: 'fail', blame: 'implementation' })
  t.match(reportIn('afar').run.command, /--call-timeout 9000ms --seed 4$/)
})

await test('the seed is drawn and printed, and the command that is printed repeats the search', async (t) => {
  await viaduct(['fuzz', 'emp', '--runs', '32', '--report', 'drawn'])
  const { run, fuzz } = reportIn('drawn')
  t.match(run.command, /^npx viaduct fuzz emp --runs 32 --seed \d+$/)
  await viaduct([...run.command.split(' ').slice(2), '--report', 'repeated'])
  const pairs = reportIn('repeated').fuzz?.[0]?.pairs
  t.equal(pairs, fuzz?.[0]?.pairs)
})

await test('an interrupted search leaves a partial report', async (t) => {
  const words = ['fuzz', 'emp', '--time', '10m', '--seed', '1', '--report', 'cut']
  const { code } = await viaduct(words, { interruptAt: /emp: \d+ runs/ })
  t.equal(code, 130)
  t.ok(reportIn('cut').run.interrupted)
})

const mistakes: Readonly<Record<string, readonly [words: readonly string[], complaint: RegExp]>> = {
  'an interface that there is not': [['fuzz', 'ib'], /emp, via/],
  'a focus that there is not': [['fuzz', '--focus', 'luck'], /loss, reorder, races, errors/],
  'no runs': [['fuzz', '--runs', '0'], /at least 1/],
  'a time for answers that nobody waits for': [
    ['fuzz', 'emp', '--runs', '32', '--call-timeout', '1s', '--adapter', 'mutant:emp-overtakes'],
    /^--call-timeout is for adapters that run in processes of their own\.$/m,
  ],
  'worlds that are none of a process': [
    ['fuzz', 'emp', '--runs', '32', '--worlds', '2'],
    /^--worlds is for adapters that run in processes of their own\.$/m,
  ],
  'a time that is none': [['fuzz', '--time', 'soon'], /10s, 500ms or 5m/],
  'a file that there is not': [['replay', 'nothing.yaml'], /no file nothing\.yaml/],
  'a case that there is not': [['replay', 'emp.los'], /emp\.los/],
}

for (const [name, [words, expected]] of Object.entries(mistakes)) {
  await test(`${name} is refused with what would do`, async (t) => {
    t.match(await complaint(viaduct(words)), expected)
  })
}

await test('an adapter that does not offer the interface is not searched', async (t) => {
  t.match(await complaint(viaduct(['fuzz', 'via', '--adapter', 'mutant:emp-overtakes'])), /does not offer via/)
})

await test('an adapter with a clock of its own is not searched', async (t) => {
  const served = `'${process.execPath}' '${entry}' serve reference --clock real`
  t.match(await complaint(viaduct(['fuzz', 'emp', '--runs', '32', '--adapter', served])), /a clock of its own/)
})

await test('where no case can be kept, nothing is searched for', async (t) => {
  writeFileSync(join(folder, 'in-the-way'), '')
  const told = await complaint(viaduct(['fuzz', 'emp', '--runs', '32', '--save', 'in-the-way/cases']))
  t.match(told, /cannot be kept in in-the-way\/cases: .*Name another folder with --save/)
})

await test('a search that finds nothing leaves no folder for cases behind', async (t) => {
  const { code } = await viaduct([
    'fuzz',
    'emp',
    '--runs',
    '32',
    '--seed',
    '3',
    '--save',
    'nothing/kept',
    '--report',
    'clean',
  ])
  t.equal(code, 0)
  t.notOk(existsSync(join(folder, 'nothing')))
})

await test('a kept file that somebody broke says where', async (t) => {
  writeFileSync(join(folder, 'broken.yaml'), 'suite: regressions.broken\ntitle: x\ncases: [\n')
  t.match(await complaint(viaduct(['replay', 'broken.yaml'])), /broken\.yaml:\d+:\d+: error/)
})
