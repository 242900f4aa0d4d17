// The sending half of a NIC: messages cut into frames, collections timed and sent again, acknowledgements taken.
import type { Duration } from '../../spec/vocabulary/units.ts'
import { serialAdd, serialDistance } from '../core/serial.ts'
import type { Board } from './board.ts'
import { stat } from './descriptors.ts'
import { dataType, writeFrameHeader, writeMessageHeader } from './frame.ts'
import type { FrameHeader, MessageHeader } from './frame.ts'
import { Window } from './window.ts'

/** A message is known by the head slot of its descriptor (E31); its state is forgotten once it is done (E16). */
export class Sender {
  protected readonly board: Board
  protected readonly window: Window
  protected readonly peers: Int32Array
  protected readonly ids: Uint32Array
  protected readonly totals: Float64Array
  protected readonly frames: Int32Array
  /** The first collection that was never launched; the number of all. */
  private readonly nextCollections: Int32Array
  private readonly collections: Int32Array
  /** Messages in flight, in no order. */
  private readonly active: Int32Array
  private activeCount = 0
  /** Next message ID, by peer. */
  private readonly nextIds: Uint32Array
  /** 1 for a peer that was given up: nothing is sent to it any more (R23). */
  private readonly givenUp: Uint8Array
  private readonly header: FrameHeader = { sender: 0, type: dataType, length: 0, message: 0, frame: 0 }
  private readonly messageHeader: MessageHeader = { total: 0, frames: 0, tag: 0 }

  constructor(board: Board) {
    const size = board.configuration.descriptors
    this.board = board
    this.window = new Window(size)
    this.peers = new Int32Array(size)
    this.ids = new Uint32Array(size)
    this.totals = new Float64Array(size)
    this.frames = new Int32Array(size)
    this.nextCollections = new Int32Array(size)
    this.collections = new Int32Array(size)
    this.active = new Int32Array(size)
    this.nextIds = new Uint32Array(board.nodes)
    this.givenUp = new Uint8Array(board.nodes)
    this.clear()
  }

  clear(): void {
    this.activeCount = 0
    this.window.clear()
    this.givenUp.fill(0)
    this.nextIds.fill(this.board.configuration.firstMessage)
  }

  get messagesInFlight(): number {
    return this.activeCount
  }

  /** Whether a frame can go out now. */
  get ready(): boolean {
    const flight = this.window.turn
    return flight >= 0 && this.board.link.room(this.peers[this.window.messageOf(flight)] ?? 0)
  }

  /** The NIC has fetched the send descriptor at `head`. */
  // cites: EMP-REL-018, EMP-STATE-001, EMP-STATE-002
  start(head: number): void {
    const { descriptors, fragments, configuration } = this.board
    const peer = descriptors.peer(head)
    const total = descriptors.totalLength(head)
    if (this.hasGivenUp(peer)) return this.board.status.finish(head, total, stat.failed)
    const id = this.nextIds[peer] ?? 0
    this.nextIds[peer] = serialAdd(id, 1)
    this.peers[head] = peer
    this.ids[head] = id
    this.totals[head] = total
    this.frames[head] = fragments.count(total)
    this.nextCollections[head] = 0
    this.collections[head] = Math.ceil(fragments.count(total) / configuration.collection)
    this.active[this.activeCount++] = head
    this.launch(head)
  }

  /** Sends one frame of the flight whose turn it is. */
  // cites: EMP-MEM-004
  transmit(): void {
    const flight = this.window.turn
    this.sendFrame(this.window.messageOf(flight), this.window.cursor(flight))
    // cites: EMP-REL-006, EMP-REL-014
    if (this.window.advance(flight)) this.startTimer(flight)
  }

  /** An acknowledgement of `frame` of message `id` came from `peer`. */
  acknowledged(peer: number, id: number, frame: number): void {
    const head = this.find(peer, id)
    const collection = Math.floor(frame / this.board.configuration.collection)
    // cites: EMP-REL-017
    if (head < 0 || frame >= (this.frames[head] ?? 0) || collection >= (this.nextCollections[head] ?? 0)) {
      this.board.dropped['stray-acknowledgement']++
      return
    }
    const flight = this.window.find(head, collection)
    if (flight < 0) return
    // Before its last frame has gone out no receiver can have had all of a collection.
    if (!this.window.wasSent(flight)) {
      this.board.dropped['stray-acknowledgement']++
      return
    }
    this.land(flight)
    this.resetTimeouts(head)
    if (this.allAcknowledged(head)) this.finish(head)
    else this.launch(head)
  }

  /** The earliest deadline has come. */
  expire(): void {
    const flight = this.board.timers.first
    this.board.timers.disarm(flight)
    const head = this.window.messageOf(flight)
    if (head < 0) return
    if (this.retriesSpent(flight)) return this.giveUp(this.peers[head] ?? 0)
    this.window.setRetries(flight, this.window.retriesOf(flight) + 1)
    this.window.setTimeout(flight, this.nextTimeout(this.window.timeout(flight)))
    this.sendAgain(flight)
  }

