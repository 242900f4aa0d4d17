// Where two runs of one permutation part: the first deed that only one of them has, or has otherwise.
import type { Deed } from './deeds.ts'

/** What was done first and second in two runs that are held beside each other. */
export interface Sides<T> {
  readonly first: T
  readonly second: T
}

/** Places in the lists of deeds. */
export interface Parting {
  /** `deeds`: not the same was done; `times`: it was, but not at the same time. */
  readonly of: 'deeds' | 'times'
  /** The deed of each at which they part; undefined where one has no further deed in that stream. */
  readonly first: number | undefined
  readonly second: number | undefined
  /** Where each goes on: what stands before was done by both. */
  readonly from: Sides<number>
}

export interface Compared {
  /** Undefined: the same was done in both, at the same times. */
  readonly parting: Parting | undefined
  /** The time from which on both did the same, but not at the same times; undefined if that is nowhere before they part. */
  readonly shifted: number | undefined
}

/** Holds the streams of both against each other. What parts earliest counts; the order among streams does not. */
export function compareDeeds(sides: Sides<readonly Deed[]>): Compared {
  const streams = { first: streamsOf(sides.first), second: streamsOf(sides.second) }
  const pairs: (readonly [first: number, second: number])[] = []
  let parted: Candidate | undefined
  for (const stream of new Set([...streams.first.keys(), ...streams.second.keys()])) {
    const [one, other] = [streams.first.get(stream) ?? [], streams.second.get(stream) ?? []]
    let same = 0
    while (
      keyAt(sides.first, one[same]) !== undefined &&
      keyAt(sides.first, one[same]) === keyAt(sides.second, other[same])
    ) {
      pairs.push([one[same] ?? -1, other[same] ?? -1])
      same++
    }
    parted = earlier(parted, candidate(sides, one[same], other[same]))
  }
  const before = parted
  const inOrder = pairs.toSorted(([one], [other]) => one - other)
  const shift = inOrder.find(([one, other]) => timeAt(sides.first, one) !== timeAt(sides.second, other))
  const shiftedAt = shift && Math.min(timeAt(sides.first, shift[0]), timeAt(sides.second, shift[1]))
  if (!before) return { parting: shift && timesParting(shift), shifted: undefined }
  return {
    parting: { of: 'deeds', first: before.first, second: before.second, from: fromOf(before, pairs) },
    shifted: shiftedAt !== undefined && shiftedAt < before.time ? shiftedAt : undefined,
  }
}

interface Candidate {
  readonly first: number | undefined
  readonly second: number | undefined
  /** Of the earlier of both. */
  readonly time: number
}

function candidate(
  sides: Sides<readonly Deed[]>,
  first: number | undefined,
  second: number | undefined,
): Candidate | undefined {
  if (first === undefined && second === undefined) return undefined
  return { first, second, time: Math.min(timeAt(sides.first, first), timeAt(sides.second, second)) }
}

/** The one that comes first in time, and in the lists. */
function earlier(one: Candidate | undefined, other: Candidate | undefined): Candidate | undefined {
  if (!one || !other) return one ?? other
  if (one.time !== other.time) return one.time < other.time ? one : other
  return placeOf(one) <= placeOf(other) ? one : other
}

function placeOf({ first, second }: Candidate): number {
  return Math.min(first ?? Infinity, second ?? Infinity)
}

/** Where each goes on: at the deed at which it parts, or behind all that the other had done up to its own. */
function fromOf({ first, second }: Candidate, pairs: readonly (readonly [number, number])[]): Sides<number> {
  const behind = (limit: number, of: 0 | 1): number =>
    pairs.reduce((most, pair) => (pair[of === 0 ? 1 : 0] < limit ? Math.max(most, pair[of] + 1) : most), 0)
  const one = Math.min(first ?? Infinity, second === undefined ? Infinity : behind(second, 0))
  const other = Math.min(second ?? Infinity, first === undefined ? Infinity : behind(first, 1))
  return { first: one, second: other }
}

function timesParting([first, second]: readonly [number, number]): Parting {
  return { of: 'times', first, second, from: { first, second } }
}

function streamsOf(deeds: readonly Deed[]): ReadonlyMap<string, readonly number[]> {
  const streams = new Map<string, number[]>()
  deeds.forEach(({ stream }, place) => {
    const those = streams.get(stream)
    if (those) those.push(place)
    else streams.set(stream, [place])
  })
  return streams
}

function keyAt(deeds: readonly Deed[], place: number | undefined): string | undefined {
  return place === undefined ? undefined : deeds[place]?.key
}

function timeAt(deeds: readonly Deed[], place: number | undefined): number {
  return (place === undefined ? undefined : deeds[place]?.time) ?? Infinity
}
