// The sending half of a NIC: descriptors fetched and cut into frames, frames timed and sent again, acknowledgements taken.
import { viaControl, viaReliabilityLevels, viaStatusBits } from '../../spec/vocabulary/via-constants.ts'
import { Fifo } from '../core/fifo.ts'
import { serialAdd, serialDistance } from '../core/serial.ts'
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { emptyHeader, ethernetOctets, frameFlag, frameKind, headerOctets, writeHeader } from './frame.ts'
import type { Posting, Vi } from './objects.ts'

/** Frames of one channel that may be unacknowledged: fewer than a receive ring has slots. */
const window = 16

export class Sender {
  protected readonly board: Board
  /** Channels that may have a descriptor to fetch, and those with frames to go, each once and in turn. */
  private readonly fetching = new Fifo<Channel>()
  private readonly sending = new Fifo<Channel>()
  private readonly header = emptyHeader()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.fetching.clear()
    this.sending.clear()
  }

  /** A send was posted on a connected VI. */
  offered(vi: Vi): void {
    if (vi.channel) this.queueFetch(vi.channel)
  }

  get fetches(): boolean {
    return this.fetching.count > 0
  }

  /** Fetches the next descriptor of one VI. */
  fetch(): void {
    const channel = this.fetching.shift()
    if (!channel) return
    channel.fetchQueued = false
    const posting = channel.open ? this.board.queues.nextSend(channel.vi) : undefined
    if (!posting || !this.mayStart(channel)) return
    if (!this.board.descriptors.isValid(posting)) {
      this.board.queues.refuse(posting)
      if (channel.open) this.queueFetch(channel)
      return
    }
    this.start(channel, posting)
  }

  get ready(): boolean {
    const { front } = this.sending
    return front !== undefined && this.board.link.room(front.node)
  }

  /** Sends one frame of the channel whose turn it is. */
  transmit(): void {
    const channel = this.sending.shift()
    if (!channel) return
    channel.sendQueued = false
    if (!this.maySend(channel)) return
    const posting = this.holder(channel, channel.next)
    if (!posting) return
    if (!this.sendFrame(channel, posting)) {
      posting.failure = viaStatusBits['protection-error']
      this.failFirst(channel)
      return
    }
    channel.next = serialAdd(channel.next, 1)
    if (serialDistance(channel.high, channel.next) > 0) channel.high = channel.next
    this.sentOne(channel)
    if (this.maySend(channel)) this.queueSend(channel)
    else if (channel.next === channel.end) this.queueFetch(channel)
  }

  /** The peer has received all frames before `received`, and has all messages before `placed` in its memory. */
  acknowledged(channel: Channel, received: number, placed: number): void {
    if (serialDistance(channel.high, received) > 0 || !channel.reliable) return
    channel.heard = this.board.now
    if (serialDistance(channel.base, received) > 0) {
      channel.base = received
      channel.timeout = this.board.configuration.retransmission
      if (serialDistance(channel.next, received) > 0) channel.next = received
    }
    if (serialDistance(channel.remotePlaced, placed) > 0) channel.remotePlaced = placed
    this.finishFirst(channel)
    if (!channel.open) return
    this.setAlarm(channel)
    if (this.maySend(channel)) this.queueSend(channel)
    this.queueFetch(channel)
  }

  /** Whether one more send may be under way. At Reliable Reception none is behind another, which may still fail. */
  protected mayStart({ level, started }: Channel): boolean {
    if (level === viaReliabilityLevels['reliable-reception']) return started.length === 0
    return !started.some(({ failure }) => failure !== 0)
  }

  /** Whether a send is complete: in flight as far as it shall be. */
  protected isFinished(channel: Channel, posting: Posting): boolean {
    const end = serialAdd(posting.firstSequence, posting.frames)
    switch (channel.level) {
      case viaReliabilityLevels.unreliable:
        return serialDistance(end, channel.next) >= 0
      case viaReliabilityLevels['reliable-reception']:
        return serialDistance(posting.message, channel.remotePlaced) > 0
      default:
        return serialDistance(end, channel.base) >= 0
    }
  }

  /** Nothing was heard in time: what is not acknowledged goes again. */
  protected retransmit(channel: Channel): void {
    // All received but not all in memory: the last frame asks once more.
    const probing = channel.base === channel.high
    channel.next = probing ? serialAdd(channel.base, -1) : channel.base
    channel.timeout = Math.min(channel.timeout * 2, Math.ceil(this.board.configuration.silence / 8))
    this.queueSend(channel)
    this.setAlarm(channel)
  }

  protected flags(posting: Posting, fragment: number): number {
    const immediate = posting.control & viaControl.immediate ? frameFlag.immediate : 0
    const last = fragment === posting.frames - 1 ? frameFlag.last : 0
    return (fragment === 0 ? frameFlag.first : 0) | last | immediate
  }

  private start(channel: Channel, posting: Posting): void {
    posting.state = 'active'
    posting.failure = this.board.descriptors.fetch(posting)
    channel.started.push(posting)
    if (posting.failure) {
      this.failFirst(channel)
      return
    }
    posting.message = channel.messages++
    posting.firstSequence = channel.end
    posting.frames = Math.max(1, Math.ceil(posting.total / this.room))
    channel.end = serialAdd(channel.end, posting.frames)
    if (this.maySend(channel)) this.queueSend(channel)
  }

  /** Octets of message data in a full frame. */
  private get room(): number {
    return this.board.configuration.mtu - headerOctets
  }

  private maySend(channel: Channel): boolean {
    if (!channel.open || serialDistance(channel.next, channel.end) <= 0) return false
    return !channel.reliable || serialDistance(channel.base, channel.next) < window
  }

  private holder(channel: Channel, sequence: number): Posting | undefined {
    return channel.started.find(({ firstSequence, frames, failure }) => {
      const distance = serialDistance(firstSequence, sequence)
      return failure === 0 && distance >= 0 && distance < frames
    })
  }

  /** False if the data may not be read any more. */
  private sendFrame(channel: Channel, posting: Posting): boolean {
    const { header, board } = this
    const fragment = serialDistance(posting.firstSequence, channel.next)
    const offset = fragment * this.room
    header.kind = frameKind.data
    header.flags = this.flags(posting, fragment)
    header.bytes = Math.min(this.room, posting.total - offset)
    header.to = channel.remote
    header.from = channel.number
    header.sequence = channel.next
    header.message = posting.message
    header.offset = offset
    header.total = posting.total
    header.immediate = posting.immediate
    const place = board.link.open(channel.node)
    if (!this.gather(posting, offset, header.bytes, place + ethernetOctets + headerOctets)) return false
    writeHeader(board.memory.octets, place, header)
    board.link.close(channel.node, place, ethernetOctets + headerOctets + header.bytes)
    return true
  }

  /** Copies `bytes` octets from `offset` of a message to arena place `to`. */
  private gather(posting: Posting, offset: number, bytes: number, to: number): boolean {
    const { protection, memory } = this.board
    let start = 0
    for (const segment of posting.segments) {
      const from = Math.max(offset, start)
      const end = Math.min(offset + bytes, start + segment.bytes)
      if (from < end) {
        if (!protection.allows(posting.vi, segment)) return false
        const place = protection.place(segment.address) + from - start
        memory.octets.copyWithin(to + from - offset, place, place + end - from)
      }
      start += segment.bytes
    }
    return true
  }

  private sentOne(channel: Channel): void {
    if (channel.reliable) {
      this.startAlarm(channel)
      return
    }
    channel.base = channel.next
    this.finishFirst(channel)
  }

  private finishFirst(channel: Channel): void {
    for (;;) {
      const [first] = channel.started
      if (!first || first.failure || !this.isFinished(channel, first)) break
      channel.started.shift()
      this.board.completions.complete(first, 0, first.total)
    }
    this.failFirst(channel)
  }

  /** A send that cannot be carried out completes when all before it have. */
  protected failFirst(channel: Channel): void {
    const [first] = channel.started
    if (!first?.failure) return
    channel.started.shift()
    // Frames of it that have not gone never will.
    channel.end = channel.next
    this.board.completions.complete(first, first.failure, 0)
    this.board.lifecycle.descriptorFailed(channel)
    if (channel.open) this.queueFetch(channel)
  }

  private startAlarm(channel: Channel): void {
    if (channel.alarm) return
    channel.alarm = this.board.alarms.make(() => this.expire(channel))
    channel.heard = this.board.now
    channel.timeout = this.board.configuration.retransmission
    this.setAlarm(channel)
  }

  private setAlarm(channel: Channel): void {
    const { alarm } = channel
    if (!alarm) return
    if (channel.started.length === 0) {
      this.board.alarms.release(alarm)
      channel.alarm = undefined
      return
    }
    const end = channel.heard + this.board.configuration.silence
    this.board.alarms.set(alarm, Math.min(this.board.now + channel.timeout, end))
  }

  private expire(channel: Channel): void {
    if (!channel.open) return
    if (this.board.now >= channel.heard + this.board.configuration.silence) this.board.lifecycle.silent(channel)
    else this.retransmit(channel)
  }

  private queueFetch(channel: Channel): void {
    if (channel.fetchQueued || channel.next !== channel.end) return
    channel.fetchQueued = true
    this.fetching.push(channel)
  }

  private queueSend(channel: Channel): void {
    if (channel.sendQueued) return
    channel.sendQueued = true
    this.sending.push(channel)
  }
}
