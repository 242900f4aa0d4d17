// A tiny world for the reference's own tests: endpoints joined by a wire whose losses are written by hand.
import type { EmpParts } from '../../reference/emp/parts.ts'
import { EmpEndpoint } from '../../reference/emp/endpoint.ts'
import type { CallBody, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import type { Range } from '../../spec/vocabulary/memory.ts'

export interface WireFrame {
  readonly from: number
  readonly octets: Uint8Array
  readonly type: number
  readonly message: number
  readonly frame: number
}

/** How many nanoseconds after its emission each copy of a frame arrives; none: it is lost. */
export type Fate = (frame: WireFrame, ordinal: number) => readonly number[]

export interface PairSetting {
  readonly nodes?: number
  readonly stepped?: boolean
  readonly seed?: number
  readonly configuration?: Configuration
  readonly fate?: Fate
  readonly parts?: Partial<EmpParts>
}

const calm: Fate = () => [10_000]

export class Pair {
  readonly endpoints: EmpEndpoint[] = []
  readonly sent: WireFrame[] = []
  readonly events: (ProviderEvent & { node: number })[] = []
  readonly returns = new Map<number, Return>()
  fate: Fate
  now = 0
  private readonly inFlight: { at: number; order: number; frame: WireFrame }[] = []
  private calls = 0

  constructor(setting: PairSetting = {}) {
    this.fate = setting.fate ?? calm
    const { nodes = 2, stepped = false, seed = 1, configuration = {} } = setting
    const hosts = Array.from({ length: nodes }, (_, node) => ({
      node,
      name: `n${node}`,
      mac: `02000000000${node + 1}`,
    }))
    for (let node = 0; node < nodes; node++) {
      this.endpoints.push(
        new EmpEndpoint({ interface: 'emp', node, hosts, configuration, stepped, seed }, setting.parts),
      )
    }
  }

  /** Issues a call and drains; its return if it came at once. */
  call(node: number, body: CallBody): Return | undefined {
    const id = ++this.calls
    this.at(node).apply({ id, thread: 0, body }, this.now)
    this.drain(node)
    return this.returns.get(id)
  }

  allocate(
    node: number,
    as: string,
    bytes: number,
    more: { offset?: number; locked?: boolean; seed?: number } = {},
  ): void {
    const { offset = 0, locked = true, seed = 0 } = more
    const fill = { kind: 'prng', seed } as const
    this.call(node, { operation: 'memory.allocate', as, bytes, align: 4096, offset, fill, guard: 64, locked })
  }

  send(node: number, as: string, to: number, what: { tag: number; pieces: readonly Range[] }): Return | undefined {
    return this.call(node, { operation: 'emp.isend', as, to, ...what })
  }

  receive(node: number, as: string, from: number, what: { tag: number; pieces: readonly Range[] }): Return | undefined {
    return this.call(node, { operation: 'emp.irecv', as, from, ...what })
  }

  test(node: number, request: string): Return | undefined {
    return this.call(node, { operation: 'emp.test', request })
  }

  digest(node: number, at: Range): number | undefined {
    return this.call(node, { operation: 'memory.digest', at })?.digest
  }

  damaged(node: number, buffer: string): number | null | undefined {
    return this.call(node, { operation: 'memory.guards', buffer })?.damaged
  }

  counters(node: number): Readonly<Record<string, number>> | undefined {
    return this.call(node, { operation: 'emp.counters' })?.counters
  }

  /** Lets the world run until it is quiet or `until` has come. */
  run(until = Number.MAX_SAFE_INTEGER): void {
    for (;;) {
      const next = this.nextInstant()
      if (next === undefined || next > until) break
      this.now = Math.max(this.now, next)
      const arrived = this.inFlight.filter(({ at }) => at <= this.now)
      arrived.sort((one, other) => one.at - other.at || one.order - other.order)
      for (const one of arrived) {
        this.inFlight.splice(this.inFlight.indexOf(one), 1)
        this.hand(one.frame)
      }
      for (const [node, endpoint] of this.endpoints.entries()) {
        if ((endpoint.wakeAt ?? Infinity) <= this.now) endpoint.wake(this.now)
        this.drain(node)
      }
    }
  }

  /** Hands octets to the node whose MAC they begin with. */
  deliver(node: number, octets: Uint8Array): void {
    this.at(node).deliver(octets, octets.length, this.now)
    this.drain(node)
  }

  drain(node: number): void {
    this.at(node).drain({
      frame: (octets, length) => this.emit(node, octets.slice(0, length)),
      returned: (answer) => this.returns.set(answer.id, answer),
      event: (event) => this.events.push({ ...event, node }),
    })
  }

  at(node: number): EmpEndpoint {
    const endpoint = this.endpoints[node]
    if (!endpoint) throw new RangeError(`node ${node}`)
    return endpoint
  }

  private emit(from: number, octets: Uint8Array): void {
    const view = new DataView(octets.buffer)
    const frame = { from, octets, type: view.getUint16(16), message: view.getUint32(20), frame: view.getUint16(24) }
    const ordinal = this.sent.push(frame) - 1
    for (const delay of this.fate(frame, ordinal)) this.inFlight.push({ at: this.now + delay, order: ordinal, frame })
  }

  private hand(frame: WireFrame): void {
    const node = (frame.octets[5] ?? 0) - 1
    this.at(node).deliver(frame.octets, frame.octets.length, this.now)
  }

  private nextInstant(): number | undefined {
    const instants = this.inFlight.map(({ at }) => at)
    for (const { wakeAt } of this.endpoints) if (wakeAt !== undefined) instants.push(wakeAt)
    return instants.length === 0 ? undefined : Math.min(...instants)
  }
}

/** All of a range in one piece. */
export function piece(buffer: string, offset: number, bytes: number): readonly Range[] {
  return [{ buffer, offset, bytes }]
}
