// What a gate waives and what is disputed: never verified by that, never hidden, and no reason for a class or a build to fail.
import { test } from 'tap'
import { exitOf } from '../../harness/gate/exit.ts'
import { excusedRows, waiversOn, waiverStandings } from '../../harness/gate/waivers.ts'
import { judgeConformance, type Conformance } from '../../harness/judge/requirements/conformance.ts'
import type { DeclaredCase } from '../../harness/plan/suite-case.ts'
import type { Requirement } from '../../harness/plan/requirement.ts'
import type { Finding, PermutationResult, Waiver } from '../../harness/result/report.ts'
import { classVerdictWords, type RanVerdict, type Verdict } from '../../harness/result/verdict.ts'
import { green, permutation } from '../reports/example-report.ts'

const position = { file: 'made.yaml', line: 1, column: 1 }

function requirement(id: string, over: Partial<Requirement> = {}): Requirement {
  const said = {
    title: id,
    words: '',
    keyword: 'must',
    class: 'core',
    basis: 'reading',
    source: [],
    clause: '',
  } as const
  return { id, interface: 'emp', area: 'x', ...said, needs: [], lacks: [], position, ...over }
}

function declared(name: string, ...requirements: readonly string[]): DeclaredCase {
  const empty = { was: [], needs: [], lacks: [], axes: {}, roles: [], kills: [], hosts: [] }
  const words = { memory: [], faults: [], steps: [], expect: [], proves: [] }
  const said = { suite: 'emp.s', case: name, title: '', interface: 'emp', class: 'core' } as const
  return { id: `emp.s/${name}`, ...said, ...empty, requirements, words, position }
}

function finding(verdict: RanVerdict, ...requirements: readonly string[]): Finding {
  return { judge: 'expectation', verdict, requirements, expected: 'it', seen: 'nothing' }
}

function row(name: string, verdict: Verdict, ...findings: readonly Finding[]): PermutationResult {
  return { ...permutation({ suite: 'emp.s', case: name, title: '' }, {}), verdict, findings, proves: [] }
}

const dispute = { by: 'somebody', ours: 'So it is.', theirs: 'It is not.' }
const catalogue = {
  requirements: [requirement('EMP-A-001'), requirement('EMP-B-001'), requirement('EMP-C-001', { disputed: dispute })],
  classes: [{ interface: 'emp', class: 'core', words: '' }],
}
const cases = [declared('one', 'EMP-A-001', 'EMP-B-001'), declared('two', 'EMP-C-001')]
const waiver: Waiver = { reason: 'the card', issue: '#1' }
const waivingA = new Map([['EMP-A-001', waiver]])

function judged(results: readonly PermutationResult[], waivers: ReadonlyMap<string, Waiver> = new Map()): Conformance {
  const pics = { interfaces: ['emp'], clock: 'virtual', wire: 'frames', options: {}, values: {} } as const
  const given = {
    catalogue,
    declared: cases,
    results,
    pics,
    interfaces: ['emp'],
    selection: false,
    strong: new Set<string>(),
  }
  return judgeConformance({ ...given, waivers })
}

function verdictsOf({ requirements }: Conformance): readonly string[] {
  return requirements.map(({ verdict }) => verdict)
}

const breaksA = row('one', 'fail', finding('fail', 'EMP-A-001'), finding('pass', 'EMP-B-001'))
const good = row('two', 'pass', finding('pass', 'EMP-C-001'))
const breaksC = row('two', 'fail', finding('fail', 'EMP-C-001'))
const allGood = row('one', 'pass', finding('pass', 'EMP-A-001', 'EMP-B-001'))

await test('what is violated and waived makes no class fall, which says so, and what it would be', (t) => {
  const conformance = judged([breaksA, good], waivingA)
  t.same(verdictsOf(conformance), ['waived', 'verified', 'verified'])
  t.match(conformance.requirements[0], { unexcused: 'violated', waiver })
  const [core] = conformance.classes
  if (!core) throw new Error('no class was judged')
  t.match(core, { verdict: 'conformant', waived: 1, why: 'EMP-A-001 is waived', applicable: 2, verified: 2 })
  t.match(core.unexcused, { verdict: 'not-conformant', applicable: 3, violated: 1, verified: 1 })
  t.equal(classVerdictWords(core), 'conformant, 1 waived')
  t.end()
})

await test('what else a run has shown that is about what is waived alone counts', (t) => {
  t.equal(judged([breaksA, good], waivingA).requirements[1]?.verdict, 'verified')
  t.equal(judged([breaksA, good], waivingA).requirements[1]?.unexcused, 'unverified')
  t.equal(judged([breaksA, good]).requirements[1]?.verdict, 'unverified')
  t.end()
})

