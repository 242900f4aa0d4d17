// Calls that register memory and give it up: rights, bounds and limits.
import type { ViaMemoryAttributes } from '../../vocabulary/via-attributes.ts'
import { viaStatusBits } from '../../vocabulary/via-constants.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { regionOf } from './access.ts'
import type { ViplCallOf } from './calls.ts'
import { bufferAt } from './descriptor.ts'
import { found, type Host, type Nic, type Ptag, type Region } from './host.ts'
import { wantNic } from './nics.ts'
import { unsettleTransfers } from './rdma.ts'
import { codes } from './ruling.ts'
import type { World } from './world.ts'

/** A protection tag that a VI or a region is to have: causes to refuse it. */
export function wantPtag(
  world: World,
  ptag: Ptag | null | undefined,
  nic: Nic | null,
  refusing: { readonly stale: readonly string[]; readonly none: string },
): void {
  if (ptag === undefined) return world.ruling.permit(~0)
  if (ptag === null) return world.ruling.refuse(codes.ptag, refusing.none)
  if (!ptag.isLive) for (const requirement of refusing.stale) world.ruling.refuse(codes.ptag, requirement)
  else if (ptag.nic !== nic) world.ruling.refuse(~0, 'VIA-NIC-012')
}

/** By which requirements bad attributes are refused, when memory is registered and when they are set. */
const refusingToRegister = { stale: ['VIA-MEM-004', 'VIA-PTAG-003'], none: 'VIA-PTAG-007', rdmaRead: 'VIA-MEM-014' }
export const refusingToSet = { stale: ['VIA-MEM-012', 'VIA-PTAG-003'], none: 'VIA-MEM-012', rdmaRead: 'VIA-MEM-012' }

export function judgeRegisterMem(
  world: World,
  host: Host,
  call: ViplCallOf<'VipRegisterMem'>,
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const { at, attributes } = call
  const nic = found(host.nics, call.nic)
  if (!wantNic(world, nic)) return undefined
  const ptag = attributes ? found(host.ptags, attributes.ptag) : undefined
  if (attributes) wantAttributes(world, attributes, { ptag, nic, refusing: refusingToRegister })
  else ruling.refuse(codes.parameter, 'VIA-MEM-016')
  const buffer = bufferAt(host, at)
  if (at.bytes === 0) ruling.refuse(codes.parameter, 'VIA-MEM-003')
  if ('buffer' in at ? !buffer : !isWithinKnown(host, at)) {
    // A buffer that is gone, or an address in none: whether there is memory nobody knows, but at NULL there is none.
    if ('address' in at && Number.parseInt(at.address, 16) + at.offset < 4096) {
      ruling.refuse(codes.parameter, 'VIA-MEM-003')
    } else ruling.permit(~0)
  }
  // What stands behind a buffer is the adapter's.
  if (buffer && (at.offset < 0 || at.offset + at.bytes > buffer.bytes)) ruling.permit(codes.parameter)
  wantRoom(world, host, nic, at.bytes)
  if (answer.code === 'VIP_SUCCESS' && nic) {
    const region = register(host, call, { nic, ptag: ptag ?? undefined }, answer)
    if (region) unsettleTransfers(world, host, region.handle)
    else return forbidden(['VIA-MEM-001'], `${host.name}'s VipRegisterMem told no region`)
  }
  return ruling.judge(answer)
}

/** Attributes that a region is to have: causes to refuse them. */
export function wantAttributes(
  world: World,
  attributes: ViaMemoryAttributes,
  { ptag, nic, refusing }: { ptag: Ptag | null | undefined; nic: Nic | null; refusing: typeof refusingToSet },
): void {
  wantPtag(world, ptag, nic, refusing)
  if (attributes.enableRdmaRead && !world.setting.rdmaRead) world.ruling.refuse(codes.rdmaRead, refusing.rdmaRead)
}

function isWithinKnown(host: Host, at: ViplCallOf<'VipRegisterMem'>['at']): boolean {
  if (!('address' in at)) return true
  const address = Number.parseInt(at.address, 16) + at.offset
  for (const buffer of host.buffers.values()) {
    if (buffer.address === undefined) continue
    if (address >= buffer.address && address + at.bytes <= buffer.address + buffer.bytes) return true
  }
  return false
}

