// A host of the world with the objects that its program has made: NIC handles, protection tags, regions and completion queues.
import type { Configuration } from '../../vocabulary/endpoint.ts'
import type { NodeIndex } from '../../vocabulary/units.ts'
import { viaDefaults, type ViaMemoryAttributes, type ViaNicAttributes } from '../../vocabulary/via-attributes.ts'
import type { Buffer } from '../memory.ts'
import type { Armed } from './arming.ts'
import type { Invitation } from './connection.ts'
import type { Descriptor } from './descriptor.ts'
import type { Vi } from './vi.ts'

/** What the implementation declares that it has of each thing. */
export type Limits = Readonly<Record<keyof typeof viaDefaults, number>>

export interface Nic {
  readonly name: string
  isLive: boolean
  ptags: number
  regions: number
  octets: number
  vis: number
  cqs: number
  /** The handler of asynchronous errors: `null` for the default one. */
  handler: string | null
  context: number
  /** When it was registered, in the order of postings, and calls that are registering one just now. */
  handlerSince: number
  settingHandler: number
  /** Somebody has waited for a connection with it: the wait, or the request that it handed out, may live on. */
  hasWaited: boolean
  /** Whether its name service is started; `again`: more than once, so that what one end of it does is open (Q43). */
  names: 'ended' | 'started' | 'again' | 'unclear'
}

export interface Ptag {
  readonly nic: Nic
  isLive: boolean
  /** VIs and regions that have it. */
  users: number
}

export interface Region {
  readonly nic: Nic
  readonly buffer: Buffer | undefined
  /** From the buffer's first octet. */
  readonly offset: number
  readonly bytes: number
  ptag: Ptag | undefined
  isLive: boolean
  /** `null`: it was registered with NULL. */
  attributes: ViaMemoryAttributes | null
  /** Attributes were to be set. */
  isChanged: boolean
  /** What the implementation handed out. */
  readonly handle: number
  readonly address: string
}

export interface Cq {
  readonly nic: Nic
  isLive: boolean
  /** Work queues of VIs. */
  users: number
  entryCount: number
  /** By which requirements it is as it was, since it was resized, or was not. */
  readonly resized: Set<string>
  /** A handler was given an entry. */
  wasHanded: boolean
  /** It may have overflowed: nothing more is said of what is on it. */
  isLoose: boolean
  /** Handlers that take entries, in the order of arming. */
  readonly armed: Armed[]
  /** Calls that are taking an entry just now. */
  takers: number
}

/** A buffer with the descriptors that were written in it. */
export interface ViaBuffer extends Buffer {
  /** By their place in the buffer, the latest of each. */
  readonly descriptors: Map<number, Descriptor>
  /** Address of its first octet, once a registration has told it. */
  address: number | undefined
}

export class Host {
  readonly node: NodeIndex
  readonly name: string
  readonly limits: Limits
  readonly nics = new Map<string, Nic>()
  readonly ptags = new Map<string, Ptag>()
  readonly regions = new Map<string, Region>()
  readonly cqs = new Map<string, Cq>()
  readonly vis = new Map<string, Vi>()
  readonly invitations = new Map<string, Invitation>()
  readonly descriptors = new Map<string, Descriptor>()
  readonly buffers = new Map<string, ViaBuffer>()
  /** VIs that exist, whatever their names stand for by now. */
  readonly liveVis: Vi[] = []
  /** How many of each there are, over all NIC handles. */
  readonly counts = { nics: 0, ptags: 0, regions: 0, octets: 0, vis: 0, cqs: 0 }
  /** As VipQueryNic told them last. */
  attributes: ViaNicAttributes | undefined = undefined
  /** A descriptor was written where one had been posted before. */
  reusesPlaces = false
  /** Calls that do not block and have not been answered. */
  quick = 0
  /** Those of them that set attributes, and whether such met. */
  setting = 0
  settingsMet = false
  /** Something that the model does not follow may write to its memory. */
  isMemoryLoose = false
  /** The NIC has failed, or was closed with all that it had: nothing more is said of this host. */
  isLoose = false

  constructor(node: NodeIndex, name: string, configuration: Configuration) {
    this.node = node
    this.name = name
    this.limits = { ...viaDefaults, ...configuration }
  }

  reset(): void {
    this.nics.clear()
    this.ptags.clear()
    this.regions.clear()
    this.cqs.clear()
    this.vis.clear()
    this.invitations.clear()
    this.descriptors.clear()
    this.buffers.clear()
    this.liveVis.length = 0
    const { counts } = this
    counts.nics = counts.ptags = counts.regions = counts.octets = counts.vis = counts.cqs = 0
    this.attributes = undefined
    this.reusesPlaces = false
    this.quick = 0
    this.setting = 0
    this.settingsMet = false
    this.isMemoryLoose = false
    this.isLoose = false
  }
}

/** A call that sets attributes is answered. If another went on meanwhile, which of them was the last is open. */
export function hasSet(host: Host, isWell: boolean): void {
  host.setting--
  if (isWell && host.settingsMet) host.isLoose = true
  if (host.setting === 0) host.settingsMet = false
}

/** What a handle stands for: `null` for the NULL handle, undefined for a name that was never bound. */
export function found<Thing>(things: ReadonlyMap<string, Thing>, handle: string | null): Thing | null | undefined {
  return handle === null ? null : things.get(handle)
}
