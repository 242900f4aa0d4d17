// The command line: runs, green, red and cut short, and the reports that they leave behind.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'
import { mutants } from '../adapters/mutants/catalogue.ts'
import { ReportFolder } from '../harness/cli/report/report-files.ts'
import { exitCodes } from '../harness/gate/exit-codes.ts'
import type { Report } from '../harness/result/report.ts'
import { green } from './reports/example-report.ts'
import { complaint, entry, folder, root, viaduct, written } from './viaduct-command.ts'

const schema: unknown = JSON.parse(readFileSync(join(root, 'spec/schema/report.schema.json'), 'utf8'))
if (typeof schema !== 'object' || schema === null) throw new Error('the schema is no object')
const matches = new Ajv2020({ strictTypes: false }).compile<Report>(schema)

/** The report that a run left in a folder, held against the schema. */
function reportIn(name: string): Report {
  const read: unknown = JSON.parse(written(name, 'report.json'))
  if (matches(read)) return read
  throw new Error(JSON.stringify(matches.errors))
}

const served = `'${process.execPath}' '${entry}' serve reference`
const trial = 'emp.truncation'

// What is in the way of the page stands for a disk that is full.
for (const name of ['unsealed', 'unsealed-search'])
  mkdirSync(join(folder, name, 'index.html.part'), { recursive: true })

mkdirSync(join(folder, 'no-stream/report.jsonl'), { recursive: true })
mkdirSync(join(folder, 'no-page/junit.xml'), { recursive: true })
/** As every document begins. */
const earlier = '{"format":"viaduct-report","version":1,"of":"an earlier run"}'
for (const name of ['report.json', 'index.html']) {
  writeFileSync(join(folder, 'no-stream', name), earlier)
  writeFileSync(join(folder, 'no-page', name), earlier)
}
for (const name of ['junit.xml', 'report.json']) {
  mkdirSync(join(folder, `of-others-${name}`))
  writeFileSync(join(folder, `of-others-${name}`, name), '{}')
}

/** Everything that is run here; each starts as soon as a processor is free. */
const runs = {
  green: viaduct(['run', trial, '--report', 'deep/green']),
  traced: viaduct(['run', `${trial}/**/roles=iut-iut`, '--trace', '--seed', '7', '--report', 'traced']),
  unsealed: viaduct(['run', trial, '--report', 'unsealed']),
  unsealedSearch: viaduct(['fuzz', 'emp', '--runs', '1', '--report', 'unsealed-search']),
  noStream: viaduct(['run', trial, '--report', 'no-stream']),
  noPage: viaduct(['fuzz', 'emp', '--runs', '1', '--report', 'no-page']),
  ofOthersJunit: viaduct(['run', trial, '--report', 'of-others-junit.xml']),
  ofOthersDocument: viaduct(['run', trial, '--report', 'of-others-report.json']),
  notOffered: viaduct(['run', trial, '--adapter', 'reference:loopback', '--report', 'not-offered']),
  silent: viaduct(['run', trial, '--adapter', 'degenerate:silent', '--report', 'silent']),
  mutant: viaduct(['run', 'emp.loss', '--adapter', 'mutant:emp-no-retransmit', '--report', 'mutant']),
  cutShort: viaduct(['run', '--adapter', 'mutant:emp-no-retransmit', '--report', 'cut'], { interruptAt: /\d pass/ }),
  cutShortAfar: viaduct(['run', '--adapter', served, '--report', 'cut-afar'], { interruptAt: /\d pass/ }),
  cutShortByJob: viaduct(['run', '--adapter', 'mutant:emp-no-retransmit', '--report', 'cut-by-job'], {
    interruptAt: /\d pass/,
    signal: 'SIGTERM',
  }),
}

await test('a selection that passes exits 0, and says so', async (t) => {
  const { code, stdout } = await runs.green
  t.equal(code, 0)
  t.match(stdout, /^exit 0: all \d+ permutations? that appl(y|ies) passed$/m)
  t.match(stdout, /^report: deep\/green\/index\.html$/m)
})

await test('progress goes to stderr, results to stdout', async (t) => {
  const { stdout, stderr } = await runs.green
  t.match(stderr, /^ *(\d+)\/\1 {2}\d+ pass {2}emp\.truncation$/m)
  t.notMatch(stdout, /\d\/\d/)
  t.notOk((stdout + stderr).includes('\u001B'), 'no colours where no terminal is')
})

