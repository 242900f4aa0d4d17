// A drawn program of VIA while it is written: its hosts, and the steps so far.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import { memoryReadMax, type Range } from '../../../spec/vocabulary/memory.ts'
import type { Duration, NodeIndex } from '../../../spec/vocabulary/units.ts'
import { viaDefaults } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViaQueue } from '../../../spec/vocabulary/via-returns.ts'
import type { BufferPlan, CraftStep, Step } from '../../plan/permutation.ts'
import { joinWithin } from '../../plan/usual.ts'
import { drawn, pick } from '../drawn.ts'
import { ViaHost } from './host.ts'
import { taking, takingEntry } from './vipl-calls.ts'

/** Octets beside others that are looked at: as many as lie between the places of two messages. */
const beside = 8

/** Of a queue with more entries the rest is not looked at. */
const entriesLookedFor = 5

/** Of what was posted on a work queue no more is taken in the end. */
const postedLookedFor = 3

export class Script {
  readonly hosts: readonly ViaHost[]
  private readonly configuration: Configuration
  private readonly steps: Step[] = []
  private numbers = 0
  /** Octets that are looked at in the end. */
  private readonly watched: { readonly node: NodeIndex; readonly at: Range }[] = []
  /** Completion queues by host, with how many entries they may get. */
  private readonly entries = new Map<string, { node: NodeIndex; cq: string; count: number }>()

  /** How many descriptors were posted, by host, VI and work queue. */
  private readonly posted = new Map<string, { node: NodeIndex; vi: string; queue: ViaQueue; count: number }>()

  constructor(hosts: number, configuration: Configuration) {
    this.configuration = configuration
    this.hosts = Array.from({ length: hosts }, (_, node) => new ViaHost(node))
  }

  /** What is configured. */
  value(key: keyof typeof viaDefaults): number {
    return this.configuration[key] ?? viaDefaults[key]
  }

  host(node: NodeIndex): ViaHost {
    return pick(this.hosts, node)
  }

  /** Another number each time. */
  next(): number {
    return ++this.numbers
  }

  /** A name that nothing else has. */
  fresh(kind: string): string {
    return `${kind}-${this.next()}`
  }

  call(node: NodeIndex, body: CallBody): void {
    const host = this.host(node)
    host.takesPart = true
    if (body.operation === 'descriptor.write') host.written.push(body.as)
    if (body.operation === 'VipPostSend') this.counts(node, body.vi, 'send')
    if (body.operation === 'VipPostRecv') this.counts(node, body.vi, 'recv')
    this.steps.push(callStep(node, body))
  }

  /** On a thread of its own, which nobody else uses; the label of the call. */
  start(node: NodeIndex, body: CallBody): string {
    const host = this.host(node)
    host.takesPart = true
    const thread = ++host.waiting
    const label = `w${node}-${thread}`
    this.steps.push({ kind: 'call', node, thread, body, label, start: true, position: drawn })
    return label
  }

  join(label: string): void {
    this.steps.push({ kind: 'join', label, within: joinWithin, position: drawn })
  }

  /** The harness puts a frame on the wire. */
  craft(frame: CraftStep): void {
    this.steps.push(frame)
  }

  pause(by: Duration): void {
    this.steps.push({ kind: 'advance', by, position: drawn })
  }

  /** Something is posted whose completion may put an entry. */
  expects(node: NodeIndex, cq: string | null): void {
    if (cq === null) return
    const key = `${node} ${cq}`
    const known = this.entries.get(key)
    if (known) known.count++
    else this.entries.set(key, { node, cq, count: 1 })
  }

  /** Takes what is on completion queues by now, and looks once more than there can be entries. */
  takeEntries(): void {
    for (const { node, cq, count } of this.entries.values()) {
      for (let looks = 0; looks <= Math.min(count, entriesLookedFor); looks++) {
        this.call(node, takingEntry(cq))
      }
    }
  }

  /** Takes what was posted, the first of it if it is much, and looks once more than there can be something. */
  takePosted(): void {
    for (const { node, vi, queue, count } of this.posted.values()) {
      for (let looks = 0; looks <= Math.min(count, postedLookedFor); looks++) this.call(node, taking({ vi }, queue))
    }
  }

  private counts(node: NodeIndex, vi: string | null, queue: ViaQueue): void {
    if (vi === null) return
    const key = `${node} ${vi} ${queue}`
    const known = this.posted.get(key)
    if (known) known.count++
    else this.posted.set(key, { node, vi, queue, count: 1 })
  }

  /** What stands there in the end is looked at. */
  watch(node: NodeIndex, at: Range): void {
    this.watched.push({ node, at })
  }

  /** What a host is to have watched, of what was said last. */
  lastWatched(node: NodeIndex): Range | undefined {
    return this.watched.findLast((each) => each.node === node)?.at
  }

  /** Reads octets, as many at a time as one call may. */
  look(node: NodeIndex, { buffer, offset, bytes }: Range): void {
    for (let from = 0; from < bytes; from += memoryReadMax) {
      const at = { buffer, offset: offset + from, bytes: Math.min(memoryReadMax, bytes - from) }
      this.call(node, { operation: 'memory.read', at })
    }
  }

  /** Looks at the octets that were to be watched, and at those on either side. */
  lookAtWatched(): void {
    for (const { node, at } of this.watched) {
      const { buffer, offset, bytes } = at
      const before = Math.min(offset, beside)
      this.look(node, { buffer, offset: offset - before, bytes: before + bytes + beside })
    }
  }

  get hasEntries(): boolean {
    return this.entries.size > 0
  }

  memory(): BufferPlan[] {
    return this.hosts.flatMap((host) => host.buffers())
  }

  /** The hosts begin before all else: only in the end is it known what memory they need. */
  whole(): Step[] {
    const first = this.hosts.flatMap((host) => host.beginning().map((body) => callStep(host.node, body)))
    return [...first, ...this.steps]
  }
}

function callStep(node: NodeIndex, body: CallBody): Step {
  return { kind: 'call', node, thread: 0, body, start: false, position: drawn }
}
