// The policy of a gate: each of its terms met and missed, what a part of a run cannot tell, and what the build makes of it.
import { test } from 'tap'
import { exitOf, type Judged } from '../../harness/gate/exit.ts'
import { isUnstable, reachOf, termsOf, toleratedRows, type HeldReport } from '../../harness/gate/policy.ts'
import { excusedRows } from '../../harness/gate/waivers.ts'
import { readGate } from '../../harness/plan/read/gate.ts'
import { Findings } from '../../harness/plan/yaml/findings.ts'
import type {
  GatePolicy,
  GateTerm,
  PermutationResult,
  RequirementResult,
  Stability,
} from '../../harness/result/report.ts'
import type { RequirementVerdict, Verdict } from '../../harness/result/verdict.ts'
import { green, permutation } from '../reports/example-report.ts'

function row(verdict: Verdict, more: Partial<PermutationResult> = {}): PermutationResult {
  return { ...permutation({ suite: 'emp.s', case: 'one', title: '' }, {}), verdict, ...more }
}

function requirement(
  id: string,
  verdict: RequirementVerdict,
  keyword: RequirementResult['keyword'] = 'must',
): RequirementResult {
  const [example] = green.requirements
  if (!example) throw new Error('the example has no requirement')
  return { ...example, id, verdict, keyword, cases: [] }
}

function totalsOf(cases: readonly PermutationResult[]): HeldReport['totals'] {
  const of = (wanted: Verdict): number => cases.filter(({ verdict }) => verdict === wanted).length
  const ran = { pass: of('pass'), inconclusive: of('inconclusive'), fail: of('fail'), timeout: 0, crash: 0, error: 0 }
  return { ...ran, 'not-applicable': of('not-applicable'), skipped: 0 }
}

function held(more: Partial<HeldReport> = {}): HeldReport {
  const { cases = [row('pass')], classes = green.classes, requirements = [requirement('EMP-A-001', 'verified')] } = more
  return { cases, classes, requirements, totals: totalsOf(cases), isPartial: more.isPartial ?? false }
}

function term(policy: GatePolicy, more: Partial<HeldReport> = {}): GateTerm | undefined {
  return termsOf(policy, held(more))[0]
}

const unstable = row('inconclusive', { blame: 'adapter', reason: 'it failed once' })

await test('the class that is asked for has to be conformant, also beside what is waived', (t) => {
  const [core] = green.classes
  if (!core) throw new Error('the example has no class')
  const policy = { classes: { emp: 'core' } }
  t.match(term(policy), { term: 'class emp core', seen: 'conformant', standing: 'met' })
  t.match(term(policy, { classes: [{ ...core, waived: 2 }] }), { seen: 'conformant, 2 waived', standing: 'met' })
  t.match(term(policy, { classes: [{ ...core, verdict: 'indeterminate' }] }), {
    seen: 'indeterminate',
    standing: 'missed',
  })
  t.match(term({ classes: { via: 'full' } }), { seen: 'via is not offered', standing: 'missed' })
  t.end()
})

await test('the share of verified requirements is of all that apply, waived and disputed ones too', (t) => {
  const verdicts = ['verified', 'verified', 'verified', 'waived', 'not-applicable', 'deferred'] as const
  const requirements = verdicts.map((verdict, i) => requirement(`EMP-A-00${i}`, verdict))
  t.match(term({ verified: 75 }, { requirements }), { asked: 'at least 75 %', seen: '3 of 4', standing: 'met' })
  t.match(term({ verified: 76 }, { requirements }), { standing: 'missed' })
  t.end()
})

await test('no more may not apply, or be unstable, than is said', (t) => {
  const cases = [row('pass'), row('not-applicable'), row('not-applicable'), unstable]
  t.match(term({ notApplicable: 2 }, { cases }), { seen: '2', standing: 'met' })
  t.match(term({ notApplicable: 1 }, { cases }), { standing: 'missed' })
  t.match(term({ unstable: 1 }, { cases }), { seen: '1', standing: 'met' })
  t.match(term({ unstable: 0 }, { cases }), { standing: 'missed' })
  t.end()
})

await test('fewer permutations that apply, or pass, than in an earlier report miss the gate', (t) => {
  const cases = [row('pass'), row('fail'), row('not-applicable')]
  t.same(reachOf(held({ cases })), { applicable: 2, passing: 1 })
  const atLeast = { report: 'earlier', applicable: 2, passing: 1 }
  t.match(term({ atLeast }, { cases }), { term: 'permutations since earlier', standing: 'met' })
  t.match(term({ atLeast: { ...atLeast, applicable: 3 } }, { cases }), {
    asked: 'at least 3 that apply and 1 that pass',
    seen: '2 that apply and 1 that pass',
    standing: 'missed',
  })
  t.match(term({ atLeast: { ...atLeast, passing: 2 } }, { cases }), { standing: 'missed' })
  t.end()
})

