// Holds what came out against the failures that are known: which of them are as recorded, and which entries are no longer right.
import { counted } from '../../spec/vocabulary/units.ts'
import type { BaselineFacts, BaselineStanding, PermutationResult, Finding } from '../result/report.ts'
import { hasRun, worse, type RanVerdict } from '../result/verdict.ts'

/** One entry of a baseline, and what its pattern means. */
export interface KnownFailure {
  readonly pattern: string
  readonly verdict: RanVerdict
  readonly signature: string
  readonly reason: string
  readonly issue?: string
  /** The last day on which it is accepted, such as 2027-01-31. */
  readonly expires?: string
  readonly matches: (name: string) => boolean
}

export interface HeldBaseline {
  readonly facts: BaselineFacts
  /** The rows of the run; those that are as recorded say so. */
  readonly rows: readonly PermutationResult[]
}

/** What one entry comes to. */
export interface Standing {
  /** The rows that are as recorded. */
  readonly known: ReadonlySet<PermutationResult>
  /** Why the entry is not right any more, in plain words; empty if it is. */
  readonly problem: string
}

/** What a run shows of its entries. */
export interface Shown {
  readonly rows: readonly PermutationResult[]
  /** The full names of all permutations, whatever was selected; undefined if nobody knows what was left out. */
  readonly names: readonly string[] | undefined
  /** The day of the run, such as 2027-01-31. */
  readonly today: string
}

/** The day of a run, as entries have it. */
export function dayOf({ startedAt }: { readonly startedAt: string }): string {
  return startedAt.slice(0, 'YYYY-MM-DD'.length)
}

export function heldAgainst(entries: readonly KnownFailure[], shown: Shown): HeldBaseline {
  const excused = new Map<PermutationResult, KnownFailure>()
  const standings = entries.map((entry): BaselineStanding => {
    const { known, problem } = standingOf(entry, shown)
    for (const row of known) if (!excused.has(row)) excused.set(row, entry)
    const { matches: _, ...recorded } = entry
    return { ...recorded, permutations: known.size, problem }
  })
  const rows = shown.rows.map((row): PermutationResult => {
    const entry = excused.get(row)
    if (!entry) return row
    const { reason, issue } = entry
    return { ...row, known: issue === undefined ? { reason } : { reason, issue } }
  })
  return { facts: { entries: standings }, rows }
}

/**
 * An entry is right as long as all that it matches fail as recorded. What was not selected, or did not run, is not
 * held against it; what does not apply any more is, if it is all that there is.
 */
export function standingOf(entry: KnownFailure, { rows, names, today }: Shown): Standing {
  const matched = rows.filter(({ name }) => entry.matches(name))
  const ran = matched.filter(({ verdict }) => hasRun(verdict))
  const known = new Set(ran.filter((row) => row.verdict === entry.verdict && signatureOf(row) === entry.signature))
  const none: ReadonlySet<PermutationResult> = new Set()
  if (entry.expires !== undefined && today > entry.expires)
    return { known: none, problem: `it expired on ${entry.expires}` }
  if (names && !names.some((name) => entry.matches(name))) return { known, problem: 'it matches no permutation' }
  const passed = ran.filter(({ verdict }) => verdict === 'pass').length
  if (passed > 0) return { known, problem: `${passed} of ${counted(ran.length, 'permutation')} passed` }
  const other = ran.find((row) => !known.has(row))
  if (other) return { known, problem: `${other.name} came to ${other.verdict} of ${signatureOf(other)}` }
  // What a selection, or another part of the run, has of it may apply.
  const isGone =
    matched.length > 0 &&
    matched.every(({ verdict }) => verdict === 'not-applicable') &&
    matched.length === names?.filter((name) => entry.matches(name)).length
  return { known, problem: isGone ? 'nothing that it matches applies' : '' }
}

/**
 * What is wrong with a permutation, in a form that stays when times and seeds change: the requirements that it breaks,
 * in order, or who found it where that is none. Of one that is inconclusive, what it leaves open.
 */
export function signatureOf({ verdict, findings }: PermutationResult): string {
  const least = verdict === 'inconclusive' ? 'inconclusive' : 'fail'
  const blamed = findings.filter((finding) => worse(finding.verdict, least) === finding.verdict).flatMap(blamedOf)
  return blamed.length === 0 ? 'unproved' : [...new Set(blamed)].toSorted().join(', ')
}

function blamedOf({ requirements, judge }: Finding): readonly string[] {
  return requirements.length === 0 ? [judge] : requirements
}
