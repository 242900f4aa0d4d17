// What VIPL hands out handles for: NICs, tags, regions, completion queues, VIs, connection requests; and what is posted to VIs.
import type { ViaRemoteAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViaStatusOperation } from '../../spec/vocabulary/via-constants.ts'
import type { ViaCompletionEntry, ViaQueue } from '../../spec/vocabulary/via-returns.ts'
import type { Channel } from './channel.ts'
import type { ViLife } from './states.ts'

/** A handle of the device; it owns what was made through it. */
export interface Nic {
  readonly kind: 'nic'
  readonly name: string
  alive: boolean
  handler: string | null
  context: number
}

export interface Ptag {
  readonly kind: 'ptag'
  readonly name: string
  readonly nic: Nic
  alive: boolean
}

export interface Region {
  readonly kind: 'region'
  readonly name: string
  readonly nic: Nic
  /** The memory handle. */
  readonly value: number
  readonly address: number
  readonly bytes: number
  alive: boolean
  ptag: Ptag
  enableRdmaWrite: boolean
  enableRdmaRead: boolean
}

export interface CompletionQueue {
  readonly kind: 'cq'
  readonly name: string
  readonly nic: Nic
  readonly entries: ViaCompletionEntry[]
  capacity: number
  alive: boolean
}

/** A request that VipConnectWait has handed out. */
export interface ConnectionRequest {
  readonly kind: 'connection'
  readonly name: string
  readonly nic: Nic
  readonly node: number
  /** The client's channel. */
  readonly channel: number
  readonly attributes: ViaRemoteAttributes
  /** Not answered yet. */
  alive: boolean
  /** The client has given up. */
  gone: boolean
}

/** Attributes as granted. */
export interface Granted {
  readonly reliabilityLevel: number
  readonly maxTransferSize: number
  readonly qos: number
  readonly ptag: Ptag
  readonly enableRdmaWrite: boolean
  readonly enableRdmaRead: boolean
}

export interface Vi {
  readonly kind: 'vi'
  readonly name: string
  readonly nic: Nic
  readonly send: WorkQueue
  readonly recv: WorkQueue
  alive: boolean
  state: ViLife
  attributes: Granted
  /** The connection, or what is to become one. */
  channel: Channel | undefined
}

export interface WorkQueue {
  readonly queue: ViaQueue
  readonly cq: CompletionQueue | undefined
  /** Descriptors until the consumer has taken them back, in the order in which they were posted. */
  readonly postings: Posting[]
}

/** A buffer of a descriptor. */
export interface Segment {
  readonly address: number
  readonly handle: number
  readonly bytes: number
}

/** The place at the other end of an RDMA operation. */
export type Target = Pick<Segment, 'address' | 'handle'>

/** What goes out as one message: a descriptor of the send queue, or the answer to a read of the peer. */
export interface Shipment {
  readonly vi: Vi
  /** Of its frames. */
  kind: number
  segments: readonly Segment[]
  /** Sum of its segments. */
  total: number
  target: Target | undefined
  control: number
  /** Of an answer: the message that it answers. */
  immediate: number
  /** Where it stands in its channel, and what is wrong with it. */
  message: number
  firstSequence: number
  frames: number
  failure: number
}

/**
 * A descriptor that was posted. `posted`: untouched; `active`: the NIC works on it; `complete`: its status is still to be
 * written; `done`: the consumer may take it.
 */
export interface Posting extends Shipment {
  readonly queue: WorkQueue
  readonly address: number
  readonly handle: number
  /** The link as it was when posted. */
  readonly next: number
  readonly nextHandle: number
  state: 'posted' | 'active' | 'complete' | 'done'
  /** The NIC knows of it. */
  rung: boolean
  /** Of an RDMA read: its data is in memory. */
  isAnswered: boolean
  /** What its completion says. */
  operation: ViaStatusOperation
  status: number
  length: number
}

/** Whatever a handle may stand for. */
export type ViaObject = Nic | Ptag | Region | CompletionQueue | ConnectionRequest | Vi
