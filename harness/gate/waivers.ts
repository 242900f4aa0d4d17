// Holds what a run has shown against the waivers of its gate: which are of use, which are no longer right, and what they excuse.
import type {
  GatePolicy,
  KnownReason,
  PermutationResult,
  RequirementResult,
  Waiver,
  WaiverStanding,
} from '../result/report.ts'
import { isOnlyAbout } from '../result/only-about.ts'
import type { RequirementVerdict } from '../result/verdict.ts'

/** A waiver, and the requirement that it is about. */
export type GivenWaiver = Omit<WaiverStanding, 'problem'>

/** The waivers whose day is not over, by requirement. */
export function waiversOn(today: string, waivers: readonly GivenWaiver[]): ReadonlyMap<string, Waiver> {
  const running = waivers.filter(({ expires }) => expires === undefined || today <= expires)
  return new Map(running.map(({ requirement, ...waiver }) => [requirement, waiver]))
}

/** What a run shows of its waivers. */
export interface ShownOfWaivers {
  /** The day of the run, such as 2027-01-31. */
  readonly today: string
  /** What the requirements come to if nothing is waived. */
  readonly requirements: readonly RequirementResult[]
  /** Whether only a part of all cases was run: then nobody knows what is verified. */
  readonly selection: boolean
}

export function waiverStandings(waivers: readonly GivenWaiver[], shown: ShownOfWaivers): readonly WaiverStanding[] {
  const verdicts = new Map(shown.requirements.map(({ id, verdict }) => [id, verdict]))
  return waivers.map((waiver) => {
    const { expires, requirement } = waiver
    if (expires !== undefined && shown.today > expires) return { ...waiver, problem: `it expired on ${expires}` }
    // What the catalogue knows and the report does not is of an interface that is not offered.
    return { ...waiver, problem: needlessWords(verdicts.get(requirement) ?? 'not-applicable', shown) }
  })
}

/** Why there is nothing to waive; empty if there is, or may be. */
function needlessWords(verdict: RequirementVerdict, { selection }: ShownOfWaivers): string {
  switch (verdict) {
    case 'verified':
      return selection ? '' : 'it is verified'
    case 'not-applicable':
      return 'it does not apply'
    case 'untestable':
    case 'deferred':
      return `it is ${verdict}, so that nothing of it can fail`
    case 'violated':
    case 'partly':
    case 'unverified':
    case 'not-assessed':
    case 'waived':
    case 'disputed':
      return ''
  }
}

/** The rows; those with which nothing is wrong but what is excused say so, unless a baseline knows them. */
export function excusedRows(
  rows: readonly PermutationResult[],
  requirements: readonly RequirementResult[],
  { warnings }: Pick<GatePolicy, 'warnings'> = {},
): readonly PermutationResult[] {
  const reasons = new Map(requirements.flatMap((each) => reasonFor(each, warnings === 'allowed')))
  if (reasons.size === 0) return rows
  return rows.map((row) => {
    if (row.known || !isOnlyAbout(row, (id) => reasons.has(id))) return row
    const blamed = row.findings.filter(({ verdict }) => verdict !== 'pass').flatMap((finding) => finding.requirements)
    const known = reasons.get(blamed[0] ?? '')
    return known ? { ...row, known } : row
  })
}

function reasonFor(
  { id, verdict, waiver, dispute, keyword }: RequirementResult,
  warningsAllowed: boolean,
): readonly (readonly [string, KnownReason])[] {
  if (verdict === 'waived' && waiver) {
    const { reason, issue } = waiver
    const known = { reason: `${id}: ${reason}`, by: 'waiver' } as const
    return [[id, issue === undefined ? known : { ...known, issue }]]
  }
  if (verdict === 'disputed' && dispute) return [[id, { reason: `${id}, by ${dispute.by}`, by: 'dispute' }]]
  if (warningsAllowed && verdict === 'violated' && keyword !== 'must')
    return [[id, { reason: `${id} is a ${keyword.toUpperCase()}`, by: 'warning' }]]
  return []
}
