// Reads scalars: whole numbers, probabilities, choices, flags. What is absent is undefined unless said; what cannot be is reported (an axis may have any value).
import type { Findings } from './findings.ts'
import { didYouMean } from './nearest.ts'
import type { Place } from './place.ts'

/** A whole number of at least 0. */
export function integerAt(place: Place, findings: Findings): number | undefined {
  const number = place.number()
  if (number !== undefined && Number.isSafeInteger(number) && number >= 0) return number
  if (place.present) findings.add(place.mark(), `\`${place.flow()}\` is not a whole number`)
  return undefined
}

/** 0 where there is none. */
export function probabilityAt(place: Place, findings: Findings): number {
  const number = place.number()
  if (number !== undefined && number >= 0 && number <= 1) return number
  if (place.present) findings.add(place.mark(), `\`${place.flow()}\` is not a probability between 0 and 1`)
  return 0
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
