// Everything about one permutation that did not pass: what was expected and seen, what happened, and how to repeat it.
import type {
  PermutationResult,
  FailureDetail,
  FaultDecision,
  Finding,
  Opinions,
  RequirementResult,
} from '../harness/result/report.ts'
import { stabilityWords } from '../harness/result/stability-words.ts'
import { findingsAlike, type FindingsAlike } from '../harness/result/findings-alike.ts'
import { stepsAlike, type StepsAlike } from '../harness/result/steps-alike.ts'
import { besideReference } from './beside.ts'
import type { Placed } from './reading-order.ts'
import { count, quantity, span } from './figures.ts'
import { mark } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { bothReadings, caseAnchor, command, facts, origin, requirementLink } from './parts.ts'
import { knownMark, knownWords } from './row-words.ts'
import { sequenceDiagram } from './sequence-diagram.ts'

export type Requirements = ReadonlyMap<string, RequirementResult>

const findingsMax = 12
const decisionsMax = 60

/** A closed `<details>`. Without `detailed`: only findings and the command. */
export function failure({ place, row }: Placed, requirements: Requirements, detailed: boolean): Markup {
  return html`<details class="failure" id="p-${place}">
    <summary>
      <h3>${mark(row.verdict)} <span class="name">${row.name}</span> ${row.known && knownMark(row.known)}</h3>
      <span class="reason">${row.reason}</span>
    </summary>
    <div class="body">
      <p class="title">
        ${row.title}. <a href="#${caseAnchor(`${row.suite}/${row.case}`)}">All permutations of this case</a>
      </p>
      ${row.known && html`<p class="note">It is accepted as ${knownWords(row.known)}</p>`}
      ${findings(row, requirements)}
      <h4>Repeat it</h4>
      ${command(row.repeat)} ${detailed ? row.failure && detail(row.failure) : leftOut} ${about(row)}
    </div>
  </details>`
}

const leftOut = html`<p class="note">
  So many permutations failed that diagram and steps of this one are not in the page: they are in the result document,
  and the command above shows them.
</p>`

function findings(row: PermutationResult, requirements: Requirements): Markup {
  const wrong = row.findings.filter(({ verdict }) => verdict !== 'pass')
  const right = row.findings.filter(({ verdict }) => verdict === 'pass')
  const missing = row.proves.filter(({ seen }) => !seen)
  const kinds = findingsAlike(wrong)
  return html`${kinds.slice(0, findingsMax).map((one) => finding(one, requirements))}
  ${kinds.length > findingsMax && html`<p class="note">${quantity(kinds.length - findingsMax, 'more finding')} in the result document.</p>`}
  ${missing.map(({ words }) => html`<p class="missing">${mark('inconclusive', 'not seen')} ${words}. Without it a pass would prove nothing.</p>`)}
  ${
    right.length > 0 &&
    html`<details class="plain">
      <summary>${quantity(right.length, 'expectation')} held</summary>
      <ul>
        ${right.slice(0, findingsMax).map(({ expected, requirements: ids }) => html`<li>${mark('pass')} ${expected} ${ids.map((id) => html`${requirementLink(id)} `)}</li>`)}
      </ul>
    </details>`
  }`
}

const judges: Readonly<Record<Finding['judge'], string>> = {
  expectation: 'an expectation of the case',
  monitor: 'a monitor that watches every run',
  model: 'the model of the interface',
  harness: 'the harness itself',
}

function finding({ first: one, again }: FindingsAlike, requirements: Requirements): Markup {
  return html`<div class="finding">
    ${one.requirements.map((id) => rule(id, requirements))}
    <div class="sides">
      <div>
        <h4>Expected</h4>
        <p>${one.expected}</p>
      </div>
      <div class="seen">
        <h4>Seen</h4>
        ${one.opinions ? opinions(one.opinions) : html`<p>${one.seen}</p>`}
      </div>
    </div>
    <p class="note">
      ${mark(one.verdict)} said by
      ${judges[one.judge]}${one.at !== undefined && html`, at ${span(one.at)}`}${
        one.position !== undefined && html`, written in <code>${one.position}</code>`
      }
    </p>
    ${again.length > 0 && seenAgain(again)}
  </div>`
}

function seenAgain(again: readonly Finding[]): Markup {
  return html`<details class="plain">
    <summary>Seen ${quantity(again.length, 'more time')}</summary>
    <ul>
      ${again.slice(0, findingsMax).map(({ seen, at }) => html`<li>${seen}${at !== undefined && html`, at ${span(at)}`}</li>`)}
    </ul>
    ${again.length > findingsMax && html`<p class="note">All of them are in the result document.</p>`}
  </details>`
}

/** What each of the judges says that contradict each other. */
function opinions({ model, monitors, expectations }: Opinions): Markup {
  return html`<p>They disagree, so that none of them is believed.</p>
    ${facts([
      ['The model', model],
      ['The monitors', monitors],
      ['The expectations', expectations],
    ])}`
}

