// What failed, by requirement: the rule in plain words, and the permutations that show that it was broken.
import type { Report, RequirementResult } from '../harness/result/report.ts'
import { failure, type Requirements } from './failure.ts'
import { staticMax, type Placed } from './reading-order.ts'
import { count } from './figures.ts'
import { grouped } from './grouped.ts'
import { mark } from './mark.ts'
import { html, type Markup } from './markup.ts'
import { origin, requirementLink } from './parts.ts'
import { countedRows, knownMark, rowWords } from './row-words.ts'

/** Permutations listed for one requirement; the rest is one link away. */
const shownMax = 5
/** With more groups than this they start closed. */
const openMax = 8

/** Nothing if nothing went wrong. `wrong` is in reading order. */
export function failed(report: Report, wrong: readonly Placed[], requirements: Requirements): Markup | undefined {
  if (wrong.length === 0) return undefined
  const groups = groupsOf(report, wrong)
  const open = groups.length <= openMax
  return html`<section id="failed" aria-labelledby="failed-heading">
      <h2 id="failed-heading">What failed</h2>
      ${groups.map((group) => section(group, open, report))}
    </section>
    <section id="failures" aria-labelledby="failures-heading">
      <h2 id="failures-heading">Failures in detail</h2>
      ${
        wrong.length > staticMax &&
        html`<p>
          ${`The first ${staticMax} of ${count(wrong.length)} ${rowWords(report)[1]}`}${!report.fuzz && ' that did not pass'};
          the others open from <a href="#cases?verdict=bad">the list of all</a>.
        </p>`
      }
      <div id="failure-list">${wrong.slice(0, staticMax).map((one) => failure(one, requirements, true))}</div>
    </section>`
}

interface Group {
  readonly heading: Markup
  readonly text: Markup
  readonly search: string
  readonly shown: readonly { readonly one: Placed; readonly seen: string }[]
}

function groupsOf(report: Report, wrong: readonly Placed[]): readonly Group[] {
  const violated = report.requirements.filter(({ verdict }) => verdict === 'violated')
  const showing = new Map<string, { one: Placed; seen: string }[]>(violated.map(({ id }) => [id, []]))
  const rest: Placed[] = []
  for (const one of wrong) {
    const before = new Set<string>()
    for (const { verdict, requirements, seen } of one.row.findings) {
      if (verdict === 'pass' || verdict === 'inconclusive') continue
      for (const id of requirements) {
        if (!before.has(id) && showing.has(id)) {
          before.add(id)
          showing.get(id)?.push({ one, seen })
        }
      }
    }
    if (before.size === 0) rest.push(one)
  }
  return [
    ...violated.map((requirement) => ofRequirement(requirement, showing.get(requirement.id) ?? [])),
    ...without(rest),
  ]
}

function ofRequirement(requirement: RequirementResult, shown: Group['shown']): Group {
  return {
    heading: html`${mark('violated')} ${requirement.title}`,
    text: html`<p class="rule">
      ${requirementLink(requirement.id)}
      <span class="keyword ${requirement.keyword}">${requirement.keyword}</span> ${requirement.words}
      <span class="note">${requirement.class} class. ${origin(requirement)}.</span>
    </p>`,
    search: requirement.id,
    shown,
  }
}

/** Crashes, timeouts and errors that name no requirement, and what stayed inconclusive, by verdict and by whom they rest on. */
function without(rest: readonly Placed[]): readonly Group[] {
  return [...grouped(rest, ({ row }) => `${row.verdict} ${row.blame}`).values()].flatMap((group) => {
    const row = group[0]?.row
    if (row === undefined) return []
    const meaning =
      row.verdict === 'inconclusive'
        ? 'What the case speaks of did not come about, or the evidence that would make it a pass is missing.'
        : 'This says nothing of one requirement alone.'
    return [
      {
        heading: html`${mark(row.verdict)} Not tied to a violated requirement`,
        text: html`<p class="rule">${meaning} It rests on: ${row.blame}.</p>`,
        search: '',
        shown: group.map((one) => ({ one, seen: one.row.reason })),
      },
    ]
  })
}

function section({ heading, text, search, shown }: Group, open: boolean, report: Report): Markup {
  const more = shown.length - shownMax
  const verdict = search === '' ? (shown[0]?.one.row.verdict ?? 'bad') : 'bad'
  return html`<details class="group" ${open && 'open'}>
    <summary>
      <h3>${heading}</h3>
      <span class="count">${countedRows(report, shown.length)}</span>
    </summary>
    ${text}
    <ul class="shown">
      ${shown.slice(0, shownMax).map(({ one, seen }) => html`<li><a class="name" href="#p-${one.place}">${one.row.name}</a> ${one.row.known && knownMark(one.row.known)} <span>${seen}</span></li>`)}
    </ul>
    ${more > 0 && html`<p><a href="#cases?verdict=${verdict}${search !== '' && `&search=${search}`}">and ${count(more)} more</a></p>`}
  </details>`
}
