// A sequence diagram as SVG: hosts as lifelines, calls at their side, frames as arrows that slant as far as time passed.
import { scrolledDrawing } from './drawing.ts'
import type { Diagram, DiagramEvent } from '../harness/result/report.ts'
import { quantity, span } from './figures.ts'
import { html, trusted, type Markup } from './markup.ts'
import {
  cut,
  isLeft,
  isLost,
  layOut,
  timeColumn,
  type FrameEvent,
  type HostEvent,
  type SequenceLayout,
} from './sequence-layout.ts'

interface Row {
  readonly top: number
  readonly bottom: number
}

/** How far a lost frame's arrow gets. */
export const lostAt = 0.6

/** The drawing in a box that scrolls by itself, and the same as a list: a drawing tells nothing to a screen reader. */
export function sequenceDiagram(diagram: Diagram): Markup {
  const layout = layOut(diagram)
  const { width, height } = layout
  const label = `Sequence diagram: ${quantity(diagram.events.length, 'event')} between ${diagram.hosts.join(' and ')}`
  const shapes = html`${lifelines(diagram, layout)} ${diagram.events.map((event, place) => arrow(event, layout, place))}
  ${diagram.events.map((event, place) => texts(event, layout, place))} ${times(diagram, layout)}`
  return html`${scrolledDrawing({ name: 'Sequence diagram', label, kind: 'sequence', width, height }, shapes)}
    ${
      diagram.omitted > 0 &&
      html`<p class="note">${quantity(diagram.omitted, 'event')} in the middle left out of the drawing.</p>`
    }
    <details class="plain">
      <summary>The same as a list</summary>
      <ol class="events">
        ${diagram.events.map((event) => html`<li>${sentence(event, diagram)}</li>`)}
      </ol>
    </details>`
}

function lifelines(diagram: Diagram, { columns, height }: SequenceLayout): readonly Markup[] {
  return diagram.hosts.map((host, place) => {
    const x = columns[place] ?? 0
    return html`<line class="life" x1="${x}" x2="${x}" y1="34" y2="${height - 4}" /><text class="host" x="${x}" y="20"
        >${host}</text
      >`
  })
}

function arrow(event: DiagramEvent, layout: SequenceLayout, place: number): Markup | undefined | readonly Markup[] {
  const row = layout.rows[place] ?? { top: 0, bottom: 0 }
  return event.kind === 'frame' ? frameArrow(event, layout, row) : hostSign(event, layout, row)
}

function frameArrow(event: FrameEvent, layout: SequenceLayout, row: Row): Markup {
  const from = layout.columns[event.from] ?? 0
  const to = layout.columns[destination(event, layout)] ?? from + 120
  const crafted = event.fate.startsWith('crafted') && 'crafted'
  const title = [`frame ${event.frame}: ${event.label}`, event.fate, ...event.fields]
    .filter((line) => line !== '')
    .join('\n')
  if (isLost(event)) {
    const x = from + (to - from) * lostAt
    const y = row.bottom
    return html`<g class="frame lost ${crafted}"
      ><title>${title}</title><path class="shaft" d="M${from} ${row.top}L${x} ${y}" /><path
        class="cross"
        d="M${x - 5} ${y - 5}l10 10m0-10l-10 10"
    /></g>`
  }
  const shaft = from === to ? `M${from} ${row.top}h46V${row.bottom}h-46` : `M${from} ${row.top}L${to} ${row.bottom}`
  return html`<g class="frame ${event.fate !== '' && 'touched'} ${crafted}"
    ><title>${title}</title
    ><path
      class="shaft"
      d="${shaft}"
    />${tip(to, row.bottom, from === to ? [-1, 0] : [to - from, row.bottom - row.top])}</g
  >`
}

/** The host that the arrow points to; one that reached nobody known points to a neighbour. */
function destination(event: FrameEvent, layout: SequenceLayout): number {
  if (event.to !== undefined) return event.to
  return event.from + 1 < layout.columns.length || event.from === 0 ? event.from + 1 : event.from - 1
}

