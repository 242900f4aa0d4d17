// A server waits for a request: which request it may be handed (S1).
import type { ViaNetAddress, ViaRemoteAttributes } from '../../vocabulary/via-attributes.ts'
import type { Instant } from '../../vocabulary/units.ts'
import { viaTimeoutDuration } from '../../vocabulary/via-calls.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { sameAddress, type ConnectionRequest } from './connection.ts'
import { found, type Host, type Nic } from './host.ts'
import { wantNic } from './nics.ts'
import { codes } from './ruling.ts'
import type { World } from './world.ts'

/** Somebody waits for a request. */
export interface Waiting {
  readonly host: Host
  readonly nic: Nic | null | undefined
  readonly local: ViaNetAddress | null
}

/** A host waits at an address: requests that are under way may find it. */
export function wait(world: World, host: Host, { nic, local }: ViplCallOf<'VipConnectWait'>): Waiting {
  const waiting = { host, nic: found(host.nics, nic), local }
  world.waits.push(waiting)
  if (waiting.nic) waiting.nic.hasWaited = true
  for (const request of world.requests) if (!request.isOver && mayReach(request, waiting)) request.mayMatch = true
  return waiting
}

/** Whether a request may be for one who waits. Empty discriminators may match any (Q21). */
export function mayReach({ remote }: { readonly remote: ViaNetAddress | null }, { host, local }: Waiting): boolean {
  if (!remote || !local || remote.host !== host.node) return false
  return remote.discriminator === local.discriminator || remote.discriminator === '' || local.discriminator === ''
}

export function judgeWaited(
  world: World,
  { call, waiting, since }: { call: ViplCallOf<'VipConnectWait'>; waiting: Waiting; since: Instant },
  answer: ViaReturn,
): Judged {
  const { ruling, now } = world
  const { host, nic } = waiting
  world.waits.splice(world.waits.indexOf(waiting), 1)
  if (!wantNic(world, nic)) return undefined
  wantAddress(world, host, call.local)
  ruling.permit(codes.resource | codes.timeout)
  const judged = ruling.judge(answer)
  if (judged) return judged
  if (answer.code === 'VIP_TIMEOUT' && now - since < viaTimeoutDuration(call.timeout)) {
    return forbidden(['VIA-CON-012'], `${host.name}'s VipConnectWait answered VIP_TIMEOUT after ${now - since} ns`)
  }
  // A request that may have come to it ought to have been handed out.
  const mayHaveCome = world.requests.some((request) => !request.isHanded && mayReach(request, waiting))
  if (answer.code === 'VIP_TIMEOUT' && !mayHaveCome) world.affirmed.right('VIA-CON-012')
  return answer.code === 'VIP_SUCCESS' && nic ? invite(world, { call, host, nic }, answer) : undefined
}

/** Causes to refuse a local or remote address. */
export function wantAddress({ ruling }: World, host: Host, address: ViaNetAddress | null): void {
  if (!address) return ruling.refuse(codes.parameter, 'VIA-CON-027')
  const max = host.limits['via.max-discriminator']
  if (address.discriminator.length / 2 > max) ruling.refuse(codes.parameter, 'VIA-CON-027')
  if (typeof address.host !== 'number' || address.discriminator === '') ruling.permit(codes.parameter)
}

function invite(
  world: World,
  { call, host, nic }: { call: ViplCallOf<'VipConnectWait'>; host: Host; nic: Nic },
  { remoteAddress, remoteAttributes }: ViaReturn,
): Judged {
  const waiting = { host, nic, local: call.local }
  const wrong = (requirements: readonly string[], words: string): Judged =>
    forbidden(requirements, `${host.name}'s VipConnectWait at ${call.local?.discriminator} ${words}`)
  if (!remoteAddress || !remoteAttributes) return wrong(['VIA-CON-002'], 'did not tell the client')
  let request: ConnectionRequest | undefined
  let hasOther = false
  for (const other of world.requests) {
    if (other.isHanded || !mayReach(other, waiting)) continue
    if (!sameAddress(other.local, remoteAddress) || !hasAttributes(other, remoteAttributes)) hasOther = true
    else {
      // Which of them it is nobody knows, nor which of them is left for the next one who waits.
      if (request) request.isUnclear = other.isUnclear = true
      if (request && request.vi !== other.vi) request.vi.isLoose = other.vi.isLoose = true
      request = other
    }
  }
  if (!request) {
    if (hasOther) {
      const invalid = world.requests.some(({ local }) => local === null) ? ['VIA-CON-027'] : []
      return wrong(
        ['VIA-CON-002', 'VIA-VI-002', ...invalid],
        'told another address, or other attributes, than the client has',
      )
    }
    return wrong(
      requirementsOfNone(world, waiting, remoteAddress),
      'was handed a request that nobody can have made to it',
    )
  }
  request.isHanded = true
  const { isUnclear } = request
  const attributes = remoteAttributes
  host.invitations.set(call.as, { nic, request, attributes, isUnclear, isLive: true, isDoubtful: false })
  return undefined
}

/** By which requirements no request can be handed to one who waits. */
function requirementsOfNone({ refused, peers }: World, waiting: Waiting, told: ViaNetAddress): readonly string[] {
  const isOfPeer = peers.some((peer) => mayReach(peer, waiting) && sameAddress(peer.local, told))
  if (isOfPeer) return ['VIA-PEER-011']
  const request = refused.find((other) => mayReach(other, waiting))
  return request ? [request.requirement] : ['VIA-CON-005', 'VIA-CON-004', 'VIA-CON-029']
}

function hasAttributes({ vi }: ConnectionRequest, told: ViaRemoteAttributes): boolean {
  return hasTold(vi.attributes, told)
}

/** Whether the attributes that were told of a VI are its own. */
export function hasTold(own: ViaRemoteAttributes, told: ViaRemoteAttributes): boolean {
  return (
    own.reliabilityLevel === told.reliabilityLevel &&
    own.maxTransferSize === told.maxTransferSize &&
    own.qos === told.qos &&
    own.enableRdmaWrite === told.enableRdmaWrite &&
    own.enableRdmaRead === told.enableRdmaRead
  )
}
