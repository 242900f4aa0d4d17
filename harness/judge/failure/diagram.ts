// The sequence diagram of a run: calls, returns, events and frames from top to bottom, the middle of a long run left out.
import type { EmpCompletion } from '../../../spec/vocabulary/emp.ts'
import type { ProviderEvent, Return } from '../../../spec/vocabulary/calls.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import { callWords, stepWords } from '../../plan/words/steps.ts'
import type { Diagram, DiagramEvent } from '../../result/report.ts'
import { fieldWords } from '../frames/dissect.ts'
import type { FateSeen, FrameSeen } from '../seen/history.ts'
import { controlWords, viaEventWords, viaReturnWords } from '../via/words.ts'
import { hostName, type View } from '../seen/view.ts'
import { timeWords } from '../words.ts'

/** Events kept at either end of a long run. */
const keptAtEnds = 100

export function diagramOf(view: View): Diagram {
  const hosts = hostsOf(view)
  const events = eventsOf(view, hosts)
  if (events.length <= 2 * keptAtEnds) return { hosts, events, omitted: 0 }
  const kept = [...events.slice(0, keptAtEnds), ...events.slice(-keptAtEnds)]
  return { hosts, events: kept, omitted: events.length - kept.length }
}

function hostsOf(view: View): readonly string[] {
  return view.permutation.hosts.map(({ name }) => name)
}

function eventsOf(view: View, hosts: readonly string[]): readonly DiagramEvent[] {
  const { trace, history } = view
  const frames = new Map(history.frames.map((frame) => [frame.record, frame]))
  const events: DiagramEvent[] = []
  for (let record = 0; record < trace.length; record++)
    events.push(...eventsAt(view, record, { hosts, frame: frames.get(record) }))
  return events
}

/** What a record shows, one event or several; nothing of what frames show already. `frame`: the one that it sends. */
export function eventsAt(
  view: View,
  record: number,
  { hosts, frame }: { readonly hosts: readonly string[]; readonly frame: FrameSeen | undefined },
): readonly DiagramEvent[] {
  const { trace } = view
  const common = { time: trace.time(record), host: trace.node(record) }
  switch (trace.kind(record)) {
    case 'call': {
      const call = trace.callOf(record)
      return call ? [{ kind: 'call', ...common, label: callWords(call.body, hosts) }] : []
    }
    case 'returned': {
      const answer = trace.returnOf(record)
      return answer ? [{ kind: 'return', ...common, label: returnWords(view, answer) }] : []
    }
    case 'event': {
      const event = trace.eventOf(record)
      return event ? [{ kind: 'event', ...common, label: eventWords(view, event) }] : []
    }
    case 'sent':
    case 'crafted':
      return frame ? frameEvents(view, frame) : []
    case 'step': {
      const step = view.permutation.steps[trace.detail(record)]
      // Calls speak for themselves.
      if (!step || step.kind === 'call' || step.kind === 'race' || step.kind === 'craft') return []
      return [{ kind: 'note', ...common, label: stepWords(step, hosts) }]
    }
    case 'deadline':
      if (trace.amount(record) < 0) return []
      return [{ kind: 'note', ...common, label: `a deadline is armed for ${timeWords(trace.amount(record))}` }]
    case 'woken':
      return [{ kind: 'note', ...common, label: 'its deadline has come' }]
    case 'ran':
      return [{ kind: 'note', ...common, label: `runs activity ${trace.detail(record)}` }]
    case 'fate':
    case 'arrived':
    case 'lost':
      return []
  }
}

/** One arrow for a frame, and one more for each further copy of it. */
function frameEvents(view: View, frame: FrameSeen): readonly DiagramEvent[] {
  const fates = frame.fates.map(fateWords)
  const common = {
    kind: 'frame',
    time: frame.time,
    frame: frame.ordinal,
    from: frame.from,
    label: frame.dissection.summary,
    fields: fieldWords(view.layout, frame.dissection),
  } as const
  const fate = [...(frame.crafted ? ['crafted'] : []), ...fates].join(', ')
  const [first, ...copies] = frame.arrivals
  if (!first) return [{ ...common, fate }]
  return [
    { ...common, to: first.node, arrivedAt: first.time, fate },
    ...copies.map((copy) => ({ ...common, to: copy.node, arrivedAt: copy.time, fate: `copy ${copy.copy}` })),
  ]
}

function fateWords({ fate, amount, rule }: FateSeen): string {
  const by = rule >= 0 ? `by rule ${rule}` : 'by weather'
  switch (fate) {
    case 'drop':
      return `dropped ${by}`
    case 'duplicate':
      return `duplicated ${amount === 1 ? 'once' : `${amount} times`} ${by}`
    case 'delay':
      return `delayed by ${timeWords(amount)} ${by}`
    case 'reorder':
      return `held back behind ${amount} more ${by}`
    case 'corrupt':
      return `corrupted ${by}`
    case 'partition':
      return `cut off ${by}`
    case 'unroutable':
      return 'for no host'
  }
}

function returnWords(view: View, answer: Return): string {
  if (answer.vip) return viaReturnWords(answer.vip, hostsOf(view))
  const details = [
    ...(answer.completions ?? []).map((completion) => completionWords(view, completion)),
    ...(answer.digest === undefined ? [] : [`digest ${answer.digest.toString(16).padStart(8, '0')}`]),
    ...(answer.octets === undefined ? [] : [counted(answer.octets.length / 2, 'octet')]),
    ...(answer.damaged === undefined ? [] : [answer.damaged === null ? 'intact' : `damaged at ${answer.damaged}`]),
    ...Object.entries(answer.counters ?? {}).map(([reason, count]) => `${reason} ${count}`),
    ...(answer.control === undefined ? [] : [controlWords(answer.control)]),
  ]
  return details.length === 0 ? answer.status : `${answer.status}: ${details.join(', ')}`
}

function eventWords(view: View, event: ProviderEvent): string {
  return event.event === 'emp.completion' ? completionWords(view, event) : viaEventWords(event)
}

function completionWords(view: View, { request, outcome, bytes, peer, tag }: EmpCompletion): string {
  return `${request} ${outcome}, ${counted(bytes, 'octet')}, peer ${hostName(view, peer)}, tag ${tag}`
}
