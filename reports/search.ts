// What a search did: how far it got, and what it found.
import { isFlat } from '../harness/result/flat.ts'
import type { FuzzFacts, FuzzFailure, Report } from '../harness/result/report.ts'
import { count, quantity, span } from './figures.ts'
import { html, type Markup } from './markup.ts'

const dependence: Readonly<Record<FuzzFailure['label'], string>> = {
  deterministic: 'fails whatever goes first',
  schedule: 'fails only in this order of events',
  unsteady: 'came out differently when it was run again',
}

/** Nothing where declared cases were run. */
export function searched({ fuzz }: Report): Markup | undefined {
  if (!fuzz) return undefined
  return html`<section id="search" aria-labelledby="search-heading">
    <h2 id="search-heading">Search</h2>
    ${fuzz.map(oneSearch)}
  </section>`
}

function oneSearch(search: FuzzFacts): Markup {
  const { interface: of, runs, realMilliseconds, seed, focus, pairs, grownAt, failures } = search
  const growth = isFlat(search) ? `; nothing new since run ${count(grownAt)}` : ', and still growing'
  return html`<h3>${of.toUpperCase()}</h3>
    <p>
      ${quantity(runs, 'drawn run')} in ${span(realMilliseconds * 1_000_000)}, seed
      <code>${seed}</code>${focus !== undefined && html`, with an eye to ${focus}`}. They reached
      ${quantity(pairs, 'pair')} of states and events${growth}.
      ${failures.length === 0 ? 'Nothing that the specification forbids was seen.' : ''}
    </p>
    ${
      failures.length > 0 &&
      html`<ul>
        ${failures.map(
          ({ name, file, count: times, run, label }) =>
            html`<li>
              <code>${name}</code>: ${quantity(times, 'run')}, the first was ${count(run)}; it ${dependence[label]}.
              Kept in <code>${file}</code>.
            </li>`,
        )}
      </ul>`
    }`
}
