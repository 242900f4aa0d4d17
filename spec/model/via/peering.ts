// Two equal requests that look for each other: what each may be told, and when (S1.22, Q42).
import type { ViaNetAddress } from '../../vocabulary/via-attributes.ts'
import { viaTimeoutDuration } from '../../vocabulary/via-calls.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { found, type Host } from './host.ts'
import {
  areForEachOther,
  haveMet,
  isOpen,
  matchesOf,
  meet,
  meeting,
  mismatchOf,
  part,
  type PeerRequest,
} from './pairs.ts'
import { codes } from './ruling.ts'
import { bitOfState, states, type Vi } from './vi.ts'
import { hasTold } from './waiting.ts'
import type { World } from './world.ts'

export interface OpenPeerRequest {
  readonly call: ViplCallOf<'VipConnectPeerRequest'>
  readonly vi: Vi | null | undefined
  /** States in which its VI may have been. */
  readonly before: number
  /** Calls that connect its VI, or end that, up to this one. */
  readonly moves: number
  /** None of them was under way. */
  readonly isAlone: boolean
  /** Undefined if it cannot start. */
  readonly request: PeerRequest | undefined
}

export interface OpenPairing {
  readonly call: ViplCallOf<'VipConnectPeerDone' | 'VipConnectPeerWait'>
  readonly vi: Vi | null | undefined
  readonly request: PeerRequest | undefined
  readonly wasTold: boolean
}

/** A host asks for a peer. */
export function askPeer(world: World, host: Host, call: ViplCallOf<'VipConnectPeerRequest'>): OpenPeerRequest {
  const vi = found(host.vis, call.vi)
  const before = vi?.states ?? states.idle
  const isAlone = vi !== null && vi !== undefined && isStill(vi)
  const request = vi?.isLive ? requestOf(world, host, { call, vi }) : undefined
  if (vi) vi.moves++
  if (vi && request) vi.peering++
  return { call, vi, before, isAlone, moves: vi?.moves ?? 0, request }
}

/** Whether nobody is about to connect or disconnect it. */
function isStill({ request, leaving, peering, accepting }: Vi): boolean {
  return request === undefined && leaving + peering + accepting === 0
}

interface Asking {
  readonly call: ViplCallOf<'VipConnectPeerRequest'>
  readonly vi: Vi
}

function requestOf(world: World, host: Host, { call, vi }: Asking): PeerRequest | undefined {
  const { local, remote, timeout } = call
  if (!local || !remote || isTooLong(host, local) || isTooLong(host, remote)) return undefined
  if (!vi.isLoose && !vi.may(states.idle)) return undefined
  return {
    vi,
    attributes: vi.attributes,
    local,
    remote,
    since: world.now,
    end: world.now + viaTimeoutDuration(timeout),
    serial: world.peerSerial++,
    closed: Infinity,
    isCancelled: false,
    isPast: false,
    told: 'nothing',
    partner: undefined,
    connection: undefined,
    isTaken: false,
  }
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
  // By which requirements a call that is right is not refused so.
  for (const requirement of ['VIA-PEER-007', 'VIA-PEER-001']) ruling.blame(codes.parameter, requirement)
  ruling.blame(codes.state, 'VIA-PEER-006')
  if (vi && request) {
    vi.peering--
    if (answer.code === 'VIP_SUCCESS') begin(world, open, request)
  }
  return ruling.judge(answer)
}

/** The request stands: its VI waits for its peer, and has nothing of what was before. */
function begin(world: World, { isAlone, moves }: OpenPeerRequest, request: PeerRequest): void {
  const { vi, local, remote } = request
  passPeer(world, vi, true)
  const isKnown = local.host === vi.host.node && typeof remote.host === 'number'
  // What came of the calls that it met is not followed.
  if (!isAlone || vi.moves !== moves || !isKnown) {
    vi.isLoose = true
    vi.connection?.trouble()
  }
  vi.connection = undefined
  vi.states = states.pending
  vi.peer = request
  world.peers.push(request)
  meet(world, request)
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
  if (request.told === 'nothing') tell(world, request, answer)
  return judged ?? judgeWaiting(world, { host, call, request }, answer)
}

/** What the outcome says of the VI. */
function tell(world: World, request: PeerRequest, { code }: ViaReturn): void {
  const { vi } = request
  switch (code) {
    // Another call may have been told the outcome, and will say so.
    case 'VIP_NOT_DONE':
    case 'VIP_INVALID_STATE':
    case 'VIP_INVALID_PARAMETER':
    case 'VIP_ERROR_NOT_SUPPORTED':
      return
    // Whether that is the outcome is open.
    case 'VIP_ERROR_RESOURCE':
      vi.isLoose = true
      return
    case 'VIP_SUCCESS':
      request.told = 'success'
      if (request.connection && vi.connection === request.connection) stand(world, request)
      else vi.isLoose = true
      return
    default:
      request.told = 'failure'
      part(world, request)
      vi.states = states.idle
  }
}

/** A call has said that the VI is connected: with the only one that it can be (PEER-009). */
function stand({ isCalm }: World, { vi, connection, partner }: PeerRequest): void {
  vi.states = states.connected
  connection?.stands.add(vi)
  if (connection?.hasTrouble) vi.mayBreak()
  if (!isCalm || !partner) return
  partner.isTaken = true
  if (partner.partner) partner.partner.isTaken = true
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
  const { vi } = request
  const matches = matchesOf(world, request)
  const words = `${name} was told that ${vi.name} is paired`
  if (matches.length === 0) {
    return forbidden(requirementsOfNobody(world, request), `${words}; nobody can be paired with it`)
  }
  const alike = matches.filter((other) => mismatchOf(request, other) === 0)
  if (alike.length === 0) return forbidden(['VIA-PEER-004'], `${words}; the other VI has other attributes`)
  if (!vi.isLoose && !vi.may(states.connected | states.error)) {
    return forbidden(['VIA-PEER-005', 'VIA-PEER-003'], `${words}; it was seen not to be`)
  }
  if (remoteAttributes && alike.some(({ attributes }) => hasTold(attributes, remoteAttributes))) return undefined
  return forbidden(['VIA-PEER-008'], `${words}, and other attributes than the other VI has`)
}