await test('a run that shows what is waived and something else broken counts as broken', (t) => {
  const both = row('one', 'fail', finding('fail', 'EMP-A-001'), finding('fail', 'EMP-B-001'))
  const conformance = judged([both, good], waivingA)
  t.same(verdictsOf(conformance), ['waived', 'violated', 'verified'])
  t.equal(conformance.classes[0]?.verdict, 'not-conformant')
  t.equal(excusedRows([both], conformance.requirements)[0]?.known, undefined)
  t.end()
})

await test('one finding about what is waived and what is not excuses nothing', (t) => {
  const shared = row('one', 'fail', finding('fail', 'EMP-A-001', 'EMP-B-001'))
  const conformance = judged([shared, good], waivingA)
  t.equal(conformance.requirements[1]?.verdict, 'violated')
  t.equal(excusedRows([shared], conformance.requirements)[0]?.known, undefined)
  t.end()
})

await test('a crash, a harness error and what names no requirement are not excused', (t) => {
  const { requirements } = judged([breaksA, good], waivingA)
  const others = [
    row('one', 'crash', finding('crash', 'EMP-A-001')),
    row('one', 'error', finding('error', 'EMP-A-001')),
    row('one', 'timeout', finding('timeout'), finding('fail', 'EMP-A-001')),
  ]
  t.same(
    excusedRows(others, requirements).map(({ known }) => known),
    [undefined, undefined, undefined],
  )
  t.end()
})

await test('what is disputed and violated is told as disputed, with both readings, and no class falls by it', (t) => {
  const conformance = judged([allGood, breaksC])
  t.same(verdictsOf(conformance), ['verified', 'verified', 'disputed'])
  t.match(conformance.requirements[2], { unexcused: 'violated', dispute, failed: 1 })
  t.match(conformance.classes[0], { verdict: 'conformant', disputed: 1, unexcused: { verdict: 'not-conformant' } })
  t.end()
})

await test('what is disputed and verified by our reading is verified, with both readings', (t) => {
  const conformance = judged([allGood, good])
  t.match(conformance.requirements[2], { verdict: 'verified', dispute })
  t.equal(conformance.classes[0]?.disputed, undefined)
  t.equal(classVerdictWords({ verdict: 'conformant' }), 'conformant')
  t.end()
})

await test('a waiver that is of no use changes nothing', (t) => {
  const conformance = judged([allGood, good], waivingA)
  t.match(conformance.requirements[0], { verdict: 'verified', waiver: undefined })
  t.equal(conformance.classes[0]?.unexcused, undefined)
  t.end()
})

await test('a waiver is no longer right when its requirement is verified, does not apply, or its day is over', (t) => {
  const { unexcused } = judged([allGood, good])
  const given = [
    { requirement: 'EMP-A-001', reason: 'r' },
    { requirement: 'VIA-X-001', reason: 'r' },
    { requirement: 'EMP-B-001', reason: 'r', expires: '2026-06-14' },
  ]
  const shown = { today: '2026-06-15', requirements: unexcused, selection: false }
  const problems = (selection: boolean): readonly string[] =>
    waiverStandings(given, { ...shown, selection }).map(({ problem }) => problem)
  t.same(problems(false), ['it is verified', 'it does not apply', 'it expired on 2026-06-14'])
  // Of a selection nobody knows what the rest would show.
  t.same(problems(true), ['', 'it does not apply', 'it expired on 2026-06-14'])
  t.same([...waiversOn('2026-06-15', given).keys()], ['EMP-A-001', 'VIA-X-001'])
  t.same([...waiversOn('2026-06-14', given).keys()], ['EMP-A-001', 'VIA-X-001', 'EMP-B-001'])
  t.end()
})

await test('a build passes beside what is excused and says how much, and fails for a waiver that is no longer right', (t) => {
  const conformance = judged([breaksA, breaksC], waivingA)
  const run = { ...green.run, selection: [], interrupted: false }
  const rows = excusedRows([breaksA, breaksC], conformance.requirements)
  t.match(
    rows.map(({ known }) => known),
    [
      { reason: 'EMP-A-001: the card', issue: '#1', by: 'waiver' },
      { reason: 'EMP-C-001, by somebody', by: 'dispute' },
    ],
  )
  const totals = { ...green.totals, pass: 0, fail: 2 }
  const report = { run, totals, cases: rows, requirements: conformance.requirements }
  t.same(exitOf(report), {
    code: 0,
    why: '0 permutations passed, and 1 failure is waived by the gate, 1 is about what is disputed',
  })
  const gate = {
    waivers: [{ requirement: 'EMP-B-001', reason: 'r', problem: 'it is verified' }],
    policy: {},
    terms: [],
  }
  t.same(exitOf({ ...report, gate }), {
    code: 1,
    why: '1 waiver of the gate is no longer right: EMP-B-001: it is verified',
  })
  t.end()
})
