// What the implementation answered at all: each code of each call, bit, operation, state and error, seen or never seen.
import type { AnswerCount, Report } from '../harness/result/report.ts'
import { count, quantity } from './figures.ts'
import { grouped } from './grouped.ts'
import { html, type Markup } from './markup.ts'

const kinds: Readonly<Record<Exclude<AnswerCount['kind'], 'code'>, string>> = {
  bit: 'Bits of Status',
  operation: 'Operations in Status',
  state: 'States of a VI',
  error: 'Asynchronous errors',
}

/** Nothing where nothing was counted. */
export function answered({ answers = [], run }: Report): Markup | undefined {
  if (answers.length === 0) return undefined
  const due = answers.filter((each) => each.due === 'yes')
  const unseen = due.filter((each) => each.count === 0)
  const isSelection = run.selection.length > 0
  return html`<section id="answers" aria-labelledby="answers-heading">
    <h2 id="answers-heading">Answers</h2>
    <p>
      ${count(due.length - unseen.length)} of ${quantity(due.length, 'answer')} that a whole run ought to show
      ${due.length === 1 ? 'was' : 'were'} seen at least once.
      ${isSelection && unseen.length > 0 && 'Only a selection was run, which need not show the rest.'}
      ${unseen.length === 0 && 'None is missing.'}
    </p>
    <table class="grid">
      <caption>
        How often each documented answer was seen, in every run of every permutation.
      </caption>
      <thead>
        <tr>
          <th scope="col">Of</th>
          <th scope="col">Seen</th>
          <th scope="col">Never seen</th>
        </tr>
      </thead>
      <tbody>
        ${[...grouped(answers, subject)].map(([name, group]) => row(name, group))}
      </tbody>
    </table>
    ${excused(answers)}
  </section>`
}

function subject({ kind, of }: AnswerCount): string {
  return kind === 'code' ? of : kinds[kind]
}

function row(name: string, group: readonly AnswerCount[]): Markup {
  const seen = group.filter((each) => each.count > 0)
  const missing = group.filter((each) => each.count === 0 && each.due === 'yes')
  return html`<tr>
    <th scope="row">${group[0]?.kind === 'code' ? html`<code>${name}</code>` : name}</th>
    <td>${seen.length === 0 ? 'none' : seen.map((each) => html`<code>${each.name}</code> ${count(each.count)} `)}</td>
    <td>${missing.map((each) => html`<code>${each.name}</code> `)}</td>
  </tr>`
}

/** What was not seen and need not be, by reason. */
function excused(answers: readonly AnswerCount[]): Markup | undefined {
  const rest = answers.filter((each) => each.count === 0 && each.due !== 'yes')
  if (rest.length === 0) return undefined
  return html`<h3>Not seen, and not missed</h3>
    <ul class="reasons">
      ${[...grouped(rest, ({ why }) => why)].map(
        ([why, group]) =>
          html`<li><strong>${why}</strong> ${group.map(({ of, name }) => html`<code>${of} ${name}</code> `)}</li>`,
      )}
    </ul>`
}
