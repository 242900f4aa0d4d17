// A world of EMP endpoints on a wire of their own, in which scenarios of mutants play.
import type { CallBody, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import type { Configuration, Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import type { Range } from '../../spec/vocabulary/memory.ts'

export type Make = (setting: EndpointSetting) => Endpoint

/** A frame on the wire; `ordinal` counts all frames of the world. */
interface Frame {
  readonly ordinal: number
  readonly from: number
  readonly type: number
  readonly message: number
  readonly frame: number
  readonly octets: Uint8Array
}

/** How many nanoseconds after its emission each copy of a frame arrives; none: it is lost. */
export type Fate = (frame: Frame) => readonly number[]

interface WorldSetting {
  readonly fate?: Fate
  readonly nodes?: number
  readonly configuration?: Configuration
}

export const delay = 10_000
export const ms = 1_000_000
/** No frame arrives. */
export const nothing: Fate = () => []

export function piece(buffer: string, offset: number, bytes: number): readonly Range[] {
  return [{ buffer, offset, bytes }]
}

/** Endpoints of one make on a wire, with `tx` on node 0 and `rx` on node 1. */
export class World {
  readonly endpoints: Endpoint[] = []
  readonly sent: Frame[] = []
  readonly events: ProviderEvent[] = []
  now = 0
  private readonly returns = new Map<number, Return>()
  private inFlight: { at: number; frame: Frame }[] = []
  private readonly fate: Fate
  private calls = 0

  constructor(make: Make, { fate = () => [delay], nodes = 2, configuration = {} }: WorldSetting = {}) {
    this.fate = fate
    const hosts = Array.from({ length: nodes }, (_, node) => ({ node, name: `n${node}`, mac: `02000000000${node}` }))
    for (const { node } of hosts)
      this.endpoints.push(make({ interface: 'emp', node, hosts, configuration, stepped: false, seed: 5 }))
    this.allocate(0, 'tx', 60_000, { kind: 'prng', seed: 7 })
    this.allocate(1, 'rx', 60_000, { kind: 'const', seed: 165 })
  }

  allocate(
    node: number,
    as: string,
    bytes: number,
    more: Partial<{ kind: 'prng' | 'const'; seed: number; offset: number; locked: boolean }> = {},
  ): void {
    const { kind = 'const', seed = 0, offset = 0, locked = true } = more
    const fill = { kind, seed }
    this.call(node, { operation: 'memory.allocate', as, bytes, align: 4096, offset, fill, guard: 64, locked })
  }

  /** The answer, if there was one at once. */
  call(node: number, body: CallBody): Return | undefined {
    const id = ++this.calls
    this.at(node).apply({ id, thread: 0, body }, this.now)
    this.drain(node)
    return this.returns.get(id)
  }

  /** Makes a call that may stay open: its id. */
  open(node: number, body: CallBody): number {
    this.call(node, body)
    return this.calls
  }

  answerTo(id: number): Return | undefined {
    return this.returns.get(id)
  }

  send(as: string, bytes: number, more: Partial<{ to: number; tag: number; pieces: readonly Range[] }> = {}) {
    const { to = 1, tag = 5, pieces = piece('tx', 0, bytes) } = more
    return this.call(0, { operation: 'emp.isend', as, to, tag, pieces })
  }

  receive(as: string, bytes: number, more: Partial<{ tag: number; pieces: readonly Range[] }> = {}) {
    const { tag = 5, pieces = piece('rx', 0, bytes) } = more
    return this.call(1, { operation: 'emp.irecv', as, from: 0, tag, pieces })
  }

  /** A receive `r`, and the send `s` that it takes. */
  exchange(bytes: number): this {
    this.receive('r', bytes)
    this.send('s', bytes)
    return this
  }

  status(node: number, request: string): string {
    const answer = this.call(node, { operation: 'emp.test', request })
    const completion = answer?.completions?.[0]
    return completion ? `${completion.outcome} ${completion.bytes}` : (answer?.status ?? 'open')
  }

  digest(node: number, buffer: string, offset: number, bytes: number): number {
    return this.call(node, { operation: 'memory.digest', at: { buffer, offset, bytes } })?.digest ?? -1
  }

  /** Whether `rx` begins with the first `bytes` octets of `tx`. */
  arrived(bytes: number): boolean {
    return this.digest(1, 'rx', 0, bytes) === this.digest(0, 'tx', 0, bytes)
  }

  counted(reason: string): number {
    return this.call(1, { operation: 'emp.counters' })?.counters?.[reason] ?? 0
  }

  /** Frame numbers of all data frames, or of all acknowledgements. */
  frames(type: 1 | 2): string {
    return this.sent
      .filter((frame) => frame.type === type)
      .map(({ frame }) => frame)
      .join(' ')
  }

  octets(ordinal: number): Uint8Array {
    return this.sent[ordinal]?.octets ?? new Uint8Array(0)
  }

  deliver(octets: Uint8Array, patches: Readonly<Record<number, number>> = {}, to = 1): void {
    const copy = octets.slice()
    for (const [at, value] of Object.entries(patches)) copy[Number(at)] = value
    this.at(to).deliver(copy, copy.length, this.now)
    this.drain(to)
  }

  /** Lets the world run to its end, for a second at most, or as long as `going` says. */
  run(until = 1000 * ms, going = () => true): this {
    while (going()) {
      const wakes = this.endpoints.map(({ wakeAt }) => wakeAt ?? Infinity)
      const next = Math.min(...wakes, ...this.inFlight.map(({ at }) => at))
      if (next > until) break
      this.now = Math.max(this.now, next)
      const arriving = this.inFlight.filter(({ at }) => at <= this.now).toSorted((one, other) => one.at - other.at)
      this.inFlight = this.inFlight.filter(({ at }) => at > this.now)
      for (const { frame } of arriving)
        this.at(frame.octets[5] ?? 0).deliver(frame.octets, frame.octets.length, this.now)
      for (const [node, endpoint] of this.endpoints.entries()) {
        if ((endpoint.wakeAt ?? Infinity) <= this.now) endpoint.wake(this.now)
        this.drain(node)
      }
    }
    return this
  }

  private at(node: number): Endpoint {
    const endpoint = this.endpoints[node]
    if (!endpoint) throw new RangeError(`node ${node}`)
    return endpoint
  }

  private drain(node: number): void {
    this.at(node).drain({
      frame: (octets, length) => this.emit(node, octets.slice(0, length)),
      returned: (answer) => this.returns.set(answer.id, answer),
      event: (event) => this.events.push(event),
    })
  }

  private emit(from: number, octets: Uint8Array): void {
    const view = new DataView(octets.buffer)
    const [type, message, number] = [view.getUint16(16), view.getUint32(20), view.getUint16(24)]
    const frame = { ordinal: this.sent.length, from, type, message, frame: number, octets }
    this.sent.push(frame)
    for (const after of this.fate(frame)) this.inFlight.push({ at: this.now + after, frame })
  }
}

/** True if the endpoints do what the specification says. */
export type Scenario = (make: Make) => boolean

/** The frames with these ordinals are lost. */
export const lose =
  (...ordinals: readonly number[]): Fate =>
  ({ ordinal }) =>
    ordinals.includes(ordinal) ? [] : [delay]