function rule(id: string, requirements: Requirements): Markup {
  const requirement = requirements.get(id)
  if (requirement === undefined) return html`<p class="rule">${requirementLink(id)}</p>`
  return html`<p class="rule">
      ${requirementLink(id)} <strong>${requirement.title}.</strong> ${requirement.words}
      <span class="note">${origin(requirement)}</span>
    </p>
    ${bothReadings(requirement)}`
}

function stepItem({ first, last, words }: StepsAlike): Markup {
  return html`<li value="${first}">${words}${last > first && ` (the same up to step ${last})`}</li>`
}

function detail(what: FailureDetail): Markup {
  const configuration = Object.entries(what.configuration)
  return html`<h4>What happened</h4>
    ${sequenceDiagram(what.diagram)} ${what.beside && besideReference(what.beside, what.diagram.hosts)}
    <div class="columns">
      ${
        what.steps.length > 0 &&
        html`<div>
          <h4>Steps</h4>
          <ol class="steps">
            ${stepsAlike(what.steps).map(stepItem)}
          </ol>
        </div>`
      }
      <div>
        <h4>Faults</h4>
        ${
          what.faultPlan.length === 0
            ? html`<p>None planned.</p>`
            : html`<ol start="0" class="steps">
                ${what.faultPlan.map((line) => html`<li>${line}</li>`)}
              </ol>`
        }
        ${
          configuration.length > 0 &&
          html`<h4>Configuration</h4>
            ${facts(configuration.map(([key, value]) => [key, count(value)]))}`
        }
      </div>
    </div>
    ${what.decisions.length > 0 && decisions(what.decisions)}
    ${
      what.schedule !== undefined &&
      html`<h4>Schedule</h4>
        <p><code>${what.schedule.join('.')}</code></p>`
    }
    ${what.stack !== undefined && output('Stack', what.stack)}
    ${what.stderr !== undefined && what.stderr !== '' && output('Standard error', what.stderr)}`
}

function output(name: string, text: string): Markup {
  return html`<h4>${name}</h4>
    <pre class="output" tabindex="0" role="group" aria-label="${name}">${text}</pre>`
}

function decisions(all: readonly FaultDecision[]): Markup {
  return html`<h4>What the fabric decided</h4>
    <div class="scroll" role="group" aria-label="Decisions of the fabric" tabindex="0">
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Frame</th>
            <th scope="col">From</th>
            <th scope="col">Content</th>
            <th scope="col">Fate</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          ${all.slice(0, decisionsMax).map(decision)}
        </tbody>
      </table>
    </div>
    ${all.length > decisionsMax && html`<p class="note">${quantity(all.length - decisionsMax, 'more decision')} in the result document.</p>`}`
}

function decision({ time, frame, from, summary, fate, amount, rule: by }: FaultDecision): Markup {
  const extent = amount === 0 ? '' : ` ${fate === 'delay' ? span(amount) : count(amount)}`
  return html`<tr>
    <td>${span(time)}</td>
    <td>${frame}</td>
    <td>${from}</td>
    <td>${summary}</td>
    <td>${fate}${extent}</td>
    <td>${by < 0 ? 'weather' : `rule ${by}`}</td>
  </tr>`
}

function about(row: PermutationResult): Markup {
  const { exploration } = row
  return html`<h4>About this permutation</h4>
    ${facts([
      ['Rests on', row.blame],
      ['Stability', row.stability && stabilityWords(row.stability)],
      ['Roles', row.roles],
      ['Class', `${row.interface} ${row.class}`],
      ...Object.entries(row.axes).map(([axis, value]): readonly [string, string] => [axis, value]),
      ['Outcome', row.outcome && `${row.outcome.name} (${row.outcome.label})`],
      ['Seed', String(row.seed)],
      [exploration ? explorationTitles[exploration.of] : '', exploration && explored(exploration)],
      ['Virtual time', span(row.virtualNanoseconds)],
      ['Real time', span(row.realMicroseconds * 1000)],
      ['Trace', html`<code>${row.traceDigest}</code>`],
    ])}`
}

const explorationTitles = { orders: 'Orders', victims: 'Victims', timings: 'Timings' } as const

/** `all 6 orders: delivered 4, refused 2`. */
export function explored({
  of,
  orders,
  bound,
  exhausted,
  outcomes,
}: NonNullable<PermutationResult['exploration']>): string {
  const noun = { orders: 'order', victims: 'victim', timings: 'timing' }[of]
  const extent = exhausted
    ? `all ${quantity(orders, noun)}`
    : `${quantity(orders, noun)}, stopped at the bound of ${count(bound)}`
  return `${extent}: ${outcomes.map(({ name, count: times }) => `${name} ${count(times)}`).join(', ')}`
}