  /** Launches collections while the window has room for them. */
  // cites: EMP-REL-015
  protected launch(head: number): void {
    while ((this.nextCollections[head] ?? 0) < (this.collections[head] ?? 0) && this.windowOpen(head)) {
      const collection = this.nextCollections[head] ?? 0
      this.nextCollections[head] = collection + 1
      const flight = this.window.launch(head, collection, this.firstFrame(collection), this.endFrame(head, collection))
      this.window.setTimeout(flight, this.board.configuration.timeout)
    }
  }

  protected windowOpen(head: number): boolean {
    return this.window.inFlight(head) < this.board.configuration.window
  }

  // cites: EMP-REL-005
  protected firstFrame(collection: number): number {
    return collection * this.board.configuration.collection
  }

  /** One past the last frame of `collection`. */
  // cites: EMP-REL-014
  protected endFrame(head: number, collection: number): number {
    return Math.min(this.frames[head] ?? 0, this.firstFrame(collection + 1))
  }

  // cites: EMP-REL-009
  protected allAcknowledged(head: number): boolean {
    return this.nextCollections[head] === this.collections[head] && this.window.inFlight(head) === 0
  }

  // cites: EMP-REL-006
  protected startTimer(flight: number): void {
    this.board.timers.arm(flight, this.board.now + this.window.timeout(flight))
  }

  // cites: EMP-REL-012
  protected stopTimer(flight: number): void {
    this.board.timers.disarm(flight)
  }

  /** The timeout that follows an expiry after `timeout`. */
  // cites: EMP-REL-016
  protected nextTimeout(timeout: Duration): Duration {
    return Math.min(timeout * 2, this.board.configuration.timeoutCap)
  }

  /** Queues all frames of the expired `flight` again, and no others. */
  // cites: EMP-REL-001, EMP-REL-007
  protected sendAgain(flight: number): void {
    this.window.enqueue(flight, this.firstFrame(this.window.collectionOf(flight)))
  }

  /** Copies the data of `frame` from user memory to arena place `to`: again for each transmission (R26). */
  // cites: EMP-MEM-002
  protected gather(head: number, frame: number, to: number): void {
    const { dma, fragments } = this.board
    dma.gather(head, fragments.offset(frame), fragments.bytes(this.totals[head] ?? 0, frame), to)
  }

  protected sendFrame(head: number, frame: number): void {
    const { link, fragments, memory, descriptors, node } = this.board
    const peer = this.peers[head] ?? 0
    const total = this.totals[head] ?? 0
    const place = link.open(peer)
    const { header, messageHeader } = this
    header.sender = node
    header.length = fragments.bytes(total, frame)
    header.message = this.ids[head] ?? 0
    header.frame = frame
    writeFrameHeader(memory.octets, place, header)
    if (fragments.hasMessageHeader(frame)) {
      messageHeader.total = total
      messageHeader.frames = this.frames[head] ?? 0
      messageHeader.tag = descriptors.tag(head)
      writeMessageHeader(memory.octets, place, messageHeader)
    }
    const headers = fragments.headerOctets(frame)
    this.gather(head, frame, place + headers)
    link.close(peer, place, headers + header.length)
  }

  /** Whether the collection has been sent again as often as it may be. */
  // cites: EMP-REL-022
  protected retriesSpent(flight: number): boolean {
    const { retries } = this.board.configuration
    return retries > 0 && this.window.retriesOf(flight) >= retries
  }

  /** Fails all that is in flight to `peer`, and all that will be sent to it: an abandoned ID would wedge the pair (R23). */
  // cites: EMP-REL-022
  protected giveUp(peer: number): void {
    this.givenUp[peer] = 1
    // Oldest first, as far as the order of starting tells.
    const heads = [...this.active.subarray(0, this.activeCount)].filter((head) => this.peers[head] === peer)
    for (const head of heads.toSorted((one, other) => serialDistance(this.idOf(other), this.idOf(one)))) {
      this.finish(head, stat.failed)
    }
  }

  protected hasGivenUp(peer: number): boolean {
    return this.givenUp[peer] === 1
  }

  private idOf(head: number): number {
    return this.ids[head] ?? 0
  }

  protected land(flight: number): void {
    this.stopTimer(flight)
    this.window.land(flight)
  }

  /** The message at `head` is done, or failed: the host is told and the NIC forgets it (E16). */
  protected finish(head: number, outcome: number = stat.done): void {
    while (this.window.first(head) >= 0) this.land(this.window.first(head))
    const at = this.active.indexOf(head)
    this.active[at] = this.active[--this.activeCount] ?? 0
    this.board.status.finish(head, this.totals[head] ?? 0, outcome)
  }

  /** An acknowledgement shows that the peer listens: later expiries count from the first timeout again. */
  // cites: EMP-REL-016
  protected resetTimeouts(head: number): void {
    const { timeout } = this.board.configuration
    for (let flight = this.window.first(head); flight >= 0; flight = this.window.next(flight)) {
      this.window.setTimeout(flight, timeout)
      this.window.setRetries(flight, 0)
    }
  }

  /** Head slot of the message in flight to `peer` that has that ID, or -1. */
  protected find(peer: number, id: number): number {
    for (let i = 0; i < this.activeCount; i++) {
      const head = this.active[i] ?? 0
      if (this.ids[head] === id && this.peers[head] === peer) return head
    }
    return -1
  }
}
