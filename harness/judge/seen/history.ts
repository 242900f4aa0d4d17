// A trace read once and indexed: frames with what became of them, calls with their returns, completions by request.
import type { Call, CallBody, ProviderEvent, Return } from '../../../spec/vocabulary/calls.ts'
import type { EmpCompletion } from '../../../spec/vocabulary/emp.ts'
import type { Fate } from '../../../spec/vocabulary/faults.ts'
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { ViaEvent } from '../../../spec/vocabulary/via.ts'
import type { WireLayout } from '../../plan/layout.ts'
import type { Trace } from '../../result/trace.ts'
import { dissect, type Dissection } from '../frames/dissect.ts'
import { MessageOrdinals } from './message-ordinals.ts'

export interface FateSeen {
  readonly fate: Fate
  readonly amount: number
  readonly rule: number
  readonly time: Instant
}

export interface FrameSeen {
  /** Counted over the world. */
  readonly ordinal: number
  readonly record: number
  readonly time: Instant
  /** Whose link it was put on: its sender, or the host in whose name it was crafted. */
  readonly from: NodeIndex
  /** Undefined when no host has the destination address. */
  readonly to: NodeIndex | undefined
  readonly crafted: boolean
  readonly octets: Uint8Array
  readonly dissection: Dissection
  /** Name of the type; undefined when the frame ends before it. */
  readonly type: string | undefined
  /** Message ID and frame number; -1 when the frame ends before them. */
  readonly message: number
  readonly frame: number
  readonly fates: FateSeen[]
  readonly arrivals: ArrivalSeen[]
}

export interface ArrivalSeen {
  readonly frame: FrameSeen
  readonly node: NodeIndex
  readonly copy: number
  readonly record: number
  readonly time: Instant
}

export interface CallSeen {
  readonly call: Call
  readonly node: NodeIndex
  readonly record: number
  readonly time: Instant
  answer: { readonly content: Return; readonly record: number; readonly time: Instant } | undefined
}

export interface CompletionSeen {
  readonly source: 'return' | 'event'
  readonly node: NodeIndex
  readonly completion: EmpCompletion
  readonly record: number
  readonly time: Instant
  /** The call that was answered so; undefined for events. */
  readonly call: CallSeen | undefined
}

/** What a VIA provider told without being asked. */
export interface ViaEventSeen {
  readonly node: NodeIndex
  readonly event: ViaEvent
  readonly record: number
  readonly time: Instant
}

/** A send or a receive that the host asked for. */
export interface PostedSeen {
  readonly kind: 'send' | 'receive'
  readonly node: NodeIndex
  readonly request: string
  readonly peer: NodeIndex
  readonly tag: number
  readonly bytes: number
  readonly call: CallSeen
  /** What was told of it, in order. */
  readonly completions: CompletionSeen[]
}

/** What is needed to read a trace: the wire, and the MAC address of every host, by node, in hexadecimal digits. */
export interface TraceReading {
  readonly layout: WireLayout
  readonly macs: readonly string[]
}

/** A request of a host, by its name. */
export function requestKey(node: NodeIndex, request: string): string {
  return `${node}/${request}`
}

/** The record at which a call returned; Infinity if it has not. */
export function returned({ answer }: Pick<CallSeen, 'answer'>): number {
  return answer?.record ?? Infinity
}

/** They change nothing, and a NIC need not hear of them. */
const questions: ReadonlySet<string> = new Set<CallBody['operation']>([
  'memory.digest',
  'memory.read',
  'memory.guards',
  'emp.test',
  'emp.testall',
  'emp.probe',
  'emp.counters',
  'emp.descriptor',
  'descriptor.read',
])

/** Follows one trace; `catchUp` reads what was recorded since the last time. */
export class History {
  readonly frames: FrameSeen[] = []
  readonly arrivals: ArrivalSeen[] = []
  readonly calls: CallSeen[] = []
  readonly callById = new Map<number, CallSeen>()
  /** Returns that answer no call, or a call that had been answered. */
  readonly strayReturns: { node: NodeIndex; answer: Return; time: Instant }[] = []
  /** By host and name: the latest that was not refused, or the latest of all. */
  readonly posted = new Map<string, PostedSeen>()
  /** All of them, in the order of the calls. */
  readonly postings: PostedSeen[] = []
  readonly completions: CompletionSeen[] = []
  /** Hosts whose adapter tells of completions by itself. */
  readonly tellers = new Set<NodeIndex>()
  readonly completionsByRequest = new Map<string, CompletionSeen[]>()
  readonly viaEvents: ViaEventSeen[] = []
  readonly deadlines = new Map<NodeIndex, { amount: number; time: Instant }>()
  /** The last thing that a host did or that was done to it, mere questions left out. */
  readonly lastActive = new Map<NodeIndex, Instant>()
  readonly ordinals = new MessageOrdinals()
  /** Activities were run one by one, so that some may have been left over at the end. */
  isStepped = false
  end: Instant = 0

  private position = 0
  private readonly byOrdinal = new Map<number, FrameSeen>()
  /** Of a posting that has not been answered: the one that had its name before. */
  private readonly replaced = new Map<CallSeen, PostedSeen>()
  private readonly reading: TraceReading

  constructor(reading: TraceReading) {
    this.reading = reading
  }

  catchUp(trace: Trace): void {
    for (; this.position < trace.length; this.position++) this.read(trace, this.position)
  }

