// Calls on NIC handles, protection tags and error handlers: when they succeed, and what they make.
import { viaLimitAttributes, type ViaNicAttributes } from '../../vocabulary/via-attributes.ts'
import { viaDeviceUnderTest } from '../../vocabulary/via-calls.ts'
import { viaReliabilityLevels } from '../../vocabulary/via-constants.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { found, type Host, type Nic } from './host.ts'
import { codes } from './ruling.ts'
import type { World } from './world.ts'

/** A cause to refuse: the handle is NULL, or stands for nothing any more. Returns false if nothing can be said of it. */
export function wantNic(world: World, nic: Nic | null | undefined): nic is Nic | null {
  if (nic === undefined) return false
  if (!nic?.isLive) world.ruling.refuse(codes.parameter, 'VIA-NIC-011')
  return true
}

export function judgeOpenNic(world: World, host: Host, call: ViplCallOf<'VipOpenNic'>, answer: ViaReturn): Judged {
  const { ruling } = world
  const max = host.limits['via.max-nics']
  if (call.device !== viaDeviceUnderTest) ruling.refuse(codes.parameter | codes.resource, 'VIA-NIC-003')
  if (host.counts.nics >= max) ruling.refuse(codes.resource, 'VIA-NIC-004')
  if (answer.code === 'VIP_SUCCESS') {
    host.nics.set(call.as, newNic(call.as))
    host.counts.nics++
  }
  return ruling.judge(answer)
}

function newNic(name: string): Nic {
  return {
    name,
    isLive: true,
    ptags: 0,
    regions: 0,
    octets: 0,
    vis: 0,
    cqs: 0,
    handler: null,
    context: 0,
    handlerSince: 0,
    settingHandler: 0,
    hasWaited: false,
    names: 'ended',
  }
}

export function judgeCloseNic(world: World, host: Host, call: ViplCallOf<'VipCloseNic'>, answer: ViaReturn): Judged {
  const nic = found(host.nics, call.nic)
  if (!wantNic(world, nic)) return undefined
  const isUsed = nic !== null && (nic.hasWaited || nic.ptags + nic.regions + nic.vis + nic.cqs > 0)
  if (isUsed) world.ruling.permit(codes.resource)
  if (answer.code === 'VIP_SUCCESS' && nic?.isLive) {
    nic.isLive = false
    host.counts.nics--
    // No source says what becomes of what it had.
    if (isUsed) host.isLoose = true
  }
  return world.ruling.judge(answer)
}

const otherAttributes = [
  'name',
  'hardwareVersion',
  'providerVersion',
  'nicAddressLen',
  'localNicAddress',
  'threadSafe',
  'nativeMTU',
  'reliabilityLevelSupport',
  'rdmaReadSupport',
] as const

export function judgeQueryNic(world: World, host: Host, call: ViplCallOf<'VipQueryNic'>, answer: ViaReturn): Judged {
  if (!wantNic(world, found(host.nics, call.nic))) return undefined
  const judged = world.ruling.judge(answer)
  if (judged || answer.code !== 'VIP_SUCCESS') return judged
  const { nicAttributes } = answer
  if (!nicAttributes) return forbidden(['VIA-NIC-006'], `${host.name}'s VipQueryNic told no attributes`)
  return judgeNicAttributes(world, host, nicAttributes)
}

function judgeNicAttributes(world: World, host: Host, told: ViaNicAttributes): Judged {
  const wrong = (requirements: readonly string[], words: string): Judged =>
    forbidden(requirements, `${host.name}'s VipQueryNic told ${words}`)
  for (const [name, key] of viaLimitAttributes) {
    const right = host.limits[key]
    if (told[name] !== right)
      return wrong(['VIA-NIC-006', 'VIA-NIC-007'], `${name} ${told[name]}; ${right} is declared`)
  }
  const support = told.reliabilityLevelSupport
  if ((support & viaReliabilityLevels.unreliable) === 0) {
    return wrong(['VIA-NIC-010'], `levels ${support}, without the unreliable one`)
  }
  if ((support & 7) !== world.levels) return wrong(['VIA-NIC-006'], `levels ${support}; ${world.levels} are declared`)
  const reads = told.rdmaReadSupport
  if (
    world.setting.rdmaRead &&
    (reads === 0 || (reads & ~support) !== 0 || (reads & viaReliabilityLevels.unreliable) !== 0)
  ) {
    return wrong(['VIA-RDMA-024'], `RDMA read at levels ${reads}; it works at reliable levels, at one at least`)
  }
  const before = host.attributes
  host.attributes = told
  for (const name of otherAttributes) {
    if (!before || before[name] === told[name]) continue
    return wrong(['VIA-NIC-007', 'VIA-NIC-002'], `${name} ${told[name]}; it was ${before[name]}`)
  }
  return undefined
}

export function judgeCreatePtag(
  world: World,
  host: Host,
  call: ViplCallOf<'VipCreatePtag'>,
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const nic = found(host.nics, call.nic)
  if (!wantNic(world, nic)) return undefined
  const max = host.limits['via.max-ptags']
  if (nic && nic.ptags >= max) ruling.refuse(codes.resource, 'VIA-PTAG-002')
  if (host.counts.ptags >= max) ruling.permit(codes.resource)
  if (answer.code === 'VIP_SUCCESS' && nic) {
    nic.ptags++
    host.counts.ptags++
    host.ptags.set(call.as, { nic, isLive: true, users: 0 })
  }
  return ruling.judge(answer)
}

export function judgeDestroyPtag(
  world: World,
  host: Host,
  call: ViplCallOf<'VipDestroyPtag'>,
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const nic = found(host.nics, call.nic)
  const ptag = found(host.ptags, call.ptag)
  if (!wantNic(world, nic) || ptag === undefined) return undefined
  if (!ptag?.isLive) ruling.refuse(codes.parameter, 'VIA-PTAG-003')
  else if (nic && ptag.nic !== nic) ruling.refuse(~0, 'VIA-NIC-012')
  if (ptag?.isLive && ptag.users > 0) ruling.refuse(codes.resource, 'VIA-PTAG-004')
  if (answer.code === 'VIP_SUCCESS' && ptag?.isLive) {
    ptag.isLive = false
    ptag.nic.ptags--
    host.counts.ptags--
  }
  return ruling.judge(answer)
}

/** While a handler is being registered either may run. */
export function setHandler(host: Host, call: ViplCallOf<'VipErrorCallback'>): void {
  const nic = found(host.nics, call.nic)
  if (nic) nic.settingHandler++
}

export function judgeErrorCallback(
  world: World,
  host: Host,
  call: ViplCallOf<'VipErrorCallback'>,
  answer: ViaReturn,
): Judged {
  const nic = found(host.nics, call.nic)
  if (!wantNic(world, nic)) return undefined
  world.ruling.permit(codes.resource)
  if (nic) nic.settingHandler--
  if (answer.code === 'VIP_SUCCESS' && nic) {
    nic.handlerSince = world.postings++
    for (const vi of host.liveVis) if (vi.nic === nic) vi.owed.length = 0
    nic.handler = call.handler
    nic.context = call.context
  }
  return world.ruling.judge(answer)
}
