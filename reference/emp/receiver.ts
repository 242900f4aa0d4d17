// The receiving half of a NIC: data frames taken or dropped, written to host memory, and acknowledged.
import { IntegerQueue } from '../core/integer-queue.ts'
import { serialDistance } from '../core/serial.ts'
import type { Board } from './board.ts'
import { stat } from './descriptors.ts'
import { acknowledgementType, writeFrameHeader } from './frame.ts'
import { ethernetOctets, frameHeaderOctets } from './headers.ts'
import type { FrameHeader, FrameView } from './frame.ts'
import type { Matching } from './matching.ts'
import { messageState } from './unfinished.ts'
import type { Unfinished } from './unfinished.ts'

/** Messages are known by their record in `unfinished`. */
export class Receiver {
  protected readonly board: Board
  protected readonly unfinished: Unfinished
  protected readonly matching: Matching
  /** Acknowledgements to send: peer, message ID, frame. */
  private readonly acknowledgements = new IntegerQueue()
  private readonly header: FrameHeader = { sender: 0, type: acknowledgementType, length: 0, message: 0, frame: 0 }

  constructor(board: Board, unfinished: Unfinished, matching: Matching) {
    this.board = board
    this.unfinished = unfinished
    this.matching = matching
  }

  clear(): void {
    this.acknowledgements.clear()
  }

  /** Judges the waiting data frame of the ring, which is well formed in itself, and keeps or discards it. */
  receive(view: FrameView): void {
    const { sender, message, frame } = view
    let record = this.unfinished.find(sender, message)
    if (record < 0) {
      if (this.isDone(sender, message)) return this.repeated(view)
      record = this.unfinished.add(sender, message)
      if (record < 0) return this.drop('table-full')
    }
    if (this.unfinished.state(record) === messageState.unknown) {
      // cites: EMP-MATCH-008
      if (frame > 0) return this.drop('no-receive')
      this.unfinished.learn(record, view)
      this.matching.bind(sender)
    } else if (!this.agrees(record, view)) return this.drop('malformed')
    if (this.unfinished.state(record) === messageState.active) this.accept(record, view)
    else this.withoutReceive(record, view)
  }

  /** Moves the data of the oldest kept frame into host memory. */
  write(): void {
    const { ring, dma, fragments } = this.board
    const record = ring.owner
    if (this.unfinished.state(record) === messageState.active) {
      const offset = fragments.offset(ring.heldFrame)
      const bytes = this.octetsToWrite(record, offset, ring.heldBytes)
      if (bytes > 0) dma.scatter(this.unfinished.heads[record] ?? 0, offset, bytes, ring.heldPlace)
      this.unfinished.written[record] = (this.unfinished.written[record] ?? 0) + 1
      this.progress(record)
    }
    ring.release()
  }

  /** Whether an acknowledgement can go out now. */
  get ready(): boolean {
    return this.acknowledgements.count > 0 && this.board.link.room(this.acknowledgements.front)
  }

  /** Sends the oldest acknowledgement: the frame header of the frame that it repeats (E15). */
  // cites: EMP-REL-004
  sendAcknowledgement(): void {
    const { link, memory, node } = this.board
    const peer = this.acknowledgements.shift()
    const { header } = this
    header.sender = node
    header.message = this.acknowledgements.shift() >>> 0
    header.frame = this.acknowledgements.shift()
    const place = link.open(peer)
    writeFrameHeader(memory.octets, place, header)
    link.close(peer, place, ethernetOctets + frameHeaderOctets)
  }

  /** Whether message `id`, which is not unfinished, is done: no later than the highest ID seen. */
  // cites: EMP-REL-011, EMP-REL-019
  protected isDone(peer: number, id: number): boolean {
    return serialDistance(this.unfinished.highest(peer), id) <= 0
  }

  /** A frame of a done message: acknowledged again, since its acknowledgement may have been lost. */
  // cites: EMP-REL-011, EMP-REL-013
  protected repeated(view: FrameView): void {
    this.acknowledge(view.sender, view.message, view.frame)
    this.drop('duplicate')
  }

  /** Data of a message that no posted receive takes: only its header is kept (E6, R7). */
  // cites: EMP-MATCH-005
  protected withoutReceive(_record: number, _view: FrameView): void {
    this.drop('no-receive')
  }

