// What a search has seen: pairs of a host's state and what befell it, and of events that follow each other.
import { returnStatuses } from '../../spec/vocabulary/calls.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { Trace } from '../result/trace.ts'
import { NameNumbers } from './name-numbers.ts'

/** Tells frames apart as far as matters: a small number. */
export type FrameKind = (octets: Uint8Array) => number

/** How many marks there are: pairs fall on them by their hash. */
const places = 1 << 16

/** What a host is seen to be in, as far as its calls and frames tell: numbers up to `countMax`, but for the last two. */
interface HostState {
  /** Calls that have not returned. */
  open: number
  /** Requests and descriptors posted, less those that were reported in any way. */
  posted: number
  /** Its frames that are on their way. */
  flying: number
  woken: number
  /** The fate that befell a frame of its latest, from 1; 0: none did. */
  suffered: number
  /** The latest event at this host. */
  last: number
}

/** Marks pairs that traces show, and counts how often. */
export class Coverage {
  /** Pairs seen so far. */
  pairs = 0
  private readonly seen = new Uint32Array(places)
  private readonly frameKind: FrameKind
  private readonly numbers = new NameNumbers()
  private readonly hosts: HostState[] = []
  /** Who sent each frame. */
  private readonly senders: number[] = []
  private newest: number | undefined

  constructor(frameKind: FrameKind) {
    this.frameKind = frameKind
  }

  /** A pair of the trace that had not been seen before; undefined if there is none. */
  take(trace: Trace): number | undefined {
    this.newest = undefined
    this.hosts.length = this.senders.length = 0
    let last = 0
    for (let record = 0; record < trace.length; record++) {
      const event = this.eventOf(trace, record)
      if (event === 0) continue
      const host = this.hostOf(trace.node(record))
      this.mark(event, host.posted | (host.flying << 2) | (host.open << 4) | (host.woken << 6) | contexts.state)
      this.mark(event, last | contexts.before)
      this.mark(event, host.last | contexts.beforeHere)
      this.mark(event, host.suffered | contexts.suffered)
      this.change(host, trace, record)
      host.last = last = event
    }
    return this.newest
  }

  /** How often a pair was seen. */
  timesSeen(pair: number): number {
    return this.seen[pair] ?? 0
  }

  private mark(event: number, context: number): void {
    const place = (Math.imul(event, 0x9e3779b1) ^ Math.imul(context, 0x85ebca6b)) >>> 16
    const times = this.seen[place] ?? 0
    this.seen[place] = times + 1
    if (times > 0) return
    this.pairs++
    this.newest = place
  }

  private hostOf(node: number): HostState {
    return (this.hosts[node] ??= { open: 0, posted: 0, flying: 0, woken: 0, suffered: 0, last: 0 })
  }

  /** What a record is, as a small number whose low three bits are its group; 0: nothing of interest. */
  private eventOf(trace: Trace, record: number): number {
    switch (trace.kind(record)) {
      case 'call':
        return (this.numbers.of(trace.callOf(record)?.body.operation ?? '') << 3) | groups.call
      case 'returned':
        return (this.answered(trace.returnOf(record)) << 3) | groups.returned
      case 'event': {
        const event = trace.eventOf(record)
        const code = event?.event === 'via.error' ? this.numbers.of(event.code) : 0
        return ((this.numbers.of(event?.event ?? '') + (code << 4)) << 3) | groups.told
      }
      case 'sent':
        return (this.frameKind(trace.octetsOf(record)) << 3) | groups.sent
      case 'arrived':
        return (Math.min(countMax, trace.detail(record)) << 3) | groups.arrived
      case 'fate':
        return (trace.detail(record) << 3) | groups.fate
      case 'woken':
        return groups.woken
      case 'ran':
        return ((trace.detail(record) & 31) << 3) | groups.ran
      case 'crafted':
      case 'lost':
      case 'deadline':
      case 'step':
        return 0
    }
  }

  /** What a call was answered, as far as it tells one turn of events from another. */
  private answered(answer: Return | undefined): number {
    if (!answer) return 0
    const status = returnStatuses.indexOf(answer.status)
    const { completions, vip } = answer
    if (!vip) return status + ((completions ? 1 + Math.min(countMax, completions.length) : 0) << 3)
    const { descriptor, state, entry } = vip
    const told = typeof descriptor === 'object' ? descriptor?.status : (state ?? entry?.queue)
    return status + (this.numbers.of(`${vip.code} ${told ?? ''}`) << 3)
  }

  private change(host: HostState, trace: Trace, record: number): void {
    switch (trace.kind(record)) {
      case 'call':
        host.open = more(host.open)
        if (posts.has(trace.callOf(record)?.body.operation)) host.posted = more(host.posted)
        return
      case 'returned': {
        const answer = trace.returnOf(record)
        host.open = less(host.open)
        for (let i = answer?.completions?.length ?? 0; i > 0; i--) host.posted = less(host.posted)
        if (answer?.vip?.descriptor) host.posted = less(host.posted)
        return
      }
      case 'event':
        host.posted = less(host.posted)
        return
      case 'sent':
        this.senders[trace.frameOf(record)] = trace.node(record)
        host.flying = more(host.flying)
        host.suffered = 0
        return
      case 'arrived': {
        const sender = this.hostOf(this.senders[trace.frameOf(record)] ?? trace.node(record))
        sender.flying = less(sender.flying)
        return
      }
      case 'fate':
        host.suffered = 1 + trace.detail(record)
        return
      case 'woken':
        host.woken = more(host.woken)
        return
      default:
    }
  }
}

const groups = { call: 0, returned: 1, told: 2, sent: 3, arrived: 4, fate: 5, woken: 6, ran: 7 } as const

/** Keeps what an event is paired with apart. */
const contexts = { before: 0, state: 1 << 28, beforeHere: 2 << 28, suffered: 3 << 28 } as const

const posts: ReadonlySet<string | undefined> = new Set<CallBody['operation']>([
  'emp.isend',
  'emp.irecv',
  'VipPostSend',
  'VipPostRecv',
])

/** Counts go up to a few: beyond that nothing new is to be expected. */
const countMax = 3

function more(count: number): number {
  return Math.min(countMax, count + 1)
}

function less(count: number): number {
  return Math.max(0, count - 1)
}
