// Calls on the name service: when it is started, and which names and addresses belong together.
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { found, type Host, type Nic } from './host.ts'
import { wantNic } from './nics.ts'
import { codes } from './ruling.ts'
import type { World } from './world.ts'

const refusals = codes.parameter | codes.resource | codes.nameService

/** A call, and whether others of its host went on meanwhile. */
interface Met<Operation extends 'VipNSInit' | 'VipNSShutdown'> {
  readonly call: ViplCallOf<Operation>
  readonly isContested: boolean
}

export function judgeNamesStarted(
  world: World,
  host: Host,
  { call, isContested }: Met<'VipNSInit'>,
  answer: ViaReturn,
): Judged {
  const nic = found(host.nics, call.nic)
  if (!wantNic(world, nic)) return undefined
  // What starting again answers is open (Q43).
  if (nic && nic.names !== 'ended') world.ruling.permit(refusals)
  const judged = world.ruling.judge(answer)
  if (!nic?.isLive) return judged
  if (isContested) nic.names = 'unclear'
  else if (answer.code === 'VIP_SUCCESS') nic.names = nic.names === 'ended' ? 'started' : 'again'
  return judged
}

export function judgeNamesEnded(
  world: World,
  host: Host,
  { call, isContested }: Met<'VipNSShutdown'>,
  answer: ViaReturn,
): Judged {
  const nic = found(host.nics, call.nic)
  if (!wantNic(world, nic)) return undefined
  if (nic && (nic.names === 'ended' || nic.names === 'unclear')) {
    world.ruling.permit(codes.parameter | codes.nameService)
  }
  const judged = world.ruling.judge(answer)
  if (!nic?.isLive) return judged
  if (isContested || (answer.code === 'VIP_SUCCESS' && nic.names === 'again')) nic.names = 'unclear'
  else if (answer.code === 'VIP_SUCCESS' && nic.names === 'started') nic.names = 'ended'
  return judged
}

export function judgeHostByName(
  world: World,
  host: Host,
  { nic: handle, name, nameIndex }: ViplCallOf<'VipNSGetHostByName'>,
  answer: ViaReturn,
): Judged {
  const { ruling, hosts, setting } = world
  const nic = found(host.nics, handle)
  if (!wantNic(world, nic)) return undefined
  wantStarted(world, nic)
  const named = hosts.find((one) => one.name === name)
  if (name === null) ruling.refuse(codes.parameter, 'VIA-NS-007')
  else if (!named) ruling.refuse(codes.nameService | odd(name), 'VIA-NS-003')
  // Whether a host knows itself by name is open.
  if (named === host) ruling.permit(codes.nameService)
  // Where the harness is the wire each host has one NIC.
  if (nameIndex > 0 && setting.calm) ruling.refuse(codes.nameService, 'VIA-NS-003')
  else if (nameIndex > 0) ruling.permit(codes.nameService)
  const judged = ruling.judge(answer)
  if (judged || answer.code !== 'VIP_SUCCESS' || !named) return judged
  const { address } = answer
  if (address?.host === named.node && address.discriminator === '') return undefined
  const words = address ? `host ${address.host} with discriminator ${address.discriminator || 'of no octets'}` : 'none'
  return forbidden(['VIA-NS-002'], `${host.name}'s VipNSGetHostByName of ${name} told address ${words}`)
}

/** No name at all, or one that is longer than any, may count as a bad parameter. */
function odd(name: string): number {
  return name === '' || name.length > 64 ? codes.parameter : 0
}

export function judgeHostByAddr(
  world: World,
  host: Host,
  { nic: handle, address, nameLen: room }: ViplCallOf<'VipNSGetHostByAddr'>,
  answer: ViaReturn,
): Judged {
  const { ruling, hosts } = world
  const nic = found(host.nics, handle)
  if (!wantNic(world, nic)) return undefined
  wantStarted(world, nic)
  const known = typeof address?.host === 'number' ? hosts[address.host] : undefined
  if (address === null) ruling.refuse(codes.parameter, 'VIA-NS-007')
  // Whose address octets are is not known here; nor whether a discriminator may follow, or a host knows its own name.
  else if (!known) ruling.permit(codes.nameService | codes.parameter | codes.resource)
  else if (known === host || address.discriminator !== '') ruling.permit(codes.nameService | codes.parameter)
  if (known) wantRoom(world, known.name.length, room)
  const judged = ruling.judge(answer)
  if (judged) return judged
  if (known) return judgeName(host, known.name, answer)
  return typeof address?.host === 'string' ? judgeOwner(world, host, address.host, answer) : undefined
}

/** Whose address octets are is not known, but where the harness is the wire no host has two. */
function judgeOwner({ named, setting }: World, host: Host, octets: string, { code, name }: ViaReturn): Judged {
  const isAddress = /^[0-9a-f]{12}$/.test(octets)
  if (code !== 'VIP_SUCCESS' || name === undefined || !setting.calm || !isAddress) return undefined
  const other = named.get(name)
  named.set(name, octets)
  if (other === undefined || other === octets) return undefined
  const words = `${host.name}'s VipNSGetHostByAddr told that ${octets} is the address of ${name}; so was ${other}`
  return forbidden(['VIA-NS-004'], words)
}

/** The octet that ends a name may need room as well. */
function wantRoom({ ruling }: World, length: number, room: number): void {
  if (room < length) for (const requirement of ['VIA-NS-006', 'VIA-NS-005']) ruling.refuse(refusals, requirement)
  else if (room === length) ruling.permit(refusals)
}

function judgeName(host: Host, right: string, { code, name, nameLen }: ViaReturn): Judged {
  const wrong = (requirement: string, told: string): Judged =>
    forbidden([requirement], `${host.name}'s VipNSGetHostByAddr told ${told}; the name is ${right}`)
  const isLong = nameLen === right.length || nameLen === right.length + 1
  if (code === 'VIP_ERROR_RESOURCE' && !isLong) return wrong('VIA-NS-005', `that the name needs ${nameLen} octets`)
  if (code !== 'VIP_SUCCESS') return undefined
  if (name !== right) return wrong('VIA-NS-004', `the name ${name}`)
  return isLong ? undefined : wrong('VIA-NS-004', `a name of ${nameLen} octets`)
}

function wantStarted({ ruling }: World, nic: Nic | null): void {
  if (!nic?.isLive) return
  if (nic.names === 'ended') ruling.refuse(refusals, 'VIA-NS-001')
  else if (nic.names === 'unclear') ruling.permit(refusals)
}
