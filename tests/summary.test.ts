// The last words of a run: a count of what passed does not flatter.
import { test } from 'tap'
import { emptyWords } from '../harness/cli/summary.ts'
import type { Report } from '../harness/result/report.ts'
import { green, permutation } from './reports/example-report.ts'

/** A whole run in which these permutations passed, each about one requirement, of which EMP-REL-001 is the one that is verified. */
function passed(...about: readonly string[]): Report {
  const cases = about.map((id, victim) => ({
    ...permutation({ suite: 'emp.loss', case: 'lost', title: 'Lost' }, { victim: String(victim) }),
    findings: [
      { judge: 'expectation', verdict: 'pass', requirements: id === '' ? [] : [id], expected: '', seen: '' } as const,
    ],
  }))
  const [known] = green.requirements
  if (!known) throw new Error('the example has no requirement')
  const requirements = [
    { ...known, id: 'EMP-REL-001', verdict: 'verified' },
    { ...known, id: 'EMP-REL-002', verdict: 'violated' },
    { ...known, id: 'EMP-REL-003', verdict: 'partly' },
  ] as const
  return {
    ...green,
    run: { ...green.run, selection: [] },
    cases,
    requirements,
    totals: { ...green.totals, pass: about.length },
  }
}

await test('where everything that passed is about what did not hold elsewhere, the summary says that it verifies nothing', (t) => {
  t.same(emptyWords(passed('EMP-REL-002', '', 'EMP-REL-003')), [
    'none of the 3 that passed verifies a requirement: each that they speak of is violated, or open',
  ])
  t.end()
})

await test('where some of it is, the summary says how many', (t) => {
  t.same(emptyWords(passed('EMP-REL-001', '', 'EMP-REL-003')), [
    '2 of those that passed verify no requirement: each that they speak of is violated, or open',
  ])
  t.end()
})

await test('where all of it is, and of a run that is not whole, the summary says nothing of the kind', (t) => {
  t.same(emptyWords(passed('EMP-REL-001')), [])
  t.same(emptyWords(passed()), [])
  const some = passed('EMP-REL-002')
  t.same(emptyWords({ ...some, run: { ...some.run, selection: ['emp.loss'] } }), [])
  t.same(emptyWords({ ...some, totals: { ...some.totals, skipped: 1 } }), [])
  t.end()
})
