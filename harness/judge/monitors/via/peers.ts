// Invariants of requests for peers: whom one can be paired with, how long it lasts, and that its outcome is told once.
import { viaTimeoutDuration } from '../../../../spec/vocabulary/via-calls.ts'
import type { ViaNetAddress } from '../../../../spec/vocabulary/via-attributes.ts'
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import { succeeded } from '../../via/sessions.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

type RequestBody = Extract<CallBody, { operation: 'VipConnectPeerRequest' }>

interface RequestSeen {
  readonly call: CallSeen
  readonly body: RequestBody
  /** Calls that told an outcome of it, in order. */
  readonly told: readonly CallSeen[]
}

/** The requests that were made, each with the calls behind it that told an outcome. */
function requestsOf(view: View): readonly RequestSeen[] {
  const requests: { call: CallSeen; body: RequestBody; told: CallSeen[] }[] = []
  for (const call of view.history.calls) {
    const { body } = call.call
    if (body.operation === 'VipConnectPeerRequest' && succeeded(call)) requests.push({ call, body, told: [] })
    if (body.operation !== 'VipConnectPeerDone' && body.operation !== 'VipConnectPeerWait') continue
    const last = requests.findLast((one) => one.call.node === call.node && one.body.vi === body.vi)
    if (last && isOutcome(call)) last.told.push(call)
  }
  for (const { told } of requests) told.sort((one, other) => returned(one) - returned(other))
  return requests
}

function isOutcome({ answer }: CallSeen): boolean {
  const code = answer?.content.vip?.code
  return code === 'VIP_SUCCESS' || code === 'VIP_TIMEOUT'
}

function outcomeWords(view: View, call: CallSeen): string {
  const { body } = call.call
  const vi = 'vi' in body ? body.vi : null
  const code = call.answer?.content.vip?.code
  return `${body.operation} of ${hostName(view, call.node)}'s ${vi} answered ${code} at ${timeWords(call.answer?.time ?? 0)}`
}

export const outcomeOnce: Monitor = {
  name: 'outcome-once',
  words: 'the outcome of a request for a peer is told once',
  requirements: ['VIA-PEER-005'],
  needsWire: false,
  watch(view, watching) {
    for (const { call, told } of requestsOf(view)) {
      const [, second] = told
      watching.watched(call.node)
      if (!second) continue
      const seen = `${outcomeWords(view, second)}, though its request had been told its outcome`
      watching.broken({ node: call.node, seen, at: second.answer?.time ?? second.time })
    }
  },
}

export const peerTimeHolds: Monitor = {
  name: 'peer-time-holds',
  words: 'a request for a peer times out only when its time is over',
  requirements: ['VIA-PEER-003'],
  needsWire: false,
  watch(view, watching) {
    for (const { call, body, told } of requestsOf(view)) {
      const [first] = told
      if (first?.answer?.content.vip?.code !== 'VIP_TIMEOUT' || isDisconnected(view, call, returned(first))) continue
      watching.watched(call.node)
      if (first.answer.time - call.time >= viaTimeoutDuration(body.timeout)) continue
      const seen = `${outcomeWords(view, first)}, ${timeWords(first.answer.time - call.time)} after a request that had more time`
      watching.broken({ node: call.node, seen, at: first.answer.time })
    }
  },
}

/** Whether a VI was disconnected between its request and a record: what is told then is not laid down. */
function isDisconnected({ history }: View, { node, call, record }: CallSeen, until: number): boolean {
  const vi = 'vi' in call.body ? call.body.vi : null
  return history.calls.some(({ node: where, call: { body }, record: at }) => {
    return where === node && body.operation === 'VipDisconnect' && body.vi === vi && at > record && at < until
  })
}

export const pairedAsAsked: Monitor = {
  name: 'paired-as-asked',
  words: 'who is told to be paired has a counterpart: a request with the same addresses, exchanged',
  requirements: ['VIA-PEER-009'],
  needsWire: false,
  watch(view, watching) {
    const asked = view.history.calls.flatMap(({ call: { body } }) =>
      body.operation === 'VipConnectPeerRequest' ? [body] : [],
    )
    for (const { call, body, told } of requestsOf(view)) {
      const [first] = told
      if (!first || !succeeded(first)) continue
      watching.watched(call.node)
      const hasPeer = asked.some((one) => isSame(one.local, body.remote) && isSame(one.remote, body.local))
      if (hasPeer) continue
      const seen = `${outcomeWords(view, first)}, though nobody had asked for it at the address that it sought`
      watching.broken({ node: call.node, seen, at: first.answer?.time ?? first.time })
    }
  },
}

function isSame(one: ViaNetAddress | null, other: ViaNetAddress | null): boolean {
  if (!one || !other) return false
  // A host may be named by node or by its address; what is named in two ways is not compared.
  const isHost = typeof one.host !== typeof other.host || one.host === other.host
  return isHost && one.discriminator === other.discriminator
}
