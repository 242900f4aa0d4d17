// The baseline: which rows are known, which entries are no longer right, what the gate makes of both, and how the file is kept.
import { test } from 'tap'
import { heldAgainst, signatureOf, standingOf, type KnownFailure, type Shown } from '../../harness/gate/baseline.ts'
import { exitOf, type Judged } from '../../harness/gate/exit.ts'
import { readBaseline, type BaselineEntry } from '../../harness/plan/read/baseline.ts'
import { matcherOf } from '../../harness/plan/select.ts'
import { changedBaseline } from '../../harness/plan/write/baseline.ts'
import { Findings } from '../../harness/plan/yaml/findings.ts'
import type { PermutationResult, Finding } from '../../harness/result/report.ts'
import type { RanVerdict, Verdict } from '../../harness/result/verdict.ts'
import { renderTap } from '../../reports/tap.ts'
import { green, permutation } from '../reports/example-report.ts'

const lost = { suite: 'emp.loss', case: 'lost', title: 'A lost frame' }

function finding(verdict: RanVerdict, ...requirements: readonly string[]): Finding {
  return { judge: 'expectation', verdict, requirements, expected: 'it', seen: 'nothing' }
}

function row(victim: number, verdict: Verdict, ...findings: readonly Finding[]): PermutationResult {
  return { ...permutation(lost, { victim: String(victim) }), verdict, findings }
}

const broken = finding('fail', 'EMP-REL-007')

function entry(pattern: string, more: Partial<KnownFailure> = {}): KnownFailure {
  const said = { pattern, verdict: 'fail', signature: 'EMP-REL-007', reason: 'is looked into' } as const
  return { ...said, matches: matcherOf(pattern, []), ...more }
}

function shown(...rows: readonly PermutationResult[]): Shown {
  return { rows, names: rows.map(({ name }) => name), today: '2026-06-15' }
}

/** What the gate makes of a run that is held against these entries. */
function exitBeside(
  entries: readonly KnownFailure[],
  rows: readonly PermutationResult[],
  more: Partial<Judged> = {},
): unknown {
  const held = heldAgainst(entries, shown(...rows))
  const totals = { ...green.totals, pass: 0 }
  for (const { verdict } of rows) totals[verdict] += 1
  const run = { ...green.run, selection: [], interrupted: false }
  return exitOf({ run, totals, cases: held.rows, requirements: [], baseline: held.facts, ...more })
}

await test('a failure as the baseline has it lets the build pass, and is counted', (t) => {
  const rows = [row(0, 'fail', broken), row(1, 'pass')]
  t.same(exitBeside([entry(rows[0]?.name ?? '')], rows), {
    code: 0,
    why: '1 permutation passed, and 1 failure is as the baseline knows',
  })
  t.end()
})

await test('a failure that no entry knows fails the build', (t) => {
  const rows = [row(0, 'fail', broken), row(1, 'fail', broken)]
  t.match(exitBeside([entry(rows[0]?.name ?? '')], rows), {
    code: 1,
    why: '1 permutation failed that the baseline does not know',
  })
  t.end()
})

await test('a failure of another kind than the recorded one fails the build', (t) => {
  const other = row(0, 'fail', finding('fail', 'EMP-REL-001'))
  t.match(exitBeside([entry(other.name)], [other]), { code: 1 })
  t.match(exitBeside([entry(other.name)], [row(0, 'crash', broken)]), { code: 1 })
  t.match(standingOf(entry(other.name), shown(other)).problem, /came to fail of EMP-REL-001$/)
  t.end()
})

await test('an entry of which a part passes fails the build', (t) => {
  t.same(exitBeside([entry('emp.loss/lost')], [row(0, 'fail', broken), row(1, 'pass')]), {
    code: 1,
    why: '1 entry of the baseline is no longer right: emp.loss/lost: 1 of 2 permutations passed',
  })
  t.end()
})

await test('an entry that matches nothing fails the build', (t) => {
  t.match(exitBeside([entry('emp.gone/lost')], [row(0, 'pass')]), { code: 1, why: /it matches no permutation$/ })
  t.end()
})

await test('an entry of which nothing applies any more fails the build', (t) => {
  const rows = [row(0, 'not-applicable'), row(1, 'pass')]
  t.match(exitBeside([entry(rows[0]?.name ?? '')], rows), { code: 1, why: /nothing that it matches applies$/ })
  t.end()
})

await test('an entry of which another part of the run has what applies is not held to be of nothing', (t) => {
  const [here, there] = [row(0, 'not-applicable'), row(1, 'fail', broken)]
  const names = [here.name, there.name]
  t.equal(standingOf(entry('emp.loss/lost'), { ...shown(here), names }).problem, '')
  t.equal(standingOf(entry(here.name), { ...shown(here), names }).problem, 'nothing that it matches applies')
  t.end()
})

