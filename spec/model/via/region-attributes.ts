// Calls that ask for the attributes of a region, and that set them.
import type { ViaMemory, ViaPlace } from '../../vocabulary/via-descriptor.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { distance, page, regionOf } from './access.ts'
import type { ViplCallOf } from './calls.ts'
import { found, hasSet, type Host, type Nic, type Region } from './host.ts'
import { wantNic } from './nics.ts'
import { refusingToSet, unsettle, wantAttributes } from './regions.ts'
import { codes } from './ruling.ts'
import type { World } from './world.ts'

const attributeNames = ['ptag', 'enableRdmaWrite', 'enableRdmaRead'] as const

export function judgeQueryMem(
  world: World,
  host: Host,
  { call, isContested }: { call: ViplCallOf<'VipQueryMem'>; isContested: boolean },
  answer: ViaReturn,
): Judged {
  const nic = found(host.nics, call.nic)
  const region = regionOf(host, call.memory)
  if (!wantNic(world, nic) || region === undefined) return undefined
  wantPair(world, host, { ...call, region, nic, requirement: 'VIA-MEM-011' })
  const judged = world.ruling.judge(answer)
  if (judged || answer.code !== 'VIP_SUCCESS' || !region?.attributes || isContested) return judged
  for (const attribute of attributeNames) {
    const told = answer.memoryAttributes?.[attribute]
    if (told === region.attributes[attribute]) continue
    const requirements = region.isChanged ? ['VIA-MEM-012', 'VIA-MEM-011'] : ['VIA-MEM-011']
    const words = `${host.name}'s VipQueryMem of ${call.memory} told ${attribute} ${told}`
    return forbidden(requirements, `${words}; it is ${region.attributes[attribute]}`)
  }
  return undefined
}

export function judgeSetMemAttributes(
  world: World,
  host: Host,
  call: ViplCallOf<'VipSetMemAttributes'>,
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const { attributes } = call
  hasSet(host, answer.code === 'VIP_SUCCESS')
  const nic = found(host.nics, call.nic)
  const region = regionOf(host, call.memory)
  if (!wantNic(world, nic) || region === undefined) return undefined
  wantPair(world, host, { ...call, region, nic, requirement: 'VIA-MEM-012' })
  const ptag = attributes ? found(host.ptags, attributes.ptag) : undefined
  if (!attributes) ruling.refuse(codes.parameter, 'VIA-MEM-016')
  else wantAttributes(world, attributes, { ptag, nic: region?.nic ?? nic, refusing: refusingToSet })
  const judged = ruling.judge(answer)
  if (!region) return judged
  region.isChanged = true
  if (answer.code === 'VIP_SUCCESS' && attributes) change(world, host, region, call)
  return judged
}

interface Pair {
  readonly at: ViaPlace
  readonly memory: ViaMemory
  readonly region: Region | null
  readonly nic: Nic | null
  readonly requirement: string
}

/** An address and a memory handle have to belong together, and to the NIC handle. */
function wantPair({ ruling }: World, host: Host, { at, region, nic, requirement }: Pair): void {
  if (region === null) return ruling.refuse(codes.parameter, requirement)
  if (nic?.isLive && region.nic !== nic)
    return ruling.refuse(codes.parameter | codes.resource | codes.ptag, 'VIA-NIC-012')
  const start = distance(host, region, at)
  if (start !== undefined && start >= 0 && start < region.bytes) return
  // A table by page may take what is near for within.
  const isFar = start !== undefined && (start <= -page || start >= region.bytes + page)
  if (isFar) ruling.refuse(codes.parameter, requirement)
  else ruling.permit(codes.parameter)
}

/** What is posted is judged by either. */
function change(world: World, host: Host, region: Region, { attributes }: ViplCallOf<'VipSetMemAttributes'>): void {
  const ptag = found(host.ptags, attributes?.ptag ?? null) ?? undefined
  if (region.ptag) region.ptag.users--
  if (ptag) ptag.users++
  region.ptag = ptag
  region.attributes = attributes
  unsettle(world, host, region)
  world.changes++
}
