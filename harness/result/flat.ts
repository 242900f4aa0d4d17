// When a search has stopped to show anything new.
import type { FuzzFacts } from './report.ts'

/** Nothing new was seen in the last one of so many parts of all runs. */
const flatShare = 4

/** Whether the coverage of a search is flat, and does not grow any more. */
export function isFlat({ runs, grownAt }: Pick<FuzzFacts, 'runs' | 'grownAt'>): boolean {
  return runs - grownAt > runs / flatShare
}
