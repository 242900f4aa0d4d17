// The receiving half of a NIC: frames put in order, given a receive, moved to memory, and acknowledged.
import { viaStatusBits } from '../../spec/vocabulary/via-constants.ts'
import { Fifo } from '../core/fifo.ts'
import { serialAdd, serialDistance } from '../core/serial.ts'
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import {
  emptyHeader,
  ethernetOctets,
  frameFlag,
  frameKind,
  headerOctets,
  octetsBeforeData,
  reasons,
  writeHeader,
} from './frame.ts'
import type { ViaHeader } from './frame.ts'
import type { Posting } from './objects.ts'

/** What is to be done with a frame that was classified. Without a receive: there was none. */
export interface Landing {
  readonly channel: Channel
  readonly posting: Posting | undefined
  readonly kind: number
  readonly message: number
  readonly offset: number
  readonly bytes: number
  readonly total: number
  readonly flags: number
  readonly immediate: number
  /** Of an RDMA operation: what the peer names of the memory here. */
  readonly address: number
  readonly handle: number
  /** What is wrong, as status bits. */
  failure: number
}

export class Receiver {
  protected readonly board: Board
  private readonly landings = new Fifo<Landing>()
  private readonly owing = new Fifo<Channel>()
  private readonly header = emptyHeader()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.landings.clear()
    this.owing.clear()
  }

  /** Classifies the waiting frame of the ring, which carries data for `channel`. */
  data(channel: Channel, header: ViaHeader): void {
    if (this.isBrokenOff(channel, header)) this.breakOff(channel)
    const wanted = channel.reliable ? this.acceptsNext(channel, header) : this.acceptsSome(channel, header)
    if (wanted && header.flags & frameFlag.first) this.begin(channel, header)
    else if (wanted && this.isUnderWay(channel, header)) this.land(channel, header, 0)
    else this.board.ring.discard()
  }

  /** The peer asks how far this end is. */
  asked(channel: Channel): void {
    if (!channel.refusing) this.owe(channel)
  }

  /** Moves the data of the oldest classified frame into memory. */
  write(): void {
    const landing = this.landings.shift()
    const from = this.board.ring.heldPlace
    this.board.ring.release()
    if (!landing || !this.isLive(landing)) return
    const { posting } = landing
    if (!this.takesReceive(landing)) this.placeAlone(landing, from)
    else if (!posting) this.noReceive(landing)
    else if (this.isOurs(posting)) this.place(landing, posting, from)
  }

  /** A message, or a part of the peer's reading and writing, is in memory. */
  placed({ channel, message }: Landing): void {
    channel.placed = message + 1
    if (channel.reliable) this.owe(channel)
  }

  /** Whether a message uses a receive up. */
  // cites: VIA-RDMA-004, VIA-RDMA-005
  protected takesReceive({ kind, flags }: Pick<ViaHeader, 'kind' | 'flags'>): boolean {
    return kind === frameKind.data || (kind === frameKind.write && (flags & frameFlag.immediate) !== 0)
  }

  /** Data for which a receive was taken: it goes into it, unless the peer says itself where to. */
  protected place(landing: Landing, posting: Posting, from: number): void {
    if (!landing.failure && landing.kind === frameKind.write) {
      if (!this.board.target.write(landing, from)) landing.failure = viaStatusBits['rdma-protection-error']
    } else if (!landing.failure && !this.scatter(posting, landing, from)) {
      landing.failure = viaStatusBits['protection-error']
    }
    if (landing.failure) this.fail(landing, posting)
    else if (landing.flags & frameFlag.last) this.finish(landing, posting)
  }

  /** What no receive is taken for. */
  private placeAlone(landing: Landing, from: number): void {
    const { target, reads } = this.board
    if (landing.kind === frameKind.read) target.read(landing)
    else if (landing.kind === frameKind.answer) reads.take(landing, from)
    else target.writeAlone(landing, from)
  }

  get owes(): boolean {
    const { front } = this.owing
    return front !== undefined && this.board.link.room(front.node)
  }

  /** Sends one acknowledgement. */
  sendAcknowledgement(): void {
    const channel = this.owing.shift()
    if (!channel) return
    channel.acknowledgeQueued = false
    if (!channel.open) return
    const { header, board } = this
    header.kind = frameKind.acknowledge
    header.to = channel.remote
    header.from = channel.number
    header.sequence = channel.expected
    header.message = channel.placed
    const place = board.link.open(channel.node)
    writeHeader(board.memory.octets, place, header)
    board.link.close(channel.node, place, ethernetOctets + headerOctets)
  }

  /** Reliable: only the next frame will do; whatever else comes is answered. */
  protected acceptsNext(channel: Channel, header: ViaHeader): boolean {
    if (channel.refusing) return false
    this.owe(channel)
    if (header.sequence !== channel.expected) return false
    channel.expected = serialAdd(channel.expected, 1)
    return true
  }

  /** Unreliable: messages never go back, and frames of one message come in order or not at all. */
  protected acceptsSome(channel: Channel, header: ViaHeader): boolean {
    if (header.flags & frameFlag.first)
      return channel.message < 0 || serialDistance(channel.message, header.message) > 0
    return header.message === channel.message && header.offset === channel.offset
  }

  private isUnderWay(channel: Channel, header: ViaHeader): boolean {
    return this.takesReceive(header) ? channel.receiving !== undefined : channel.placing !== 0
  }

  /** Whether a frame shows that a part of the unreliable write under way is lost. */
  protected isBrokenOff({ reliable, placing, message, offset }: Channel, header: ViaHeader): boolean {
    if (reliable || placing !== frameKind.write) return false
    const ahead = serialDistance(message, header.message)
    return ahead > 0 || (ahead === 0 && header.offset > offset)
  }

  /** No descriptor here can say that a write is there in part only. */
  // cites: VIA-RDMA-027
  protected breakOff(channel: Channel): void {
    channel.placing = 0
    channel.refused = channel.message
    this.board.reports.vi(channel.vi, 'rdma-write-abort')
  }

  /** The message is in memory. */
  protected finish(landing: Landing, posting: Posting): void {
    const { flags, immediate, total } = landing
    const hasImmediate = (flags & frameFlag.immediate) !== 0
    if (hasImmediate) posting.immediate = immediate
    this.board.completions.complete(posting, hasImmediate ? viaStatusBits.immediate : 0, total)
    this.placed(landing)
  }

  /** Nobody has posted a receive for a message. */
  protected noReceive({ channel, message }: Landing): void {
    this.board.reports.vi(channel.vi, 'receive-queue-empty')
    if (channel.reliable) this.board.lifecycle.break(channel, reasons.badReceive, message)
  }

  /** Whether the connection that a classified frame came by is still there. */
  protected isLive({ channel }: Landing): boolean {
    return channel.open
  }

  /** Whether the NIC still works on a descriptor. */
  protected isOurs(posting: Posting): boolean {
    return posting.state === 'active'
  }

  /** Whether the receive takes a message of `total` octets. */
  protected fits(posting: Posting, total: number): boolean {
    return total <= posting.total
  }

  private begin(channel: Channel, header: ViaHeader): void {
    const needsReceive = this.takesReceive(header)
    const posting = needsReceive ? this.receiveFor(channel) : undefined
    channel.message = header.message
    channel.offset = 0
    if (needsReceive) channel.receiving = posting
    channel.placing = needsReceive ? 0 : header.kind
    const failure = header.kind === frameKind.data ? this.inspect(posting, header) : this.inspectRdma(channel, header)
    if (posting && header.kind === frameKind.write) posting.operation = 'remote-rdma-write'
    this.land(channel, header, failure)
    if (failure === 0 && (posting || !needsReceive)) return
    if (needsReceive) channel.receiving = undefined
    channel.placing = 0
    channel.refusing = channel.reliable
  }

  /** What is wrong with the receive of a message, as status bits. */
  private inspect(posting: Posting | undefined, { total }: ViaHeader): number {
    const failure = posting ? this.board.descriptors.fetch(posting) : 0
    if (!posting || failure || this.fits(posting, total)) return failure
    return viaStatusBits['length-error']
  }

  private inspectRdma({ vi }: Channel, header: ViaHeader): number {
    const isRefused = header.kind === frameKind.write && !this.board.target.admits(vi, header)
    return isRefused ? viaStatusBits['rdma-protection-error'] : 0
  }

  /** The receive of a message that was given up serves the next one. */
  protected receiveFor(channel: Channel): Posting | undefined {
    const { receiving } = channel
    const posting = receiving?.state === 'active' ? receiving : this.board.queues.takeReceive(channel.vi)
    if (!posting || this.board.descriptors.isValid(posting)) return posting
    this.board.queues.refuse(posting)
    return channel.open ? this.board.queues.takeReceive(channel.vi) : undefined
  }

  /** The waiting frame goes to the receive of its message. */
  protected land(channel: Channel, header: ViaHeader, failure: number): void {
    const { kind, message, offset, bytes, total, flags, immediate, address, handle } = header
    const posting = this.takesReceive(header) ? channel.receiving : undefined
    this.landings.push({
      channel,
      posting,
      kind,
      message,
      offset,
      bytes,
      total,
      flags,
      immediate,
      address,
      handle,
      failure,
    })
    this.board.ring.keep(0, 0, octetsBeforeData(kind), bytes)
    channel.offset = offset + bytes
    if ((flags & frameFlag.last) === 0) return
    if (this.takesReceive(header)) channel.receiving = undefined
    else channel.placing = 0
  }

  /** Copies the data of a frame to its place in the buffers; false if they may not be written. */
  scatter(posting: Posting, { offset, bytes }: Landing, frame: number): boolean {
    const { protection, memory } = this.board
    let start = 0
    for (const segment of posting.segments) {
      const from = Math.max(offset, start)
      const end = Math.min(offset + bytes, start + segment.bytes)
      if (from < end) {
        if (!protection.allows(posting.vi, segment)) return false
        const place = protection.place(segment.address) + from - start
        memory.octets.copyWithin(place, frame + from - offset, frame + end - offset)
      }
      start += segment.bytes
    }
    return true
  }

  protected fail({ channel, failure, message, kind }: Landing, posting: Posting): void {
    if (channel.receiving === posting) channel.receiving = undefined
    this.board.completions.complete(posting, failure, 0)
    const reason = kind === frameKind.write ? reasons.badWrite : reasons.badReceive
    if (channel.reliable) this.board.lifecycle.break(channel, reason, message)
  }

  /** The peer is to be told how far this end is. */
  protected owe(channel: Channel): void {
    if (channel.acknowledgeQueued) return
    channel.acknowledgeQueued = true
    this.owing.push(channel)
  }
}