export function tip(x: number, y: number, [dx, dy]: readonly [number, number]): Markup {
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI
  return html`<path class="tip" d="M0 0-9-4v8z" transform="translate(${x} ${y}) rotate(${Number(angle.toFixed(1))})" />`
}

/** Calls point at the lifeline, returns away from it, events are dots, notes are squares. */
function hostSign(event: HostEvent, layout: SequenceLayout, row: Row): Markup {
  const x = layout.columns[event.host] ?? 0
  const out = isLeft(event.host) ? -1 : 1
  const end = x + out * 16
  if (event.kind === 'event') return html`<circle class="dot" cx="${x}" cy="${row.top}" r="4" />`
  if (event.kind === 'note')
    return html`<rect class="dot square" x="${x - 4}" y="${row.top - 4}" width="8" height="8" />`
  const line = html`<path class="shaft" d="M${x} ${row.top}H${end}" />`
  return event.kind === 'call'
    ? html`<g class="call">${line}${tip(x, row.top, [-out, 0])}</g>`
    : html`<g class="return">${line}${tip(end, row.top, [out, 0])}</g>`
}

function texts(event: DiagramEvent, layout: SequenceLayout, place: number): Markup {
  const row = layout.rows[place] ?? { top: 0, bottom: 0 }
  if (event.kind !== 'frame') {
    const left = isLeft(event.host)
    const x = (layout.columns[event.host] ?? 0) + (left ? -22 : 22)
    return html`<text
      class="said-${event.kind}"
      x="${x}"
      y="${row.top + 4}"
      ${trusted(left ? ' text-anchor="end"' : '')}
      >${whole(event.label)}</text
    >`
  }
  const from = layout.columns[event.from] ?? 0
  const to = layout.columns[destination(event, layout)] ?? from + 120
  const goesLeft = to < from
  const fate = event.fate !== '' && !isLost(event) && html`<tspan class="fate"> · ${event.fate}</tspan>`
  const label = html`<text
    class="frame-label"
    x="${from + (goesLeft ? -12 : 12)}"
    y="${row.top - 5}"
    ${trusted(goesLeft ? ' text-anchor="end"' : '')}
    >${whole(event.label)}${fate}</text
  >`
  if (!isLost(event)) return label
  const x = from + (to - from) * lostAt
  return html`${label}<text class="fate" x="${x}" y="${row.bottom + 18}" text-anchor="middle"
      >${event.fate === '' ? 'reached nobody' : event.fate}</text
    >`
}

function whole(text: string): Markup {
  const short = cut(text)
  return short === text ? html`${text}` : html`<title>${text}</title>${short}`
}

/** The time of each row at the left edge, where it differs from the row above. */
function times(diagram: Diagram, layout: SequenceLayout): readonly Markup[] {
  let before = -1
  return diagram.events.flatMap((event, place) => {
    if (event.time === before) return []
    before = event.time
    return [
      html`<text class="time" x="${timeColumn - 12}" y="${(layout.rows[place]?.top ?? 0) + 4}" text-anchor="end"
        ><title>${event.time} ns</title>${span(event.time)}</text
      >`,
    ]
  })
}

function sentence(event: DiagramEvent, diagram: Diagram): Markup {
  const name = (host: number): string => diagram.hosts[host] ?? `host ${host}`
  if (event.kind !== 'frame') {
    const verb = { call: 'calls', return: 'returns', event: 'tells', note: 'note' }[event.kind]
    return html`${span(event.time)}, ${name(event.host)} ${verb}: ${event.label}`
  }
  const way = event.to === undefined ? name(event.from) : `${name(event.from)} to ${name(event.to)}`
  const end = event.arrivedAt === undefined ? 'does not arrive' : `arrives at ${span(event.arrivedAt)}`
  return html`${span(event.time)}, frame ${event.frame}, ${way}: ${event.label};
    ${end}${event.fate !== '' && `; ${event.fate}`} <span class="fields">${event.fields.join(', ')}</span>`
}
