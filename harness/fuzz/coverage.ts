// What a search has seen: pairs of a host's state and what befell it, and of events that follow each other.
import { returnStatuses } from '../../spec/vocabulary/calls.ts'
import type { Trace } from '../result/trace.ts'

/** Tells frames apart as far as matters: a small number. */
export type FrameKind = (octets: Uint8Array) => number

/** How many marks there are: pairs fall on them by their hash. */
const places = 1 << 16

/** What a host is seen to be in, as far as its calls and frames tell. */
interface HostState {
  /** Requests or descriptors posted and not reported; frames sent and not yet arrived, and wakes. All small. */
  posted: number
  sent: number
  woken: number
  last: number
}

/** Marks pairs that traces show. */
export class Coverage {
  /** Pairs seen so far. */
  pairs = 0
  private readonly seen = new Uint8Array(places)
  private readonly frameKind: FrameKind
  private readonly operations = new Map<string, number>()
  private readonly hosts: HostState[] = []

  constructor(frameKind: FrameKind) {
    this.frameKind = frameKind
  }

  /** How many pairs of the trace had not been seen before. */
  take(trace: Trace): number {
    const before = this.pairs
    this.hosts.length = 0
    let last = 0
    for (let record = 0; record < trace.length; record++) {
      const event = this.eventOf(trace, record)
      if (event === 0) continue
      const host = this.hostOf(trace.node(record))
      this.mark(event, host.posted | (host.sent << 3) | (host.woken << 6) | 0x1000)
      this.mark(event, last)
      this.mark(event, host.last | 0x2000)
      change(host, event)
      host.last = last = event
    }
    return this.pairs - before
  }

  private mark(event: number, context: number): void {
    const place = (Math.imul(event, 0x9e3779b1) ^ Math.imul(context, 0x85ebca6b)) >>> 16
    if (this.seen[place] === 1) return
    this.seen[place] = 1
    this.pairs++
  }

  private hostOf(node: number): HostState {
    return (this.hosts[node] ??= { posted: 0, sent: 0, woken: 0, last: 0 })
  }

  /** What a record is, as a small number whose low three bits are its group; 0: nothing of interest. */
  private eventOf(trace: Trace, record: number): number {
    switch (trace.kind(record)) {
      case 'call':
        return (this.numberOf(trace.callOf(record)?.body.operation ?? '') << 3) | groups.call
      case 'returned': {
        const answer = trace.returnOf(record)
        const status = answer ? returnStatuses.indexOf(answer.status) : 0
        const code = answer?.vip ? this.numberOf(answer.vip.code) : 0
        return ((status + (code << 3)) << 3) | groups.returned
      }
      case 'event':
        return (this.numberOf(trace.eventOf(record)?.event ?? '') << 3) | groups.told
      case 'sent':
        return (this.frameKind(trace.octetsOf(record)) << 3) | groups.sent
      case 'arrived':
        return (Math.min(3, trace.detail(record)) << 3) | groups.arrived
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

  private numberOf(name: string): number {
    const known = this.operations.get(name)
    if (known !== undefined) return known
    const number = this.operations.size + 1
    this.operations.set(name, number)
    return number
  }
}

const groups = { call: 0, returned: 1, told: 2, sent: 3, arrived: 4, fate: 5, woken: 6, ran: 7 } as const

/** Counts up to a few: beyond that nothing new is to be expected. */
const countMax = 3

function change(host: HostState, event: number): void {
  switch (event & 7) {
    case groups.call:
      host.posted = Math.min(countMax, host.posted + 1)
      return
    case groups.told:
      host.posted = Math.max(0, host.posted - 1)
      return
    case groups.sent:
      host.sent = Math.min(countMax, host.sent + 1)
      return
    case groups.arrived:
      host.sent = Math.max(0, host.sent - 1)
      return
    case groups.woken:
      host.woken = Math.min(3, host.woken + 1)
  }
}
