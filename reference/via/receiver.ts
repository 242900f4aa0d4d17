// The receiving half of a NIC: frames put in order, given a receive, moved to memory, and acknowledged.
import { viaStatusBits } from '../../spec/vocabulary/via-constants.ts'
import { Fifo } from '../core/fifo.ts'
import { serialAdd, serialDistance } from '../core/serial.ts'
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { emptyHeader, ethernetOctets, frameFlag, frameKind, headerOctets, reasons, writeHeader } from './frame.ts'
import type { ViaHeader } from './frame.ts'
import type { Posting } from './objects.ts'

/** What is to be done with a frame that was classified. Without a receive: there was none. */
export interface Landing {
  readonly channel: Channel
  readonly posting: Posting | undefined
  readonly message: number
  readonly offset: number
  readonly bytes: number
  readonly total: number
  readonly flags: number
  readonly immediate: number
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
    const wanted = channel.reliable ? this.acceptsNext(channel, header) : this.acceptsSome(channel, header)
    if (wanted && header.flags & frameFlag.first) this.begin(channel, header)
    else if (wanted && channel.receiving) this.land(channel, header, 0)
    else this.board.ring.discard()
  }

  /** Moves the data of the oldest classified frame into memory. */
  write(): void {
    const landing = this.landings.shift()
    const from = this.board.ring.heldPlace
    this.board.ring.release()
    if (!landing || !this.isLive(landing)) return
    const { posting } = landing
    if (!posting) {
      this.noReceive(landing)
      return
    }
    if (!this.isOurs(posting)) return
    if (!landing.failure && !this.scatter(posting, landing, from)) landing.failure = viaStatusBits['protection-error']
    if (landing.failure) this.fail(landing, posting)
    else if (landing.flags & frameFlag.last) this.finish(landing, posting)
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

  /** The message is in memory. */
  protected finish(landing: Landing, posting: Posting): void {
    const { channel, flags, immediate, total, message } = landing
    const hasImmediate = (flags & frameFlag.immediate) !== 0
    if (hasImmediate) posting.immediate = immediate
    this.board.completions.complete(posting, hasImmediate ? viaStatusBits.immediate : 0, total)
    channel.placed = message + 1
    if (channel.reliable) this.owe(channel)
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
    const posting = this.receiveFor(channel)
    channel.message = header.message
    channel.offset = 0
    channel.receiving = posting
    let failure = posting ? this.board.descriptors.fetch(posting) : 0
    if (posting && !failure && !this.fits(posting, header.total)) failure = viaStatusBits['length-error']
    this.land(channel, header, failure)
    if (posting && !failure) return
    channel.receiving = undefined
    channel.refusing = channel.reliable
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
    const { message, offset, bytes, total, flags, immediate } = header
    const posting = channel.receiving
    this.landings.push({ channel, posting, message, offset, bytes, total, flags, immediate, failure })
    this.board.ring.keep(0, 0, ethernetOctets + headerOctets, bytes)
    channel.offset = offset + bytes
    if (flags & frameFlag.last) channel.receiving = undefined
  }

  /** Copies the data of a frame to its place in the buffers; false if they may not be written. */
  protected scatter(posting: Posting, { offset, bytes }: Landing, frame: number): boolean {
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

  protected fail({ channel, failure, message }: Landing, posting: Posting): void {
    if (channel.receiving === posting) channel.receiving = undefined
    this.board.completions.complete(posting, failure, 0)
    if (channel.reliable) this.board.lifecycle.break(channel, reasons.badReceive, message)
  }

  /** The peer is to be told how far this end is. */
  protected owe(channel: Channel): void {
    if (channel.acknowledgeQueued) return
    channel.acknowledgeQueued = true
    this.owing.push(channel)
  }
}
