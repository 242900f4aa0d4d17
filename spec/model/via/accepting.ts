// A server accepts or rejects a request, and VIs are disconnected (S1, S5).
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import type { Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { causes, Connection, watchBegin, type Invitation } from './connection.ts'
import { found, type Host } from './host.ts'
import { judgeUnnotified } from './notifications.ts'
import { isOpen } from './pairs.ts'
import { leavePeer, passPeer } from './peering.ts'
import { codes } from './ruling.ts'
import { isGone } from './spoiled.ts'
import { states, type Vi } from './vi.ts'
import { wantVi } from './vis.ts'
import type { World } from './world.ts'

type AcceptCall = ViplCallOf<'VipConnectAccept'>

/** An accept that has not been answered. */
export interface OpenAccept {
  readonly invitation: Invitation | null | undefined
  readonly vi: Vi | null | undefined
  /** States in which its VI may have been. */
  readonly before: number
  /** The client's request had failed already. */
  readonly isTooLate: boolean
  /** The connection that it makes if it succeeds. */
  readonly connection: Connection | undefined
}

export function accept(world: World, host: Host, call: AcceptCall): OpenAccept {
  const invitation = found(host.invitations, call.connection)
  const vi = found(host.vis, call.vi)
  const before = vi?.states ?? states.idle
  const isTooLate = invitation?.request.hasFailed === true && !invitation.isUnclear
  if (!invitation || !vi) return { invitation, vi, before, isTooLate, connection: undefined }
  const { request } = invitation
  passPeer(world, vi, false)
  vi.moves++
  vi.accepting++
  const canAccept = invitation.isLive && vi.isLive && vi.may(states.idle) && matches(invitation, vi) && !isTooLate
  if (!canAccept) {
    request.refusal = refusalOf(invitation, vi)
    // What refuses it may take its time.
    if (vi.isLive && vi.may(states.idle)) vi.states |= states.pending
    return { invitation, vi, before, isTooLate, connection: undefined }
  }
  const client = request.vi
  const connection = new Connection(client, vi)
  request.isAccepted = true
  if (!request.isOver && !request.isCancelled) {
    client.connection = connection
    client.states |= states.connected | states.pending
  } else connection.trouble()
  vi.connection = connection
  vi.states |= states.pending | states.connected
  watchBegin(connection, world.isCalm)
  return { invitation, vi, before, isTooLate, connection }
}

/** By which requirement an accept cannot succeed. */
function refusalOf({ attributes, isLive, request, nic }: Invitation, vi: Vi): string {
  if (!isLive) return 'VIA-CON-021'
  if (request.isOver) return 'VIA-CON-020'
  if (!vi.may(states.idle)) return 'VIA-CON-014'
  if (attributes.reliabilityLevel !== vi.attributes.reliabilityLevel) return 'VIA-CON-015'
  return nic === vi.nic ? 'VIA-CON-016' : 'VIA-NIC-012'
}

function matches({ attributes, nic }: Invitation, vi: Vi): boolean {
  const { reliabilityLevel, maxTransferSize } = vi.attributes
  return (
    attributes.reliabilityLevel === reliabilityLevel && attributes.maxTransferSize === maxTransferSize && nic === vi.nic
  )
}

export function judgeAccepted(world: World, open: OpenAccept, answer: ViaReturn): Judged {
  const { ruling } = world
  const { invitation, vi, connection } = open
  if (invitation && vi) vi.accepting--
  if (invitation === undefined || !wantVi(world, vi)) return undefined
  if (!invitation?.isLive) ruling.refuse(codes.parameter, 'VIA-CON-021')
  if (invitation && vi?.isLive) wantMatch(world, open, { invitation, vi })
  const isHeld = vi?.request !== undefined || (vi?.peer !== undefined && isOpen(vi.peer))
  if (!connection && vi && !isHeld) vi.states = vi.states & ~states.pending || open.before
  if (connection) settle(open, { connection, isWell: answer.code === 'VIP_SUCCESS' })
  if (answer.code === 'VIP_SUCCESS' && invitation) invitation.isLive = false
  if (answer.code === 'VIP_SUCCESS' && vi) passPeer(world, vi, true)
  if (answer.code === 'VIP_TIMEOUT' && invitation) invitation.isDoubtful = true
  return vi?.isLoose ? undefined : ruling.judge(answer)
}

function wantMatch(
  { ruling, isCalm }: World,
  { before, isTooLate, connection }: OpenAccept,
  { invitation, vi }: { invitation: Invitation; vi: Vi },
): void {
  const { attributes, request, isUnclear } = invitation
  if ((before & states.idle) === 0) ruling.refuse(codes.state, 'VIA-CON-014')
  else if (before !== states.idle) ruling.permit(codes.state)
  if (attributes.reliabilityLevel !== vi.attributes.reliabilityLevel) ruling.refuse(codes.level, 'VIA-CON-015')
  if (attributes.maxTransferSize !== vi.attributes.maxTransferSize) ruling.refuse(codes.mtu, 'VIA-CON-016')
  if (attributes.qos !== vi.attributes.qos) ruling.permit(codes.qos)
  if (invitation.nic !== vi.nic) ruling.refuse(~0, 'VIA-NIC-012')
  if (isTooLate) ruling.refuse(codes.timeout | codes.parameter, 'VIA-CON-020')
  if (invitation.isDoubtful) ruling.permit(codes.parameter)
  ruling.permit(codes.resource)
  const mayHaveGone = isUnclear || request.hasFailed || request.isCancelled || connection?.hasTrouble === true
  if (!isCalm || mayHaveGone) ruling.permit(codes.timeout | codes.parameter)
}

/** In which state the two VIs are after the answer. */
function settle({ vi, before }: OpenAccept, { connection, isWell }: { connection: Connection; isWell: boolean }): void {
  if (!vi || vi.connection !== connection) return
  if (isWell) {
    vi.states = states.connected
    connection.stands.add(vi)
    if (connection.hasTrouble) vi.mayBreak()
    return
  }
  vi.states = before
  vi.connection = undefined
  const { client } = connection
  if (client.connection !== connection) return
  // The client may have heard of the accept; then it has a connection to nobody.
  if (connection.stands.has(client)) connection.trouble()
  else connection.troubles |= causes.other
}

export function reject(world: World, host: Host, call: ViplCallOf<'VipConnectReject'>): void {
  const invitation = found(host.invitations, call.connection)
  if (!invitation?.isLive) return
  const { request } = invitation
  request.rejectedAt = Math.min(request.rejectedAt, world.now)
  if (!request.isOver) request.vi.states |= states.idle
}

export function judgeRejected(
  world: World,
  host: Host,
  call: ViplCallOf<'VipConnectReject'>,
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const invitation = found(host.invitations, call.connection)
  if (invitation === undefined) return undefined
  if (!invitation?.isLive) ruling.refuse(codes.parameter, 'VIA-CON-021')
  else if (
    invitation.isUnclear ||
    invitation.isDoubtful ||
    invitation.request.isOver ||
    invitation.request.isCancelled
  ) {
    ruling.permit(codes.parameter)
  }
  if (answer.code === 'VIP_SUCCESS' && invitation) invitation.isLive = false
  return ruling.judge(answer)
}

/** What a disconnect ends: it is abortive, so that nothing that was under way is certain any more (Q38). */
export interface OpenDisconnect {
  readonly vi: Vi | null | undefined
  readonly connection: Connection | undefined
}

export function disconnect(world: World, host: Host, call: ViplCallOf<'VipDisconnect'>): OpenDisconnect {
  const vi = found(host.vis, call.vi)
  if (!vi?.isLive) return { vi, connection: undefined }
  const { connection } = vi
  vi.mayFlush()
  vi.states |= states.idle
  vi.leaving++
  vi.moves++
  if (vi.request) vi.request.isCancelled = true
  leavePeer(world, vi)
  connection?.leave(vi, world.postings++)
  return { vi, connection }
}

export function judgeDisconnected(
  world: World,
  { open, isContested }: { open: OpenDisconnect; isContested: boolean },
  answer: ViaReturn,
): Judged {
  const { vi, connection } = open
  if (!wantVi(world, vi)) return undefined
  if (vi?.isLive) vi.leaving--
  if (vi?.isLive && answer.code === 'VIP_SUCCESS') {
    vi.states = states.idle
    vi.isFlushing = false
    // What was not told by now never is (DISC-007).
    vi.owed.length = 0
    const isSure = !isContested && !vi.isLoose
    for (const item of vi.recv.items) {
      item.connection ??= connection
      if (!item.parted?.isSure) item.parted = { at: world.postings, isSure: isSure && item.isAccepted && !item.isGhost }
    }
    if (vi.connection === connection) vi.connection = undefined
    if (isSure) {
      vi.mustComplete(['VIA-FLUSH-001', 'VIA-DISC-004', 'VIA-CON-028'])
      for (const item of vi.recv.items) item.isVanished ||= isGone(item)
      // Handlers have run when it returns (DISC-007).
      const late = judgeUnnotified(vi.send) ?? judgeUnnotified(vi.recv)
      if (late) return late
    }
  }
  return world.ruling.judge(answer)
}
