// Two equal requests that look for each other: what each may be told, and when (S1.22, Q42).
import type { Instant } from '../../vocabulary/units.ts'
import type { ViaNetAddress } from '../../vocabulary/via-attributes.ts'
import { viaTimeoutDuration } from '../../vocabulary/via-calls.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { sameAddress } from './connection.ts'
import { found, type Host } from './host.ts'
import { codes } from './ruling.ts'
import { states, type Vi } from './vi.ts'
import { hasTold } from './waiting.ts'
import type { World } from './world.ts'

/** A request for a peer, until the VI asks for another connection. */
export interface PeerRequest {
  readonly vi: Vi
  readonly local: ViaNetAddress
  readonly remote: ViaNetAddress
  readonly since: Instant
  readonly end: Instant
  /** Its place in the order of asking, and of that when it was over: cancelled, or told to have failed. */
  readonly serial: number
  closed: number
  isCancelled: boolean
  /** The VI has asked for another connection since. */
  isPast: boolean
  /** Which outcome it was told. */
  told: 'nothing' | 'success' | 'failure'
}

export interface OpenPeerRequest {
  readonly call: ViplCallOf<'VipConnectPeerRequest'>
  readonly vi: Vi | null | undefined
  readonly before: number
  readonly request: PeerRequest | undefined
}

export interface OpenPairing {
  readonly call: ViplCallOf<'VipConnectPeerDone' | 'VipConnectPeerWait'>
  readonly vi: Vi | null | undefined
  readonly request: PeerRequest | undefined
  readonly wasTold: boolean
}

/** How long two requests that are both open may take to find each other. */
const meeting = 2_000_000_000

/** What a paired VI does is not followed. */
export function askPeer(world: World, host: Host, call: ViplCallOf<'VipConnectPeerRequest'>): OpenPeerRequest {
  const vi = found(host.vis, call.vi)
  const before = vi?.states ?? states.idle
  const { local, remote, timeout } = call
  if (!vi?.isLive || !local || !remote || isTooLong(host, local) || isTooLong(host, remote)) {
    return { call, vi, before, request: undefined }
  }
  if (!vi.isLoose && !vi.may(states.idle)) return { call, vi, before, request: undefined }
  const end = world.now + viaTimeoutDuration(timeout)
  const serial = world.peerSerial++
  const request: PeerRequest = {
    vi,
    local,
    remote,
    since: world.now,
    end,
    serial,
    closed: Infinity,
    isCancelled: false,
    isPast: false,
    told: 'nothing',
  }
  return { call, vi, before, request }
}

function isTooLong({ limits }: Host, { discriminator }: ViaNetAddress): boolean {
  return discriminator.length > 2 * limits['via.max-discriminator']
}

export function judgePeerAsked(world: World, host: Host, open: OpenPeerRequest, answer: ViaReturn): Judged {
  const { ruling } = world
  const { call, vi, before, request } = open
  if (vi === undefined) return undefined
  if (!vi?.isLive) ruling.refuse(codes.parameter, 'VIA-PEER-007')
  for (const address of [call.local, call.remote]) {
    if (!address || isTooLong(host, address)) ruling.refuse(codes.parameter, 'VIA-PEER-007')
  }
  if (call.timeout === 0 || call.local?.host !== host.node || typeof call.remote?.host !== 'number') {
    ruling.permit(codes.parameter)
  }
  if (vi?.isLive && !vi.isLoose && (before & states.idle) === 0) ruling.refuse(codes.state, 'VIA-PEER-006')
  else if (vi?.isLoose || before !== states.idle) ruling.permit(codes.state)
  ruling.permit(codes.resource | codes.notSupported)
  if (answer.code === 'VIP_SUCCESS' && request) {
    request.vi.isLoose = true
    request.vi.peer = request
    world.peers.push(request)
  }
  return ruling.judge(answer)
}

export function askOutcome(host: Host, call: OpenPairing['call']): OpenPairing {
  const vi = found(host.vis, call.vi)
  const request = vi?.peer
  return { call, vi, request, wasTold: request !== undefined && request.told !== 'nothing' }
}

export function judgeOutcome(world: World, host: Host, open: OpenPairing, answer: ViaReturn): Judged {
  const { ruling } = world
  const { vi, request, wasTold, call } = open
  if (vi === undefined) return undefined
  // What is optional may be missing (Q34).
  ruling.permit(codes.notSupported)
  if (!vi?.isLive) ruling.refuse(codes.parameter, 'VIA-PEER-007')
  else if (!request || wasTold) ruling.refuse(codes.state | codes.parameter, 'VIA-PEER-005')
  if (!request || !vi?.isLive || wasTold) return ruling.judge(answer)
  if (request.isCancelled || request.isPast) return undefined
  if (request.told !== 'nothing') ruling.refuse(codes.state | codes.parameter, 'VIA-PEER-005')
  permitOutcomes(world, open, request)
  const judged = ruling.judge(answer) ?? judgeSuccess(world, host, request, answer)
  if (answer.code !== 'VIP_NOT_DONE' && request.told === 'nothing') {
    request.told = answer.code === 'VIP_SUCCESS' ? 'success' : 'failure'
    if (request.told === 'failure') request.closed = world.peerSerial++
  }
  return judged ?? judgeWaiting(world, { host, call, request }, answer)
}