await test('the report has all its files, and no trace of the run', async (t) => {
  await runs.green
  for (const name of [
    'index.html',
    'report.json',
    'junit.xml',
    'report.tap',
    'report.sarif',
    'summary.md',
    'badge.svg',
  ])
    t.ok(existsSync(join(folder, 'deep/green', name)), name)
  t.notOk(existsSync(join(folder, 'deep/green/report.jsonl')))
})

await test('a report that cannot be written costs neither the summary nor the rows, and exits 4', async (t) => {
  const { code, stdout, stderr } = await runs.unsealed
  t.equal(code, 4)
  t.match(stdout, /^\d+ permutations: \d+ pass/m)
  t.match(stderr, /\nunsealed\/index\.html could not be written: EISDIR.*\n$/)
  const [head = '', ...rows] = written('unsealed', 'report.jsonl').trim().split('\n')
  t.match(JSON.parse(head), { seed: 1, implementation: { name: 'viaduct reference' } })
  t.equal(rows.length, reportIn('unsealed').cases.length)
  t.notOk(existsSync(join(folder, 'unsealed/index.html')))
})

for (const [what, ended] of [
  ['a run', runs.unsealed],
  ['a search', runs.unsealedSearch],
] as const) {
  await test(`the last words of ${what} whose report cannot be written are no green ones`, async (t) => {
    const { code, stdout } = await ended
    t.equal(code, 4)
    t.match(stdout, /\nexit 4: the report could not be written; it would have said: [^\n]*\n$/)
    t.notMatch(stdout, /^(exit 0|report):/m)
  })
}

for (const [what, path, begun, inTheWay] of [
  ['a run', 'no-stream', runs.noStream, /no-stream\/report\.jsonl could not be written: EISDIR[^\n]*/],
  ['a search', 'no-page', runs.noPage, /no-page\/junit\.xml is a folder/],
] as const) {
  await test(`where the report of ${what} cannot begin, that is told in one line, and an earlier one is as it was`, async (t) => {
    const said = await complaint(begun)
    t.match(said, inTheWay)
    t.match(said, /^The report cannot be written to [^\n]*\. Name another folder with --report\.\n$/)
    for (const name of ['report.json', 'index.html']) t.equal(written(path, name), earlier)
  })
}

for (const [name, refused] of [
  ['junit.xml', runs.ofOthersJunit],
  ['report.json', runs.ofOthersDocument],
] as const) {
  await test(`a ${name} that is of no report is not overwritten`, async (t) => {
    t.match(await complaint(refused), new RegExp(`/of-others-${name} holds a ${name} that is of no report\\.`))
    t.equal(written(`of-others-${name}`, name), '{}')
  })
}

/** A folder where one run has begun, and then another. */
function twiceBegun(name: string): { readonly first: ReportFolder; readonly second: ReportFolder } {
  const [first, second] = [1, 2].map(() => ReportFolder.open(join(folder, name)))
  if (!(first instanceof ReportFolder) || !(second instanceof ReportFolder)) throw new Error('a folder is refused')
  if (first.begin() !== undefined || second.begin() !== undefined) throw new Error('a report cannot begin')
  return { first, second }
}

await test('of two runs that write to one folder at the same moment, the one that began first writes no report, and tells', (t) => {
  const { first, second } = twiceBegun('shared')
  t.throws(() => first.seal(green), { message: /^Another run has begun to write its report to .*\/shared,/ })
  second.seal({ ...green, run: { ...green.run, seed: 2 } })
  t.equal(reportIn('shared').run.seed, 2)
  t.end()
})

await test('a report that another run has written meanwhile stays', (t) => {
  const { first, second } = twiceBegun('overtaken')
  second.seal({ ...green, run: { ...green.run, seed: 2 } })
  t.throws(() => first.seal(green), { message: /^Another run has begun/ })
  t.equal(reportIn('overtaken').run.seed, 2)
  t.end()
})

