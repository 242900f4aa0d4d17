// The ordered record of one run, in reusable typed columns: the one artifact from which verdicts, diagrams and captures are made.
import type { Call, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import { fates, type Fate } from '../../spec/vocabulary/faults.ts'
import { crc32c } from '../../spec/vocabulary/memory.ts'
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import { canonicalText } from './canonical-text.ts'

/** What a record says. `node` is the endpoint it concerns. */
const traceKinds = [
  'call', // the host of `node` called; content: Call
  'returned', // a call of `node` answered; content: Return
  'event', // the provider of `node` told something; content: ProviderEvent
  'sent', // `node` put frame `frame` on its link; octets
  'crafted', // the harness put frame `frame` on the link of `node` in its name; octets
  'fate', // the fabric did something to frame `frame`: `detail` is its place in `fates`, `amount` see there, `rule` the fault rule or -1
  'arrived', // frame `frame` was handed to `node`; `detail` counts copies from 0
  'lost', // frame `frame` reached nobody: dropped, corrupted, or no such destination
  'woken', // the deadline of `node` came
  'ran', // `node` ran activity `detail` (stepped only)
  'deadline', // at the end of the run: `amount` is the armed deadline of `node`, or -1 for none
  'step', // the case reached step `detail`
] as const
export type TraceKind = (typeof traceKinds)[number]

/** The octet that stands for each kind: its place in the list. */
const kindCodes: ReadonlyMap<TraceKind, number> = new Map(traceKinds.map((kind, code) => [kind, code]))

/** Numbers of one record beside kind, time and node; what each means depends on the kind. */
const numbersPerRecord = 4

/** The most octets of frames that one trace keeps; later frames are recorded without octets and `truncated` is set. */
export const traceOctetsMax: number = 256 * 1024 * 1024

/** How many octets behind a frame may be copied with it, because that is cheaper than a view. */
const surplusMax = 2048

/** Appended to while a world runs, read when it stands still. `clear` makes it empty without giving up its buffers. */
export class Trace {
  length = 0
  /** True when frames were left without octets because `traceOctetsMax` was reached. */
  truncated = false
  /** Off: nothing is recorded, as benchmarks want it. */
  enabled = true
  private kinds = new Uint8Array(1024)
  private times = new Float64Array(1024)
  private nodes = new Uint16Array(1024)
  /** frame ordinal or -1 · detail · rule or octet count · place of the octets or of the content */
  private numbers = new Float64Array(1024 * numbersPerRecord)
  private calls: Call[] = []
  private returns: Return[] = []
  private events: ProviderEvent[] = []
  private octets = new Uint8Array(64 * 1024)
  private octetsUsed = 0

  clear(): void {
    this.length = 0
    this.truncated = false
    this.calls.length = 0
    this.returns.length = 0
    this.events.length = 0
    this.octetsUsed = 0
  }

  call(node: NodeIndex, call: Call, time: Instant): void {
    if (this.enabled) this.content('call', node, this.calls.push(call) - 1, time)
  }

  returned(node: NodeIndex, answer: Return, time: Instant): void {
    if (this.enabled) this.content('returned', node, this.returns.push(answer) - 1, time)
  }

  event(node: NodeIndex, event: ProviderEvent, time: Instant): void {
    if (this.enabled) this.content('event', node, this.events.push(event) - 1, time)
  }

  /** A frame given to the link; the octets are copied. */
  frame(
    kind: 'sent' | 'crafted',
    where: { readonly from: NodeIndex; readonly frame: number; readonly now: Instant },
    octets: Uint8Array,
    length: number,
  ): void {
    if (!this.enabled) return
    const place = this.keep(octets, length)
    this.append(kind, where.from, where.now)
    this.numbersOf(where.frame, 0, length, place)
  }

  fate(node: NodeIndex, frame: number, what: { fate: Fate; amount: number; rule: number }, time: Instant): void {
    if (!this.enabled) return
    this.append('fate', node, time)
    this.numbersOf(frame, fates.indexOf(what.fate), what.rule, what.amount)
  }

  arrived(node: NodeIndex, frame: number, copy: number, time: Instant): void {
    if (!this.enabled) return
    this.append('arrived', node, time)
    this.numbersOf(frame, copy, 0, -1)
  }

  lost(node: NodeIndex, frame: number, time: Instant): void {
    if (!this.enabled) return
    this.append('lost', node, time)
    this.numbersOf(frame, 0, 0, -1)
  }

  /** `woken`, `ran`, `deadline` and `step`: a kind with one number (activity, step) or one amount (the deadline). */
  mark(kind: 'woken' | 'ran' | 'deadline' | 'step', node: NodeIndex, number: number, time: Instant): void {
    if (!this.enabled) return
    this.append(kind, node, time)
    this.numbersOf(-1, kind === 'deadline' ? 0 : number, 0, kind === 'deadline' ? number : -1)
  }

  kind(record: number): TraceKind {
    const kind = traceKinds[this.kinds[record] ?? -1]
    if (kind === undefined || record >= this.length) throw new RangeError(`trace has no record ${record}`)
    return kind
  }

  time(record: number): Instant {
    return this.times[record] ?? 0
  }

  node(record: number): NodeIndex {
    return this.nodes[record] ?? 0
  }

  /** Ordinal of the frame that the record is about, counted over the world; -1 for none. */
  frameOf(record: number): number {
    return this.numbers[record * numbersPerRecord] ?? -1
  }

  /** Copy number, activity or step, as the kind says. */
  detail(record: number): number {
    return this.numbers[record * numbersPerRecord + 1] ?? 0
  }

  fateOf(record: number): { fate: Fate; amount: number; rule: number } | undefined {
    const fate = this.kind(record) === 'fate' ? fates[this.detail(record)] : undefined
    if (fate === undefined) return undefined
    return { fate, rule: this.numbers[record * numbersPerRecord + 2] ?? -1, amount: this.amount(record) }
  }

  /** The deadline of a `deadline` record (-1: none), or the amount of a fate. */
  amount(record: number): number {
    return this.numbers[record * numbersPerRecord + 3] ?? 0
  }

  callOf(record: number): Call | undefined {
    return this.kind(record) === 'call' ? this.calls[this.amount(record)] : undefined
  }

  returnOf(record: number): Return | undefined {
    return this.kind(record) === 'returned' ? this.returns[this.amount(record)] : undefined
  }

  eventOf(record: number): ProviderEvent | undefined {
    return this.kind(record) === 'event' ? this.events[this.amount(record)] : undefined
  }

  /** The octets of a `sent` or `crafted` record: a view that is valid until `clear`. Empty if they were not kept. */
  octetsOf(record: number): Uint8Array {
    const kind = this.kind(record)
    const place = this.amount(record)
    if ((kind !== 'sent' && kind !== 'crafted') || place < 0) return new Uint8Array(0)
    return this.octets.subarray(place, place + (this.numbers[record * numbersPerRecord + 2] ?? 0))
  }

  /** CRC-32C over everything recorded, as eight hexadecimal digits: equal runs have equal digests. */
  digest(): string {
    let crc = crc32c(this.kinds, 0, this.length)
    crc = crc32c(bytesOf(this.times, this.length * 8), 0, this.length * 8, crc)
    crc = crc32c(bytesOf(this.nodes, this.length * 2), 0, this.length * 2, crc)
    const numbers = this.length * numbersPerRecord * 8
    crc = crc32c(bytesOf(this.numbers, numbers), 0, numbers, crc)
    crc = crc32c(this.octets, 0, this.octetsUsed, crc)
    const text = [this.calls, this.returns, this.events].map(canonicalText).join()
    const units = new Uint16Array(text.length)
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i)
    return crc32c(bytesOf(units, text.length * 2), 0, text.length * 2, crc)
      .toString(16)
      .padStart(8, '0')
  }

  private content(kind: 'call' | 'returned' | 'event', node: NodeIndex, place: number, time: Instant): void {
    this.append(kind, node, time)
    this.numbersOf(-1, 0, 0, place)
  }

  private append(kind: TraceKind, node: NodeIndex, time: Instant): void {
    if (this.length === this.kinds.length) this.growRecords()
    this.kinds[this.length] = kindCodes.get(kind) ?? 0
    this.times[this.length] = time
    this.nodes[this.length] = node
    this.length++
  }

  private numbersOf(frame: number, detail: number, third: number, fourth: number): void {
    const at = (this.length - 1) * numbersPerRecord
    this.numbers[at] = frame
    this.numbers[at + 1] = detail
    this.numbers[at + 2] = third
    this.numbers[at + 3] = fourth
  }

  private keep(octets: Uint8Array, length: number): number {
    const place = this.octetsUsed
    if (place + length > traceOctetsMax) {
      this.truncated = true
      return -1
    }
    // A little too much is copied rather than a view of just the frame made; the next frame overwrites it.
    const copied = octets.length - length <= surplusMax ? octets : octets.subarray(0, length)
    const end = place + copied.length
    if (end > this.octets.length) this.growOctets(end)
    this.octets.set(copied, place)
    this.octetsUsed = place + length
    return place
  }

  private growRecords(): void {
    const size = this.kinds.length * 2
    this.kinds = grown(this.kinds, new Uint8Array(size))
    this.times = grown(this.times, new Float64Array(size))
    this.nodes = grown(this.nodes, new Uint16Array(size))
    this.numbers = grown(this.numbers, new Float64Array(size * numbersPerRecord))
  }

  private growOctets(needed: number): void {
    this.octets = grown(this.octets, new Uint8Array(Math.max(needed, this.octets.length * 2)))
  }
}

function grown<Column extends Uint8Array | Uint16Array | Float64Array>(old: Column, larger: Column): Column {
  larger.set(old)
  return larger
}

function bytesOf(column: ArrayBufferView, count: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, count)
}
