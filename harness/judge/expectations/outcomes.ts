// Holds a run against the outcomes that its case allows: the first that was met, or what is wrong with the nearest.
import type { Outcome, Permutation } from '../../plan/permutation.ts'
import { expectationWords } from '../../plan/words/expectations.ts'
import type { Expectation } from '../../plan/expectation.ts'
import { onceFor } from '../../plan/once-for.ts'
import { positionWords } from '../../plan/position.ts'
import type { Finding } from '../../result/report.ts'
import { check } from './check.ts'
import type { Checked } from './checked.ts'
import { harnessFault } from '../verdict/harness-fault.ts'
import { isTested, type View } from '../seen/view.ts'

/** The first outcome whose expectations all pass; if none, the findings of the one that came nearest. */
export function checkOutcomes(
  view: View,
  isAsked: (expectation: Expectation) => boolean = () => true,
): { outcome: Outcome | undefined; findings: readonly Finding[] } {
  const { outcomes } = view.permutation
  let nearest: { name: string; findings: readonly Finding[]; distance: number } | undefined
  for (const outcome of outcomes) {
    const findings = outcome.expectations.filter(isAsked).map((expectation) => findingOf(expectation, view))
    const distance = findings.reduce((sum, { verdict }) => sum + distanceOf(verdict), 0)
    if (distance === 0) return { outcome, findings }
    if (!nearest || distance < nearest.distance) nearest = { name: outcome.name, findings, distance }
  }
  const { name, findings } = nearest ?? { name: '', findings: [] }
  return {
    outcome: undefined,
    findings: outcomes.length > 1 ? findings.map((each) => ofNearest(each, name)) : findings,
  }
}

/** What fails in one of several outcomes is not wrong by itself: another outcome may ask for the opposite. */
function ofNearest(finding: Finding, outcome: string): Finding {
  if (finding.verdict !== 'fail') return finding
  return { ...finding, expected: `${finding.expected} (for ${outcome}, the nearest of the allowed outcomes)` }
}

/** One failure is farther than any number of things that could not be judged. */
function distanceOf(verdict: Finding['verdict']): number {
  if (verdict === 'pass') return 0
  return verdict === 'inconclusive' ? 1e-6 : 1
}

function findingOf(expectation: Expectation, view: View): Finding {
  const position = positionWords(expectation.position)
  const { requirements } = expectation
  try {
    const expected = expectedWords(view.permutation).get(expectation) ?? ''
    const checked = check(expectation, view)
    if (isOfReference(expectation, view))
      return ofReference({ expected, verdict: checked.verdict, seen: checked.seen, position })
    if (expectation.kind === 'allowed') return ofModel(requirements, { checked, expected, position })
    return { ...checked, judge: 'expectation', expected, requirements, position }
  } catch (thrown) {
    return { ...harnessFault(`the expectation ${expectation.text} can be checked`, thrown), requirements, position }
  }
}

/**
 * That the model allows a run verifies nothing: it may have been allowed to do nothing. What it forbids breaks what the case
 * was kept for, and what the model names.
 */
function ofModel(
  kept: readonly string[],
  { checked, expected, position }: { checked: Checked; expected: string; position: string },
): Finding {
  const { verdict, requirements: broken = [] } = checked
  const requirements = verdict === 'fail' ? [...new Set([...kept, ...broken])] : []
  return { ...checked, judge: 'model', expected, requirements, position }
}

/** What each expectation of a permutation expects, in words. */
const expectedWords: (permutation: Permutation) => ReadonlyMap<Expectation, string> = onceFor((permutation) => {
  const names = permutation.hosts.map(({ name }) => name)
  const expectations = permutation.outcomes.flatMap((outcome) => outcome.expectations)
  return new Map(expectations.map((each) => [each, expectationWords(each, names)]))
})

/** Whether an expectation is about the reference beside the implementation alone: what it answered, holds, or has armed. */
function isOfReference(expectation: Expectation, view: View): boolean {
  switch (expectation.kind) {
    case 'returned':
    case 'memory':
    case 'guards':
    case 'deadline':
    case 'counted':
    case 'descriptor':
    case 'octets':
    case 'answered':
    case 'error':
    case 'notified':
      return !isTested(view, expectation.node)
    case 'done':
    case 'pending':
    case 'order':
    case 'frames':
    case 'retransmitted':
    case 'cut':
    case 'acknowledged':
    case 'first-window':
    case 'back-off':
    case 'message-ids':
    case 'allowed':
      return false
  }
}

/** It verifies nothing of the implementation; that it does not hold may well be the implementation's doing, or ours. */
function ofReference(given: {
  expected: string
  verdict: Finding['verdict']
  seen: string
  position: string
}): Finding {
  return { judge: 'expectation', requirements: [], ...given }
}