await test('what a selection leaves out is not held against an entry', (t) => {
  const [one, other] = [row(0, 'fail', broken), row(1, 'pass')]
  t.equal(standingOf(entry(one.name), { ...shown(other), names: [one.name, other.name] }).problem, '')
  t.end()
})

await test('an entry is good on its last day, and no longer', (t) => {
  const failed = row(0, 'fail', broken)
  t.match(exitBeside([entry(failed.name, { expires: '2026-06-15' })], [failed]), { code: 0 })
  t.match(exitBeside([entry(failed.name, { expires: '2026-06-14' })], [failed]), { code: 1 })
  t.match(standingOf(entry(failed.name, { expires: '2026-06-14' }), shown(failed)).problem, /expired on 2026-06-14/)
  t.end()
})

await test('an error is ours, and no entry excuses it', (t) => {
  const failed = row(0, 'error', finding('error'))
  t.match(exitBeside([entry(failed.name)], [failed]), { code: 4 })
  t.end()
})

await test('what a known failure leaves open of a requirement is known with it', (t) => {
  const open = row(0, 'inconclusive', finding('inconclusive', 'EMP-REL-009'))
  const known = entry(open.name, { verdict: 'inconclusive', signature: 'EMP-REL-009' })
  const [example] = green.requirements
  if (!example) throw new Error('the example has no requirement')
  const unverified = { ...example, keyword: 'must', verdict: 'unverified' } as const
  const beside = { ...unverified, id: 'EMP-REL-099', cases: ['emp.other/case'] }
  t.match(exitBeside([known], [open], { requirements: [{ ...unverified, cases: ['emp.loss/lost'] }] }), { code: 0 })
  t.match(exitBeside([known], [open], { requirements: [beside] }), { code: 2, why: /EMP-REL-099/ })
  t.end()
})

await test('a signature names what is broken, once each and in order, whatever was only left open', (t) => {
  const findings = [
    finding('fail', 'EMP-REL-007'),
    finding('fail', 'EMP-REL-001'),
    finding('inconclusive', 'EMP-A-001'),
  ]
  t.equal(signatureOf(row(0, 'fail', ...findings, broken)), 'EMP-REL-001, EMP-REL-007')
  t.equal(signatureOf(row(0, 'timeout', finding('timeout'))), 'expectation')
  t.equal(signatureOf(row(0, 'inconclusive')), 'unproved')
  t.end()
})

await test('TAP has a known failure as TODO, with the reason', (t) => {
  const failed = { ...row(0, 'fail', broken), known: { reason: 'is looked into', issue: 'TICKET-12' } }
  t.match(renderTap({ ...green, cases: [failed] }), /^not ok 1 - \S+ # TODO known \(TICKET-12\): is looked into$/m)
  t.end()
})

function read(text: string): {
  readonly entries: readonly BaselineEntry[] | undefined
  readonly wrong: readonly string[]
} {
  const findings = new Findings()
  const entries = readBaseline({ file: 'known.yaml', text }, findings)
  return { entries, wrong: findings.diagnostics.map(({ position, message }) => `${position.line}: ${message}`) }
}

const written = `# Why these are here.

# the card of the laboratory
- pattern: emp.loss/lost
  verdict: fail
  signature: EMP-REL-007
  reason: is looked into # since May
  expires: 2026-12-31
- { pattern: emp.loss/cut, verdict: crash, signature: harness, reason: the driver }
`

await test('a baseline is read, and what is wrong with one is told with its place', (t) => {
  t.match(read(written).entries, [
    { pattern: 'emp.loss/lost', verdict: 'fail', expires: '2026-12-31' },
    { pattern: 'emp.loss/cut', verdict: 'crash', signature: 'harness' },
  ])
  t.same(read('').entries, [])
  t.match(read(written.replace('2026-12-31', 'soon')).wrong, [/^8: /])
  t.match(read(written.replace('fail', 'error')).wrong, [/^5: /])
  t.match(read(written.replace('reason: is', 'raeson: is')).wrong, [/^4: /, /^7: unknown key `raeson`/])
  t.end()
})

await test('what is not changed in a baseline stays as it was written', (t) => {
  const more: BaselineEntry = { pattern: 'emp.new/case', verdict: 'timeout', signature: 'harness', reason: 'new' }
  const grown = changedBaseline(written, () => 'itself', [more])
  t.ok(grown.startsWith(written), grown)
  t.match(read(grown).entries?.at(-1), more)
  const shrunk = changedBaseline(written, (place) => (place === 0 ? 'itself' : []), [])
  t.equal(shrunk, written.split('\n').slice(0, 8).join('\n') + '\n')
  t.same(read(changedBaseline(written, () => [], [])).entries, [])
  t.end()
})
