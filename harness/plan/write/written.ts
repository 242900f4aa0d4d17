// What suite files say, before it is text: plain values, in the order in which a person would write them.

/** A value of a suite file. A member that is undefined is left out, as is everything that goes without saying. */
export type Written = string | number | boolean | null | readonly Written[] | WrittenMap

export interface WrittenMap {
  readonly [key: string]: Written | undefined
}

/** A value that goes without saying where it is `usual`. */
export function unless<T>(usual: T, value: T): T | undefined {
  return value === usual ? undefined : value
}

/** One item is written as such, several as a list. */
export function oneOrMore(items: readonly Written[]): Written {
  const [only] = items
  return items.length === 1 && only !== undefined ? only : items
}
