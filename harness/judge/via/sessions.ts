// Connections of a run: which VI was joined with which, at what level, from when until when.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { onceFor } from '../../plan/once-for.ts'
import { returned, type CallSeen } from '../seen/history.ts'
import type { View } from '../seen/view.ts'

export interface SessionEnd {
  readonly node: NodeIndex
  readonly vi: string
}

export interface Session {
  readonly client: SessionEnd
  readonly server: SessionEnd
  readonly level: number
  /** Records between which data may have moved: from the first call that connected to the end of the last that did. */
  readonly from: number
  /** When the calls that connected had returned. */
  readonly established: { readonly client: number; readonly server: number }
  /** The first VipDisconnect of either end after that; Infinity if there is none. */
  readonly until: number
  /** It was the only connection of both its ends. */
  readonly isOnly: boolean
}

/** Connections whose two ends can be told without doubt. */
export const sessionsOf: (view: View) => readonly Session[] = onceFor(readSessions)

function readSessions(view: View): readonly Session[] {
  const { calls } = view.history
  const requests = calls.filter((seen) => seen.call.body.operation === 'VipConnectRequest' && succeeded(seen))
  const accepts = calls.filter((seen) => seen.call.body.operation === 'VipConnectAccept' && succeeded(seen))
  // One that went out may have come to a connection, whoever was told of it.
  const peerRequests = calls.filter((seen) => seen.call.body.operation === 'VipConnectPeerRequest' && succeeded(seen))
  const pairs = requests.flatMap((request) => {
    const candidates = accepts.filter((accept) => fits(request, accept, calls))
    const [accept] = candidates
    return accept && candidates.length === 1 ? [{ request, accept }] : []
  })
  return pairs.flatMap(({ request, accept }) => {
    const client = endOf(request)
    const server = endOf(accept)
    if (!client || !server) return []
    const connects = [...requests, ...accepts, ...peerRequests]
    const isOnce = (end: SessionEnd): boolean => connects.filter((seen) => isAt(seen, end)).length === 1
    return [
      {
        client,
        server,
        level: levelOf(view, client),
        from: Math.min(request.record, accept.record),
        established: { client: returned(request), server: returned(accept) },
        until: firstDisconnect(calls, [client, server], request.record),
        isOnly: isOnce(client) && isOnce(server),
      },
    ]
  })
}

export function succeeded({ answer }: CallSeen): boolean {
  return answer?.content.vip?.code === 'VIP_SUCCESS'
}

/** Whether an accept answers a request: it accepts what a wait at the address that was asked for handed out meanwhile. */
function fits(request: CallSeen, accept: CallSeen, calls: readonly CallSeen[]): boolean {
  const asked = request.call.body
  const accepted = accept.call.body
  if (asked.operation !== 'VipConnectRequest' || accepted.operation !== 'VipConnectAccept') return false
  const { remote } = asked
  return calls.some(({ node, call, answer }) => {
    const { body } = call
    if (body.operation !== 'VipConnectWait' || node !== accept.node || body.as !== accepted.connection) return false
    const isAsked = remote?.host === node && remote.discriminator === body.local?.discriminator
    const isMeanwhile = (answer?.record ?? 0) > request.record && accept.record > request.record
    return isAsked && isMeanwhile && accept.record < returned(request)
  })
}

function endOf({ node, call }: CallSeen): SessionEnd | undefined {
  const { body } = call
  return 'vi' in body && body.vi !== null ? { node, vi: body.vi } : undefined
}

function isAt(seen: CallSeen, { node, vi }: SessionEnd): boolean {
  const end = endOf(seen)
  return end?.node === node && end.vi === vi
}

function levelOf(view: View, { node, vi }: SessionEnd): number {
  let level = 0
  for (const { node: where, call, answer } of view.history.calls) {
    const { body } = call
    if (where !== node || answer?.content.vip?.code !== 'VIP_SUCCESS') continue
    if (body.operation === 'VipCreateVi' && body.as === vi) level = body.attributes?.reliabilityLevel ?? 0
    if (body.operation === 'VipSetViAttributes' && body.vi === vi) level = body.attributes?.reliabilityLevel ?? 0
  }
  return level
}

function firstDisconnect(calls: readonly CallSeen[], ends: readonly SessionEnd[], after: number): number {
  const first = calls.find(
    (seen) =>
      seen.call.body.operation === 'VipDisconnect' && seen.record > after && ends.some((end) => isAt(seen, end)),
  )
  return first?.record ?? Infinity
}
