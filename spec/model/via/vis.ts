// Calls that make a VI, ask about it, change it and give it up.
import type { ViaViAttributes } from '../../vocabulary/via-attributes.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { found, hasSet, type Cq, type Host, type Nic, type Ptag } from './host.ts'
import { wantNic } from './nics.ts'
import { closePeer, judgePeerState, requirementsOfPeer, seePeerState } from './peering.ts'
import { wantPtag } from './regions.ts'
import { codes } from './ruling.ts'
import { confirm } from './silence.ts'
import { bitOfState, states, Vi, type WorkQueue } from './vi.ts'
import type { World } from './world.ts'

/** A cause to refuse: the handle is NULL, or stands for nothing any more. Returns false if nothing can be said of it. */
export function wantVi(world: World, vi: Vi | null | undefined): vi is Vi | null {
  if (vi === undefined) return false
  if (!vi?.isLive) world.ruling.refuse(codes.parameter, 'VIA-VI-019')
  return true
}

export function judgeCreateVi(world: World, host: Host, call: ViplCallOf<'VipCreateVi'>, answer: ViaReturn): Judged {
  const { ruling } = world
  const { attributes } = call
  const nic = found(host.nics, call.nic)
  const sendCq = found(host.cqs, call.sendCq)
  const recvCq = found(host.cqs, call.recvCq)
  if (!wantNic(world, nic) || sendCq === undefined || recvCq === undefined) return undefined
  const ptag = attributes ? found(host.ptags, attributes.ptag) : undefined
  if (attributes) wantAttributes(world, host, attributes, { ptag, nic, refusing: refusingToMake })
  else ruling.permit(codes.parameter)
  for (const cq of [sendCq, recvCq]) wantCq(world, cq, nic)
  const max = host.limits['via.max-vis']
  if (nic && nic.vis >= max) ruling.refuse(codes.resource, 'VIA-VI-007')
  if (host.counts.vis >= max) ruling.permit(codes.resource)
  if (answer.code === 'VIP_SUCCESS' && nic && attributes) {
    const vi = new Vi(host, nic, { name: call.as, attributes })
    vi.ptag = ptag ?? undefined
    vi.send.cq = sendCq ?? undefined
    vi.recv.cq = recvCq ?? undefined
    addVi(host, vi)
  } else if (answer.code === 'VIP_SUCCESS') {
    // A VI that the model cannot know.
    host.isLoose = true
  }
  return ruling.judge(answer)
}

function addVi(host: Host, vi: Vi): void {
  vi.nic.vis++
  host.counts.vis++
  if (vi.ptag) vi.ptag.users++
  if (vi.send.cq) vi.send.cq.users++
  if (vi.recv.cq) vi.recv.cq.users++
  host.vis.set(vi.name, vi)
  host.liveVis.push(vi)
}

function wantCq({ ruling }: World, cq: Cq | null, nic: Nic | null): void {
  if (cq === null) return
  if (!cq.isLive) ruling.refuse(codes.parameter, 'VIA-CQ-019')
  else if (cq.nic !== nic) ruling.refuse(~0, 'VIA-NIC-012')
}

/** By which requirements bad attributes are refused. */
interface Refusing {
  readonly level: string
  readonly absentLevel: string
  readonly size: string
  readonly stalePtag: readonly string[]
  readonly noPtag: string
  readonly rdmaRead: string
}

const refusingToMake: Refusing = {
  level: 'VIA-VI-004',
  absentLevel: 'VIA-VI-003',
  size: 'VIA-VI-005',
  stalePtag: ['VIA-VI-006', 'VIA-PTAG-003'],
  noPtag: 'VIA-PTAG-007',
  rdmaRead: 'VIA-MEM-014',
}

/** Attributes are checked when set as when the VI is made. */
const refusingToSet: Refusing = {
  level: 'VIA-VI-016',
  absentLevel: 'VIA-VI-016',
  size: 'VIA-VI-016',
  stalePtag: ['VIA-VI-016', 'VIA-PTAG-003'],
  noPtag: 'VIA-VI-016',
  rdmaRead: 'VIA-VI-016',
}

