// Invariants of error handlers: the right one runs, for something that exists, and never after a disconnect.
import { counted, type NodeIndex } from '../../../../spec/vocabulary/units.ts'
import type { CallSeen, ViaEventSeen } from '../../seen/history.ts'
import { isError } from '../../via/errors.ts'
import { mayDoRdma } from '../../via/story.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const rightHandler: Monitor = {
  name: 'right-handler',
  words: 'the handler that runs is the one that was registered last for the NIC handle of the VI',
  requirements: ['VIA-ERR-002', 'VIA-ERR-003', 'VIA-ERR-004'],
  needsWire: false,
  watch(view, watching) {
    for (const seen of view.history.viaEvents.filter(isError)) {
      const { node, event, record, time } = seen
      const nic = nicOf(view, node, event.vi)
      const registered = nic === undefined ? undefined : handlerAt(view, { node, nic, record })
      if (nic === undefined || registered === 'unknown') continue
      watching.watched(node)
      const expected = registered ?? { handler: null, context: 0 }
      if (event.handler === expected.handler && (event.handler === null || event.context === expected.context)) continue
      const requirement =
        event.nic === nic ? (registered?.handler === null ? 'VIA-ERR-002' : 'VIA-ERR-003') : 'VIA-ERR-004'
      const words = `${hostName(view, node)} was told of ${event.code} at ${timeWords(time)} by ${event.handler ?? 'the default handler'} with context ${event.context}, not by ${expected.handler ?? 'the default handler'} with context ${expected.context}`
      watching.broken({ node, seen: words, at: time, requirements: [requirement] })
    }
  },
}

/** The NIC handle that a VI was made with. */
function nicOf(view: View, node: NodeIndex, vi: string | undefined): string | undefined {
  const made = view.history.calls.find(
    ({ node: where, call }) => where === node && call.body.operation === 'VipCreateVi' && call.body.as === vi,
  )
  return made?.call.body.operation === 'VipCreateVi' ? (made.call.body.nic ?? undefined) : undefined
}

interface Registered {
  readonly handler: string | null
  readonly context: number
}

/** What is registered at a record; `unknown` while a registration is under way. */
function handlerAt(
  view: View,
  { node, nic, record }: { node: NodeIndex; nic: string; record: number },
): Registered | undefined | 'unknown' {
  let registered: Registered | undefined
  for (const { node: where, call, answer, record: start } of view.history.calls) {
    const { body } = call
    if (where !== node || body.operation !== 'VipErrorCallback' || body.nic !== nic || start > record) continue
    if (!answer || answer.record > record) return 'unknown'
    if (answer.content.vip?.code === 'VIP_SUCCESS') registered = { handler: body.handler, context: body.context }
  }
  return registered
}

export const noErrorWithoutCause: Monitor = {
  name: 'no-error-without-cause',
  words: 'no asynchronous error tells of a VI that has never been connected, or of a queue that is not full',
  requirements: ['VIA-ERR-024'],
  needsWire: false,
  watch(view, watching) {
    for (const seen of view.history.viaEvents.filter(isError)) {
      const cause = causeOf(view, seen)
      if (cause === 'unknown') continue
      watching.watched(seen.node)
      if (cause === undefined) continue
      const { node, event, time } = seen
      const words = `${hostName(view, node)} was told of ${event.code} at ${timeWords(time)}, though ${cause}`
      watching.broken({ node, seen: words, at: time })
    }
  },
}

/** Why an error cannot have happened; undefined if it can, `unknown` if that is not for this monitor. */
function causeOf(view: View, { node, event, record }: ViaEventSeen): string | undefined {
  if (event.event !== 'via.error' || event.vi === undefined) return 'unknown'
  const { vi, code } = event
  const calls = view.history.calls.filter((seen) => seen.node === node && isOn(seen, vi) && seen.record < record)
  switch (code) {
    case 'connection-lost':
    case 'receive-queue-empty': {
      const isConnecting = calls.some(({ call }) => connecting.has(call.body.operation))
      return isConnecting ? undefined : `${vi} had never been connected`
    }
    case 'vi-overrun': {
      const most = view.permutation.configuration['via.max-descriptors'] ?? 0
      const posts = calls.filter(({ call }) => call.body.operation.startsWith('VipPost')).length
      return posts > most
        ? undefined
        : `only ${counted(posts, 'descriptor')} had been posted, and a queue takes ${most}`
    }
    case 'rdma-write-protection':
    case 'rdma-write-data':
    case 'rdma-write-abort':
    case 'rdma-read-protection':
    case 'rdma-transport':
      return mayDoRdma(view, record) ? undefined : 'nobody had written a descriptor for RDMA'
    default:
      return 'unknown'
  }
}

const connecting: ReadonlySet<string> = new Set(['VipConnectRequest', 'VipConnectAccept', 'VipConnectPeerRequest'])

function isOn({ call }: CallSeen, vi: string): boolean {
  return 'vi' in call.body && call.body.vi === vi
}

export const quietAfterDisconnect: Monitor = {
  name: 'quiet-after-disconnect',
  words: 'no handler runs for a VI after its VipDisconnect has returned',
  requirements: ['VIA-DISC-007'],
  needsWire: false,
  watch(view, watching) {
    for (const { node, call, answer } of view.history.calls) {
      const { body } = call
      if (body.operation !== 'VipDisconnect' || body.vi === null || answer?.content.vip?.code !== 'VIP_SUCCESS')
        continue
      const { vi } = body
      const end = answer.record
      watching.watched(node)
      // Posting, or connecting again, may well lead to new errors.
      const next = view.history.calls.find((seen) => seen.node === node && isOn(seen, vi) && seen.record > end)
      const late = view.history.viaEvents.find(
        (seen) =>
          seen.node === node &&
          seen.event.vi === vi &&
          // An entry stays on its completion queue, for whoever asks.
          seen.event.event !== 'via.cq-notify' &&
          seen.record > end &&
          seen.record < (next?.record ?? Infinity),
      )
      if (!late) continue
      const what = late.event.event === 'via.error' ? `error ${late.event.code}` : 'a completion'
      const seen = `${hostName(view, node)} was told of ${what} of ${vi} at ${timeWords(late.time)}, after its VipDisconnect had returned`
      watching.broken({ node, seen, at: late.time })
    }
  },
}
