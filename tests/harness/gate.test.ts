// The gate: which exit code a report comes to, why, and which of several reasons goes first.
import { test } from 'tap'
import { exitCodes } from '../../harness/gate/exit-codes.ts'
import { exitOf, type Judged } from '../../harness/gate/exit.ts'
import type { PermutationResult, RequirementResult } from '../../harness/result/report.ts'
import { requirementVerdicts, verdicts, type RequirementVerdict, type Verdict } from '../../harness/result/verdict.ts'

function row(verdict: Verdict, number: number): PermutationResult {
  return {
    name: `emp.made/case-${number}/roles=iut-iut`,
    suite: 'emp.made',
    case: `case-${number}`,
    title: 'Made by hand',
    interface: 'emp',
    class: 'core',
    axes: {},
    roles: 'iut-iut',
    seed: 1,
    verdict,
    blame: 'nobody',
    reason: '',
    findings: [],
    proves: [],
    virtualNanoseconds: 0,
    realMicroseconds: 0,
    traceDigest: '',
    repeat: '',
  }
}

type Stated = readonly [keyword: RequirementResult['keyword'], verdict: RequirementVerdict]

function requirement([keyword, verdict]: Stated, place: number): RequirementResult {
  return {
    id: `EMP-MADE-00${place + 1}`,
    interface: 'emp',
    area: 'made',
    title: 'Made by hand',
    words: 'Made by hand.',
    keyword,
    class: 'core',
    basis: 'sourced',
    source: ['E1'],
    clause: '',
    verdict,
    reason: '',
    weak: false,
    passed: 0,
    failed: 0,
    inconclusive: 0,
    cases: [],
  }
}

/** A search of so many drawn runs. */
function searched(runs: number): NonNullable<Judged['fuzz']>[number] {
  return { interface: 'emp', seed: 1, runs, realMilliseconds: 1, pairs: 1, grownAt: 1, failures: [] }
}

interface Told {
  readonly interrupted?: boolean
  readonly selection?: readonly string[]
  readonly requirements?: readonly Stated[]
}

/** What the gate reads, of a run with these rows. */
function judged(rows: readonly Verdict[], told: Told = {}): Judged {
  const { interrupted = false, selection = [], requirements = [['must', 'verified']] } = told
  const of = (verdict: Verdict): number => rows.filter((each) => each === verdict).length
  return {
    run: {
      seed: 1,
      selection,
      command: '',
      interrupted,
      startedAt: '',
      realMilliseconds: 0,
      environment: {},
    },
    totals: {
      pass: of('pass'),
      inconclusive: of('inconclusive'),
      fail: of('fail'),
      timeout: of('timeout'),
      crash: of('crash'),
      error: of('error'),
      'not-applicable': of('not-applicable'),
      skipped: of('skipped'),
    },
    cases: rows.map(row),
    requirements: requirements.map(requirement),
  }
}

await test('of several codes that apply, the gate takes the one that stands first in the table', (t) => {
  const reasons: Readonly<Partial<Record<keyof typeof exitCodes, Judged>>> = {
    interrupted: judged(['pass', 'error', 'fail', 'inconclusive'], { interrupted: true }),
    harness: judged(['pass', 'error', 'fail', 'inconclusive']),
    failed: judged(['pass', 'fail', 'inconclusive']),
    indeterminate: judged(['pass', 'inconclusive']),
    ok: judged(['pass']),
  }
  const taken = Object.values(reasons).map((report) => exitOf(report).code)
  t.same(
    taken,
    Object.entries(exitCodes).flatMap(([name, code]) => (name in reasons ? [code] : [])),
  )
  t.end()
})

await test('when everything that applies passed, the gate is satisfied', async (t) => {
  t.same(exitOf(judged(['pass', 'not-applicable', 'pass'])), { code: 0, why: 'all 2 permutations that apply passed' })
  t.same(exitOf(judged(['pass'])), { code: 0, why: 'the 1 permutation that applies passed' })
})

for (const verdict of ['fail', 'timeout', 'crash'] as const) {
  await test(`a ${verdict} is a failure`, async (t) => {
    t.same(exitOf(judged(['pass', verdict])), { code: 1, why: '1 permutation failed' })
  })
}

await test('fail, timeout and crash are counted together', async (t) => {
  t.same(exitOf(judged(['fail', 'timeout', 'crash', 'pass'])), { code: 1, why: '3 permutations failed' })
})

await test('an error is a fault of the harness', async (t) => {
  t.same(exitOf(judged(['pass', 'error'])), { code: 4, why: 'the harness itself failed in 1 permutation' })
})

