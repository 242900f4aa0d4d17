// Holds a run against the policy of its gate, term by term.
import type { ClassResult, GatePolicy, GateTerm, PermutationResult, Report } from '../result/report.ts'
import { classVerdictWords } from '../result/verdict.ts'

/** What of a report the terms are about. */
export interface HeldReport {
  readonly cases: readonly PermutationResult[]
  readonly classes: readonly ClassResult[]
  readonly requirements: Report['requirements']
  readonly totals: Report['totals']
  /** Only a part of all cases was to run, or the run was cut short. */
  readonly isPartial: boolean
}

export function termsOf(policy: GatePolicy, report: HeldReport): readonly GateTerm[] {
  const { classes = {}, verified, notApplicable, unstable, atLeast } = policy
  return [
    ...Object.entries(classes).map(([of, name]) => classTerm(of, name, report)),
    ...(verified === undefined ? [] : [verifiedTerm(verified, report)]),
    ...(notApplicable === undefined ? [] : [notApplicableTerm(notApplicable, report)]),
    ...(unstable === undefined ? [] : [unstableTerm(unstable, report)]),
    ...(policy.warnings === undefined ? [] : [warningsTerm(policy.warnings, report)]),
    ...(atLeast ? [ratchetTerm(atLeast, report)] : []),
  ]
}

/** It failed once, and not when it was run again; or it fails, and not for anything that was handed in. */
export function isUnstable({ verdict, blame, stability }: PermutationResult): boolean {
  if (stability?.label === 'clock' || stability?.label === 'environment') return true
  return verdict === 'inconclusive' && blame === 'adapter'
}

/** The rows; where no more are unstable than the gate allows, these say that it does. */
export function toleratedRows(
  rows: readonly PermutationResult[],
  { unstable }: GatePolicy,
): readonly PermutationResult[] {
  const count = rows.filter(isUnstable).length
  if (unstable === undefined || count === 0 || count > unstable) return rows
  const known = { reason: `the gate allows for ${unstable} of that`, by: 'unstable' } as const
  return rows.map((row) => (isUnstable(row) && !row.known ? { ...row, known } : row))
}

/** How many permutations apply, and how many passed. */
export function reachOf({ cases, totals }: Pick<Report, 'cases' | 'totals'>): {
  readonly applicable: number
  readonly passing: number
} {
  return { applicable: cases.length - totals['not-applicable'], passing: totals.pass }
}

/** Of a part of a run nobody knows. */
function standing(isMet: boolean, { isPartial }: HeldReport): GateTerm['standing'] {
  return isPartial ? 'not-judged' : isMet ? 'met' : 'missed'
}

function classTerm(of: string, name: string, report: HeldReport): GateTerm {
  const result = report.classes.find((each) => each.interface === of && each.class === name)
  const seen = result ? classVerdictWords(result) : `${of} is not offered`
  const term = { term: `class ${of} ${name}`, asked: 'conformant', seen }
  return { ...term, standing: standing(result?.verdict === 'conformant', report) }
}

function verifiedTerm(least: number, report: HeldReport): GateTerm {
  const of = (...verdicts: readonly string[]): number =>
    report.requirements.filter(({ verdict }) => verdicts.includes(verdict)).length
  const verified = of('verified')
  const all = verified + of('violated', 'partly', 'unverified', 'waived', 'disputed', 'not-assessed')
  const term = { term: 'verified requirements', asked: `at least ${least} %`, seen: `${verified} of ${all}` }
  return { ...term, standing: standing(verified * 100 >= least * all, report) }
}

function notApplicableTerm(most: number, report: HeldReport): GateTerm {
  const seen = report.totals['not-applicable']
  const term = { term: 'permutations that do not apply', asked: `at most ${most}`, seen: String(seen) }
  return { ...term, standing: standing(seen <= most, report) }
}

/** Too much of it in a part is too much in the whole. */
function unstableTerm(most: number, { cases }: HeldReport): GateTerm {
  const seen = cases.filter(isUnstable).length
  const term = { term: 'unstable permutations', asked: `at most ${most}`, seen: String(seen) }
  return { ...term, standing: seen <= most ? 'met' : 'missed' }
}

function warningsTerm(asked: 'fail' | 'allowed', { requirements }: HeldReport): GateTerm {
  const broken = requirements.filter(({ keyword, verdict }) => keyword !== 'must' && verdict === 'violated')
  const seen = broken.length === 0 ? 'none' : broken.map(({ id }) => id).join(', ')
  const isMet = asked === 'allowed' || broken.length === 0
  return { term: 'warnings', asked: asked === 'fail' ? 'none' : 'any', seen, standing: isMet ? 'met' : 'missed' }
}

function ratchetTerm(
  { report: before, applicable, passing }: NonNullable<GatePolicy['atLeast']>,
  report: HeldReport,
): GateTerm {
  const now = reachOf(report)
  const words = (reach: typeof now): string => `${reach.applicable} that apply and ${reach.passing} that pass`
  const isMet = now.applicable >= applicable && now.passing >= passing
  const term = {
    term: `permutations since ${before}`,
    asked: `at least ${words({ applicable, passing })}`,
    seen: words(now),
  }
  return { ...term, standing: standing(isMet, report) }
}
