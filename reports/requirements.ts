// Every requirement and what is known of it, with facets.
import type { Report, RequirementResult } from '../harness/result/report.ts'
import { ranVerdicts, requirementVerdicts } from '../harness/result/verdict.ts'
import { count, quantity } from './figures.ts'
import { mark, wordsOf } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { anchorOf, bothReadings, caseAnchor, origin } from './parts.ts'

const facets = ['interface', 'class', 'area', 'keyword', 'basis'] as const
const casesMax = 4

export function requirementTable(report: Report): Markup {
  const { requirements, cases } = report
  const none = report.fuzz ? 'nothing that breaks it was found' : 'no permutation pronounced'
  const shown = shownBy(cases)
  const played = new Set(cases.map(({ suite, case: of }) => `${suite}/${of}`))
  if (requirements.length === 0) return section(html`<p>The document holds no requirement.</p>`)
  const present = new Set(requirements.map(({ verdict }) => verdict))
  const verdicts = requirementVerdicts.filter((verdict) => present.has(verdict))
  return section(
    html`<form class="filter" data-for="requirements" hidden>
        ${choice(
          'verdict',
          verdicts.map((verdict) => [verdict, wordsOf(verdict)]),
        )}
        ${facets.map((facet) => choice(facet, distinct(requirements.map((requirement) => requirement[facet]))))}
        ${searchField('requirements')}
        <output aria-live="polite"></output>
      </form>
      <table class="requirements" role="table">
        <caption>
          ${quantity(requirements.length, 'requirement')}. Weak: no planted fault that breaks it is known to have been
          caught, so that a pass says less.
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Requirement</th>
            <th role="columnheader" scope="col">Verdict</th>
            <th role="columnheader" scope="col">Kind</th>
            <th role="columnheader" scope="col">Shown by</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${requirements.map((requirement) => row(requirement, { standings: shown.get(requirement.id) ?? new Map(), played, none }))}
        </tbody>
      </table>`,
  )
}

function section(content: Markup): Markup {
  return html`<section id="requirements" aria-labelledby="requirements-heading">
    <h2 id="requirements-heading">Requirements</h2>
    ${content}
  </section>`
}

export function searchField(of: string): Markup {
  return html`<label>Search <input type="search" name="search" autocomplete="off" aria-label="Search ${of}" /></label>`
}

/** A facet with fewer than two values to choose from is left out. */
export function choice(
  name: string,
  options: readonly (readonly [value: string, words: string])[],
): Markup | undefined {
  if (options.length < 2) return undefined
  return html`<label
    >${name.charAt(0).toUpperCase()}${name.slice(1)}
    <select name="${name}">
      <option value="">all</option>
      ${options.map(([value, words]) => html`<option value="${value}">${words}</option>`)}
    </select></label
  >`
}

function distinct(values: readonly string[]): readonly (readonly [string, string])[] {
  return [...new Set(values)].map((value) => [value, value])
}

/** What a case came to for a requirement, the worst of its permutations: its place in `ranVerdicts`. */
type Standings = ReadonlyMap<string, number>

interface Evidence {
  readonly standings: Standings
  /** All cases that there is a row of: of a selection the others are not in the page. */
  readonly played: ReadonlySet<string>
  /** What is said where no row speaks of the requirement. */
  readonly none: string
}

/** For each requirement, what each case came to that did not only pass. */
function shownBy(rows: Report['cases']): ReadonlyMap<string, Standings> {
  const shown = new Map<string, Map<string, number>>()
  for (const { suite, case: of, findings } of rows) {
    for (const { verdict, requirements } of findings) {
      if (verdict === 'pass') continue
      for (const id of requirements) {
        const standings = shown.get(id) ?? new Map<string, number>()
        shown.set(id, standings)
        const name = `${suite}/${of}`
        standings.set(name, Math.max(standings.get(name) ?? 0, ranVerdicts.indexOf(verdict)))
      }
    }
  }
  return shown
}

function row(requirement: RequirementResult, shown: Evidence): Markup {
  const { id, title, words, verdict, keyword, area, basis, weak, reason } = requirement
  return html`<tr
    role="row"
    id="${anchorOf(id)}"
    tabindex="-1"
    data-verdict="${verdict}"
    data-interface="${requirement.interface}"
    data-class="${requirement.class}"
    data-area="${area}"
    data-keyword="${keyword}"
    data-basis="${basis}"
  >
    <th role="rowheader" scope="row">
      <a class="id" href="#${anchorOf(id)}">${id}</a> ${title}
      <details class="plain">
        <summary>In full</summary>
        <p>${words}</p>
        <p class="note">${origin(requirement)}.</p>
      </details>
    </th>
    <td role="cell">
      ${mark(verdict)}${weak && html` <span class="weak">weak</span>`}${reason !== '' && html`<p class="note">${reason}</p>`}${excuse(requirement)}
    </td>
    <td role="cell">
      <span class="keyword ${keyword}">${keyword}</span>
      <span class="note">${requirement.interface} ${requirement.class}, ${area}, ${basis}</span>
    </td>
    <td role="cell">${evidence(requirement, shown)}</td>
  </tr>`
}

/** What it would come to, and why that is excused. */
function excuse(requirement: RequirementResult): Markup {
  const { unexcused, waiver, dispute, verdict } = requirement
  const until = waiver?.expires === undefined ? '' : `, until ${waiver.expires}`
  const why = waiver && (waiver.issue === undefined ? waiver.reason : `${waiver.reason} (${waiver.issue})`)
  return html`${dispute && verdict !== 'disputed' && html` <span class="weak">disputed</span>`}
  ${unexcused && html`<p class="note">Otherwise ${wordsOf(unexcused)}.</p>`}
  ${why !== undefined && html`<p class="note">Waived by the gate${until}: ${why}</p>`} ${bothReadings(requirement)}`
}

/** The worst first: whoever looks at a requirement that is violated wants to see where. */
function evidence(requirement: RequirementResult, { standings, played, none }: Evidence): Markup {
  const { passed, failed, inconclusive, id } = requirement
  const standing = (name: string): number => standings.get(name) ?? (played.has(name) ? 0 : -1)
  const cases = [...new Set([...requirement.cases, ...standings.keys()])].toSorted(
    (one, other) => standing(other) - standing(one),
  )
  const numbers = [
    passed > 0 && `${count(passed)} passed`,
    failed > 0 && `${count(failed)} failed`,
    inconclusive > 0 && `${count(inconclusive)} inconclusive`,
  ].filter((words) => words !== false)
  const more = cases.length - casesMax
  return html`<p class="note">${numbers.length === 0 ? none : numbers.join(', ')}</p>
    ${
      cases.length > 0 &&
      html`<ul class="links">
        ${cases.slice(0, casesMax).map((name) => html`<li>${played.has(name) ? html`<a href="#${caseAnchor(name)}">${name}</a>` : html`${name} <span class="note">not run</span>`}</li>`)}
        ${more > 0 && html`<li><a href="#cases?search=${id}">and ${count(more)} more</a></li>`}
      </ul>`
    }`
}
