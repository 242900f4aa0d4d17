// What a run did beside the reference: two sequence diagrams that share their rows, and the place where they part.
import type { Beside, BesideRow, DiagramEvent } from '../harness/result/report.ts'
import { scrolledDrawing } from './drawing.ts'
import { quantity, span } from './figures.ts'
import { html, type Markup } from './markup.ts'
import { lostAt, tip } from './sequence-diagram.ts'
import { characterWidth } from './sequence-layout.ts'

/** How wide and high what is drawn is. */
const rowHeight = 24
const headHeight = 64
const timeWidth = 80
const laneGap = 64
const laneMargin = 34
const textMax = 44
const textWidth = characterWidth * textMax + 8
const panelGap = 26
/** Room above the row at which they part, for the words that say so. */
const partingHeight = 20

/** Nothing of how it came to be told is a verdict. */
const caution =
  'What the reference does is one of several ways that are allowed: where they part is a place to look, and need not be the fault.'

/** In words, drawn, and as a list: a drawing tells nothing to a screen reader. */
export function besideReference(beside: Beside, hosts: readonly string[]): Markup {
  if (beside.kind === 'not-played')
    return html`<h4>Beside the reference</h4>
      <p class="note">Not shown: ${beside.why}.</p>`
  const { words, rows, omittedBefore = 0, omittedAfter = 0 } = beside
  const isCut = beside.cut === true
  return html`<h4>Beside the reference</h4>
    <p>Played with the same seed, weather and schedule: ${words}.</p>
    <p class="note">
      ${rows.length > 0 || isCut ? caution : ''}${isCut && ' The drawing is in the first failures of this case.'}
    </p>
    ${rows.length > 0 && drawing(beside, hosts)}
    ${
      rows.length > 0 &&
      html`<p class="note">
          ${quantity(rows.length, 'row')} from shortly before they part${omittedWords(omittedBefore, omittedAfter)}.
        </p>
        <details class="plain">
          <summary>The same as a list</summary>
          <ol class="events">
            ${rows.map((row, place) => sentence(row, place === beside.parting, hosts))}
          </ol>
        </details>`
    }`
}

/** `; 4 events before and 1 event behind are left out`; empty if none is. */
function omittedWords(before: number, behind: number): string {
  const counts = [
    ...(before > 0 ? [`${quantity(before, 'event')} before`] : []),
    ...(behind > 0 ? [`${quantity(behind, 'event')} behind`] : []),
  ]
  if (counts.length === 0) return ''
  return `; ${counts.join(' and ')} ${before + behind === 1 ? 'is' : 'are'} left out`
}

/** One of both runs: where its lanes and its words stand. */
interface Panel {
  readonly left: number
  readonly lanes: readonly number[]
  readonly text: number
  readonly right: number
}

function panelsOf(hosts: readonly string[]): readonly [Panel, Panel] {
  const panel = (left: number): Panel => {
    const lanes = hosts.map((_, host) => left + timeWidth + laneMargin + host * laneGap)
    const text = (lanes.at(-1) ?? left) + laneMargin
    return { left, lanes, text, right: text + textWidth }
  }
  const first = panel(0)
  return [first, panel(first.right + panelGap)]
}

function drawing({ rows, parting = -1 }: Extract<Beside, { kind: 'played' }>, hosts: readonly string[]): Markup {
  const [mine, its] = panelsOf(hosts)
  const width = Math.ceil(its.right)
  const height = topOf(rows.length, parting) + 12
  const name = 'The implementation beside the reference'
  const shapes = html`${parting >= 0 && mark(parting, width)} ${head('implementation', mine, { hosts, height })}
  ${head('reference', its, { hosts, height })}
  ${rows.map(({ implementation, reference, same }, place) => [side(implementation, mine, { y: middleOf(place, parting), same }), side(reference, its, { y: middleOf(place, parting), same })])}`
  return scrolledDrawing(
    { name, label: `${name}: ${quantity(rows.length, 'row')}`, kind: 'sequence beside', width, height },
    shapes,
  )
}

/** Where a row begins. */
function topOf(place: number, parting: number): number {
  return headHeight + place * rowHeight + (parting >= 0 && place >= parting ? partingHeight : 0)
}

function middleOf(place: number, parting: number): number {
  return topOf(place, parting) + rowHeight / 2
}