/** Requests that one may have been paired with. */
function matchesOf({ peers }: World, request: PeerRequest): readonly PeerRequest[] {
  return peers.filter(
    (other) =>
      other !== request &&
      sameAddress(other.local, request.remote) &&
      sameAddress(other.remote, request.local) &&
      other.closed > request.serial &&
      request.closed > other.serial &&
      other.end + meeting >= request.since &&
      request.end + meeting >= other.since,
  )
}

/** In what two requests do not agree, as a set of codes. */
function mismatchOf({ vi }: PeerRequest, { vi: other }: PeerRequest): number {
  const [one, two] = [vi.attributes, other.attributes]
  if (one.reliabilityLevel !== two.reliabilityLevel) return codes.level | codes.mtu | codes.qos
  if (one.maxTransferSize !== two.maxTransferSize) return codes.mtu | codes.qos
  return one.qos === two.qos ? 0 : codes.qos
}

function permitOutcomes(world: World, { call }: OpenPairing, request: PeerRequest): void {
  const { ruling, isCalm, now } = world
  const matches = matchesOf(world, request)
  for (const other of matches) ruling.permit(mismatchOf(request, other))
  if (call.operation === 'VipConnectPeerDone') ruling.permit(codes.notDone)
  ruling.permit(codes.resource)
  if (now >= request.end) ruling.permit(codes.timeout | codes.noMatch)
  if (!isCalm || typeof request.remote.host !== 'number') ruling.permit(codes.notReachable)
  if (matches.length === 0) ruling.permit(codes.reject)
  ruling.blame(codes.timeout | codes.noMatch, 'VIA-PEER-003')
  ruling.blame(codes.level | codes.mtu | codes.qos | codes.reject, 'VIA-PEER-004')
  ruling.blame(codes.state | codes.parameter, 'VIA-PEER-002')
}

function judgeSuccess(world: World, { name }: Host, request: PeerRequest, answer: ViaReturn): Judged {
  const { code, remoteAttributes } = answer
  if (code !== 'VIP_SUCCESS') return undefined
  const matches = matchesOf(world, request)
  const words = `${name} was told that ${request.vi.name} is paired`
  if (matches.length === 0) {
    return forbidden(['VIA-PEER-009', 'VIA-PEER-003', 'VIA-PEER-010'], `${words}; nobody can be paired with it`)
  }
  const alike = matches.filter((other) => mismatchOf(request, other) === 0)
  if (alike.length === 0) return forbidden(['VIA-PEER-004'], `${words}; the other VI has other attributes`)
  if (remoteAttributes && alike.some(({ vi }) => hasTold(vi.attributes, remoteAttributes))) return undefined
  return forbidden(['VIA-PEER-008'], `${words}, and other attributes than the other VI has`)
}

interface Waiting {
  readonly host: Host
  readonly call: OpenPairing['call']
  readonly request: PeerRequest
}

/** Whoever is told nothing, or that the time is over, has found nobody (PEER-001), and its time is not over long ago (PEER-003). */
function judgeWaiting(world: World, { host, call, request }: Waiting, { code }: ViaReturn): Judged {
  if (code !== 'VIP_NOT_DONE' && code !== 'VIP_TIMEOUT' && code !== 'VIP_NO_MATCH') return undefined
  const words = `${host.name}'s ${call.operation} of ${request.vi.name} answered ${code}`
  if (code === 'VIP_NOT_DONE' && world.now > request.end + meeting) {
    return forbidden(['VIA-PEER-003'], `${words}; its time was over long before`)
  }
  if (!world.isCalm) return undefined
  const matches = matchesOf(world, request)
  const [other] = matches
  // Of several it may have been paired with none, since each is with one only.
  if (!other || matches.length > 1 || matchesOf(world, other).length > 1) return undefined
  const together = Math.min(request.end, other.end, world.now) - Math.max(request.since, other.since)
  if (together < meeting || other.isCancelled) return undefined
  const requirements = mismatchOf(request, other) === 0 ? ['VIA-PEER-001', 'VIA-PEER-002'] : ['VIA-PEER-004']
  return forbidden(requirements, `${words}; ${other.vi.host.name}'s ${other.vi.name} has been looking for it`)
}

/** The VI asks for a connection to a server, or accepts a client; `hasBegun`: it has done so. */
export function passPeer({ now }: World, { peer }: Vi, hasBegun: boolean): void {
  if (!peer) return
  if (hasBegun || peer.told !== 'nothing' || peer.isCancelled || now >= peer.end) peer.isPast = true
}

/** A disconnect ends whatever there is (PEER-010). */
export function leavePeer(world: World, { peer }: Vi): void {
  if (!peer) return
  peer.isCancelled = true
  peer.closed = Math.min(peer.closed, world.peerSerial++)
}

/** In which state a VI can be that has asked for a peer. */
export function judgePeerState({ now }: World, vi: Vi, { state }: ViaReturn): Judged {
  const { peer, host, name, leaving } = vi
  if (!peer || peer.isPast || leaving > 0) return undefined
  const wrong = (requirement: string, right: string): Judged =>
    forbidden([requirement], `${host.name}'s VipQueryVi told that ${name} is ${state}; ${right}`)
  if (peer.isCancelled) return state === 'idle' ? undefined : wrong('VIA-PEER-010', 'it was disconnected')
  if (peer.told === 'failure') return state === 'idle' ? undefined : wrong('VIA-PEER-003', 'its request has failed')
  if (peer.told === 'success') {
    return state === 'connected' || state === 'error' ? undefined : wrong('VIA-PEER-001', 'it was paired')
  }
  return state === 'idle' && now < peer.end ? wrong('VIA-PEER-002', 'its request is open') : undefined
}
