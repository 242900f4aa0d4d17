// Where everything of a sequence diagram stands: one row per event, in order of time, so that no two texts meet.
import type { Diagram, DiagramEvent } from '../harness/result/report.ts'

export type FrameEvent = Extract<DiagramEvent, { kind: 'frame' }>
export type HostEvent = Exclude<DiagramEvent, FrameEvent>

export interface SequenceLayout {
  readonly width: number
  readonly height: number
  /** X of each host's lifeline. */
  readonly columns: readonly number[]
  /** Of each event, y of its row, and y where its arrow ends. */
  readonly rows: readonly { readonly top: number; readonly bottom: number }[]
}

/** Advance of the fixed-width face at 11 px: 0.602 em in every common one. */
export const characterWidth = 6.63
const textMax = 46
/** Of the proportional bold face at 13 px, generously. */
const nameCharacterWidth = 9
export const timeColumn = 74
const headHeight = 44
const rowHeight = 25
const arrivalHeight = 13
const gapLeast = 210
const gutterLeast = 36

/** Long labels are cut; the whole text is in the title. */
export function cut(text: string): string {
  return text.length > textMax ? `${text.slice(0, textMax - 1)}…` : text
}

export function labelOf(event: FrameEvent): string {
  return event.fate === '' || isLost(event) ? event.label : `${event.label} · ${event.fate}`
}

export function isLost(event: FrameEvent): boolean {
  return event.to === undefined || event.arrivedAt === undefined
}

/** Labels stand left of the first host, right of all others. */
export function isLeft(host: number): boolean {
  return host === 0
}

export function layOut(diagram: Diagram): SequenceLayout {
  const { rows, end } = rowsOf(diagram.events)
  const last = diagram.hosts.length - 1
  const widthOf = (chosen: (event: DiagramEvent) => boolean): number =>
    diagram.events.filter(chosen).reduce((most, event) => Math.max(most, widthOfText(event)), 0)
  const left = widthOf((event) => event.kind !== 'frame' && isLeft(event.host))
  const right = widthOf((event) => event.kind !== 'frame' && !isLeft(event.host) && event.host === last)
  const inner = widthOf((event) => event.kind === 'frame' || (!isLeft(event.host) && event.host !== last))
  const names = diagram.hosts.reduce((most, name) => Math.max(most, name.length * nameCharacterWidth), 0)
  const gap = Math.max(gapLeast, inner + 44, names + 16)
  const first = timeColumn + Math.max(gutterLeast, left + 26, halfName(diagram.hosts[0]))
  const columns = diagram.hosts.map((_, host) => first + host * gap)
  const rightGutter = last < 1 ? gap : Math.max(gutterLeast, right + 26, halfName(diagram.hosts.at(-1)))
  return { width: Math.ceil((columns.at(-1) ?? first) + rightGutter), height: end + 22, columns, rows }
}

function halfName(name = ''): number {
  return (name.length * nameCharacterWidth) / 2 + 8
}

function widthOfText(event: DiagramEvent): number {
  return cut(event.kind === 'frame' ? labelOf(event) : event.label).length * characterWidth
}

/** Starts and arrivals share one order of time. At one instant an arrival comes before what it causes. */
function rowsOf(events: readonly DiagramEvent[]): { rows: SequenceLayout['rows']; end: number } {
  const starts = events.map((event, place) => ({ place, time: event.time, rank: 1, arrives: false }))
  const arrivals = events.flatMap((event, place) => {
    if (event.kind !== 'frame' || event.arrivedAt === undefined || isLost(event)) return []
    return [{ place, time: event.arrivedAt, rank: event.arrivedAt > event.time ? 0 : 1, arrives: true }]
  })
  const points = [...starts, ...arrivals].toSorted(
    (a, b) => a.time - b.time || a.rank - b.rank || a.place - b.place || Number(a.arrives) - Number(b.arrives),
  )
  const rows = events.map(() => ({ top: 0, bottom: 0 }))
  let y = headHeight
  for (const { place, arrives } of points) {
    const row = rows[place]
    const event = events[place]
    if (row === undefined || event === undefined) continue
    y += arrives ? arrivalHeight : rowHeight
    if (arrives) row.bottom = y
    else row.top = row.bottom = y
    if (event.kind === 'frame' && isLost(event)) {
      row.bottom = y + 16
      y += 26
    }
  }
  return { rows, end: y }
}
