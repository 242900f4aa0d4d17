// How findings write instants, counts and lists.
import type { Instant } from '../../spec/vocabulary/units.ts'
import type { Times } from '../plan/expectation.ts'

/** An instant or a span as people read it: `640ns`, `12.1us`, `3.25ms`, `5s`. */
export function timeWords(time: Instant): string {
  const [unit, scale]: readonly [string, number] =
    time < 1_000
      ? ['ns', 1]
      : time < 1_000_000
        ? ['us', 1_000]
        : time < 1_000_000_000
          ? ['ms', 1_000_000]
          : ['s', 1_000_000_000]
  return `${Number((time / scale).toFixed(3))}${unit}`
}

/** `exactly 1`, `at least 2`, `2 to 4`. */
export function timesWords(times: Times): string {
  if (times.most === undefined) return `at least ${times.least}`
  return times.most === times.least ? `exactly ${times.least}` : `${times.least} to ${times.most}`
}

/** Whether a count is as often as asked. */
export function isWithin(count: number, times: Times): boolean {
  return count >= times.least && count <= (times.most ?? Infinity)
}

/** Whole numbers in order, runs drawn together: `0-2, 5`. */
export function numbersWords(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b)
  const runs: [number, number][] = []
  for (const number of sorted) {
    const last = runs.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else if (last?.[1] !== number) runs.push([number, number])
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(', ')
}

/** Whole numbers of frames as `numbersWords` has them: `frame 3`, `frames 0-2, 5`. */
export function framesWords(numbers: readonly number[]): string {
  return `${numbers.length === 1 ? 'frame' : 'frames'} ${numbersWords(numbers)}`
}

/** All frames of a collection: `frame 3`, `frames 0-2`. */
export function collectionFrames({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? `frame ${first}` : `frames ${first}-${last}`
}

/** What follows a count: `was` after 1, `were` after any other. */
export function were(count: number): string {
  return count === 1 ? 'was' : 'were'
}

/** `a`, `a and b`, `a, b and 3 more`: at most `most` names. */
export function namesWords(names: readonly string[], most = 5): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}
