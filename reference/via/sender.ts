// The sending half of a NIC: descriptors fetched and cut into frames, frames timed and sent again, acknowledgements taken.
import { viaControl, viaReliabilityLevels, viaStatusBits } from '../../spec/vocabulary/via-constants.ts'
import { Fifo } from '../core/fifo.ts'
import { serialAdd, serialDistance } from '../core/serial.ts'
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { emptyHeader, ethernetOctets, frameFlag, frameKind, octetsBeforeData, writeHeader } from './frame.ts'
import type { Posting, Segment, Shipment, Vi } from './objects.ts'

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
    if (this.isFenced(channel, posting)) return
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
    const shipment = this.holder(channel, channel.next)
    if (!shipment) return
    if (!this.sendFrame(channel, shipment)) {
      if ('queue' in shipment) this.spoil(channel, shipment)
      else this.board.target.refuseRead(channel, shipment.immediate)
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
    if (channel.answers.length > 0) {
      channel.answers = channel.answers.filter((answer) => serialDistance(endOf(answer), channel.base) < 0)
    }
    this.goOn(channel)
  }

  /** The answer to a read is in memory: the peer has received the wish, whether it came to say so or not. */
  answered(channel: Channel, read: Posting): void {
    this.acknowledged(channel, endOf(read), read.message + 1)
  }

  /** The peer has read: the answer goes out behind what is under way. */
  answer(channel: Channel, answer: Shipment): void {
    this.cut(channel, answer)
    channel.answers.push(answer)
    if (this.maySend(channel)) this.queueSend(channel)
  }

  /** The memory of a descriptor under way may not be used any more. */
  spoil(channel: Channel, posting: Posting): void {
    posting.failure = viaStatusBits['protection-error']
    this.failFirst(channel)
  }

  /** Whether a descriptor waits for reads before it. */
  // cites: VIA-RDMA-011
  protected isFenced({ started }: Channel, posting: Posting): boolean {
    const reads = started.some(({ kind, isAnswered }) => kind === frameKind.read && !isAnswered)
    return reads && this.board.descriptors.hasFence(posting)
  }

  protected goOn(channel: Channel): void {
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
    const end = endOf(posting)
    if (posting.kind === frameKind.read && !posting.isAnswered) return false
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
    // All received, but not all in memory, or not answered.
    const isReceived = channel.base === channel.high
    if (isReceived) this.probe(channel)
    else channel.next = channel.base
    channel.timeout = Math.min(channel.timeout * 2, Math.ceil(this.board.configuration.silence / 8))
    if (!isReceived) this.queueSend(channel)
    this.setAlarm(channel)
  }

  protected flags({ control, frames }: Shipment, fragment: number): number {
    const immediate = control & viaControl.immediate ? frameFlag.immediate : 0
    const last = fragment === frames - 1 ? frameFlag.last : 0
    return (fragment === 0 ? frameFlag.first : 0) | last | immediate
  }

  private probe({ node, remote, number }: Channel): void {
    this.board.outbox.post(node, { kind: frameKind.probe, to: remote, from: number })
  }

  private start(channel: Channel, posting: Posting): void {
    posting.state = 'active'
    posting.failure = this.board.descriptors.fetch(posting)
    channel.started.push(posting)
    if (posting.failure) {
      this.failFirst(channel)
      return
    }
    this.cut(channel, posting)
    if (this.maySend(channel)) this.queueSend(channel)
  }

  private cut(channel: Channel, shipment: Shipment): void {
    shipment.message = channel.messages++
    shipment.firstSequence = channel.end
    const isWish = shipment.kind === frameKind.read
    shipment.frames = isWish ? 1 : Math.max(1, Math.ceil(shipment.total / this.room(shipment)))
    channel.end = endOf(shipment)
  }

  /** Octets of data in a full frame. */
  private room({ kind }: Shipment): number {
    return this.board.mtu + ethernetOctets - octetsBeforeData(kind)
  }

  private maySend(channel: Channel): boolean {
    if (!channel.open || serialDistance(channel.next, channel.end) <= 0) return false
    return !channel.reliable || serialDistance(channel.base, channel.next) < window
  }

  private holder({ started, answers }: Channel, sequence: number): Posting | Shipment | undefined {
    return started.find((posting) => holds(posting, sequence)) ?? answers.find((answer) => holds(answer, sequence))
  }

  /** False if the data may not be read any more. */
  private sendFrame(channel: Channel, shipment: Shipment): boolean {
    const { header, board } = this
    const { kind, target, total } = shipment
    const fragment = serialDistance(shipment.firstSequence, channel.next)
    const room = this.room(shipment)
    const offset = fragment * room
    header.kind = kind
    header.flags = this.flags(shipment, fragment)
    header.bytes = kind === frameKind.read ? 0 : Math.min(room, total - offset)
    header.to = channel.remote
    header.from = channel.number
    header.sequence = channel.next
    header.message = shipment.message
    header.offset = offset
    header.total = total
    header.immediate = shipment.immediate
    header.address = target?.address ?? 0
    header.handle = target?.handle ?? 0
    const place = board.link.open(channel.node)
    const data = place + octetsBeforeData(kind)
    if (!this.gather(shipment, offset, header.bytes, data)) return false
    writeHeader(board.memory.octets, place, header)
    board.link.close(channel.node, place, data - place + header.bytes)
    return true
  }

  /** Whether the octets of a segment may go out. */
  protected mayRead({ vi, kind }: Shipment, segment: Segment): boolean {
    const { protection } = this.board
    return kind === frameKind.answer
      ? protection.permits(vi, segment, 'enableRdmaRead')
      : protection.allows(vi, segment)
  }

  /** Copies `bytes` octets from `offset` of a message to arena place `to`. */
  private gather(shipment: Shipment, offset: number, bytes: number, to: number): boolean {
    const { protection, memory } = this.board
    let start = 0
    for (const segment of shipment.segments) {
      const from = Math.max(offset, start)
      const end = Math.min(offset + bytes, start + segment.bytes)
      if (from < end) {
        if (!this.mayRead(shipment, segment)) return false
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
    if (channel.started.length + channel.answers.length === 0) {
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

/** The sequence number after its last frame. */
function endOf({ firstSequence, frames }: Shipment): number {
  return serialAdd(firstSequence, frames)
}

function holds({ firstSequence, frames, failure }: Shipment, sequence: number): boolean {
  const distance = serialDistance(firstSequence, sequence)
  return failure === 0 && distance >= 0 && distance < frames
}
