// viaduct run --shard and merge: parts of a run make the report that one whole run makes, or it is told why not.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { canonicalReport } from '../harness/result/canonical.ts'
import type { PermutationResult, Report } from '../harness/result/report.ts'
import { complaint, folder, viaduct, written, type Outcome } from './viaduct-command.ts'

// Whole runs, of what is over soon: it answers nothing.
writeFileSync(join(folder, 'emp.yaml'), 'interfaces: [emp]\n')
const silent = ['run', '--adapter', 'degenerate:silent', '--pics', 'emp.yaml', '--report']
const mutant = ['run', 'emp.loss', '--adapter', 'mutant:emp-resends-everything', '--report']

/** A known failure, and one that is no more; of both there are permutations in either half. */
const baseline = `- { pattern: emp.loss/one-data-frame-lost, verdict: fail, signature: EMP-REL-007, reason: made by hand }
- { pattern: emp.loss/lost-again/victim=1, verdict: crash, signature: harness, reason: made by hand }
`
writeFileSync(join(folder, 'known.yaml'), baseline)
writeFileSync(
  join(folder, 'gate.yaml'),
  'unstable: 0\nverified: 50\nwaive: [{ requirement: EMP-REL-007, reason: made by hand }]\n',
)

async function merged(name: string, command: readonly string[], more: readonly string[] = []): Promise<Outcome> {
  const half = (part: number): Promise<Outcome> =>
    viaduct([...command, `${name}-${part}`, '--shard', `${part}/2`, ...more])
  await Promise.all([half(1), half(2), viaduct([...command, `${name}-whole`, ...more])])
  return viaduct(['merge', `${name}-1`, `${name}-2`, '--report', `${name}-merged`])
}

const tried = {
  whole: merged('all', silent),
  selected: merged('some', mutant, ['--baseline', 'known.yaml', '--gate', 'gate.yaml']),
}

function reportIn(name: string): Report {
  return JSON.parse(written(name, 'report.json'))
}

function stranger(row: PermutationResult): PermutationResult {
  return { ...row, name: 'emp.made/up/roles=iut-iut' }
}

/** Keeps a report that came out otherwise. */
function keep(name: string, of: string, change: (report: Report) => object): string {
  const file = `${name}.json`
  writeFileSync(join(folder, file), JSON.stringify({ ...reportIn(of), ...change(reportIn(of)) }))
  return file
}

await test('the merged report of a whole run is that of one machine, octet for octet', async (t) => {
  t.equal((await tried.whole).code, 1)
  t.equal(canonicalReport(reportIn('all-merged')), canonicalReport(reportIn('all-whole')))
  t.equal(reportIn('all-merged').classes[0]?.verdict, 'not-conformant')
})

await test('so is that of a selection, held against a baseline of which either part has but some', async (t) => {
  const { code, stdout } = await tried.selected
  t.equal(code, 1)
  t.match(stdout, /^merged of 2 parts$/m)
  t.match(stdout, /no longer right about emp\.loss\/lost-again\/victim=1/)
  const [one, whole] = [reportIn('some-merged'), reportIn('some-whole')]
  t.equal(canonicalReport(one), canonicalReport(whole))
  t.same(
    new Set(one.cases.map(({ known }) => known && (known.by ?? 'baseline'))),
    new Set([undefined, 'baseline', 'waiver']),
  )
  t.same(one.exit, whole.exit)
})

await test('all files of a folder are made of the merged document', async (t) => {
  await tried.selected
  for (const file of ['junit.xml', 'report.tap', 'report.sarif', 'badge.svg', 'summary.md']) {
    const whole = written('some-whole', file).replaceAll(/npx viaduct run.*|time(stamp)?="[^"]*"/g, '')
    const one = written('some-merged', file).replaceAll(/npx viaduct (run|merge).*|time(stamp)?="[^"]*"/g, '')
    t.equal(one.replaceAll('`', ''), whole.replaceAll('`', ''), file)
  }
  t.match(
    written('some-merged', 'index.html'),
    /Merged of.*--shard 1\/2 --baseline known\.yaml --gate gate\.yaml<\/code>/s,
  )
})

await test('a part says which it is, and assesses neither a class nor what passed in it', async (t) => {
  await Promise.all([tried.whole, tried.selected])
  const { run, classes, cases, suites } = reportIn('all-2')
  t.match(run, { shard: { part: 2, of: 2 }, selection: ['--shard 2/2'], command: /--shard 2\/2$/ })
  t.equal(classes[0]?.verdict, 'not-assessed')
  // The other part may have what breaks it.
  const passed = reportIn('some-2').requirements.filter((each) => each.passed > 0 && each.failed === 0)
  t.same([...new Set(passed.map(({ verdict }) => verdict))], ['not-assessed'])
  t.ok(Math.abs(2 * cases.length - suites.permutations) <= 2)
  t.notMatch(cases[0]?.repeat, /--shard/)
})

