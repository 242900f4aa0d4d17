// What hosts and their NICs did in a run, in order, so that two runs of one permutation can be held beside each other.
import type { Call, ProviderEvent, Return } from '../../../spec/vocabulary/calls.ts'
import { crc32c } from '../../../spec/vocabulary/memory.ts'
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import { canonicalText } from '../../result/canonical-text.ts'
import type { DiagramEvent } from '../../result/report.ts'
import { eventsAt } from '../failure/diagram.ts'
import { dissect } from '../frames/dissect.ts'
import { hostName, type View } from '../seen/view.ts'

/** One thing that was done, or asked of a host. */
export interface Deed {
  readonly record: number
  readonly host: NodeIndex
  readonly time: Instant
  /** Deeds of one stream keep their order in every right run: what one host was asked, answered, told, or sent. */
  readonly stream: string
  /** Equal where the same was done. */
  readonly key: string
}

/** Outputs in which providers differ by their nature, and not by what they do: names, addresses and limits of their own. */
const ownOutputs: ReadonlySet<string> = new Set([
  'nicAttributes',
  'region',
  'viAttributes',
  'address',
  'name',
  'nameLen',
  'discovery',
])

/** Calls whose octets are a provider's own: physical addresses, and values that stand for a status. */
const ownOctets: ReadonlySet<string> = new Set(['emp.descriptor'])

/** In the order of the trace. Frames of VIA are none of them: its wire is each provider's own. */
export function deedsOf(view: View): readonly Deed[] {
  const { trace } = view
  const operations = new Map<number, string>()
  const deeds: Deed[] = []
  for (let record = 0; record < trace.length; record++) {
    const call = trace.callOf(record)
    if (call) operations.set(call.id, call.body.operation)
    const done = keyAt(view, record, operations)
    if (done === undefined) continue
    const host = trace.node(record)
    deeds.push({ record, host, time: trace.time(record), stream: `${trace.kind(record)} ${host}`, key: done })
  }
  return deeds
}

/** What was done, as a text that is equal where the same was done; undefined for what is no deed. */
function keyAt(view: View, record: number, operations: ReadonlyMap<number, string>): string | undefined {
  const { trace, permutation } = view
  switch (trace.kind(record)) {
    case 'call': {
      const call = trace.callOf(record)
      return call && callKey(call)
    }
    case 'returned': {
      const answer = trace.returnOf(record)
      return answer && answerKey(answer, operations.get(answer.id) ?? '')
    }
    case 'event': {
      const event = trace.eventOf(record)
      return event && isTold(event, view) ? canonicalText(event) : undefined
    }
    case 'sent':
      return permutation.interface === 'emp' ? frameKey(view, trace.octetsOf(record)) : undefined
    case 'deadline':
      return trace.amount(record) < 0 ? 'none' : 'armed'
    case 'crafted':
    case 'fate':
    case 'arrived':
    case 'lost':
    case 'woken':
    case 'ran':
    case 'step':
      return undefined
  }
}

/** Addresses and handles that a region was given are the provider's own, and whose they are says which. */
function callKey({ body, ...call }: Call): string {
  if (body.operation !== 'descriptor.write' || !body.remote) return canonicalText({ ...call, body })
  const { addressOf, handleOf, address, handle, offset } = body.remote
  const remote = { offset, address: addressOf ?? address, handle: handleOf ?? handle }
  return canonicalText({ ...call, body: { ...body, remote } })
}

function answerKey({ vip, octets, ...answer }: Return, operation: string): string {
  const outputs = vip && Object.fromEntries(Object.entries(vip).filter(([name]) => !ownOutputs.has(name)))
  return canonicalText({ ...answer, vip: outputs, octets: ownOctets.has(operation) ? octets?.length : octets })
}

/** Completions are told unasked only by those that say so. */
function isTold({ event }: ProviderEvent, { pics }: View): boolean {
  return event !== 'emp.completion' || pics?.options['emp.completion-events'] === true
}

/** Its fields and its data; padding is anybody's. */
function frameKey({ layout }: View, octets: Uint8Array): string {
  const { destination, source, fields, payloadOffset, payloadOctets, malformed } = dissect(layout, octets)
  const length = Math.min(fields[layout.data.octets] ?? 0, payloadOctets)
  const data = crc32c(octets, payloadOffset, payloadOffset + length)
  return canonicalText({ destination, source, fields, data, malformed })
}

/** The deed as a diagram shows it. */
export function eventOf(view: View, { record, host, time, key }: Deed): DiagramEvent {
  const { trace, history, permutation } = view
  const ordinal = trace.frameOf(record)
  const frame = ordinal < 0 ? undefined : history.frames.find((each) => each.record === record)
  const hosts = permutation.hosts.map(({ name }) => name)
  const [event] = eventsAt(view, record, { hosts, frame })
  return event ?? { kind: 'note', time, host, label: key === 'none' ? 'no deadline is armed' : key }
}

/** The deed in words, without its time: `left sent "data m0 f3 (1488 octets)"`. */
export function deedWords(view: View, deed: Deed): string {
  const event = eventOf(view, deed)
  const who = hostName(view, deed.host)
  switch (event.kind) {
    case 'call':
      return `${who} ${event.label}`
    case 'return':
      return `a call of ${who} returned "${event.label}"`
    case 'event':
      return `${who} was told "${event.label}"`
    case 'frame':
      return `${who} sent "${event.label}"`
    case 'note':
      return `at ${who} ${event.label} in the end`
  }
}

/** All that was done and when, but for what is a provider's own, such as addresses. */
export function courseOf(view: View): string {
  return deedsOf(view)
    .map(({ stream, time, key }) => `${stream} ${time} ${key}`)
    .join('\n')
}
