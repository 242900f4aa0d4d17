// Reads scalars and small values of suite files: numbers, durations, counts, choices, patterns.
import type { Pattern } from '../../../spec/vocabulary/memory.ts'
import { parseDuration, type Duration } from '../../../spec/vocabulary/units.ts'
import type { Times } from '../expectation.ts'
import type { Findings } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import type { Place } from '../yaml/place.ts'

/** Each reader answers undefined for an absent place, and reports a value that cannot be (an axis may have any). */
export function integerAt(place: Place, findings: Findings): number | undefined {
  const number = place.number()
  if (number !== undefined && Number.isSafeInteger(number) && number >= 0) return number
  if (place.present) findings.add(place.mark(), `\`${place.flow()}\` is not a whole number`)
  return undefined
}

export function probabilityAt(place: Place, findings: Findings): number {
  const number = place.number()
  if (number !== undefined && number >= 0 && number <= 1) return number
  if (place.present) findings.add(place.mark(), `\`${place.flow()}\` is not a probability between 0 and 1`)
  return 0
}

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

/** One of `values`. */
export function choiceAt<T extends string>(place: Place, values: readonly T[], findings: Findings): T | undefined {
  const text = place.example()
  const found = values.find((value) => value === text)
  if (found === undefined && place.present) {
    findings.add(place.mark(), `\`${place.flow()}\` is none of ${values.join(', ')}`, didYouMean(place.flow(), values))
  }
  return found
}

export function flagAt(place: Place, findings: Findings): boolean | undefined {
  const choice = choiceAt(place, ['true', 'false'], findings)
  return choice === undefined ? undefined : choice === 'true'
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
