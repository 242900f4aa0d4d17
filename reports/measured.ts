// What the suites would ask of systems that the sources describe, beside what this implementation declares.
import type { ProfileMeasure, Report } from '../harness/result/report.ts'
import { count, quantity } from './figures.ts'
import { html, type Markup } from './markup.ts'
import { requirementLink } from './parts.ts'

/** Nothing where no profile speaks of an interface that is offered. */
export function measuredAs(report: Report): Markup | undefined {
  const { profiles } = report
  if (profiles.length === 0) return undefined
  return html`<section id="measured" aria-labelledby="measured-heading">
    <h2 id="measured-heading">Measured as</h2>
    <p class="note">
      What each of these systems has decides what it is asked. <code>viaduct run --pics NAME</code> judges an adapter as
      one of them, and runs the reference as such where no adapter is named.
    </p>
    ${optionTable(profiles, report)} ${profiles.map(measure)}
  </section>`
}

function optionTable(profiles: readonly ProfileMeasure[], { pics, implementation }: Report): Markup {
  const names = [...new Set(profiles.flatMap(({ options }) => options.map(({ name }) => name)))]
  return html`<table class="grid">
    <caption>
      Options of this implementation and of each system
    </caption>
    <thead>
      <tr>
        <th scope="col">Option</th>
        <th scope="col">${implementation.name}</th>
        ${profiles.map(({ title }) => html`<th scope="col">${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${names.map(
        (name) =>
          html`<tr>
            <th scope="row"><code>${name}</code></th>
            <td>${pics.options[name] === true ? 'yes' : 'no'}</td>
            ${profiles.map((profile) => optionCell(profile, name))}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function optionCell({ options }: ProfileMeasure, name: string): Markup {
  const option = options.find((each) => each.name === name)
  return html`<td>${option ? (option.present ? 'yes' : 'no') : 'not said'}</td>`
}

function measure(profile: ProfileMeasure): Markup {
  const { name, title, words, interface: of, classes, options, excluded } = profile
  const lacking = options.filter(({ present }) => !present)
  return html`<article class="measure" id="measured-${name}">
    <h3>${title} <code>${name}</code></h3>
    <p>${words}</p>
    <ul class="reasons">
      ${classes.map(
        ({ class: level, asked, notAsked }) =>
          html`<li>
            <strong>${of.toUpperCase()} ${level}:</strong>
            ${quantity(asked, 'requirement applies', 'requirements apply')}, ${count(notAsked)}
            ${notAsked === 1 ? 'does' : 'do'} not.
          </li>`,
      )}
    </ul>
    ${
      lacking.length > 0 &&
      html`<h4>What it lacks, and how we know</h4>
        <ul class="reasons">
          ${lacking.map((option) => html`<li><code>${option.name}</code> ${option.why}.</li>`)}
        </ul>`
    }
    ${
      excluded.length > 0 &&
      html`<h4>What it is not asked</h4>
        <ul class="reasons">
          ${excluded.map(
            ({ reason, requirements }) =>
              html`<li><strong>It ${reason}:</strong> ${requirements.map((id) => html`${requirementLink(id)} `)}</li>`,
          )}
        </ul>`
    }
  </article>`
}
