// An Ethernet switch in virtual time: one link per host, frames as octets, and the place where faults happen.
import { frameOctetsMax, unseenOctets, type LinkSetting } from '../../spec/vocabulary/faults.ts'
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Trace } from '../result/trace.ts'
import { destinationOf } from './address.ts'
import { type EventQueue, eventKinds } from './event-queue.ts'
import type { Faults } from './faults.ts'
import { FrameSlab } from './frame-slab.ts'

/** A reordered frame waits for this long at most for frames that could overtake it. */
export const reorderHoldMax = 100_000

/** A frame held back until `ahead` later frames of its link have gone first. */
interface HeldFrame {
  readonly slot: number
  readonly to: NodeIndex
  readonly id: number
  ahead: number
}

/** A frame while it is put on its link. One record is used for all that hosts send. */
interface PassingFrame {
  frame: number
  from: NodeIndex
  to: NodeIndex
  octets: Uint8Array
  length: number
  now: Instant
  arrival: Instant
}

export class Fabric {
  /** Frames that are on their way, copies and held ones included. */
  inFlight = 0

  private readonly queue: EventQueue
  private readonly trace: Trace
  private readonly slab = new FrameSlab()
  private faults: Faults | undefined
  private readonly passing: PassingFrame = {
    frame: 0,
    from: 0,
    to: 0,
    octets: new Uint8Array(0),
    length: 0,
    now: 0,
    arrival: 0,
  }
  private hosts = 0
  private nanosecondsPerOctet = 8
  /** From the last octet on the link to its arrival. */
  private delay = 0
  /** Frames so far: the ordinal of the next. */
  private frames = 0
  /** Frames held back so far: the id of the next. */
  private holds = 0
  private linkFreeAt = new Float64Array(0)
  private sentByHost = new Float64Array(0)
  /** By host: frames of its link that wait to be overtaken. */
  private readonly held: HeldFrame[][] = []

  constructor(queue: EventQueue, trace: Trace) {
    this.queue = queue
    this.trace = trace
  }

  /** Starts over: `hosts` idle links; `faults` has begun already, or is undefined for a perfect wire. */
  begin(hosts: number, link: LinkSetting, faults: Faults | undefined): void {
    this.hosts = hosts
    this.faults = faults
    this.nanosecondsPerOctet = 8e9 / link.bitsPerSecond
    this.delay = link.delay
    this.inFlight = this.frames = this.holds = 0
    if (this.linkFreeAt.length < hosts) {
      this.linkFreeAt = new Float64Array(hosts)
      this.sentByHost = new Float64Array(hosts)
    } else {
      this.linkFreeAt.fill(0)
      this.sentByHost.fill(0)
    }
    for (const frames of this.held) frames.length = 0
    while (this.held.length < hosts) this.held.push([])
    this.slab.clear()
  }

  /** Frames that a host put on the wire since `begin`. */
  sentBy(node: NodeIndex): number {
    return this.sentByHost[node] ?? 0
  }

  /** Frames that a rule could have hit since `begin`. */
  matchedBy(rule: number): number {
    return this.faults?.matchedBy(rule) ?? 0
  }

  /** Takes a frame from host `from`; the octets are copied. Frames longer than any NIC could send are lost. */
  send(from: NodeIndex, octets: Uint8Array, length: number, now: Instant): void {
    const { passing } = this
    passing.from = from
    const to = destinationOf(octets, this.hosts)
    // A switch never returns a frame to the port that it came from.
    passing.to = to === from ? -1 : to
    passing.octets = octets
    passing.length = length
    passing.now = now
    this.put('sent', passing)
  }

  /** Puts a frame on the link of host `from` in its name; host `to` gets it whatever address it carries. */
  craft({ from, to }: { from: NodeIndex; to: NodeIndex }, octets: Uint8Array, now: Instant): void {
    this.put('crafted', { from, to, octets, length: octets.length, now, frame: 0, arrival: 0 })
  }

