// Invariants of probing: a probe finds what waits, the oldest of its sender, and takes nothing (R24).
import type { EmpCall, EmpMessage } from '../../../../spec/vocabulary/emp.ts'
import { counted, type Instant, type NodeIndex } from '../../../../spec/vocabulary/units.ts'
import type { Course } from '../../emp/course.ts'
import { isCompatible, type Inbound, type Incoming } from '../../emp/inbound.ts'
import { keptAt } from '../../emp/kept.ts'
import { firstTaker, isAccepted } from '../../emp/lanes.ts'
import type { CallSeen, PostedSeen } from '../../seen/history.ts'
import { pairKey } from '../../seen/messages.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Breach, Monitor } from '../monitor.ts'
import { isToBeWithdrawn } from './cancelling.ts'
import { hasSentFoul } from './foul.ts'

/** A probe that was answered. */
export interface Probe {
  readonly node: NodeIndex
  readonly call: CallSeen
  readonly answer: NonNullable<CallSeen['answer']>
  readonly asked: { readonly peer: NodeIndex; readonly tag: number }
  readonly found: EmpMessage | undefined
}

type ProbeBody = Extract<EmpCall, { readonly operation: 'emp.probe' }>

/** Every probe that found a message or none, in the order of the calls. */
export function probesOf({ history }: View): readonly Probe[] {
  let probes: Probe[] | undefined
  for (const call of history.calls) {
    const { answer, node } = call
    const { body } = call.call
    if (body.operation !== 'emp.probe' || !answer) continue
    const { status, message } = answer.content
    if (status !== 'pending' && (status !== 'ok' || !message)) continue
    probes ??= []
    probes.push({ node, call, answer, asked: askedFor(body), found: message })
  }
  return probes ?? none
}

const none: readonly Probe[] = []

function askedFor({ from, tag }: ProbeBody): Probe['asked'] {
  return { peer: from, tag }
}

export const probeFindsArrived: Monitor = {
  name: 'probe-finds-arrived',
  words:
    'a probe finds only messages that wait: their headers and all earlier ones have arrived, and no receive has taken them',
  requirements: ['EMP-MATCH-017', 'EMP-MATCH-020'],
  needsWire: true,
  watch(view, watching) {
    for (const probe of probesOf(view)) {
      const { node, answer, found } = probe
      if (!found || found.peer === node || isForged(view, found.peer, node)) continue
      watching.watched(node)
      const fault = faultOf(view, probe, found)
      if (!fault || hasSentFoul(view, found.peer)) continue
      const seen = `${hostName(view, node)}'s probe at ${timeWords(answer.time)} found ${foundWords(view, found)}; ${fault.words}`
      watching.broken({ node, seen, at: answer.time, requirements: [fault.requirement] })
    }
  },
}

/** Why no message can be meant that a probe found. */
function faultOf(
  { emp }: View,
  { node, call, answer }: Probe,
  found: EmpMessage,
): { readonly words: string; readonly requirement: string } | undefined {
  const before = answer.record
  const arrived = emp.courses.filter(
    ({ from, to, header, headerArrived }) =>
      from === found.peer &&
      to === node &&
      header?.tag === found.tag &&
      header.total === found.bytes &&
      (headerArrived?.record ?? Infinity) < before,
  )
  if (arrived.length === 0) return { words: 'the header of no such message had arrived', requirement: 'EMP-MATCH-017' }
  const inbound = emp.inboundOf(node)
  if (!inbound) return undefined
  const released = inbound.messages.filter((each) => isFound(each, found) && each.released < before)
  if (released.length === 0)
    return { words: 'the header of an earlier message had not arrived', requirement: 'EMP-MATCH-017' }
  if (released.every((each) => isTaken(inbound, each, call.record)))
    return { words: 'a receive had taken that', requirement: 'EMP-MATCH-020' }
  return undefined
}

/** Whether a receive had certainly taken a message before a record. */
function isTaken(inbound: Inbound, message: Incoming, before: number): boolean {
  const told = inbound.takerOf(message)?.completions[0]
  return message.answered < before || (told?.record ?? Infinity) < before
}

export const probeFindsWaiting: Monitor = {
  name: 'probe-finds-waiting',
  words: 'a probe finds a message that waits, and of its sender the oldest, again and again',
  requirements: ['EMP-MATCH-017', 'EMP-MATCH-020'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    // What a NIC sees when is up to the order of its activities, where these are run one by one.
    if (view.history.isStepped) return
    const probes = probesOf(view)
    for (const probe of probes) {
      const inbound = view.emp.inboundOf(probe.node)
      if (!inbound) continue
      for (const message of inbound.messages) {
        if (!isCompatible(probe.asked, message) || !isWaiting(view, inbound, message, probe)) continue
        const wasFound = isFoundBefore(probes, probe, message)
        watching.watched(probe.node, wasFound ? 'EMP-MATCH-020' : 'EMP-MATCH-017')
      }
      const breach = missedBy(view, inbound, probe, probes)
      if (breach) watching.broken(breach)
    }
  },
}

export const probeTakesNothing: Monitor = {
  name: 'probe-takes-nothing',
  words: 'a message that a probe has found is taken by a receive that is posted for it',
  requirements: ['EMP-MATCH-020'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    if (view.history.isStepped) return
    for (const { node, answer, found } of probesOf(view)) {
      const inbound = found ? view.emp.inboundOf(node) : undefined
      if (!found || !inbound) continue
      for (const message of inbound.messages) {
        if (!isFound(message, found) || message.answered < Infinity || inbound.takerOf(message)) continue
        watching.watched(node)
        const left = leftOver(view, inbound, message, answer.record)
        if (!left || hasSentFoul(view, message.from)) continue
        const seen = `${hostName(view, node)}'s probe at ${timeWords(answer.time)} found ${foundWords(view, found)}; all frames of a collection of it had come again by ${timeWords(left.at)}, and the free receive ${left.receive.request} did not take it`
        watching.broken({ node, seen, at: left.at })
      }
    }
  },
}

