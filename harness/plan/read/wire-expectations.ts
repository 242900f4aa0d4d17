// Reads expectations about the wire: `wire.frames: {...}`.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { WireExpectation } from '../expectation.ts'
import type { Place } from '../yaml/place.ts'
import type { Scope } from './scope.ts'
import { readFilter } from './sightings.ts'
import { integerAt } from '../yaml/scalars.ts'
import { durationAt, frameAt, timesAt } from './values.ts'

export function readWireExpectation(kind: string, place: Place, scope: Scope): WireExpectation | undefined {
  const { findings } = scope
  scope.need('wire.frames', place, `\`wire.${kind}\``)
  if (kind === 'frames') {
    const times = timesAt(place.get('times'), findings)
    return times && { kind, filter: readFilter(place, scope), times }
  }
  const from = kind === 'retransmitted' ? senderOf(place, scope) : scope.host(place.get('from'))
  if (from === undefined) return undefined
  if (kind !== 'message-ids') return readOfMessage(kind, place, from, scope)
  const to = scope.host(place.get('to'))
  const ids = place
    .get('ids')
    .items()
    .flatMap((item) => integerAt(item, findings) ?? [])
  return to === undefined ? undefined : { kind, from, to, ids }
}

/** Expectations about the n-th message of `from`. */
function readOfMessage(kind: string, place: Place, from: NodeIndex, scope: Scope): WireExpectation | undefined {
  const { findings } = scope
  const message = integerAt(place.get('message'), findings) ?? 1
  switch (kind) {
    case 'retransmitted': {
      const frame = frameAt(place.get('collection-of'), findings)
      const times = timesAt(place.get('times'), findings) ?? { least: 1 }
      const others = timesAt(place.get('others'), findings) ?? { least: 0, most: 0 }
      return frame === undefined ? undefined : { kind, from, message, frame, times, others }
    }
    case 'cut': {
      const total = integerAt(place.get('total'), findings)
      const tag = integerAt(place.get('tag'), findings)
      return total === undefined || tag === undefined ? undefined : { kind, from, message, total, tag }
    }
    case 'acknowledged': {
      const each = timesAt(place.get('each'), findings)
      return each && { kind, from, message, each }
    }
    case 'first-window': {
      const times = timesAt(place.get('times'), findings)
      return times && { kind, from, message, times }
    }
    case 'back-off': {
      const first = durationAt(place.get('first'), findings)
      const cap = durationAt(place.get('cap'), findings)
      const atLeast = integerAt(place.get('at-least'), findings)
      if (first === undefined || cap === undefined || atLeast === undefined) return undefined
      return { kind, from, message, frame: integerAt(place.get('frame'), findings) ?? 0, first, cap, atLeast }
    }
    default:
      return undefined
  }
}

/** The host that `from` names, or else the only one that sends messages. */
function senderOf(place: Place, scope: Scope): NodeIndex | undefined {
  if (place.get('from').present) return scope.host(place.get('from'))
  const senders = new Set([...scope.requests.values()].filter(({ send }) => send).map(({ node }) => node))
  const [only] = senders
  if (senders.size === 1) return only
  const names = [...senders].map((node) => `\`${scope.hosts[node] ?? ''}\``).join(' and ')
  const message = senders.size === 0 ? 'no host sends a message here' : `${names} send messages here`
  if (!scope.doubt.has('sends')) scope.findings.add(place.keyMark(), message, 'say which with `from:`')
  return undefined
}
