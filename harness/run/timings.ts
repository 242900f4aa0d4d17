// Races by a real clock: how often they are run, and how much later than the others each call begins.
import { millisecond, type Duration } from '../../spec/vocabulary/units.ts'
import type { Permutation } from '../plan/permutation.ts'
import type { Pics } from '../subject/pics.ts'
import type { Draw } from './schedule.ts'

/** How often a race is run, each time with another timing, and for how long it may go on if a single run takes its time. */
const [timingsMost, timingsLeast, timingsWithin] = [25, 5, 10_000 * millisecond] as const

/** The shortest and the longest delay, as powers of two of nanoseconds: 64 ns and 131 us, which a thread takes to wake up. */
const [shortest, longest] = [6, 17]

/** Whether what differs from run to run is the timing of a race, since nobody can order what happens. */
export function isTimed({ ordersMax }: Permutation, { clock }: Pick<Pics, 'clock'>): boolean {
  return ordersMax !== undefined && clock === 'real'
}

/** How often a race is run that may be run `most` times, and takes so long each time. */
export function timingsOf(most: number, took: Duration): number {
  const affordable = Math.floor(timingsWithin / Math.max(1, took))
  return Math.min(most, timingsMost, Math.max(timingsLeast, affordable))
}

/** Delays for the calls of a race: half of the calls have none. */
export function drawDelays(calls: number, draw: Draw): readonly Duration[] {
  return Array.from({ length: calls }, () => {
    const exponent = shortest + draw(longest - shortest + 1)
    return draw(2) === 0 ? 0 : draw(2 ** exponent)
  })
}