/** By which requirements nobody can be paired with it: nobody has been meant for it, or only such as were over. */
function requirementsOfNobody({ peers }: World, request: PeerRequest): readonly string[] {
  const meant = peers.some((other) => other !== request && areForEachOther(request, other))
  return meant ? ['VIA-PEER-009', 'VIA-PEER-003', 'VIA-PEER-010'] : ['VIA-PEER-009']
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
  return judgeUnmet(world, request, words)
}

/** Whoever has found its peer hears of it. */
function judgeUnmet(world: World, request: PeerRequest, words: string): Judged {
  const [other] = matchesOf(world, request)
  if (!other || !haveMet(world, request, other)) return undefined
  return forbidden(
    requirementsOfUnmet(request, other),
    `${words}; ${other.vi.host.name}'s ${other.vi.name} has been looking for it`,
  )
}

/** By which requirements it hears of the other one: whether they have not met, or it was not told how they differ, is open. */
function requirementsOfUnmet(request: PeerRequest, other: PeerRequest): readonly string[] {
  if (mismatchOf(request, other) === 0) return ['VIA-PEER-001', 'VIA-PEER-002']
  return other.told === 'failure' ? ['VIA-PEER-004'] : ['VIA-PEER-004', 'VIA-PEER-001']
}

/** A wait for the outcome is open still. */
export function judgeOpenPairing(world: World, host: Host, { call, request }: OpenPairing): Judged {
  if (!request || !isOpen(request)) return undefined
  const words = `${host.name}'s ${call.operation} of ${request.vi.name} does not return`
  if (world.now > request.end + meeting) {
    return forbidden(['VIA-PEER-003'], `${words}; its time was over long before`)
  }
  return judgeUnmet(world, request, words)
}

/** The VI asks for another connection, or accepts a client; `hasBegun`: it has done so. */
export function passPeer(world: World, { peer }: Vi, hasBegun: boolean): void {
  if (!peer) return
  const isOver = peer.told !== 'nothing' || peer.isCancelled
  const { vi, connection, isPast } = peer
  if (hasBegun && !isOver && !isPast) part(world, peer)
  if (hasBegun || isOver || world.now >= peer.end) peer.isPast = true
  // Its peer may have been paired with it all the same.
  const isUnclear = !hasBegun && !isOver && !isPast && vi.may(states.idle)
  if (isUnclear && connection) vi.isLoose = connection.peerOf(vi).isLoose = true
}

/** A disconnect ends whatever there is (PEER-010). */
export function leavePeer(world: World, { peer }: Vi): void {
  if (!peer) return
  peer.isCancelled = true
  peer.closed = Math.min(peer.closed, world.peerSerial++)
}

/** Nobody is paired with a VI that is gone. */
export function closePeer(world: World, { peer }: Vi): void {
  if (peer) peer.closed = Math.min(peer.closed, world.peerSerial++)
}

/** In which state a VI can be that has asked for a peer, if it is let go. */
export function judgePeerState(world: World, vi: Vi, { state }: ViaReturn): Judged {
  const { peer, host, name, leaving } = vi
  if (!peer || peer.isPast || leaving > 0) return undefined
  const wrong = (right: string): Judged => {
    const words = `${host.name}'s VipQueryVi told that ${name} is ${state}; ${right}`
    return forbidden(requirementsOfPeer(vi, state), words)
  }
  if (peer.isCancelled) return state === 'idle' ? undefined : wrong('it was disconnected')
  if (peer.told === 'failure') return state === 'idle' ? undefined : wrong('its request has failed')
  if (peer.told === 'success') return state === 'connected' || state === 'error' ? undefined : wrong('it was paired')
  const mayHaveFailed = world.now >= peer.end || matchesOf(world, peer).some((other) => mismatchOf(peer, other) !== 0)
  return state === 'idle' && !mayHaveFailed ? wrong('its request is open') : undefined
}

/** By which requirements a VI that has asked for a peer is not in this state. */
export function requirementsOfPeer({ peer }: Vi, state: ViaReturn['state']): readonly string[] {
  if (!peer || peer.isPast) return []
  if (peer.isCancelled) return ['VIA-PEER-010']
  switch (peer.told) {
    case 'failure':
      return ['VIA-PEER-003', 'VIA-PEER-004']
    case 'success':
      return peer.partner?.isCancelled === true ? ['VIA-PEER-001', 'VIA-PEER-010'] : ['VIA-PEER-001']
    case 'nothing':
      if (state === 'idle') return ['VIA-PEER-002']
      return state === 'connect-pending' ? ['VIA-PEER-001', 'VIA-PEER-003', 'VIA-PEER-004'] : ['VIA-PEER-009']
  }
}

/** A VI whose request is open was seen in this state: whether anything else may follow. */
export function seePeerState(world: World, { peer, host }: Vi, state: ViaReturn['state']): 'settled' | 'open' {
  if (!peer || !isOpen(peer) || host.isLoose || state === undefined || state === 'unknown') return 'settled'
  const bit = bitOfState(state)
  if (bit === states.connected) stand(world, peer)
  if (bit === states.idle) part(world, peer)
  return bit === states.pending ? 'open' : 'settled'
}
