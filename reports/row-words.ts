// What a row of the document stands for: a permutation, or of a search a kind of failure.
import type { KnownReason, Report } from '../harness/result/report.ts'
import { quantity } from './figures.ts'
import { html, type Markup } from './markup.ts'

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

const acceptance = { waiver: 'waived', dispute: 'disputed', warning: 'warning', unstable: 'unstable' } as const

/** As what a failure is accepted. */
function acceptedAs({ by }: KnownReason): string {
  return by === undefined ? 'known' : acceptance[by]
}

/** Beside the name of a failure that is accepted. */
export function knownMark(known: KnownReason): Markup {
  return html`<span class="note">(${acceptedAs(known)})</span>`
}

/** Why a failure is accepted, on one line. */
export function knownWords(known: KnownReason): string {
  const { reason, issue } = known
  const by = acceptedAs(known)
  return issue === undefined ? `${by}: ${reason}` : `${by} (${issue}): ${reason}`
}
