// Requests for peers that find each other: who can be paired with whom, and the connection that comes of it (S1.22, Q42).
import type { Duration, Instant } from '../../vocabulary/units.ts'
import type { ViaNetAddress, ViaViAttributes } from '../../vocabulary/via-attributes.ts'
import { causes, Connection, sameAddress, watchBegin } from './connection.ts'
import { codes } from './ruling.ts'
import { states, type Vi } from './vi.ts'
import type { World } from './world.ts'

/** A request for a peer, until the VI asks for another connection. */
export interface PeerRequest {
  readonly vi: Vi
  /** Of its VI when it was made. */
  readonly attributes: ViaViAttributes
  readonly local: ViaNetAddress
  readonly remote: ViaNetAddress
  readonly since: Instant
  readonly end: Instant
  /** Its place in the order of asking, and of that when it was over: cancelled, told to have failed, or followed by another. */
  readonly serial: number
  closed: number
  isCancelled: boolean
  /** The VI has asked for another connection since. */
  isPast: boolean
  /** Which outcome it was told. */
  told: 'nothing' | 'success' | 'failure'
  /** The only request that it can have been paired with, and the connection that they have if they agree. */
  partner: PeerRequest | undefined
  connection: Connection | undefined
  /** It was paired with that one for certain. */
  isTaken: boolean
}

/** How long two requests that are both open may take to find each other. */
export const meeting: Duration = 2_000_000_000

/** Requests that one may have been paired with. */
export function matchesOf({ peers }: World, request: PeerRequest): readonly PeerRequest[] {
  if (request.isTaken && request.partner) return [request.partner]
  return peers.filter(
    (other) =>
      other !== request &&
      !other.isTaken &&
      areForEachOther(request, other) &&
      other.closed > request.serial &&
      request.closed > other.serial &&
      other.end + meeting >= request.since &&
      request.end + meeting >= other.since,
  )
}

/** Whether two requests have the same addresses, exchanged. */
export function areForEachOther(one: PeerRequest, other: PeerRequest): boolean {
  return sameAddress(one.local, other.remote) && sameAddress(one.remote, other.local)
}

/** In what two requests do not agree, as a set of codes. */
export function mismatchOf({ attributes: one }: PeerRequest, { attributes: two }: PeerRequest): number {
  if (one.reliabilityLevel !== two.reliabilityLevel) return codes.level | codes.mtu | codes.qos
  if (one.maxTransferSize !== two.maxTransferSize) return codes.mtu | codes.qos
  return one.qos === two.qos ? 0 : codes.qos
}

/** Whether it has not ended as far as its program knows. */
export function isOpen(request: PeerRequest): boolean {
  const { vi, told, isCancelled, isPast } = request
  return vi.peer === request && vi.isLive && told === 'nothing' && !isCancelled && !isPast
}

/** A request was made: those that look for it may find it. Which of several it was is not followed. */
export function meet(world: World, request: PeerRequest): void {
  const matches = matchesOf(world, request)
  const [other] = matches
  if (!other) return
  const isOnly = matches.length === 1 && matchesOf(world, other).length === 1 && isOpen(other)
  if (!isOnly) return blurPairs(world, [request, ...matches])
  request.partner = other
  other.partner = request
  if (mismatchOf(request, other) === 0) connect(world, other, request)
  else for (const { vi } of [request, other]) vi.states |= states.idle
}

/** Who is paired with whom is not known: these VIs, and all that they may be connected with, are let go. */
function blurPairs(world: World, requests: readonly PeerRequest[]): void {
  for (const request of requests) {
    for (const { vi, connection, partner } of [request, ...matchesOf(world, request)]) {
      connection?.trouble()
      vi.isLoose = true
      if (partner) partner.vi.isLoose = true
    }
  }
}

/** Both may be connected from now on. */
function connect(world: World, one: PeerRequest, two: PeerRequest): void {
  const connection = new Connection(one.vi, two.vi)
  connection.isOfPeers = true
  for (const request of [one, two]) {
    const { vi } = request
    request.connection = vi.connection = connection
    vi.states |= states.connected
  }
  watchBegin(connection, world.isCalm)
  // One of them may be told that it has found nobody when the other one has been paired.
  if (Math.min(one.end, two.end) - Math.max(one.since, two.since) < meeting) connection.trouble(causes.other)
}

/** A request is over, or followed by another: whoever may be connected by it is so no more. */
export function part(world: World, request: PeerRequest): void {
  const { vi, connection } = request
  request.closed = Math.min(request.closed, world.peerSerial++)
  connection?.trouble()
  if (connection && vi.connection === connection) vi.connection = undefined
}

/** Time goes on: requests find each other, or come to their end. */
export function passPairs(world: World): void {
  for (const request of world.peers) {
    if (!isOpen(request) || request.vi.isLoose) continue
    const { vi, partner } = request
    if (world.now >= request.end) vi.states |= states.idle
    if (!partner || !haveMet(world, request, partner)) continue
    const settled = mismatchOf(request, partner) === 0 ? states.connected | states.error : states.idle
    if (vi.may(settled)) vi.states &= settled
  }
}

/** Both have been looking for each other for long enough, and no other one can have come between. */
export function haveMet(world: World, request: PeerRequest, other: PeerRequest): boolean {
  if (!world.isCalm || other.isCancelled || other.isPast) return false
  if (matchesOf(world, request).length > 1 || matchesOf(world, other).length > 1) return false
  return Math.min(request.end, other.end, world.now) - Math.max(request.since, other.since) >= meeting
}