await test('a run in which nothing ran proves nothing', async (t) => {
  const nothing = { code: 2, why: 'nothing ran: no case applies' }
  t.same(exitOf(judged([])), nothing)
  t.same(exitOf(judged(['not-applicable', 'not-applicable'])), nothing)
  t.same(exitOf(judged(['skipped'])), nothing)
})

await test('a selection in which nothing applies proves nothing either', async (t) => {
  t.match(exitOf(judged(['not-applicable'], { selection: ['emp.made'] })), { code: 2, why: /^nothing ran/ })
})

await test('an inconclusive permutation leaves it open', async (t) => {
  t.same(exitOf(judged(['pass', 'inconclusive'])), { code: 2, why: '1 permutation proved nothing' })
})

for (const verdict of ['unverified', 'partly'] as const) {
  await test(`a MUST that is ${verdict} leaves it open, and is named`, async (t) => {
    const requirements: Stated[] = [
      ['must', 'verified'],
      ['must', verdict],
    ]
    t.same(exitOf(judged(['pass'], { requirements })), {
      code: 2,
      why: '1 applicable MUST not verified: EMP-MADE-002',
    })
  })
}

await test('every MUST that is open is named', async (t) => {
  const requirements: Stated[] = [
    ['must', 'unverified'],
    ['should', 'unverified'],
    ['must', 'partly'],
  ]
  t.match(exitOf(judged(['pass'], { requirements })), { code: 2, why: /: EMP-MADE-001, EMP-MADE-003$/ })
})

for (const keyword of ['should', 'may'] as const) {
  await test(`a ${keyword.toUpperCase()} that is not verified keeps nobody out`, async (t) => {
    t.equal(exitOf(judged(['pass'], { requirements: [[keyword, 'unverified']] })).code, 0)
  })
}

for (const verdict of ['deferred', 'untestable', 'not-applicable', 'not-assessed'] as const) {
  await test(`a MUST that is ${verdict} keeps nobody out`, async (t) => {
    t.equal(exitOf(judged(['pass'], { requirements: [['must', verdict]] })).code, 0)
  })
}

await test('with a selection the exit rests on the selected cases alone', async (t) => {
  const told: Told = { selection: ['emp.made'], requirements: [['must', 'unverified']] }
  t.equal(exitOf(judged(['pass'], told)).code, 0)
  t.equal(exitOf(judged(['fail'], told)).code, 1)
  t.equal(exitOf(judged(['inconclusive'], told)).code, 2)
})

await test('an interrupted run is told as one', async (t) => {
  t.same(exitOf(judged(['pass', 'skipped'], { interrupted: true })), {
    code: 130,
    why: 'the run was interrupted; the report is partial',
  })
})

/** Reasons for a code, the weightiest first. */
const reasons: readonly { readonly code: number; readonly rows: readonly Verdict[]; readonly told: Told }[] = [
  { code: 130, rows: ['skipped'], told: { interrupted: true } },
  { code: 4, rows: ['error'], told: {} },
  { code: 1, rows: ['fail'], told: {} },
  { code: 2, rows: ['inconclusive'], told: {} },
  { code: 2, rows: ['pass'], told: { requirements: [['must', 'unverified']] } },
]

await test('of two reasons the weightier decides', async (t) => {
  reasons.forEach((heavy, place) => {
    for (const light of reasons.slice(place)) {
      const both = judged([...light.rows, ...heavy.rows, 'pass'], { ...light.told, ...heavy.told })
      t.equal(exitOf(both).code, heavy.code, `${heavy.code} before ${light.code}`)
    }
  })
})

await test('only passes without a doubt come to 0, whatever else there is', async (t) => {
  for (const verdict of verdicts) {
    const harmless = verdict === 'pass' || verdict === 'not-applicable' || verdict === 'skipped'
    t.equal(exitOf(judged(['pass', verdict])).code === 0, harmless, verdict)
  }
  for (const verdict of requirementVerdicts.filter((each) => each !== 'violated')) {
    const isOpen = verdict === 'unverified' || verdict === 'partly'
    t.equal(exitOf(judged(['pass'], { requirements: [['must', verdict]] })).code === 0, !isOpen, verdict)
  }
})

await test('of a search kinds of failure are counted, and the runs in which they were found', (t) => {
  const fuzz = [searched(150), searched(50)]
  t.match(exitOf({ ...judged(['fail', 'crash']), fuzz }), { code: 1, why: '2 kinds of failure in 200 drawn runs' })
  t.match(exitOf({ ...judged(['fail', 'error']), fuzz }), {
    code: 4,
    why: 'the harness itself failed: 1 kind of failure',
  })
  t.end()
})
