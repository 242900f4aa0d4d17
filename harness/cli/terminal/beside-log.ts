// A run beside one of the reference as a log: what both did, what only one of them did, and where they part.
import type { BesideRow, DiagramEvent, PermutationResult } from '../../result/report.ts'

/** Nothing for a row that passed, or whose runs do not part. */
export function besideLines({ name, failure }: PermutationResult): readonly string[] {
  const beside = failure?.beside
  if (!failure || !beside) return []
  if (beside.kind === 'not-played') return [`not shown beside the reference: ${beside.why}`]
  const { rows, parting, words } = beside
  const { hosts } = failure.diagram
  const legend = rows.length > 0 ? ['  (= both, - only the implementation, + only the reference)'] : []
  return [
    `${name} beside the reference: ${words}`,
    ...legend,
    ...rows.flatMap((row, place) => [...(place === parting ? ['  -- here they part'] : []), ...rowLines(row, hosts)]),
  ]
}

function rowLines({ implementation, reference, same }: BesideRow, hosts: readonly string[]): readonly string[] {
  if (same && implementation && reference) {
    const other = implementation.time === reference.time ? '' : `  (the reference at ${timeOf(reference)} us)`
    return [`  = ${eventLine(implementation, hosts)}${other}`]
  }
  return [
    ...(implementation ? [`  - ${eventLine(implementation, hosts)}`] : []),
    ...(reference ? [`  + ${eventLine(reference, hosts)}`] : []),
  ]
}

function eventLine(event: DiagramEvent, hosts: readonly string[]): string {
  const who = hosts[event.kind === 'frame' ? event.from : event.host] ?? '?'
  const fate = event.kind === 'frame' && event.fate !== '' ? ` (${event.fate})` : ''
  const verb = { call: 'call ', return: 'return ', event: 'event ', note: '', frame: 'sent ' }[event.kind]
  return `${timeOf(event).padStart(12)} us  ${who.padEnd(8)} ${verb}${event.label}${fate}`
}

function timeOf({ time }: DiagramEvent): string {
  return (time / 1000).toFixed(3)
}
