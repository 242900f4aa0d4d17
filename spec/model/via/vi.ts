// A VI with its two work queues, and what was posted on them.
import type { ViaViAttributes } from '../../vocabulary/via-attributes.ts'
import { viaReliabilityLevels, type ViaErrorCode, type ViaState } from '../../vocabulary/via-constants.ts'
import type { ViaQueue } from '../../vocabulary/via-returns.ts'
import type { MessageOctets, Piece } from '../memory.ts'
import type { Armed } from './arming.ts'
import type { Connection, ConnectionRequest } from './connection.ts'
import type { Descriptor } from './descriptor.ts'
import type { Cq, Host, Nic, Ptag, Region } from './host.ts'
import type { PeerRequest } from './pairs.ts'
import type { Rdma, Transfer } from './rdma.ts'

/** States of a VI as a set: those in which it may be. */
export const states = { idle: 1, connected: 2, pending: 4, error: 8 } as const

const stateBits: Readonly<Record<ViaState, number>> = {
  idle: states.idle,
  connected: states.connected,
  'connect-pending': states.pending,
  error: states.error,
}

export function bitOfState(state: ViaState): number {
  return stateBits[state]
}

export class Vi {
  readonly host: Host
  readonly nic: Nic
  readonly name: string
  attributes: ViaViAttributes
  ptag: Ptag | undefined
  isLive = true
  /** It was connected, or is written to, by means that the model does not follow. */
  isLoose = false
  /** By which requirements its attributes are what they are, since they were to be set; none: never. */
  readonly settings = new Set<string>()
  /** In which states it may be. */
  states: number = states.idle
  readonly send: WorkQueue
  readonly recv: WorkQueue
  /** The connection that it has, or may have. */
  connection: Connection | undefined = undefined
  /** Its request for a peer, if that was the last connection that it asked for. */
  peer: PeerRequest | undefined = undefined
  /** Its request for a connection that has not been answered. */
  request: ConnectionRequest | undefined = undefined
  /** Calls of VipDisconnect, VipConnectAccept and VipConnectPeerRequest that have not been answered. */
  leaving = 0
  accepting = 0
  peering = 0
  /** Calls so far that connect it, or end that. */
  moves = 0
  /** It was seen to be in error, so that what is posted is being flushed. */
  isFlushing = false
  /** Postings that may be reported as not valid, and postings beyond the room of a queue. */
  badPostings = 0
  overruns = 0
  /** Errors of it that were told, and those of a descriptor that could not be used. */
  heard = 0
  heardBad = 0
  /** Errors that its handler must be told of before the world comes to rest. */
  owed: ViaErrorCode[] = []
  /** A descriptor was posted on it of which nothing is known. */
  hadOpaque = false

  constructor(host: Host, nic: Nic, made: { name: string; attributes: ViaViAttributes }) {
    this.host = host
    this.nic = nic
    this.name = made.name
    this.attributes = made.attributes
    this.ptag = undefined
    this.send = new WorkQueue(this, 'send')
    this.recv = new WorkQueue(this, 'recv')
  }

  get isReliable(): boolean {
    return this.attributes.reliabilityLevel !== viaReliabilityLevels.unreliable
  }

  get isReception(): boolean {
    return this.attributes.reliabilityLevel === viaReliabilityLevels['reliable-reception']
  }

  may(set: number): boolean {
    return (this.states & set) !== 0
  }

  /** It may do RDMA of which nobody knows to where: what that touches here and at its peer is not judged any more. */
  loosen(): void {
    this.isLoose = this.host.isMemoryLoose = true
    const peer = this.connection?.peerOf(this)
    if (peer) peer.isLoose = peer.host.isMemoryLoose = true
  }

  queue(which: ViaQueue): WorkQueue {
    return which === 'send' ? this.send : this.recv
  }

  /** Something may have flushed what is outstanding. */
  mayFlush(): void {
    this.send.mayFlush()
    this.recv.mayFlush()
  }

  /** All that is outstanding has completed, by these requirements. */
  mustComplete(requirements: readonly string[]): void {
    this.send.mustComplete(Infinity, requirements)
    this.recv.mustComplete(Infinity, requirements)
  }

