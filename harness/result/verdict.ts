// Verdicts, their order, and how requirements and classes are judged from them.

/** Verdicts of a case that ran, from best to worst; inside a case a verdict only worsens (as in ISO/IEC 9646 and TTCN-3). */
export const ranVerdicts = ['pass', 'inconclusive', 'fail', 'timeout', 'crash', 'error'] as const
export type RanVerdict = (typeof ranVerdicts)[number]

/** `not-applicable`: the IUT truthfully lacks what the case needs. `skipped`: not selected, or the run was interrupted. */
export const verdicts = [...ranVerdicts, 'not-applicable', 'skipped'] as const
export type Verdict = RanVerdict | 'not-applicable' | 'skipped'

/** Whether a permutation with this verdict was run. */
export function hasRun(verdict: Verdict): verdict is RanVerdict {
  return verdict !== 'not-applicable' && verdict !== 'skipped'
}

/** Whether a permutation was run and did not pass, whosever fault that is. */
export function wentWrong(verdict: Verdict): boolean {
  return hasRun(verdict) && verdict !== 'pass'
}

/** Whether it says that an implementation, or its adapter, did wrong. An error is ours. */
export function isBad(verdict: Verdict): boolean {
  return verdict === 'fail' || verdict === 'timeout' || verdict === 'crash'
}

/** Who a verdict that is no pass rests on; nobody, where nothing was found wrong. */
export type Blame = 'implementation' | 'adapter' | 'harness' | 'nobody'

/** The worse of two. */
export function worse(one: RanVerdict, other: RanVerdict): RanVerdict {
  return ranVerdicts.indexOf(one) >= ranVerdicts.indexOf(other) ? one : other
}

/** The worst of what was found; `pass` if nothing was. */
export function worstOf(findings: readonly { readonly verdict: RanVerdict }[]): RanVerdict {
  return findings.reduce<RanVerdict>((worst, { verdict }) => worse(worst, verdict), 'pass')
}

/** What is known of one requirement for this IUT. `weak` marks are kept beside it. */
export const requirementVerdicts = [
  'verified',
  'violated',
  'partly', // some permutations passed, others were inconclusive or did not run
  'unverified',
  'untestable',
  'deferred',
  'waived', // not verified, and the gate of the vendor lets that be
  'disputed', // not verified as we read it, and others read it otherwise
  'not-applicable',
  'not-assessed', // a selection left it out
] as const
export type RequirementVerdict = (typeof requirementVerdicts)[number]

/** `indeterminate`: nothing was violated, but a MUST that applies is not verified. `not-assessed`: only a selection ran. */
export type ClassVerdict = 'conformant' | 'not-conformant' | 'indeterminate' | 'not-assessed'

/** What a class comes to, and what of it was excused. */
interface Excused {
  readonly verdict: string
  readonly waived?: number
  readonly disputed?: number
}

/** `2 waived, 1 disputed`; empty where nothing was. */
export function excusedWords({ waived = 0, disputed = 0 }: Omit<Excused, 'verdict'>): string {
  return [...(waived > 0 ? [`${waived} waived`] : []), ...(disputed > 0 ? [`${disputed} disputed`] : [])].join(', ')
}

/** `conformant, 2 waived`: no class is called conformant without a word of what was excused. `words` stand for its verdict. */
export function classVerdictWords(result: Excused, words: string = result.verdict): string {
  const excused = result.verdict === 'conformant' ? excusedWords(result) : ''
  return excused === '' ? words : `${words}, ${excused}`
}