/** A band behind the row at which they part. */
function mark(parting: number, width: number): Markup {
  const top = topOf(parting, parting)
  return html`<rect class="parting" x="0" y="${top}" width="${width}" height="${rowHeight}" /><path
      class="parting-line"
      d="M0 ${top}H${width}"
    /><text class="parting-word" x="6" y="${top - 5}">here they part</text>`
}

function head(
  title: string,
  { lanes, text }: Panel,
  { hosts, height }: { readonly hosts: readonly string[]; readonly height: number },
): Markup {
  return html`<text class="side" x="${text}" y="18">${title}</text> ${hosts.map(
      (host, place) =>
        html`<line class="life" x1="${lanes[place]}" x2="${lanes[place]}" y1="44" y2="${height - 4}" /><text
            class="host"
            x="${lanes[place]}"
            y="36"
            ><title>${host}</title>${cutTo(host, 9)}</text
          >`,
    )}`
}

function side(
  event: DiagramEvent | undefined,
  panel: Panel,
  { y, same }: { readonly y: number; readonly same: boolean },
): Markup | undefined {
  if (!event) return undefined
  const words = event.kind === 'frame' && event.fate !== '' ? `${event.label} · ${event.fate}` : event.label
  return html`<g class="${same ? 'same' : 'other'}"
    ><text class="time" x="${panel.left + timeWidth - 10}" y="${y + 4}" text-anchor="end"
      ><title>${event.time} ns</title>${span(event.time)}</text
    >${event.kind === 'frame' ? arrow(event, panel, y) : sign(event, panel, y)}<text
      class="said-${event.kind}"
      x="${panel.text}"
      y="${y + 4}"
      ><title>${words}</title>${cutTo(words, textMax)}</text
    ></g
  >`
}

function arrow(event: Extract<DiagramEvent, { kind: 'frame' }>, { lanes }: Panel, y: number): Markup {
  const from = lanes[event.from] ?? 0
  const towards = event.to ?? (event.from + 1 < lanes.length ? event.from + 1 : event.from - 1)
  const to = lanes[towards] ?? from + laneGap / 2
  if (event.arrivedAt === undefined) {
    const x = from + (to - from) * lostAt
    return html`<g class="frame lost"
      ><path class="shaft" d="M${from} ${y}H${x}" /><path class="cross" d="M${x - 4} ${y - 4}l8 8m0-8l-8 8"
    /></g>`
  }
  const end = from === to ? from + laneGap / 2 : to
  return html`<g class="frame ${event.fate !== '' && 'touched'}"
    ><path class="shaft" d="M${from} ${y}H${end}" />${tip(end, y, [end - from, 0])}</g
  >`
}

/** Calls point at a host, returns away from it, what it is told is a dot, and what else there is a square. */
function sign(event: Exclude<DiagramEvent, { kind: 'frame' }>, { lanes }: Panel, y: number): Markup {
  const x = lanes[event.host] ?? 0
  if (event.kind === 'event') return html`<circle class="dot" cx="${x}" cy="${y}" r="4" />`
  if (event.kind === 'note') return html`<rect class="dot square" x="${x - 4}" y="${y - 4}" width="8" height="8" />`
  const line = html`<path class="shaft" d="M${x} ${y}h16" />`
  return event.kind === 'call'
    ? html`<g class="call">${line}${tip(x, y, [-1, 0])}</g>`
    : html`<g class="return">${line}${tip(x + 16, y, [1, 0])}</g>`
}

function sentence({ implementation, reference, same }: BesideRow, parts: boolean, hosts: readonly string[]): Markup {
  const mine = implementation && html`implementation, ${said(implementation, hosts)}`
  const its = reference && html`reference, ${said(reference, hosts)}`
  const told =
    same && implementation && reference ? both(implementation, reference, hosts) : [mine, mine && its && '; ', its]
  return html`<li>${parts && html`<strong>Here they part.</strong> `}${told}</li>`
}

function both(mine: DiagramEvent, its: DiagramEvent, hosts: readonly string[]): Markup {
  return html`both, ${said(mine, hosts)}${mine.time !== its.time && html` (the reference at ${span(its.time)})`}`
}

function said(event: DiagramEvent, hosts: readonly string[]): Markup {
  const who = hosts[event.kind === 'frame' ? event.from : event.host] ?? ''
  const verb = { call: 'calls', return: 'returns', event: 'tells', note: 'note', frame: 'sends' }[event.kind]
  return html`${span(event.time)}, ${who} ${verb}:
  ${event.label}${event.kind === 'frame' && event.fate !== '' && `; ${event.fate}`}`
}

function cutTo(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
