// What the implementation declares of itself, and what therefore does not apply to it.
import type { Report, ReportedPics } from '../harness/result/report.ts'
import { count, quantity } from './figures.ts'
import { grouped } from './grouped.ts'
import { html, type Markup } from './markup.ts'
import { caseAnchor, facts, requirementLink } from './parts.ts'

const casesMax = 12

/** Requirements and permutations that do not apply, by reason; nothing if all apply. */
export function notApplicable(report: Report): Markup | undefined {
  const requirements = report.requirements.filter(({ verdict }) => verdict === 'not-applicable')
  const rows = report.cases.filter(({ verdict }) => verdict === 'not-applicable')
  if (requirements.length === 0 && rows.length === 0) return undefined
  return html`<section id="not-applicable" aria-labelledby="not-applicable-heading">
    <h2 id="not-applicable-heading">Not applicable, and why</h2>
    ${
      requirements.length > 0 &&
      html`<h3>Requirements</h3>
        <ul class="reasons">
          ${[...grouped(requirements, ({ reason }) => reason)].map(
            ([reason, group]) =>
              html`<li><strong>${reason}</strong> ${group.map(({ id }) => html`${requirementLink(id)} `)}</li>`,
          )}
        </ul>`
    }
    ${
      rows.length > 0 &&
      html`<h3>Permutations</h3>
        <ul class="reasons">
          ${[...grouped(rows, ({ reason }) => reason)].map(
            ([reason, group]) =>
              html`<li>
                <strong>${reason}</strong> ${quantity(group.length, 'permutation')} of
                ${casesOf(group.map((row) => `${row.suite}/${row.case}`))}
              </li>`,
          )}
        </ul>`
    }
  </section>`
}

function casesOf(names: readonly string[]): Markup {
  const distinct = [...new Set(names)]
  const more = distinct.length - casesMax
  return html`${distinct.slice(0, casesMax).map((name) => html`<a href="#${caseAnchor(name)}">${name}</a> `)}${more > 0 && `and ${count(more)} more`}`
}

export function declaration({ pics }: Report): Markup {
  return html`<section id="pics" aria-labelledby="pics-heading">
    <h2 id="pics-heading">What the implementation declares</h2>
    ${facts([
      ['Interfaces', pics.interfaces.join(', ')],
      ['Clock', pics.clock],
      ['Wire', pics.wire],
      ['Wire profile', pics.profile],
    ])}
    <div class="columns">${options(pics)} ${values(pics)}</div>
  </section>`
}

function options({ options: declared }: ReportedPics): Markup | undefined {
  const rows = Object.entries(declared).map(
    ([name, present]) =>
      html`<tr>
        <th scope="row"><code>${name}</code></th>
        <td>${present ? 'yes' : 'no'}</td>
      </tr>`,
  )
  if (rows.length === 0) return undefined
  return html`<table class="grid">
    <caption>
      Options
    </caption>
    <thead>
      <tr>
        <th scope="col">Option</th>
        <th scope="col">Present</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

function values({ values: declared }: ReportedPics): Markup | undefined {
  const rows = Object.entries(declared).map(
    ([name, { value, least, most }]) =>
      html`<tr>
        <th scope="row"><code>${name}</code></th>
        <td class="number">${count(value)}</td>
        <td class="number">${range(least, most)}</td>
      </tr>`,
  )
  if (rows.length === 0) return undefined
  return html`<table class="grid">
    <caption>
      Limits and settings
    </caption>
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col" class="number">Value</th>
        <th scope="col" class="number">Settable</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

function range(least: number | undefined, most: number | undefined): string {
  if (least === undefined && most === undefined) return 'fixed'
  return `${least === undefined ? '' : count(least)} to ${most === undefined ? '' : count(most)}`
}
