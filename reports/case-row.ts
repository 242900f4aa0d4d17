// One permutation in the list of cases: as it travels in the page's compressed data, and as it is shown.
import { wentWrong, type Verdict } from '../harness/result/verdict.ts'
import { mark } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { command } from './parts.ts'

export interface LazyRow {
  /** Place in the document; `p-<place>` is the anchor of its details if it went wrong. */
  readonly place: number
  readonly tail: string
  readonly verdict: Verdict
  readonly reason: string
  /** Lines about what came out and what was seen. */
  readonly facts: readonly string[]
  /** Ids of requirements that a finding other than a pass names, to be searched for. */
  readonly broken: string
  readonly repeat: string
  /** Which chunk of failures holds its details, and where; absent if it did not go wrong or is in the page. */
  readonly chunk?: readonly [chunk: number, place: number]
}

export interface LazyCase {
  /** `suite/case`. */
  readonly name: string
  readonly title: string
  /** Ids of the requirements that it carries an expectation for. */
  readonly covers: string
  readonly rows: readonly LazyRow[]
}

export function permutationRow(row: LazyRow): Markup {
  const { verdict, tail, reason, place } = row
  const name = html`${mark(verdict)}
    <span class="name">${tail}</span> ${reason !== '' && html`<span class="reason">${reason}</span>`}`
  if (wentWrong(verdict)) return html`<li><a class="permutation" href="#p-${place}">${name}</a></li>`
  return html`<li>
    <details class="permutation">
      <summary>${name}</summary>
      <ul>
        ${row.facts.map((fact) => html`<li>${fact}</li>`)}
      </ul>
      ${command(row.repeat)}
    </details>
  </li>`
}