/** A receive posted after a record that must have taken a message, and when frames of it had come that had to be answered then. */
function leftOver(
  view: View,
  inbound: Inbound,
  message: Incoming,
  since: number,
): { readonly receive: PostedSeen; readonly at: Instant } | undefined {
  const { course, released } = message
  const { emp, history } = view
  const receive = inbound.receives.find(
    (each) => each.call.record > since && isAccepted(each) && isFreeFor(view, inbound, each, message),
  )
  if (!receive || !course) return undefined
  const posted = (receive.call.answer?.time ?? Infinity) + emp.latency
  for (const collection of course.collections) {
    const { at } = keptAt(course, collection, { posted, header: released, answer: Infinity })
    if (at + emp.patience <= history.end) return { receive, at }
  }
  return undefined
}

/** Whether a receive has nothing that it could have taken but that message, and nobody asked to withdraw it. */
function isFreeFor(view: View, inbound: Inbound, receive: PostedSeen, message: Incoming): boolean {
  if (receive.completions.length > 0 || !inbound.mayHold(receive, message) || isToBeWithdrawn(view, receive))
    return false
  return inbound.messages.every(
    (other) => other === message || other.released === Infinity || !inbound.mayHold(receive, other),
  )
}

/** A message that a probe had to find. */
function missedBy(view: View, inbound: Inbound, probe: Probe, probes: readonly Probe[]): Breach | undefined {
  const { node, answer, asked, found } = probe
  const isSent = found && inbound.messages.some((each) => isFound(each, found))
  const place = found && isSent ? firstPlace(inbound, found) : Infinity
  for (const message of inbound.messages) {
    if (!isCompatible(asked, message) || (found && message.from !== found.peer) || message.place >= place) continue
    const wasFound = isFoundBefore(probes, probe, message)
    // That it found what nobody sent is another fault, unless it had found the right one before.
    if (found && !isSent && !wasFound) continue
    if (!isWaiting(view, inbound, message, probe) || hasSentFoul(view, message.from)) continue
    const words = foundWords(view, { peer: message.from, ...message })
    const what = found ? foundWords(view, found) : 'nothing'
    const again = wasFound ? ', which a probe had found before' : ''
    const seen = `${hostName(view, node)}'s probe at ${timeWords(answer.time)} found ${what}, though ${words} waited since ${timeWords(message.releasedAt)}${again}`
    return { node, seen, at: answer.time, requirements: [wasFound ? 'EMP-MATCH-020' : 'EMP-MATCH-017'] }
  }
  return undefined
}

/** The least place that a message which was found may have. */
function firstPlace({ messages }: Inbound, found: EmpMessage): number {
  let place = Infinity
  for (const each of messages) if (isFound(each, found)) place = Math.min(place, each.place)
  return place
}

/** Whether a message certainly waits while a probe is answered: it came long enough before, and no receive can have taken it. */
function isWaiting(view: View, inbound: Inbound, message: Incoming, { call, answer }: Probe): boolean {
  const { released, releasedAt, answered } = message
  if (released > call.record || releasedAt + view.emp.latency > call.time || answered < answer.record) return false
  // A host that has given itself up keeps none of its own messages (R23).
  if (message.from === call.node && view.emp.hasGivenUp(call.node, call.node)) return false
  const taker = view.emp.isWild(call.node) ? undefined : laneTaker(message)
  if (taker) return taker.first === undefined || taker.first > answer.record
  return !inbound.receives.some((receive) => receive.call.record < answer.record && inbound.mayHold(receive, message))
}

/** Where a lane keeps its order: the call of the first receive that can take a message; undefined if none can. */
function laneTaker({ course }: Incoming): { readonly first: number | undefined } | undefined {
  const lane = course?.lane
  if (!course || !lane?.isOrdered || lane.courses.indexOf(course) >= lane.known) return undefined
  return { first: firstTaker(lane, course)?.call.record }
}

function isFoundBefore(probes: readonly Probe[], { node, call }: Probe, message: Incoming): boolean {
  return probes.some(
    (other) => other.node === node && other.answer.record < call.record && other.found && isFound(message, other.found),
  )
}

/** Whether a message that was sent to a host was found by a probe before a record, by all that tells messages apart. */
export function wasProbed(view: View, { from, to, header }: Course, before: number): boolean {
  return probesOf(view).some(
    ({ node, answer, found }) =>
      node === to &&
      answer.record < before &&
      found?.peer === from &&
      found.tag === header?.tag &&
      found.bytes === header.total,
  )
}

export function isFound({ from, tag, bytes }: Incoming, found: EmpMessage): boolean {
  return from === found.peer && tag === found.tag && bytes === found.bytes
}

function isForged({ messages }: View, from: NodeIndex, to: NodeIndex): boolean {
  return messages.craftedPairs.size > 0 && messages.craftedPairs.has(pairKey(from, to))
}

export function foundWords(view: View, { peer, tag, bytes }: EmpMessage): string {
  return `${counted(bytes, 'octet')} of ${hostName(view, peer)} with tag ${tag}`
}