function wantAttributes(
  world: World,
  host: Host,
  attributes: ViaViAttributes,
  { ptag, nic, refusing }: { ptag: Ptag | null | undefined; nic: Nic | null; refusing: Refusing },
): void {
  const { ruling, levels } = world
  const { reliabilityLevel: level, maxTransferSize: most } = attributes
  const isOne = level !== 0 && (level & (level - 1)) === 0
  if (!isOne) ruling.refuse(codes.level, refusing.level)
  else if ((level & levels) === 0) ruling.refuse(codes.level, refusing.absentLevel)
  if (most === 0 || most > host.limits['via.max-transfer']) ruling.refuse(codes.mtu, refusing.size)
  if (attributes.qos !== 0) ruling.permit(codes.qos)
  wantPtag(world, ptag, nic, { stale: refusing.stalePtag, none: refusing.noPtag })
  if (!attributes.enableRdmaRead) return
  if (!world.setting.rdmaRead) ruling.refuse(codes.rdmaRead, refusing.rdmaRead)
  else ruling.permit(codes.rdmaRead)
}

export function judgeDestroyVi(world: World, host: Host, call: ViplCallOf<'VipDestroyVi'>, answer: ViaReturn): Judged {
  const { ruling } = world
  const vi = found(host.vis, call.vi)
  if (!wantVi(world, vi)) return undefined
  if (vi?.isLive) wantDestroyable(world, vi)
  if (answer.code === 'VIP_SUCCESS' && vi?.isLive) {
    removeVi(host, vi)
    closePeer(world, vi)
  }
  return ruling.judge(answer)
}

function wantDestroyable({ ruling }: World, vi: Vi): void {
  const refusals = codes.state | codes.resource
  if (vi.isLoose) return ruling.permit(refusals)
  if (!vi.may(states.idle)) ruling.refuse(refusals, 'VIA-VI-009')
  else if (vi.states !== states.idle) ruling.permit(refusals)
  for (const { items, armed } of [vi.send, vi.recv]) {
    if (items.some(({ isGhost }) => !isGhost) && armed.length === 0) ruling.refuse(refusals, 'VIA-VI-010')
    else if (items.some(({ isVanished }) => !isVanished)) ruling.permit(refusals)
    if (items.some(({ isVanished }) => isVanished)) ruling.blame(refusals, 'VIA-ERR-021')
  }
}

function removeVi(host: Host, vi: Vi): void {
  vi.isLive = false
  vi.nic.vis--
  host.counts.vis--
  if (vi.ptag) vi.ptag.users--
  if (vi.send.cq) vi.send.cq.users--
  if (vi.recv.cq) vi.recv.cq.users--
  for (const { items } of [vi.send, vi.recv]) for (const item of items) item.isOutstanding = false
  vi.connection?.trouble()
  host.liveVis.splice(host.liveVis.indexOf(vi), 1)
}

export function judgeQueryVi(
  world: World,
  host: Host,
  { call, isContested }: { call: ViplCallOf<'VipQueryVi'>; isContested: boolean },
  answer: ViaReturn,
): Judged {
  const vi = found(host.vis, call.vi)
  if (!wantVi(world, vi)) return undefined
  const judged = world.ruling.judge(answer)
  if (judged || answer.code !== 'VIP_SUCCESS' || !vi?.isLive || isContested) return judged
  if (vi.isLoose) return judgePeerState(world, vi, answer)
  return (
    judgeState(world, vi, answer) ??
    judgeAttributes(vi, answer) ??
    judgeEmpty(vi.send, answer.sendQueueEmpty) ??
    judgeEmpty(vi.recv, answer.recvQueueEmpty)
  )
}

const stateNames = ['idle', 'connected', 'connect-pending', 'error'] as const

function judgeState(world: World, vi: Vi, { state }: ViaReturn): Judged {
  const bit = state === undefined || state === 'unknown' ? 0 : bitOfState(state)
  if ((vi.states & bit) === 0) {
    const right = stateNames.filter((name) => vi.may(bitOfState(name))).join(' or ')
    const words = `${vi.host.name}'s VipQueryVi told that ${vi.name} is ${state}; it is ${right}`
    return forbidden([...requirementsOfPeer(vi, state), ...requirementsOfState(vi)], words)
  }
  if (vi.states === bit && world.affirmed.isWanted) world.affirmed.right(...requirementsOfOnly(vi))
  if (bit === states.error) vi.seeError()
  const peering = seePeerState(world, vi, state)
  // A connection that is in trouble may still break.
  if (bit === states.connected) confirm(vi)
  if (bit === states.connected && vi.states === (states.connected | states.error)) return undefined
  if (!vi.request && peering === 'settled' && bit !== states.connected) vi.states = bit
  return undefined
}

/** By which requirements it is in the one state in which it can be; attributes and queues are told beside it (VI-012). */
function requirementsOfOnly(vi: Vi): readonly string[] {
  return [...requirementsOfPeer(vi, undefined), ...requirementsOfState(vi)].filter((each) => each !== 'VIA-VI-012')
}