  completionsOf(node: NodeIndex, request: string): readonly CompletionSeen[] {
    return this.completionsByRequest.get(requestKey(node, request)) ?? []
  }

  private read(trace: Trace, record: number): void {
    const node = trace.node(record)
    const time = trace.time(record)
    this.end = Math.max(this.end, time)
    const kind = trace.kind(record)
    if (kind === 'event' || kind === 'sent' || kind === 'arrived' || this.setsGoing(trace, record)) {
      this.lastActive.set(node, time)
    }
    switch (kind) {
      case 'call':
        this.readCall(trace, record)
        return
      case 'returned':
        this.readReturn(trace, record)
        return
      case 'event': {
        const event = trace.eventOf(record)
        if (event) this.readEvent(event, { node, record, time })
        return
      }
      case 'sent':
      case 'crafted':
        this.readFrame(trace, record, kind === 'crafted')
        return
      case 'fate': {
        const what = trace.fateOf(record)
        if (what) this.byOrdinal.get(trace.frameOf(record))?.fates.push({ time, ...what })
        return
      }
      case 'arrived': {
        const frame = this.byOrdinal.get(trace.frameOf(record))
        if (!frame) return
        const arrival = { frame, node, copy: trace.detail(record), record, time }
        frame.arrivals.push(arrival)
        this.arrivals.push(arrival)
        return
      }
      case 'deadline':
        this.deadlines.set(node, { amount: trace.amount(record), time })
        return
      case 'ran':
        this.isStepped = true
        return
      case 'lost':
      case 'woken':
      case 'step':
    }
  }

  private readCall(trace: Trace, record: number): void {
    const call = trace.callOf(record)
    if (!call) return
    const node = trace.node(record)
    const seen: CallSeen = { call, node, record, time: trace.time(record), answer: undefined }
    this.calls.push(seen)
    this.callById.set(call.id, seen)
    const { body } = call
    if (body.operation !== 'emp.isend' && body.operation !== 'emp.irecv') return
    const key = requestKey(node, body.as)
    const before = this.posted.get(key)
    if (before) this.replaced.set(seen, before)
    const post: PostedSeen = {
      kind: body.operation === 'emp.isend' ? 'send' : 'receive',
      node,
      request: body.as,
      peer: body.operation === 'emp.isend' ? body.to : body.from,
      tag: body.tag,
      bytes: body.pieces.reduce((sum, piece) => sum + piece.bytes, 0),
      call: seen,
      completions: [],
    }
    this.posted.set(key, post)
    this.postings.push(post)
  }

  private readReturn(trace: Trace, record: number): void {
    const answer = trace.returnOf(record)
    if (!answer) return
    const node = trace.node(record)
    const time = trace.time(record)
    const call = this.callById.get(answer.id)
    if (!call || call.answer || call.node !== node) this.strayReturns.push({ node, answer, time })
    else {
      call.answer = { content: answer, record, time }
      if (this.replaced.size > 0) this.restore(call, answer)
    }
    for (const completion of answer.completions ?? []) {
      this.completed({ source: 'return', node, completion, record, time, call })
    }
  }

  /** A name whose posting was refused stands for what it stood for before. */
  private restore(call: CallSeen, { status }: Return): void {
    const before = this.replaced.get(call)
    this.replaced.delete(call)
    if (!before || status === 'ok') return
    const key = requestKey(before.node, before.request)
    const refused = this.posted.get(key)
    if (refused?.call !== call) return
    before.completions.push(...refused.completions.splice(0))
    this.posted.set(key, before)
  }

  private readEvent(event: ProviderEvent, where: Pick<ViaEventSeen, 'node' | 'record' | 'time'>): void {
    if (event.event === 'emp.completion') {
      this.tellers.add(where.node)
      this.completed({ source: 'event', completion: event, call: undefined, ...where })
    } else this.viaEvents.push({ event, ...where })
  }

  private completed(seen: CompletionSeen): void {
    this.completions.push(seen)
    const key = requestKey(seen.node, seen.completion.request)
    const known = this.completionsByRequest.get(key)
    if (known) known.push(seen)
    else this.completionsByRequest.set(key, [seen])
    this.posted.get(key)?.completions.push(seen)
  }

  /** Whether it is a call, or the answer to one, after which a NIC may have something to do: questions change nothing. */
  private setsGoing(trace: Trace, record: number): boolean {
    const call = trace.callOf(record) ?? this.callById.get(trace.returnOf(record)?.id ?? -1)?.call
    return call !== undefined && !questions.has(call.body.operation)
  }

  private readFrame(trace: Trace, record: number, crafted: boolean): void {
    const octets = trace.octetsOf(record)
    const dissection = dissect(this.reading.layout, octets)
    const to = this.reading.macs.indexOf(dissection.destination)
    const frame: FrameSeen = {
      ordinal: trace.frameOf(record),
      record,
      time: trace.time(record),
      from: trace.node(record),
      to: to < 0 ? undefined : to,
      crafted,
      octets,
      dissection,
      type: dissection.type,
      message: dissection.fields['message'] ?? -1,
      frame: dissection.fields['frame'] ?? -1,
      fates: [],
      arrivals: [],
    }
    this.frames.push(frame)
    this.byOrdinal.set(frame.ordinal, frame)
    this.ordinals.see(frame)
  }
}
