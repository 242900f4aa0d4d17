// The collections of sent messages that are in flight, and the order in which they go onto the wire.

/** Ends a list of flights. */
const none = -1

/**
 * A *flight* is one collection of one message between its first transmission and its acknowledgement; it is a small
 * integer, used again after landing. Flights that have frames to send stand in a queue, which is fair among messages
 * since none may have more than a window of them.
 */
export class Window {
  private messages: Int32Array = new Int32Array(64)
  private collections: Int32Array = new Int32Array(64)
  /** The next frame to send; where sending stops. */
  private cursors: Int32Array = new Int32Array(64)
  private ends: Int32Array = new Int32Array(64)
  /** 1 once all frames have been sent. */
  private complete = new Uint8Array(64)
  private timeouts = new Float64Array(64)
  /** How often the frames of a flight have been sent again since its peer was last heard. */
  private retries: Int32Array = new Int32Array(64)
  /** Next flight of the same message, or next free flight. */
  private following: Int32Array = new Int32Array(64)
  private queueNext: Int32Array = new Int32Array(64)
  private queueBefore: Int32Array = new Int32Array(64)
  private queued = new Uint8Array(64)
  private readonly firsts: Int32Array
  private readonly counts: Int32Array
  private free = none
  private used = 0
  private head = none
  private tail = none

  /** `messages` is the number of messages that may be outstanding. */
  constructor(messages: number) {
    this.firsts = new Int32Array(messages).fill(none)
    this.counts = new Int32Array(messages)
  }

  clear(): void {
    this.firsts.fill(none)
    this.counts.fill(0)
    this.free = none
    this.used = 0
    this.head = none
    this.tail = none
  }

  /** A flight for `collection` of `message`, whose frames are `first` up to `end`, queued for sending. */
  launch(message: number, collection: number, first: number, end: number): number {
    const flight = this.newFlight()
    this.messages[flight] = message
    this.collections[flight] = collection
    this.ends[flight] = end
    this.complete[flight] = 0
    this.retries[flight] = 0
    this.queued[flight] = 0
    this.following[flight] = this.firsts[message] ?? none
    this.firsts[message] = flight
    this.counts[message] = this.inFlight(message) + 1
    this.enqueue(flight, first)
    return flight
  }

  /** `flight` is acknowledged or given up: it sends no more. */
  land(flight: number): void {
    const message = this.messageOf(flight)
    this.dequeue(flight)
    let before = none
    for (let at = this.first(message); at !== flight && at !== none; at = this.next(at)) before = at
    if (before === none) this.firsts[message] = this.next(flight)
    else this.following[before] = this.next(flight)
    this.counts[message] = this.inFlight(message) - 1
    this.messages[flight] = none
    this.following[flight] = this.free
    this.free = flight
  }

  /** Puts `flight` at the end of the queue, to send its frames from `frame` on. */
  enqueue(flight: number, frame: number): void {
    this.cursors[flight] = frame
    if (this.queued[flight]) return
    this.queued[flight] = 1
    this.queueBefore[flight] = this.tail
    this.queueNext[flight] = none
    if (this.tail === none) this.head = flight
    else this.queueNext[this.tail] = flight
    this.tail = flight
  }

  dequeue(flight: number): void {
    if (!this.queued[flight]) return
    this.queued[flight] = 0
    const before = this.queueBefore[flight] ?? none
    const after = this.queueNext[flight] ?? none
    if (before === none) this.head = after
    else this.queueNext[before] = after
    if (after === none) this.tail = before
    else this.queueBefore[after] = before
  }

  /** The flight whose turn it is to send, or -1. */
  get turn(): number {
    return this.head
  }

  /** Counts one frame of `flight` as sent; true if it was the last of its collection. */
  advance(flight: number): boolean {
    const next = this.cursor(flight) + 1
    this.cursors[flight] = next
    if (next < (this.ends[flight] ?? 0)) return false
    this.complete[flight] = 1
    this.dequeue(flight)
    return true
  }

  /** The flight that carries `collection` of `message`, or -1. */
  find(message: number, collection: number): number {
    let flight = this.first(message)
    while (flight !== none && this.collectionOf(flight) !== collection) flight = this.next(flight)
    return flight
  }

  /** The message's latest flight, or -1; the one launched before it, or -1. */
  first(message: number): number {
    return this.firsts[message] ?? none
  }
  next(flight: number): number {
    return this.following[flight] ?? none
  }

  inFlight(message: number): number {
    return this.counts[message] ?? 0
  }
  /** -1 once the flight has landed. */
  messageOf(flight: number): number {
    return this.messages[flight] ?? none
  }
  collectionOf(flight: number): number {
    return this.collections[flight] ?? 0
  }
  cursor(flight: number): number {
    return this.cursors[flight] ?? 0
  }
  /** Whether all frames have been sent at least once. */
  wasSent(flight: number): boolean {
    return this.complete[flight] === 1
  }
  timeout(flight: number): number {
    return this.timeouts[flight] ?? 0
  }
  setTimeout(flight: number, timeout: number): void {
    this.timeouts[flight] = timeout
  }

  retriesOf(flight: number): number {
    return this.retries[flight] ?? 0
  }
  setRetries(flight: number, retries: number): void {
    this.retries[flight] = retries
  }

  private newFlight(): number {
    const flight = this.free
    if (flight === none) {
      if (this.used === this.messages.length) this.grow()
      return this.used++
    }
    this.free = this.next(flight)
    return flight
  }

  private grow(): void {
    this.messages = doubled(this.messages)
    this.collections = doubled(this.collections)
    this.cursors = doubled(this.cursors)
    this.ends = doubled(this.ends)
    this.retries = doubled(this.retries)
    this.following = doubled(this.following)
    this.queueNext = doubled(this.queueNext)
    this.queueBefore = doubled(this.queueBefore)
    const { complete, queued, timeouts } = this
    this.complete = new Uint8Array(complete.length * 2)
    this.complete.set(complete)
    this.queued = new Uint8Array(queued.length * 2)
    this.queued.set(queued)
    this.timeouts = new Float64Array(timeouts.length * 2)
    this.timeouts.set(timeouts)
  }
}

function doubled(before: Int32Array): Int32Array {
  const after = new Int32Array(before.length * 2)
  after.set(before)
  return after
}
