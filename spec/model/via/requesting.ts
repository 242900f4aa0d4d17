// A client requests a connection: how that can end (S1, S5).
import type { Instant } from '../../vocabulary/units.ts'
import { viaTimeoutDuration } from '../../vocabulary/via-calls.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import type { ConnectionRequest } from './connection.ts'
import { found, type Host } from './host.ts'
import { passPeer } from './peering.ts'
import { codes } from './ruling.ts'
import { states, type Vi } from './vi.ts'
import { wantVi } from './vis.ts'
import { hasTold, mayReach, wantAddress, type Waiting } from './waiting.ts'
import type { World } from './world.ts'

type RequestCall = ViplCallOf<'VipConnectRequest'>

/** A request that has not been answered. */
export interface OpenRequest {
  readonly call: RequestCall
  readonly vi: Vi | null | undefined
  /** States in which its VI may have been. */
  readonly before: number
  /** Undefined if it cannot start. */
  readonly request: ConnectionRequest | undefined
  /** One who was waiting at its address when it was made. */
  readonly server: Waiting | undefined
}

export function request(world: World, host: Host, call: RequestCall): OpenRequest {
  const vi = found(host.vis, call.vi)
  const { local, remote } = call
  const before = vi?.states ?? states.idle
  const canStart = vi?.isLive && vi.may(states.idle) && isValid(host, call) && !vi.request
  if (!canStart) {
    world.refused.push({ remote, requirement: refusalOf(host, call) })
    return { call, vi, before, request: undefined, server: undefined }
  }
  const server = world.waits.find((waiting) => mayReach(call, waiting))
  passPeer(world, vi, false)
  vi.moves++
  const made = {
    vi,
    local,
    remote,
    isHanded: false,
    isUnclear: false,
    isOver: false,
    hasFailed: false,
    isAccepted: false,
    refusal: undefined,
    rejectedAt: Infinity,
    isCancelled: false,
    mayMatch: server !== undefined,
  }
  world.requests.push(made)
  vi.request = made
  vi.states |= states.pending
  if (before === states.idle) vi.connection = undefined
  return { call, vi, before, request: made, server }
}

/** By which requirement a request cannot start. */
function refusalOf(host: Host, call: RequestCall): string {
  if (call.timeout === 0) return 'VIA-CON-011'
  return isValid(host, call) ? 'VIA-CON-022' : 'VIA-CON-027'
}

function isValid({ limits }: Host, { local, remote, timeout }: RequestCall): boolean {
  if (!remote || timeout === 0) return false
  const most = limits['via.max-discriminator'] * 2
  return remote.discriminator.length <= most && (local?.discriminator.length ?? 0) <= most
}

export function judgeRequested(
  world: World,
  host: Host,
  { open, since }: { open: OpenRequest; since: Instant },
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const { call, vi, request: made } = open
  if (!wantVi(world, vi)) return undefined
  if (made) {
    made.isOver = true
    made.hasFailed = answer.code !== 'VIP_SUCCESS'
    made.vi.request = undefined
  }
  // What a request answers that was cancelled is not judged (CON-028).
  if (made?.isCancelled || vi?.isLoose) return settle(open, answer)
  if (call.timeout === 0) ruling.refuse(codes.parameter, 'VIA-CON-011')
  wantAddress(world, host, call.local)
  wantAddress(world, host, call.remote)
  if (call.local?.host !== host.node) ruling.permit(codes.parameter)
  if (vi?.isLive && (open.before & states.idle) === 0) ruling.refuse(codes.state, 'VIA-CON-022')
  else if (open.before !== states.idle) ruling.permit(codes.state)
  ruling.permit(codes.resource)
  if (made) permitOutcomes(world, open, made, world.now - since)
  if (vi && answer.code === 'VIP_SUCCESS') passPeer(world, vi, true)
  const judged = ruling.judge(answer) ?? judgeSuccess(open, answer) ?? settle(open, answer)
  // It was turned away, and no copy of it can come again.
  if (made && answer.code === 'VIP_NO_MATCH' && world.isCalm) made.isHanded = true
  return judged
}

function permitOutcomes(world: World, { call, server }: OpenRequest, made: ConnectionRequest, spent: number): void {
  const { ruling, isCalm, waits, now } = world
  const isKnown = typeof made.remote?.host === 'number' && made.remote.host < world.hosts.length
  const isOver = spent >= viaTimeoutDuration(call.timeout)
  const wasRejectedLongAgo = now - made.rejectedAt > spent / 2
  if (!isCalm || !isKnown) ruling.permit(codes.notReachable)
  // Nothing can have come back in time, or the server has not answered (CON-009, CON-010).
  if (isOver && (!isCalm || !isKnown || (made.mayMatch && !wasRejectedLongAgo))) ruling.permit(codes.timeout)
  const isMatched = (made.isHanded && !made.isUnclear) || (server !== undefined && waits.includes(server))
  if (!isCalm || !isKnown || (!isMatched && !isOver)) ruling.permit(codes.noMatch)
  // A server that has accepted and gone again may have said anything.
  if (made.vi.connection?.hasTrouble) ruling.permit(~0)
  const isRejected = made.rejectedAt !== Infinity
  if (isRejected) ruling.permit(codes.reject)
  ruling.blame(codes.timeout, isRejected ? 'VIA-CON-008' : isOver ? 'VIA-CON-006' : 'VIA-CON-009')
  ruling.blame(codes.noMatch, isRejected ? 'VIA-CON-008' : isOver ? 'VIA-CON-007' : 'VIA-CON-001')
  ruling.blame(codes.reject, made.isHanded ? 'VIA-CON-019' : 'VIA-CON-006')
}

function judgeSuccess({ call, vi, request: made }: OpenRequest, { code, remoteAttributes }: ViaReturn): Judged {
  if (code !== 'VIP_SUCCESS') return undefined
  const words = `${vi?.host.name}'s VipConnectRequest to ${call.remote?.discriminator} answered VIP_SUCCESS`
  const connection = vi?.connection
  if (!made?.isAccepted || !connection)
    return forbidden(
      made?.refusal ? [made.refusal] : ['VIA-CON-001', 'VIA-CON-004', 'VIA-CON-005'],
      `${words}; nobody can have accepted it`,
    )
  if (remoteAttributes && hasTold(connection.server.attributes, remoteAttributes)) return undefined
  return forbidden(['VIA-CON-003'], `${words} and other attributes than the server's VI has`)
}

/** In which state the VI is after the answer. */
function settle({ vi, before, request: made }: OpenRequest, { code }: ViaReturn): undefined {
  if (!vi || !made) return undefined
  if (code === 'VIP_SUCCESS') {
    vi.states = states.connected
    const { connection } = vi
    if (!connection || made.isCancelled) vi.isLoose = true
    else {
      connection.stands.add(vi)
      if (connection.hasTrouble) vi.mayBreak()
    }
  } else if (code === 'VIP_INVALID_STATE') {
    vi.states = before & ~states.idle
  } else if (!made.isCancelled) {
    if (before !== states.idle) vi.mayFlush()
    vi.states = states.idle
    vi.connection?.trouble()
    vi.connection = undefined
  }
  return undefined
}
