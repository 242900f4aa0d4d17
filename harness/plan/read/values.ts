// Reads small values of suite files: durations, frames, counts, patterns. As for scalars, what is absent is undefined.
import type { Pattern } from '../../../spec/vocabulary/memory.ts'
import { parseDuration, type Duration } from '../../../spec/vocabulary/units.ts'
import type { Times } from '../expectation.ts'
import type { Findings } from '../yaml/findings.ts'
import type { Place } from '../yaml/place.ts'
import { integerAt } from '../yaml/scalars.ts'

export function durationAt(place: Place, findings: Findings): Duration | undefined {
  const text = place.text()
  // Where words are made, an axis is a number that means its name.
  if (text !== undefined && place.example() !== text) return Number(text)
  const duration = text === undefined ? undefined : parseDuration(text)
  if (duration === undefined && place.present) {
    findings.add(place.mark(), `\`${place.flow()}\` is not a duration such as \`3ms\`, \`800us\`, \`5s\``)
  }
  return duration
}

/** A number, or a duration as nanoseconds. */
export function quantityAt(place: Place, findings: Findings): number | undefined {
  return place.number() === undefined ? durationAt(place, findings) : integerAt(place, findings)
}

export function frameAt(place: Place, findings: Findings): number | 'last' | undefined {
  return place.text() === 'last' ? 'last' : integerAt(place, findings)
}

/** A plain number n is exactly n; or at least n, where `plain` says so. */
export function timesAt(
  place: Place,
  findings: Findings,
  plain: 'exactly' | 'at least' = 'exactly',
): Times | undefined {
  if (!place.present) return undefined
  if (!place.isMap) {
    const number = integerAt(place, findings)
    if (number === undefined) return undefined
    return plain === 'exactly' ? { least: number, most: number } : { least: number }
  }
  const least = integerAt(place.get('min'), findings) ?? 0
  const most = integerAt(place.get('max'), findings)
  if (most === undefined) return { least }
  if (most < least) findings.add(place.get('max').mark(), `at most ${most} cannot be at least ${least}`)
  return { least, most }
}

const patternKinds = ['prng', 'ramp', 'const'] as const

/** `{ prng: 7 }`; other keys beside it are not looked at. */
export function patternAt(place: Place, findings: Findings): Pattern | undefined {
  const named = patternKinds.filter((kind) => place.get(kind).present)
  const [kind] = named
  if (kind === undefined || named.length > 1) {
    if (place.present) findings.add(place.mark(), 'needs one of `prng`, `ramp`, `const`')
    return undefined
  }
  const seed = integerAt(place.get(kind), findings)
  return seed === undefined ? undefined : { kind, seed }
}
