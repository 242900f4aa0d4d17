// What a row of the document stands for: a permutation, or of a search a kind of failure.
import type { PermutationResult, Report } from '../harness/result/report.ts'
import { quantity } from './figures.ts'
import { html } from './markup.ts'

/** One row, and several. */
export function rowWords({ fuzz }: Pick<Report, 'fuzz'>): readonly [one: string, many: string] {
  return fuzz ? ['kind of failure', 'kinds of failure'] : ['permutation', 'permutations']
}

export function countedRows(report: Pick<Report, 'fuzz'>, number: number): string {
  return quantity(number, ...rowWords(report))
}

/** What the list of all rows is called. */
export function rowsHeading({ fuzz }: Pick<Report, 'fuzz'>): string {
  return fuzz ? 'Kinds of failure' : 'Cases'
}

/** Beside the name of a failure that a baseline knows. */
export const knownMark = html`<span class="note">(known)</span>`

/** Why a failure that the baseline knows is accepted, on one line. */
export function knownWords({ reason, issue }: NonNullable<PermutationResult['known']>): string {
  return issue === undefined ? `known: ${reason}` : `known (${issue}): ${reason}`
}