await test('a shard that is missing is told with the command that runs it', async (t) => {
  await tried.selected
  t.match(
    await complaint(viaduct(['merge', 'some-2', '--report', 'none'])),
    /^missing: \d+ permutations: emp\.loss\S+, .* and \d+ more\. This runs what is missing: npx viaduct run emp\.loss .*--shard 1\/2 --baseline known\.yaml --gate gate\.yaml\n$/,
  )
})

await test('what two parts hold is told with both of them', async (t) => {
  await tried.selected
  const said = await complaint(viaduct(['merge', 'some-1', 'some-2', 'some-2']))
  t.match(said, /^doubled, in some-2 and some-2, which are both --shard 2\/2: \d+ permutations: emp\.loss/)
  t.match(await complaint(viaduct(['merge', 'some-1', 'some-whole'])), /^doubled, in some-1 and some-whole: /)
})

await test('a row that no plan has is told with its part', async (t) => {
  await tried.selected
  const strange = keep('strange', 'some-2', ({ cases }) => ({
    cases: cases.map((row, i) => (i === 0 ? stranger(row) : row)),
  }))
  const said = await complaint(viaduct(['merge', 'some-1', strange]))
  t.match(
    said,
    /^not of this run, in strange\.json: 1 permutation: emp\.made\/up\/roles=iut-iut\nmissing: 1 permutation: /,
  )
})

await test('a part of another run is named, with all in which it differs', async (t) => {
  await tried.selected
  const other = keep('other', 'some-2', ({ run, pics, baseline: held, implementation }) => ({
    implementation: { ...implementation, version: '9' },
    pics: { ...pics, options: { ...pics.options, stepped: false } },
    run: { ...run, seed: 7, options: { patience: '5000ms' } },
    baseline: { entries: held?.entries.slice(1) ?? [] },
  }))
  const said = await complaint(viaduct(['merge', 'some-1', other]))
  t.match(said, /^other\.json is not of the run that some-1 is of: implementation\.version is "9", not /)
  for (const words of [
    'pics.options.stepped is false, not true',
    'seed is 7, not 1',
    'options.patience is "5000ms", not absent',
  ])
    t.match(said, words)
})

await test('of several parts the one that differs from most is named', async (t) => {
  await tried.selected
  const other = keep('first', 'some-1', ({ run }) => ({ run: { ...run, seed: 7 } }))
  const said = await complaint(viaduct(['merge', other, 'some-1', 'some-2']))
  t.equal(said, 'first.json is not of the run that some-1 is of: seed is 7, not 1.\n')
})

await test('parts of other suites, or of another viaduct, are not judged here', async (t) => {
  await tried.selected
  const other = keep('foreign', 'some-2', ({ suites, harness }) => ({
    suites: { ...suites, digest: 'feed' },
    harness: { ...harness, version: '99' },
  }))
  t.match(
    await complaint(viaduct(['merge', 'some-1', other])),
    /^foreign\.json was made by another viaduct.*: harness\.version is "99", not ".*"; suites\.digest is "feed", not ".*"\. Merge it where it was made\.\n$/,
  )
})

await test('a part that was interrupted or killed is refused, with what to do', async (t) => {
  await tried.selected
  const cut = keep('cut', 'some-2', ({ run, cases }) => ({
    run: { ...run, interrupted: true },
    cases: cases.map((row, i) => (i < 2 ? { ...row, verdict: 'skipped' } : row)),
  }))
  t.match(
    await complaint(viaduct(['merge', 'some-1', cut])),
    /^cut\.json was interrupted, and 2 of its \d+ permutations did not run\. This runs what is left: npx viaduct run emp\.loss .*--resume\n$/,
  )
  await viaduct([...mutant, 'killed', '--shard', '2/2'])
  writeFileSync(join(folder, 'killed/report.jsonl'), '')
  t.match(
    await complaint(viaduct(['merge', 'some-1', 'killed'])),
    /^killed is of a run that goes on, or was killed: .*--report killed --resume/,
  )
})

await test('the report takes the place of no part', async (t) => {
  await tried.selected
  t.match(await complaint(viaduct(['merge', 'some-1', 'some-2', '--report', './some-2'])), /^some-2 is a part/)
})

await test('what is no report, no part of the run, or none of so many is refused', async (t) => {
  t.match(await complaint(viaduct(['merge', 'nowhere'])), /^nowhere cannot be read: /)
  writeFileSync(join(folder, 'list.json'), '[]')
  t.match(await complaint(viaduct(['merge', 'list.json'])), /^list\.json is no report of this version/)
  for (const shard of ['0/2', '3/2', '1', '1/0', 'x/2'])
    t.match(await complaint(viaduct(['run', '--shard', shard])), /It must be one of so many parts, such as 2\/5/, shard)
  t.match(
    await complaint(viaduct(['run', 'emp.loss/lost-again', '--shard', '1/999'])),
    /^--shard 1\/999 is empty: \d+ permutations cannot be cut into so many\.\n$/,
  )
})
