// Where RDMA of a drawn program goes: places at the other end that permit it, and such that do not.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Range } from '../../../spec/vocabulary/memory.ts'
import type { ViaMemoryAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViaRemotePlace } from '../../../spec/vocabulary/via-descriptor.ts'
import { descriptorPool } from '../../plan/read/via/descriptors.ts'
import { pick } from '../drawn.ts'
import { otherTag } from './host.ts'
import type { LinkEnd } from './links.ts'
import { deregistering, page } from './regions.ts'
import type { Script } from './script.ts'
import { registerMem, setMemAttributes } from './vipl-calls.ts'

/** What RDMA does at the other end. */
export type RdmaKind = 'rdma-write' | 'rdma-read'

/** A place at the other end, and what becomes of it once the operation is posted. */
export interface Target {
  /** Undefined: the descriptor names none, and has no segment at all. */
  readonly remote: ViaRemotePlace | undefined
  /** Its octets; undefined where there are none that could be named. */
  readonly range: Range | undefined
  readonly afterwards?: () => void
}

/** Octets of a region on either side of what is meant. */
export const margin = 24

/** A place for so many octets, in a region of its own. */
export function targetFor(
  script: Script,
  end: LinkEnd,
  { op, bytes, kind }: { op: RdmaKind; bytes: number; kind: number },
): Target {
  const isWrite = op === 'rdma-write'
  const rights = { enableRdmaWrite: isWrite, enableRdmaRead: !isWrite }
  const region = (given: Partial<RegionAsked> = {}): Region =>
    regionOf(script, end, { bytes, before: margin, behind: margin, isWrite, ...rights, ...given })
  return pick(targets, kind)({ script, end, bytes, rights, region })
}

/** What a place is made from. */
interface TargetMeans {
  readonly script: Script
  readonly end: LinkEnd
  readonly bytes: number
  /** Those that the operation needs. */
  readonly rights: Rights
  /** A region that has them, with a margin on either side, unless something else is asked. */
  readonly region: (given?: Partial<RegionAsked>) => Region
}

export const noRights: Rights = { enableRdmaWrite: false, enableRdmaRead: false }

/** The first are those that permit it. */
const targets: readonly ((means: TargetMeans) => Target)[] = [
  ({ region }) => region().at(margin),
  // Not an octet more than is used.
  ({ region }) => region({ before: 0, behind: 0 }).at(0),
  // At an odd address.
  ({ region }) => region({ before: 5 }).at(5),
  // Far behind the region.
  ({ region, bytes }) => region({ behind: 2 * page + bytes, registered: bytes + margin }).at(bytes + margin + page),
  // Without a right.
  ({ region }) => region(noRights).at(margin),
  // The right to the other of the two.
  ({ region, rights: { enableRdmaWrite, enableRdmaRead } }) =>
    region({ enableRdmaWrite: !enableRdmaWrite, enableRdmaRead: !enableRdmaRead }).at(margin),
  // Under another tag.
  ({ script, end, region }) => {
    script.host(end.node).hasOtherTag = true
    return region({ ptag: otherTag }).at(margin)
  },
  // Given up before.
  ({ script, end, region }) => {
    const gone = region()
    script.call(end.node, gone.deregistering)
    return gone.at(margin)
  },
  // Given up once it is posted.
  ({ script, end, region }) => {
    const going = region()
    return { ...going.at(margin), afterwards: () => script.call(end.node, going.deregistering) }
  },
  // It begins in the region, and ends far behind it.
  ({ region, bytes }) => region({ behind: page + margin, registered: Math.max(1, bytes >> 1) }).at(0),
  // The handle of other memory.
  ({ script, end, region }) => {
    script.host(end.node).needs(descriptorPool)
    const { remote, range } = region().at(margin)
    const handleOf = { node: end.node, memory: `${descriptorPool}${end.nic.suffix}` }
    return { range, remote: remote && { ...remote, handleOf } }
  },
  // Rights are given afterwards.
  ({ script, end, region, rights }) => {
    const later = region(noRights)
    script.call(end.node, later.setting(rights))
    return later.at(margin)
  },
  // And taken away again.
  ({ script, end, region }) => {
    const later = region()
    script.call(end.node, later.setting(noRights))
    return later.at(margin)
  },
  // No place is named.
  ({ region }) => ({ ...region().at(margin), remote: undefined }),
]

/** How many kinds of places there are. */
export const targetKinds = targets.length

type Rights = Omit<ViaMemoryAttributes, 'ptag'>

export interface RegionAsked extends Rights {
  readonly bytes: number
  readonly before: number
  readonly behind: number
  /** Octets that are registered; all unless said. */
  readonly registered: number | undefined
  readonly isWrite: boolean
  readonly ptag: string | undefined
}

export interface Region {
  /** The place that begins so many octets behind its start. */
  readonly at: (offset: number) => Target
  readonly deregistering: CallBody
  readonly setting: (rights: Rights) => CallBody
}

export function regionOf(
  script: Script,
  end: LinkEnd,
  asked: Omit<RegionAsked, 'registered' | 'ptag'> & Partial<RegionAsked>,
): Region {
  const { bytes, before, behind, isWrite, ptag = end.nic.ptag, enableRdmaWrite, enableRdmaRead } = asked
  const whole = Math.max(1, before + bytes + behind)
  // What is written stands out from what was there, and what is read is known.
  const { buffer, offset } = script.host(end.node).take(isWrite ? 'in' : 'out', whole)
  const as = script.fresh('r')
  const start = { buffer, offset }
  const { nic } = end.nic
  const attributes = { ptag, enableRdmaWrite, enableRdmaRead }
  script.call(end.node, registerMem(as, { ...start, bytes: asked.registered ?? whole }, attributes, nic))
  const name = { node: end.node, memory: as }
  return {
    at: (from) => ({
      remote: { address: '0'.repeat(16), handle: 0, offset: from, addressOf: name, handleOf: name },
      range: bytes > 0 ? { buffer, offset: offset + from, bytes } : undefined,
    }),
    deregistering: deregistering(end, { at: start, memory: as }),
    setting: (rights) => setMemAttributes(as, start, { ptag, ...rights }, nic),
  }
}
