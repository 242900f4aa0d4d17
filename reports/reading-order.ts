// Which permutations a reader should see first when many went wrong.
import type { PermutationResult, Report } from '../harness/result/report.ts'
import { wentWrong } from '../harness/result/verdict.ts'
import { grouped } from './grouped.ts'

/** A permutation with its place in the document, by which the page links to it. */
export interface Placed {
  readonly place: number
  readonly row: PermutationResult
}

/** The most permutations whose details stand in the page as they are, readable without scripts. */
export const staticMax = 50

/** The most permutations that come with diagram, steps and decisions; of more the page keeps what was expected and seen. */
export const detailedMax = 1000

/**
 * What went wrong, breadth before depth: the first permutation of every case, then the second of each ...; inconclusive
 * ones after those, and what a baseline knows last. So the bounds above cut repetitions of a defect, not other defects.
 */
export function inReadingOrder(report: Pick<Report, 'cases'>): readonly Placed[] {
  const placed = report.cases.map((row, place) => ({ place, row })).filter(({ row }) => wentWrong(row.verdict))
  const ranks = new Map<number, number>()
  for (const group of grouped(placed, ({ row }) => `${row.suite}/${row.case}`).values()) {
    group.forEach(({ place, row }, rank) => ranks.set(place, rank + placed.length * behind(row)))
  }
  return placed.toSorted((a, b) => (ranks.get(a.place) ?? 0) - (ranks.get(b.place) ?? 0) || a.place - b.place)
}

/** How many others come first, in wholes of what went wrong. */
function behind({ known, verdict }: PermutationResult): number {
  if (known) return 2
  return verdict === 'inconclusive' ? 1 : 0
}

/** The part of a permutation's name after `suite/case`. */
export function tailOf(row: PermutationResult): string {
  const head = `${row.suite}/${row.case}/`
  return row.name.startsWith(head) ? row.name.slice(head.length) : row.name
}