function wantRoom(world: World, host: Host, nic: Nic | null, bytes: number): void {
  const { ruling } = world
  const { counts, limits } = host
  if (bytes > limits['via.max-region-octets']) ruling.refuse(codes.resource | codes.parameter, 'VIA-MEM-005')
  const { 'via.max-regions': regions, 'via.max-register-octets': octets } = limits
  if (nic && (nic.regions >= regions || nic.octets + bytes > octets)) ruling.refuse(codes.resource, 'VIA-MEM-005')
  if (counts.regions >= regions || counts.octets + bytes > octets) ruling.permit(codes.resource)
}

function register(
  host: Host,
  { at, as, attributes }: ViplCallOf<'VipRegisterMem'>,
  { nic, ptag }: { nic: Nic; ptag: Ptag | undefined },
  { region: told }: ViaReturn,
): Region | undefined {
  if (!told) return undefined
  const { counts } = host
  const buffer = bufferAt(host, at)
  const { bytes, offset } = at
  nic.regions++
  nic.octets += bytes
  counts.regions++
  counts.octets += bytes
  if (ptag) ptag.users++
  const { handle, address } = told
  const region: Region = {
    nic,
    buffer,
    offset,
    bytes,
    ptag,
    isLive: true,
    handle,
    address,
    attributes,
    isChanged: false,
  }
  if (buffer && buffer.address === undefined) buffer.address = Number.parseInt(address, 16) - offset
  host.regions.set(as, region)
  return region
}

export function judgeDeregisterMem(
  world: World,
  host: Host,
  call: ViplCallOf<'VipDeregisterMem'>,
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const nic = found(host.nics, call.nic)
  const region = regionOf(host, call.memory)
  if (!wantNic(world, nic) || region === undefined) return undefined
  if (region === null) ruling.refuse(codes.parameter, 'VIA-MEM-007')
  else if (region.nic !== nic) ruling.refuse(codes.parameter | codes.resource, 'VIA-NIC-012')
  else if (isStart(host, region, call.at) === false) ruling.refuse(codes.parameter, 'VIA-MEM-007')
  else if (isStart(host, region, call.at) === undefined) ruling.permit(codes.parameter)
  if (answer.code === 'VIP_SUCCESS' && region) deregister(world, host, region)
  return ruling.judge(answer)
}

/** Whether a place is where a region starts; undefined if nobody knows. */
function isStart(host: Host, region: Region, at: ViplCallOf<'VipDeregisterMem'>['at']): boolean | undefined {
  const start = Number.parseInt(region.address, 16)
  if ('address' in at) return Number.parseInt(at.address, 16) + at.offset === start
  const buffer = host.buffers.get(at.buffer)
  if (buffer && buffer === region.buffer) return at.offset === region.offset
  return buffer?.address === undefined ? undefined : buffer.address + at.offset === start
}

function deregister(world: World, host: Host, region: Region): void {
  region.isLive = false
  region.nic.regions--
  region.nic.octets -= region.bytes
  host.counts.regions--
  host.counts.octets -= region.bytes
  if (region.ptag) region.ptag.users--
  unsettle(world, host, region)
}

/** What is posted and uses a region that goes, or gets another protection tag, may fail from now on. */
export function unsettle(world: World, host: Host, region: Region): void {
  unsettleTransfers(world, host, region.handle)
  for (const vi of host.liveVis) {
    for (const queue of [vi.send, vi.recv]) {
      for (const item of queue.items) {
        if (item.isFinal) continue
        if (item.form.home === region) item.spoil(region.isLive ? 'unclear' : 'memory')
        if (!item.form.regions.includes(region)) continue
        if (!region.isLive) item.lose(region)
        item.isOpaque ||= region.isLive
        item.mayFail |= viaStatusBits['protection-error']
        item.isDoubtful = true
        if (vi.isReliable) vi.connection?.trouble()
      }
    }
  }
}
