// What became of requests and messages in one run of EMP, put together once for all monitors.
import { empDefaults, type Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { Duration, Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import type { History, PostedSeen } from '../seen/history.ts'
import { pairKey, type MessageSeen, type MessageTable } from '../seen/messages.ts'
import { collectionsSeen, endOf, steadyHeader, wholeAt, type Course } from './course.ts'
import { Inbound } from './inbound.ts'
import { keptAt, takenFrom } from './kept.ts'
import { isAccepted, isBefore, isCancelled, isRefused, Lanes, type Lane } from './lanes.ts'
import { CollectionSizes } from './sizes.ts'

export interface StoryInput {
  readonly history: History
  readonly messages: MessageTable
  readonly configuration: Configuration
  /** How many message IDs there are before they wrap. */
  readonly ids: number
}

/** All that one host sent to another. */
interface Pair {
  readonly from: NodeIndex
  readonly to: NodeIndex
  /** Accepted sends, in the order of posting. */
  readonly sends: PostedSeen[]
  /** False where one was called before another had returned. */
  isOrdered: boolean
  last: PostedSeen | undefined
  readonly courses: Course[]
}

export class EmpStory {
  /** Requests that were not refused, in the order of the calls. */
  readonly sends: PostedSeen[] = []
  readonly receives: PostedSeen[] = []
  readonly courses: Course[] = []
  readonly lanes: readonly Lane[]
  readonly sizes: CollectionSizes
  /** The timeout that all hosts begin with; Infinity where it is not known. */
  readonly timeout: Duration
  /** How often a collection is sent again before who does not take it is given up; 0: without limit (R23). */
  readonly retries: number
  readonly cap: Duration
  /**
   * How late a NIC may be with what it must do: that it takes time to see a frame, a call or a deadline is nobody's fault
   * for as long.
   */
  readonly patience: Duration
  /** How late it may be with seeing what was posted. */
  readonly latency: Duration

  private readonly given: StoryInput
  private readonly pairs = new Map<number, Pair>()
  private readonly courseOf = new Map<PostedSeen, Course>()
  private readonly wild = new Set<NodeIndex>()
  private readonly inbounds = new Map<NodeIndex, Inbound | undefined>()

  constructor(given: StoryInput) {
    const { history, configuration } = given
    this.given = given
    this.timeout = configuration['emp.timeout'] ?? Infinity
    this.cap = Math.max(this.timeout, configuration['emp.timeout-cap'] ?? Infinity)
    this.retries = configuration['emp.retries'] ?? empDefaults['emp.retries']
    this.patience = this.timeout
    this.latency = this.timeout / 4
    this.sizes = new CollectionSizes(configuration['emp.collection'], history.calls)
    const lanes = new Lanes()
    this.readPostings(history, lanes)
    this.readMessages(lanes)
    lanes.close()
    this.lanes = lanes.all
    for (const { peer, tag, node } of this.receives) if (peer === empAny || tag === empAny) this.wild.add(node)
    this.readCancels(history)
    // Receives for any peer or tag may interfere.
    lanes.loosen(({ to }) => this.wild.has(to))
    if (this.sizes.isChanged) lanes.loosen((lane) => lane.sends.some((send, place) => this.isMisfit(lane, send, place)))
    if (given.messages.craftedPairs.size > 0) this.loosenCrafted()
  }

  /** The timeout of a collection that has expired so often without an acknowledgement (R20). */
  timeoutAfter(expiries: number): Duration {
    return Math.min(this.timeout * 2 ** expiries, this.cap)
  }

  /** How long it may take then until the collection is sent again: twice the timeout, since nobody is quick. */
  longestWait(expiries: number): Duration {
    return 2 * this.timeoutAfter(expiries) + this.patience
  }

  /** The message that a send became, where that is clear. */
  messageOf(send: PostedSeen): Course | undefined {
    return this.courseOf.get(send)
  }

  /** Whether it is open which receive of a host takes what: some are for any peer or any tag, or may be withdrawn. */
  isWild(node: NodeIndex): boolean {
    return this.wild.has(node)
  }

  /** What came for a host and which receive took what; undefined where that is not known. */
  inboundOf(node: NodeIndex): Inbound | undefined {
    if (!this.inbounds.has(node)) this.inbounds.set(node, this.readInbound(node))
    return this.inbounds.get(node)
  }

  /** Whether a host has told that a peer is given up: then nothing to it goes on (R23). */
  hasGivenUp(from: NodeIndex, to: NodeIndex): boolean {
    for (const { node, peer, completions } of this.sends) {
      if (node !== from || peer !== to) continue
      for (const { completion } of completions) if (completion.outcome === 'failed') return true
    }
    return false
  }

  /** Accepted sends of one host to another in the order of posting; undefined where that is not known. */
  sendsOf(from: NodeIndex, to: NodeIndex): readonly PostedSeen[] | undefined {
    const pair = this.pairs.get(pairNumber(from, to))
    return pair?.isOrdered === false ? undefined : (pair?.sends ?? [])
  }

  /** When all frames of a message had come that its receiver took for sure; Infinity when that never was. */
  keptWhole(course: Course): Instant {
    const taken = takenFrom(course, this)
    let at = taken ? 0 : Infinity
    if (taken) for (const collection of course.collections) at = Math.max(at, keptAt(course, collection, taken).at)
    return at
  }

  private readInbound(node: NodeIndex): Inbound | undefined {
    const courses: Course[] = []
    for (const pair of this.pairs.values()) if (pair.to === node && pair.from !== node) courses.push(...pair.courses)
    const own = this.pairs.get(pairNumber(node, node))
    if (own?.isOrdered === false || this.isForgedFor(node)) return undefined
    const ownSends = this.sends.filter((send) => send.node === node && send.peer === node)
    return Inbound.of({ node, courses, ownSends, receives: this.receives.filter((each) => each.node === node) })
  }

  /** Data was crafted for a host: what a receiver must make of it is for the case to say. */
  private isForgedFor(node: NodeIndex): boolean {
    for (const pair of this.given.messages.craftedPairs) if (pair.endsWith(`>${node}`)) return true
    return false
  }

  private readPostings({ postings }: History, lanes: Lanes): void {
    for (const post of postings) {
      if (isRefused(post) || isCancelled(post)) continue
      lanes.post(post)
      if (post.kind === 'receive') {
        this.receives.push(post)
        continue
      }
      this.sends.push(post)
      const pair = this.pairAt(post.node, post.peer)
      if (pair.last && !isBefore(pair.last, post)) pair.isOrdered = false
      pair.last = post
      if (isAccepted(post)) pair.sends.push(post)
    }
  }

  /** Where it was not told what became of a receive that was to be withdrawn, what takes what is open. */
  private readCancels({ calls }: History): void {
    for (const { node, call } of calls) {
      const { body } = call
      if (body.operation !== 'emp.cancel') continue
      const post = this.receives.find((each) => each.node === node && each.request === body.request)
      if (post?.completions.length === 0) this.wild.add(node)
    }
  }

  private readMessages(lanes: Lanes): void {
    for (const message of this.given.messages.sent) {
      const { from, to } = message
      if (to === undefined || to === from) continue
      const pair = this.pairAt(from, to)
      const course = this.courseFor(message, pair)
      pair.courses.push(course)
      this.courses.push(course)
      if (course.send) this.courseOf.set(course.send, course)
    }
    for (const { courses } of this.pairs.values()) {
      courses.sort((a, b) => a.place - b.place)
      let isKnown = true
      for (const [place, course] of courses.entries()) {
        if (course.place !== place || !course.header) isKnown = false
        if (course.header) course.lane = lanes.send(course, course.header.tag, isKnown)
      }
    }
  }

  private courseFor(message: MessageSeen, pair: Pair): Course {
    const { configuration, ids, messages } = this.given
    const { from, to } = pair
    const header = steadyHeader(message)
    let start = Infinity
    let isRepeated = false
    for (const frames of message.sent.values()) {
      start = Math.min(start, frames[0]?.record ?? Infinity)
      if (frames.length > 1) isRepeated = true
    }
    const place = (message.id - (configuration['emp.first-message'] ?? empDefaults['emp.first-message']) + ids) % ids
    const posted = pair.isOrdered ? pair.sends[place] : undefined
    const send = header && posted?.tag === header.tag && posted.bytes === header.total ? posted : undefined
    const size = this.sizeFor(message, pair, send?.call.record ?? start)
    return {
      message,
      from,
      to,
      place,
      header,
      start,
      isRepeated,
      isCrafted: isCrafted(messages, message),
      headerArrived: message.arrived.find(({ frame }) => frame === 0),
      whole: header ? wholeAt(message, header.frames) : Infinity,
      size,
      collections: header && size !== undefined ? collectionsSeen(message, header.frames, size) : [],
      send,
      lane: undefined,
    }
  }

  /** Whether the sizes of collections may have been changed, or unequal, while a message was in flight: its receive may hang (R21). */
  private isMisfit({ from, to, receives }: Lane, send: PostedSeen, place: number): boolean {
    const end = receives[place]?.completions[0]?.record ?? Infinity
    return this.sizes.common([from, to], send.call.record, end) === undefined
  }

  /** What a receiver must make of crafted data is for the case to say. */
  private loosenCrafted(): void {
    for (const lane of this.lanes) {
      if (this.given.messages.craftedPairs.has(pairKey(lane.from, lane.to))) lane.isOrdered = false
    }
  }

  private sizeFor(message: MessageSeen, { from, to }: Pair, start: number): number | undefined {
    if (!this.sizes.isChanged) return this.sizes.atFirst
    return this.sizes.common([from, to], start, endOf(message))
  }

  private pairAt(from: NodeIndex, to: NodeIndex): Pair {
    const key = pairNumber(from, to)
    const known = this.pairs.get(key)
    if (known) return known
    const fresh: Pair = { from, to, sends: [], isOrdered: true, last: undefined, courses: [] }
    this.pairs.set(key, fresh)
    return fresh
  }
}

function pairNumber(from: NodeIndex, to: NodeIndex): number {
  return from * 0x10000 + to
}

function isCrafted({ craftedPairs }: MessageTable, { from, to, acknowledgementCrafted }: MessageSeen): boolean {
  return acknowledgementCrafted || (craftedPairs.size > 0 && craftedPairs.has(pairKey(from, to)))
}