  /** It is in error: what is posted comes back, and only VipDisconnect leads out (FLUSH-005, DISC-005). */
  seeError(): void {
    this.states = states.error
    this.mayFlush()
    this.isFlushing = true
  }

  /** It may be in error from now on. */
  mayBreak(): void {
    this.states |= states.error
    this.mayFlush()
  }
}

export class WorkQueue {
  readonly vi: Vi
  readonly kind: ViaQueue
  cq: Cq | undefined = undefined
  /** What was posted and not taken, in the order of posting. */
  readonly items: Posting[] = []
  /** How many descriptors were taken, and how many entries of the completion queue. */
  taken = 0
  entries = 0
  /** Calls that are taking a descriptor just now. */
  takers = 0
  /** Handlers that take descriptors, in the order of arming. */
  readonly armed: Armed[] = []
  /** What takes descriptors is not followed. */
  isLoose = false
  /** A descriptor of it has come back with an error that is not that of a flush. */
  hasFailed = false
  /** A descriptor left it without being handed out, and what it took is not known. */
  hasLost = false

  constructor(vi: Vi, kind: ViaQueue) {
    this.vi = vi
    this.kind = kind
  }

  mayFlush(): void {
    for (const item of this.items) if (!item.isFinal) item.mayFlush = true
  }

  /** The first `count` must be complete, by these requirements. */
  mustComplete(count: number, requirements: readonly string[]): void {
    for (let i = 0; i < this.items.length && i < count; i++) {
      const item = this.items[i]
      if (!item || item.isGhost || !item.isAccepted) continue
      item.due ??= item.mustFlush ?? requirements
      // What has completed before anything can have flushed it is not flushed any more (DISC-006).
      if (!item.mayFlush) item.isFinal = true
    }
  }

  /** How many at the front must be complete. */
  get dueCount(): number {
    let count = 0
    for (const item of this.items) {
      if (item.isGhost || !item.due) break
      count++
    }
    return count
  }

  remove(item: Posting): void {
    const place = this.items.indexOf(item)
    if (place >= 0) this.items.splice(place, 1)
  }
}

/** What is known of a descriptor when it is posted. */
export interface Form {
  /** Bits of errors of its own that it may complete with. */
  readonly mayFail: number
  /** Requirements by which it cannot complete well, and the bits of those errors; none if it can. */
  readonly mustFail: readonly string[]
  readonly mustFailBits: number
  /** Whether it lies where the provider can use it. */
  readonly place: 'right' | 'unclear' | 'foreign' | 'wrong'
  readonly pieces: readonly Piece[]
  readonly bytes: number
  readonly hasImmediate: boolean
  readonly immediate: number
  /** It waits for the reads before it. */
  readonly hasFence: boolean
  readonly rdma: Rdma | undefined
  readonly regions: readonly Region[]
  /** The region that it was posted with. */
  readonly home: Region | undefined
  /** A send in a region whose protection tag was not that of its VI, which cannot change while it is outstanding. */
  readonly isOfOtherTag: boolean
  /** Nothing is known of what it does. */
  readonly isOpaque: boolean
}