  /** Takes a frame of an active message. */
  // cites: EMP-REL-003, EMP-REL-008
  protected accept(record: number, view: FrameView): void {
    const { frame } = view
    const fresh = this.mark(record, frame)
    if (this.acknowledgementDue(record, frame)) {
      this.acknowledge(view.sender, view.message, this.acknowledgedFrame(record, frame))
    }
    if (!fresh) return this.drop('duplicate')
    this.board.ring.keep(record, frame, this.board.fragments.headerOctets(frame), view.length)
    this.unfinished.taken[record] = (this.unfinished.taken[record] ?? 0) + 1
    this.progress(record)
  }

  /** Marks `frame` as arrived; false if it had arrived before. */
  protected mark(record: number, frame: number): boolean {
    if (this.unfinished.marked(record, frame)) return false
    this.unfinished.mark(record, frame)
    return true
  }

  /** Whether the arrival of `frame` calls for an acknowledgement: its collection is all there. */
  // cites: EMP-REL-002, EMP-REL-003, EMP-REL-013
  protected acknowledgementDue(record: number, frame: number): boolean {
    return this.collectionComplete(record, Math.floor(frame / this.board.configuration.collection))
  }

  // cites: EMP-REL-003, EMP-REL-014
  protected collectionComplete(record: number, collection: number): boolean {
    const size = this.board.configuration.collection
    const end = Math.min((collection + 1) * size, this.unfinished.frames[record] ?? 0)
    for (let frame = collection * size; frame < end; frame++) {
      if (!this.unfinished.marked(record, frame)) return false
    }
    return true
  }

  /** The frame that an acknowledgement repeats when `last` was the last of its collection to arrive. */
  // cites: EMP-REL-004
  protected acknowledgedFrame(_record: number, last: number): number {
    return last
  }

  /** Queues an acknowledgement. */
  protected acknowledge(peer: number, id: number, frame: number): void {
    this.acknowledgements.push(peer)
    this.acknowledgements.push(id)
    this.acknowledgements.push(frame)
  }

  /** How many of the `bytes` octets at `offset` of a message lie within the receive that it is bound to. */
  // cites: EMP-MATCH-009, EMP-MATCH-013
  protected octetsToWrite(record: number, offset: number, bytes: number): number {
    return Math.min(bytes, this.capacity(record) - offset)
  }

  /** A frame has been taken or written: the status may be due, and the message may be done. */
  private progress(record: number): void {
    const { unfinished } = this
    if (unfinished.told[record] === 0 && this.statusDue(record)) {
      unfinished.told[record] = 1
      this.finish(record)
    }
    if ((unfinished.written[record] ?? 0) >= (unfinished.frames[record] ?? 0)) unfinished.remove(record)
  }

  /** Whether the receive may be handed back: all of its message is in host memory (not merely taken). */
  // cites: EMP-REL-010, EMP-REL-020
  protected statusDue(record: number): boolean {
    return (this.unfinished.written[record] ?? 0) >= (this.unfinished.frames[record] ?? 0)
  }

  /** Queues the status of the receive. */
  // cites: EMP-MATCH-009, EMP-MATCH-010, EMP-MATCH-011
  protected finish(record: number): void {
    const { peers, tags, totals, heads } = this.unfinished
    const truncated = (totals[record] ?? 0) > this.capacity(record)
    const outcome = truncated ? stat.truncated : stat.done
    const head = heads[record] ?? 0
    this.board.descriptors.bind(head, peers[record] ?? 0, tags[record] ?? 0)
    this.board.status.finish(head, this.reportedBytes(record), outcome)
  }

  /** The length that a finished receive reports: the message's own. */
  // cites: EMP-MATCH-009, EMP-MATCH-010
  protected reportedBytes(record: number): number {
    return this.unfinished.totals[record] ?? 0
  }

  /** Octets of the receive that a message is bound to. */
  protected capacity(record: number): number {
    return this.board.descriptors.totalLength(this.unfinished.heads[record] ?? 0)
  }

  /** Discards the waiting frame. */
  // cites: EMP-FRAME-010
  protected drop(reason: keyof Board['dropped']): void {
    this.board.dropped[reason]++
    this.board.ring.discard()
  }

  /** Whether a frame fits what its message's header has said (R12). */
  // cites: EMP-FRAME-006
  private agrees(record: number, view: FrameView): boolean {
    const { unfinished } = this
    const total = unfinished.totals[record] ?? 0
    const { frame } = view
    if (frame === 0) return view.total === total && view.tag === unfinished.tags[record]
    return frame < (unfinished.frames[record] ?? 0) && view.length === this.board.fragments.bytes(total, frame)
  }
}