await test('the rows of a run do not come among those of another that has begun in its folder', (t) => {
  const { first, second } = twiceBegun('mixed')
  const [row] = green.cases
  if (!row) throw new Error('the example has no row')
  first.row({ ...row, name: 'of the first' })
  second.row({ ...row, name: 'of the second' })
  t.match(written('mixed', 'report.jsonl'), /^[^\n]*"of the second"[^\n]*\n$/)
  t.end()
})

await test('a run after another overwrites its report', (t) => {
  for (const seed of [1, 2]) {
    const place = ReportFolder.open(join(folder, 'again'))
    if (!(place instanceof ReportFolder)) throw new Error(place.problem)
    t.equal(place.begin(), undefined)
    place.seal({ ...green, run: { ...green.run, seed } })
  }
  t.equal(reportIn('again').run.seed, 2)
  t.end()
})

await test('the report is as the schema says, and tells how it was made', async (t) => {
  await runs.green
  t.match(reportIn('deep/green'), {
    run: { seed: 1, selection: [trial], interrupted: false, command: `npx viaduct run ${trial}` },
    implementation: { adapter: 'reference' },
    exit: { code: 0 },
  })
})

await test('with a selection no class is judged, on the terminal as in the report', async (t) => {
  const { stdout } = await runs.green
  t.match(stdout, /^ {2}emp +core +not-assessed /m)
})