/** A descriptor that was posted; on a send queue it is also its message. */
export class Posting implements MessageOctets {
  readonly queue: WorkQueue
  readonly descriptor: Descriptor
  readonly serial: number
  readonly form: Form
  readonly bytes: number
  readonly pieces: readonly Piece[]
  readonly depths: readonly number[]
  steady = true
  mayFail: number
  isOpaque: boolean
  isAccepted = false
  /** It may be on the queue or not. */
  isGhost = false
  /** Another thread posted at the same time: which came first is open. */
  isCrossed = false
  /** It is on the queue, or was until it came back. */
  isOutstanding = true
  mayFlush = false
  /** It can only have been flushed, by these requirements. */
  mustFlush: readonly string[] | undefined = undefined
  /** It must be complete, by these requirements. */
  due: readonly string[] | undefined = undefined
  /** It was complete when nothing had flushed it, so that nothing can any more. */
  isFinal = false
  /** Status as it was seen complete. */
  status: number | undefined = undefined
  /** Status as it was seen when that of an earlier one was not known, so that which message it took is open. */
  glimpse: number | undefined = undefined
  /** The connection whose message it is, or from which a receive took one at the latest. */
  connection: Connection | undefined = undefined
  /** Its RDMA, if it has begun. */
  transfer: Transfer | undefined = undefined
  /** A message that may never have been sent, or found no receive. */
  isDoubtful = false
  isServed = false
  /** Sent at a reliable level to a receive that takes it, whatever may befall its frames. */
  isFitting = false
  /** Its VI was connected for certain when it was posted, and nothing had troubled the connection. */
  isSure = false
  /** What was done to it while it was a receive that nothing can have completed, and what had been told of bad descriptors then. */
  spoiled: 'link' | 'memory' | undefined = undefined
  spoiledAt = 0
  /** The region of all its data segments, which was deregistered when no message can have come for it. */
  lost: Region | undefined = undefined
  /** Its memory had gone when its VI was disconnected: it has left its queue (ERR-021). */
  isVanished = false
  /** When in the order of postings its VI was disconnected: it has come back by then, unless it was posted meanwhile. */
  parted: { readonly at: number; readonly isSure: boolean } | undefined = undefined
  /** A receive that holds its message, or else its connection is broken. */
  owedBy: Connection | undefined = undefined
  /** A receive whose message is in memory, since its send says so (REL-011). */
  isLanded = false
  /** No receive was posted when it was sent, nor since. */
  isUnserved = false
  /** Its loss was reported. */
  isReported = false
  /** A receive took it, or it is lost. */
  isGone = false

  constructor(queue: WorkQueue, descriptor: Descriptor, form: Form, serial: number) {
    this.queue = queue
    this.descriptor = descriptor
    this.form = form
    this.serial = serial
    this.bytes = form.bytes
    this.pieces = form.pieces
    this.mayFail = form.mayFail
    this.isOpaque = form.isOpaque
    this.depths = queue.kind === 'send' ? form.pieces.map(({ buffer }) => buffer.layers.length) : []
  }

  /** Whether a receive of the peer is used up for it: a send, or an RDMA write with immediate data (RDMA-004, RDMA-005). */
  get takesReceive(): boolean {
    const { rdma, hasImmediate } = this.form
    return rdma === undefined || (rdma.kind === 'write' && hasImmediate)
  }

  /** Its octets go where an address segment says, and not into a receive. */
  get isWrite(): boolean {
    return this.form.rdma?.kind === 'write'
  }

  /**
   * Its link is changed, or its memory goes: how it completes is open, and so is what becomes of its VI (ERR-021, Q2).
   * `unclear`: whether it is spoiled is open as well.
   */
  spoil(how: 'link' | 'memory' | 'unclear'): void {
    const { vi } = this.queue
    if (how !== 'unclear' && this.isUntouched) {
      this.spoiled = how
      this.spoiledAt = vi.heardBad
    } else if (this.spoiled === 'link') this.spoiled = undefined
    this.isOpaque = this.isGhost = this.isDoubtful = true
    vi.badPostings++
    vi.mayBreak()
    if (this.spoiled) vi.connection?.troubleBySpoiled()
    else vi.connection?.trouble()
  }

  /** A region that its data segments name is not registered any more (MEM-008). */
  lose(region: Region): void {
    if (this.isUntouched && this.form.regions.every((each) => each === region)) this.lost = region
  }

  /** Something else may be written in it by now: which octets it works on nobody knows, and a send may be RDMA. */
  stray(): void {
    const { vi, kind } = this.queue
    vi.host.isMemoryLoose = true
    if (kind === 'send') vi.loosen()
  }

  /** A receive for which no message can have come, and which nothing can have flushed. */
  private get isUntouched(): boolean {
    const { vi, kind } = this.queue
    if (kind === 'send' || !this.isAccepted || this.mayFlush || this.isFinal || this.isOpaque || vi.isLoose)
      return false
    const isStill = vi.connection === undefined || vi.connection.messagesTo(vi).length === 0
    return isStill && this.status === undefined && this.glimpse === undefined
  }
}