function labelled(label: Stability['label']): PermutationResult {
  return row('fail', { stability: { label, by: 'trace', same: 1, of: 3 } })
}

await test('a failure is unstable if it came and went, and not if an order or nothing decides it', (t) => {
  t.ok(isUnstable(labelled('clock')))
  t.ok(isUnstable(labelled('environment')))
  t.notOk(isUnstable(labelled('deterministic')))
  t.notOk(isUnstable(labelled('schedule')))
  t.end()
})

await test('a part of a run tells nothing of the whole, but too much that is unstable', (t) => {
  const atLeast = { report: 'earlier', applicable: 9, passing: 9 }
  const policy = { classes: { emp: 'full' }, verified: 100, notApplicable: 0, unstable: 0, atLeast }
  const standings = termsOf(policy, held({ isPartial: true, cases: [row('not-applicable'), unstable] }))
  t.same(
    standings.map(({ standing }) => standing),
    ['not-judged', 'not-judged', 'not-judged', 'missed', 'not-judged'],
  )
  t.end()
})

function judged(policy: GatePolicy, more: Partial<HeldReport>): Judged {
  const { cases, ...report } = held(more)
  const { requirements } = report
  const rows = toleratedRows(excusedRows(cases, requirements, policy), policy)
  const run = { ...green.run, selection: [], interrupted: false }
  const gate = { waivers: [], policy, terms: termsOf(policy, { ...report, cases: rows }) }
  return { run, totals: report.totals, cases: rows, requirements, gate }
}

await test('a gate that is missed ends with 2 and names the term', (t) => {
  t.same(exitOf(judged({ notApplicable: 0, verified: 100 }, { cases: [row('pass'), row('not-applicable')] })), {
    code: 2,
    why: 'the gate is missed: permutations that do not apply: asked at most 0, seen 1',
  })
  t.end()
})

await test('what is unstable fails no build up to the number that the gate allows', (t) => {
  const cases = [row('pass'), unstable, unstable]
  t.ok(isUnstable(unstable))
  t.match(exitOf(judged({ unstable: 2 }, { cases })), { code: 0, why: /2 failures are unstable, as the gate allows$/ })
  t.match(exitOf(judged({ unstable: 1 }, { cases })), {
    code: 2,
    why: /unstable permutations: asked at most 1, seen 2/,
  })
  t.match(exitOf(judged({}, { cases })), { code: 2, why: '2 permutations proved nothing' })
  t.end()
})

await test('warnings fail a build, unless the gate allows for them', (t) => {
  const finding = {
    judge: 'expectation',
    verdict: 'fail',
    requirements: ['EMP-S-001'],
    expected: '',
    seen: '',
  } as const
  const requirements = [requirement('EMP-A-001', 'verified'), requirement('EMP-S-001', 'violated', 'should')]
  const cases = [row('pass'), row('fail', { findings: [finding] })]
  t.match(exitOf(judged({ warnings: 'allowed' }, { cases, requirements })), {
    code: 0,
    why: /1 failure is about no MUST$/,
  })
  t.match(exitOf(judged({ warnings: 'fail' }, { cases, requirements })), { code: 1 })
  t.match(exitOf(judged({}, { cases, requirements })), { code: 1 })
  const must = [requirement('EMP-S-001', 'violated')]
  t.match(exitOf(judged({ warnings: 'allowed' }, { cases, requirements: must })), { code: 1 })
  t.end()
})

await test('where a gate asks for a class, its MUSTs are those that matter', (t) => {
  const requirements = [requirement('EMP-A-001', 'verified'), requirement('EMP-F-001', 'unverified')]
  t.match(exitOf(judged({ classes: { emp: 'core' } }, { requirements })), { code: 0 })
  t.match(exitOf(judged({ verified: 50 }, { requirements })), { code: 2, why: /EMP-F-001/ })
  t.end()
})

await test('a gate is read with all its terms', (t) => {
  const text = `classes: { via: functional }
verified: 95
not-applicable: 20
unstable: 0
warnings: allowed
at-least: earlier
waive: [{ requirement: EMP-A-001, reason: r }]
`
  const reached = { report: 'earlier', applicable: 3, passing: 2 }
  const known = { requirements: ['EMP-A-001'], reachOf: () => reached }
  t.same(readGate({ file: 'g.yaml', text }, known, new Findings()), {
    waivers: [{ requirement: 'EMP-A-001', reason: 'r' }],
    classes: { via: 'functional' },
    verified: 95,
    notApplicable: 20,
    unstable: 0,
    warnings: 'allowed',
    atLeast: reached,
  })
  const findings = new Findings()
  t.equal(
    readGate({ file: 'g.yaml', text }, { ...known, reachOf: () => ({ problem: 'it is gone' }) }, findings),
    undefined,
  )
  t.match(findings.diagnostics, [{ message: 'it is gone', position: { line: 6, column: 11 } }])
  t.end()
})