await test('--trace prints every run as a log', async (t) => {
  const { code, stdout } = await runs.traced
  t.equal(code, 0)
  t.match(stdout, /^emp\.truncation\/.*\/roles=iut-iut$/m)
  t.match(stdout, /^ +\d+\.\d{3} us {2}left +sent #0 {2}data /m)
  t.match(stdout, /^ +\d+\.\d{3} us {2}right +arrived #0$/m)
})

await test('--seed is in the report, and in the command that repeats it', async (t) => {
  await runs.traced
  const { run, cases } = reportIn('traced')
  t.equal(run.seed, 7)
  t.match(run.command, / --seed 7$/)
  t.match(cases[0]?.repeat, / --seed 7 --trace$/)
})

await test('an implementation that does nothing exits 1, and each failure says what was expected', async (t) => {
  const { code, stdout } = await runs.silent
  t.equal(code, 1)
  t.match(stdout, /^timeout emp\.truncation\//m)
  t.match(stdout, /^exit 1: \d+ permutations failed$/m)
  const { cases, requirements } = reportIn('silent')
  t.ok(cases.every(({ verdict, failure }) => verdict !== 'pass' && failure !== undefined))
  t.notOk(requirements.some(({ verdict }) => verdict === 'verified'))
})

await test('cases of interfaces that the adapter does not offer are not run, and it is said what it offers', async (t) => {
  t.equal(await complaint(runs.notOffered), 'reference:loopback offers via, and no case that matches is about it.\n')
  t.notOk(existsSync(join(folder, 'not-offered/report.json')))
})

await test('the command that repeats a failure repeats it', async (t) => {
  await runs.silent
  const [failed] = reportIn('silent').cases
  const [npx, name, ...words] = failed?.repeat.split(' ') ?? []
  t.same([npx, name], ['npx', 'viaduct'])
  // Nothing in this command needs a shell to be read.
  const { code } = await viaduct([...words, '--report', 'repeated'])
  t.equal(code, 1)
  const { cases } = reportIn('repeated')
  t.match(cases, [{ name: failed?.name ?? '', verdict: failed?.verdict ?? '', traceDigest: failed?.traceDigest ?? '' }])
})

await test('a mutant exits 1, and is red for a requirement that it breaks', async (t) => {
  const { code, stdout } = await runs.mutant
  t.equal(code, 1)
  t.match(stdout, /^ {2}EMP-REL-001.*: /m)
  const breaks = mutants.find(({ name }) => name === 'emp-no-retransmit')?.violates ?? []
  const { requirements } = reportIn('mutant')
  t.ok(requirements.some(({ id, verdict }) => verdict === 'violated' && breaks.includes(id)))
})

for (const [what, run, name] of [
  ['Ctrl-C with an implementation in process', runs.cutShort, 'cut'],
  ['Ctrl-C with an implementation in a process of its own', runs.cutShortAfar, 'cut-afar'],
  ['SIGTERM, as a job is ended,', runs.cutShortByJob, 'cut-by-job'],
] as const) {
  await test(`${what} exits 130 with a partial report that says so`, async (t) => {
    const { code, stdout } = await run
    t.equal(code, 130)
    t.match(stdout, /^exit 130: the run was interrupted; the report is partial$/m)
    const report = reportIn(name)
    t.match(report, { run: { interrupted: true }, exit: { code: 130 } })
    t.ok(report.totals.pass > 0 && report.totals.skipped > 0, JSON.stringify(report.totals))
    t.match(written(name, 'index.html'), /interrupted/)
    t.match(written(name, 'junit.xml'), /the run was interrupted/)
    t.match(written(name, 'report.tap'), /the run was interrupted/)
  })
}

await test('the command of a report has all on which it depends what comes out', async (t) => {
  await viaduct(['run', 'emp.races', '--schedule', '0.1', '--seed', '3', '--report', 'one-order'])
  t.equal(reportIn('one-order').run.command, 'npx viaduct run emp.races --seed 3 --schedule 0.1')
})

await test('one order of all races is a selection, by which no class is judged', async (t) => {
  await viaduct(['run', 'emp.races', '--schedule', '0', '--report', 'first-order'])
  t.same(reportIn('first-order').run.selection, ['emp.races', '--schedule 0'])
})

await test('when whoever reads goes away, the exit code is no verdict', async (t) => {
  const command = `'${process.execPath}' '${entry}' list | head -n 1 >/dev/null; exit "\${PIPESTATUS[0]}"`
  const { status } = spawnSync('bash', ['-c', command], { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } })
  t.equal(status, 141)
})

const hasFull = existsSync('/dev/full') ? false : 'no /dev/full here'

await test(
  'where results cannot be written, as on a full disk, the exit code is no verdict',
  { skip: hasFull },
  (t) => {
    const command = `'${process.execPath}' '${entry}' run ${trial} --report full >/dev/full`
    const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' }, encoding: 'utf8' } as const
    const { status, stderr } = spawnSync('bash', ['-c', command], options)
    t.equal(status, exitCodes.harness)
    t.match(stderr, /^What there is to say could not be written: .*ENOSPC.*$/m)
    t.notMatch(stderr, /^ +at /m)
    t.end()
  },
)

await test('complaints that cannot be written change nothing of the verdict', { skip: hasFull }, (t) => {
  const command = `'${process.execPath}' '${entry}' run ${trial} --report mute 2>/dev/full`
  const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' }, encoding: 'utf8' } as const
  const { status, stdout } = spawnSync('bash', ['-c', command], options)
  t.equal(status, 0)
  t.match(stdout, /^exit 0: /m)
  t.end()
})

await test('of a case that pins an order, one asked for by hand that does not fit is said to be none', async (t) => {
  const pinned = 'regressions.via-misplaced-behind-a-failure'
  const asCase = await viaduct(['run', pinned, '--report', 'pinned'])
  const byHand = await viaduct(['run', pinned, '--schedule', '99', '--report', 'by-hand'])
  t.notMatch(asCase.stderr, /to choose from|to make/)
  t.match(byHand.stderr, /choice 1 of the schedule is 99, and there were only \d+ to choose from/)
})

await test('a schedule that does not fit the race is said to be none', async (t) => {
  const { stderr } = await viaduct(['run', 'emp.races', '--schedule', '9.9.9', '--report', 'misfit'])
  t.match(stderr, /choice 1 of the schedule is 9, and there were only \d+ to choose from/)
})

await test('a schedule for a case without a race is said to change nothing', async (t) => {
  const name = 'emp.loss/one-data-frame-lost/victim=1/roles=iut-iut'
  const { code, stderr } = await viaduct(['run', name, '--schedule', '0.1', '--report', 'no-race'])
  t.equal(code, 0)
  t.ok(
    stderr.startsWith(`${name} has no race, and nothing else to choose: --schedule changes nothing there.\n`),
    stderr,
  )
})

await test('where several cases have no race, a schedule for them is spoken of once', async (t) => {
  const { stderr } = await viaduct(['run', trial, '--schedule', '0', '--report', 'no-races'])
  t.match(stderr, /^\d+ permutations have no race, and nothing else to choose: --schedule changes nothing there\.\n/)
})