/** By which requirements it can only be in the states in which it is. */
function requirementsOfState(vi: Vi): readonly string[] {
  switch (vi.states) {
    case states.idle:
      return ['VIA-VI-012', 'VIA-DISC-001', 'VIA-CON-024', 'VIA-CON-014', 'VIA-CON-019', 'VIA-CON-028']
    case states.connected:
      return ['VIA-VI-012', 'VIA-CON-001', 'VIA-VI-020', 'VIA-REL-016']
    case states.pending:
      return ['VIA-CON-023', 'VIA-VI-012']
    case states.error:
      return ['VIA-VI-012', 'VIA-DISC-002', 'VIA-DISC-005', 'VIA-ERR-009', 'VIA-REL-015']
    default:
      return ['VIA-VI-012']
  }
}

const attributeNames = [
  'reliabilityLevel',
  'maxTransferSize',
  'qos',
  'ptag',
  'enableRdmaWrite',
  'enableRdmaRead',
] as const

function judgeAttributes(vi: Vi, { viAttributes: told }: ViaReturn): Judged {
  const { attributes, host, name } = vi
  for (const attribute of attributeNames) {
    if (told?.[attribute] === attributes[attribute]) continue
    const words = `${host.name}'s VipQueryVi told that ${name} has ${attribute} ${told?.[attribute]}`
    const requirements = vi.settings.size > 0 ? [...vi.settings] : ['VIA-VI-002', 'VIA-VI-012']
    return forbidden(requirements, `${words}; it was made with ${attributes[attribute]}, or given that`)
  }
  return undefined
}

function judgeEmpty({ items, kind, vi, takers, armed, isLoose }: WorkQueue, isEmpty: boolean | undefined): Judged {
  if (takers + armed.length > 0 || isLoose || items.some(({ isGhost }) => isGhost)) return undefined
  if (isEmpty === (items.length === 0)) return undefined
  const words = `${vi.host.name}'s VipQueryVi told that the ${kind} queue of ${vi.name} is`
  return forbidden(['VIA-VI-013'], `${words} ${isEmpty ? '' : 'not '}empty; it has ${items.length} descriptors`)
}

export function judgeSetViAttributes(
  world: World,
  host: Host,
  { call, wasIdle }: { call: ViplCallOf<'VipSetViAttributes'>; wasIdle: boolean },
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  hasSet(host, answer.code === 'VIP_SUCCESS')
  const { attributes } = call
  const vi = found(host.vis, call.vi)
  if (!wantVi(world, vi)) return undefined
  const ptag = attributes ? found(host.ptags, attributes.ptag) : undefined
  if (!attributes) ruling.refuse(codes.parameter, 'VIA-VI-016')
  else if (vi?.isLive) wantAttributes(world, host, attributes, { ptag, nic: vi.nic, refusing: refusingToSet })
  if (vi?.isLive) wantIdle(world, vi, wasIdle)
  const judged = ruling.judge(answer)
  if (!vi?.isLive) return judged
  vi.settings.add(requirementOfSetting(answer))
  if (answer.code === 'VIP_SUCCESS' && attributes) change(world, vi, attributes, ptag ?? undefined)
  return judged
}

/** By which requirement attributes are others, or what they were, behind a call that was to set them. */
function requirementOfSetting({ code }: ViaReturn): string {
  if (code === 'VIP_SUCCESS') return 'VIA-VI-014'
  return code === 'VIP_INVALID_STATE' ? 'VIA-VI-015' : 'VIA-VI-016'
}

/** It must have been idle at some time while the call went on. */
function wantIdle({ ruling }: World, vi: Vi, wasIdle: boolean): void {
  if (vi.isLoose) ruling.permit(codes.state)
  else if (!wasIdle && !vi.may(states.idle)) ruling.refuse(codes.state, 'VIA-VI-015')
  else if (!wasIdle || vi.states !== states.idle) ruling.permit(codes.state)
}

/** Attributes change; what is posted is judged by either, and so is a connection that was begun meanwhile. */
function change(world: World, vi: Vi, attributes: ViaViAttributes, ptag: Ptag | undefined): void {
  if (vi.states !== states.idle) vi.isLoose = true
  if (vi.ptag) vi.ptag.users--
  if (ptag) ptag.users++
  vi.ptag = ptag
  vi.attributes = attributes
  for (const { items } of [vi.send, vi.recv]) for (const item of items) item.isOpaque = true
  world.changes++
}
