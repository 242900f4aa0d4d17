// On what a failure depends: nothing, the order in which things went, the clock, or something that nobody handed in.
import { kindOf } from '../result/findings-alike.ts'
import type { PermutationResult, Stability } from '../result/report.ts'
import { isBad } from '../result/verdict.ts'
import type { Pics } from '../subject/pics.ts'

/** How often a failure is played again. */
export const timesAgain = 3

/**
 * `comesAgain`: each time it was played again in its order it came out the same. `needsOrder`: in another order it comes out
 * otherwise. By a real clock nobody can order, and what comes and goes does so by the clock.
 */
export function dependenceOf(given: {
  readonly clock: Pics['clock']
  readonly comesAgain: boolean
  readonly needsOrder: boolean
}): Stability['label'] {
  const { clock, comesAgain, needsOrder } = given
  if (!comesAgain) return clock === 'real' ? 'clock' : 'environment'
  return needsOrder && clock === 'virtual' ? 'schedule' : 'deterministic'
}

/** What came of playing something once more. */
export interface Again {
  readonly row: PermutationResult
  /** As `courseOf` tells it. */
  readonly course: string
}

/** Plays the permutation of a row once more, in the order of these choices where it has several; undefined: it was not run. */
export type PlayAgain = (choices: readonly number[] | undefined) => Promise<Again | undefined>

/** Undefined if it could not be played so often. */
export async function stabilityOf(
  row: PermutationResult,
  clock: Pics['clock'],
  play: PlayAgain,
): Promise<Stability | undefined> {
  const isOfOrders = row.exploration?.of === 'orders'
  const choices = row.exploration && row.exploration.of !== 'timings' ? (row.failure?.schedule ?? []) : undefined
  // By a real clock no two runs have the same trace.
  const by = clock === 'real' ? 'failure' : 'trace'
  const plays: Again[] = []
  for (let times = 0; times < timesAgain; times++) {
    const again = await play(choices)
    if (!again) return undefined
    plays.push(again)
  }
  const isSame = (one: Again): boolean =>
    by === 'failure'
      ? isAlike(one.row, row)
      : isSameAgain(row, one) || plays.some((other) => other !== one && isSameCourse(row, one, other))
  const same = plays.filter(isSame).length
  const comesAgain = same === timesAgain
  const needsOrder = isOfOrders && comesAgain && (await failsOtherwise(row, choices ?? [], play))
  return { label: dependenceOf({ clock, comesAgain, needsOrder }), by, same, of: timesAgain }
}

/** Whether it has the same trace, octet for octet. */
export function isSameAgain(row: PermutationResult, again: Again): boolean {
  return again.row.traceDigest === row.traceDigest
}

/** Whether the same was done in both, and came to the same as before: then only what is the provider's own differs, such as addresses. */
export function isSameCourse(row: PermutationResult, one: Again, other: Again): boolean {
  const takesAsLong = one.row.virtualNanoseconds === row.virtualNanoseconds
  return one.course !== '' && one.course === other.course && takesAsLong && isAlike(one.row, row)
}

/** Whether there is an order in which it does not fail so: among those that were run, or the first one. */
async function failsOtherwise(row: PermutationResult, choices: readonly number[], play: PlayAgain): Promise<boolean> {
  if ((row.exploration?.outcomes.length ?? 0) > 1) return true
  if (choices.every((choice) => choice === 0)) return false
  const first = await play([])
  return first !== undefined && !isAlike(first.row, row)
}

/** Whether both failed in the same way. */
function isAlike(one: PermutationResult, other: PermutationResult): boolean {
  return one.verdict === other.verdict && kindsOf(one) === kindsOf(other)
}

function kindsOf({ findings }: PermutationResult): string {
  const kinds = findings.filter(({ verdict }) => isBad(verdict) || verdict === 'error').map(kindOf)
  return [...new Set(kinds)].toSorted().join('\n')
}
