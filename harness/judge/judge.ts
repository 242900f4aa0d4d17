// From the trace of one run to its verdict: expectations, proofs and monitors together; the worst counts.
import { counted } from '../../spec/vocabulary/units.ts'
import type { Expectation } from '../plan/expectation.ts'
import type { Finding } from '../result/report.ts'
import { worstOf, type Blame, type RanVerdict } from '../result/verdict.ts'
import { endedBadly } from './verdict/bad-ending.ts'
import { settleDisagreements } from './verdict/disagreement.ts'
import type { RunEnding } from './verdict/ending.ts'
import { harnessFault } from './verdict/harness-fault.ts'
import { monitorsOf } from './monitors/monitors.ts'
import type { Monitor } from './monitors/monitor.ts'
import { checkOutcomes } from './expectations/outcomes.ts'
import { prove, type ProofSeen } from './sightings/proofs.ts'
import { viewOf, type View, type ViewInput } from './seen/view.ts'
import { watchedBy } from './monitors/watched.ts'

export interface JudgeInput extends ViewInput {
  readonly ending: RunEnding
  /** What to hold the run against; the monitors of the interface unless given. */
  readonly monitors?: readonly Monitor[]
}

/** What goes into the row of a permutation. */
export interface Judgement {
  readonly verdict: RanVerdict
  readonly blame: Blame
  /** Why it is no pass, in one line; empty for a pass. */
  readonly reason: string
  /** The outcome that was met, if one was. */
  readonly outcome?: { readonly name: string; readonly label: 'conformant' | 'tolerated' }
  readonly findings: readonly Finding[]
  readonly proves: readonly ProofSeen[]
}

/** Never throws: a judge that fails is an error of ours, told as one. */
export function judgeRun(input: JudgeInput): Judgement {
  try {
    return judgeTrace(input)
  } catch (thrown) {
    const finding = harnessFault('the judge reads the trace', thrown)
    return conclude({ findings: [finding], proves: [], outcome: undefined, blame: 'harness' })
  }
}

function judgeTrace(input: JudgeInput): Judgement {
  const view = viewOf(input)
  const watched = watchedBy(input.monitors ?? monitorsOf(input.permutation.interface), view)
  const settled = (...findings: readonly Finding[]): readonly Finding[] =>
    settleDisagreements(view, [...findings, ...watched.findings], watched)
  if (input.ending.kind !== 'finished') {
    const { finding, blame } = endedBadly(input.ending, input.permutation)
    const told = toldAnyway(input.ending.kind, view)
    // What the case shows to be wrong is billed as such, and not also because the run ended.
    const rest = told.length > 0 && input.ending.kind === 'timeout' ? { ...finding, requirements: [] } : finding
    return conclude({ findings: settled(rest, ...told), proves: [], outcome: undefined, blame })
  }
  const { outcome, findings } = checkOutcomes(view)
  const proves = input.permutation.proves.map((proof) => prove(proof, view))
  const met = outcome && { name: outcome.name, label: outcome.label }
  return conclude({ findings: settled(...findings), proves, outcome: met, blame: 'implementation' })
}

/** Puts findings and proofs together: what both mean for the verdict. */
export function conclude(given: {
  findings: readonly Finding[]
  proves: readonly ProofSeen[]
  outcome: Judgement['outcome']
  /** Whom a fail, timeout or crash rests on. */
  blame: Blame
}): Judgement {
  const { findings, proves } = given
  const verdict = worstOf(findings)
  const common = { findings, proves, ...(given.outcome ? { outcome: given.outcome } : {}) }
  const unseen = proves.find(({ seen }) => !seen)
  if (verdict === 'pass' && !unseen) return { verdict, blame: 'nobody', reason: '', ...common }
  if (verdict === 'pass') {
    const reason = `not proved: ${unseen?.words ?? ''}; seen ${counted(unseen?.count ?? 0, 'time')}`
    return { verdict: 'inconclusive', blame: 'nobody', reason, ...common }
  }
  const worst = findings.find((finding) => finding.verdict === verdict)
  const blame = verdict === 'error' ? 'harness' : verdict === 'inconclusive' ? 'nobody' : given.blame
  return { verdict, blame, reason: worst ? `${worst.expected}: ${worst.seen}` : '', ...common }
}

/**
 * What expectations say of a run that did not come to its end, if one of them fails: all after a wait in vain, since the
 * closing questions were asked; those about calls that had been answered where a call was refused that the case needs.
 */
function toldAnyway(ending: RunEnding['kind'], view: View): readonly Finding[] {
  const isAsked = ending === 'timeout' ? () => true : (each: Expectation): boolean => isAnswered(each, view)
  const told = ending === 'timeout' || ending === 'unmet' ? checkOutcomes(view, isAsked).findings : []
  return told.some(({ verdict }) => verdict === 'fail') ? told : []
}

function isAnswered(expectation: Expectation, view: View): boolean {
  const { kind } = expectation
  if (kind !== 'answered' && kind !== 'returned' && kind !== 'octets') return false
  return view.labels.get(expectation.label)?.answer !== undefined
}