  private put(kind: 'sent' | 'crafted', passing: PassingFrame): void {
    const { from, to, octets, length, now } = passing
    const frame = this.frames++
    passing.frame = frame
    this.sentByHost[from] = (this.sentByHost[from] ?? 0) + 1
    if (this.trace.enabled) this.trace.frame(kind, passing, octets, length)
    const hit = this.faults !== undefined && this.faults.decide(passing)
    const start = Math.max(now, this.linkFreeAt[from] ?? 0)
    const end = Math.round(start + (length + unseenOctets) * this.nanosecondsPerOctet)
    const arrival = end + this.delay
    this.linkFreeAt[from] = end
    passing.arrival = arrival
    if (to === -1 || length > frameOctetsMax) {
      this.trace.fate(from, frame, { fate: 'unroutable', amount: 0, rule: -1 }, now)
      this.trace.lost(from, frame, now)
    } else if (hit) {
      this.suffer(passing)
    } else {
      this.schedule(this.slab.keep(octets, length, frame), to, arrival, 0)
      this.inFlight++
      this.letPass(from, arrival)
    }
  }

  /** An arrival has come, as `schedule` has tagged it: calls `deliver` with octets that are valid during the call. */
  arrive(
    slot: number,
    tagged: number,
    deliver: (node: NodeIndex, octets: Uint8Array, length: number) => void,
    now: Instant,
  ): void {
    const to = tagged & 0xffff
    const octets = this.slab.octets(slot)
    this.inFlight--
    if (this.trace.enabled) this.trace.arrived(to, this.slab.ordinal(slot), tagged >>> 16, now)
    deliver(to, octets, this.slab.length(slot))
    this.slab.release(slot)
  }

  /** The longest wait of held frame `id` on the link of `from` has come. */
  release(from: NodeIndex, id: number, now: Instant): void {
    const held = this.held[from]
    const place = held?.findIndex((frame) => frame.id === id) ?? -1
    if (!held || place < 0) return
    const [frame] = held.splice(place, 1)
    if (frame) this.schedule(frame.slot, frame.to, now, 0)
  }

  private suffer(passing: PassingFrame): void {
    const { frame, from, to, octets, length, now, arrival } = passing
    const faults = this.faults
    if (!faults) return
    const { fate, amount } = faults
    this.trace.fate(from, frame, { fate, amount, rule: faults.rule }, now)
    switch (fate) {
      case 'drop':
      case 'corrupt':
      case 'partition':
      case 'unroutable':
        this.trace.lost(from, frame, now)
        return
      case 'delay':
        this.schedule(this.slab.keep(octets, length, frame), to, arrival + amount, 0)
        this.inFlight++
        return
      case 'duplicate': {
        const slot = this.slab.keep(octets, length, frame)
        this.schedule(slot, to, arrival, 0)
        this.inFlight++
        this.repeat(slot, to, arrival, amount)
        this.letPass(from, arrival)
        return
      }
      case 'reorder':
        this.held[from]?.push({
          slot: this.slab.keep(octets, length, frame),
          to,
          id: this.holds,
          ahead: amount,
        })
        this.queue.push(arrival + reorderHoldMax, eventKinds.release, from, this.holds++)
        this.inFlight++
    }
  }

  /** More arrivals of a frame that is on its way. */
  private repeat(slot: number, to: NodeIndex, arrival: Instant, copies: number): void {
    for (let copy = 1; copy <= copies; copy++) {
      this.slab.hold(slot)
      this.schedule(slot, to, arrival, copy)
      this.inFlight++
    }
  }

  /** An arrival is the slot of its frame, and the host with the number of the copy above it: see `arrive`. */
  private schedule(slot: number, to: NodeIndex, arrival: Instant, copy: number): void {
    this.queue.push(arrival, eventKinds.arrival, slot, to | (copy << 16))
  }

  /** A frame goes on its way in time: held frames of the link count it, and follow it once enough have passed. */
  private letPass(from: NodeIndex, arrival: Instant): void {
    const held = this.held[from]
    if (held === undefined || held.length === 0) return
    for (const waiting of held) waiting.ahead--
    for (const { slot, to, ahead } of held) if (ahead <= 0) this.schedule(slot, to, arrival, 0)
    this.held[from] = held.filter(({ ahead }) => ahead > 0)
  }
}
