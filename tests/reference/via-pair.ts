// A tiny world for the VIA reference's own tests: endpoints joined by a wire whose losses are written by hand.
import { ViaEndpoint } from '../../reference/via/endpoint.ts'
import type { ViaParts } from '../../reference/via/parts.ts'
import type { CallBody, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import type { Configuration, Endpoint, EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import type { ViaViAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import type { ViaReliabilityLevel, ViaState } from '../../spec/vocabulary/via-constants.ts'
import type { ViaDescriptorCall, ViaReturnedDescriptor } from '../../spec/vocabulary/via-descriptor.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'

export interface WireFrame {
  readonly from: number
  readonly octets: Uint8Array
  /** Of `frameKind`. */
  readonly kind: number
}

/** How many nanoseconds after its emission each copy of a frame arrives; none: it is lost. */
export type Fate = (frame: WireFrame, ordinal: number) => readonly number[]

export interface PairSetting {
  readonly stepped?: boolean
  readonly seed?: number
  readonly configuration?: Configuration
  readonly parts?: Partial<ViaParts>
  /** Makes the endpoints, which are the reference with `parts` otherwise. */
  readonly make?: (setting: EndpointSetting) => Endpoint
}

type Write = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

const calm: Fate = () => [10_000]
export const local = { host: 0, discriminator: 'aa' } as const
export const remote = { host: 1, discriminator: 'bb01' } as const

export class ViaPair {
  readonly endpoints: Endpoint[] = []
  readonly sent: WireFrame[] = []
  readonly events: (ProviderEvent & { node: number })[] = []
  readonly returns = new Map<number, Return>()
  fate: Fate = calm
  now = 0
  private inFlight: { at: number; order: number; frame: WireFrame }[] = []
  private calls = 0

  constructor(setting: PairSetting = {}) {
    const { stepped = false, seed = 1, configuration = {} } = setting
    const hosts = [0, 1].map((node) => ({ node, name: `n${node}`, mac: `02000000000${node + 1}` }))
    const make = setting.make ?? ((one) => new ViaEndpoint(one, setting.parts))
    const common = { interface: 'via', hosts, configuration, stepped, seed } as const
    for (const { node } of hosts) this.endpoints.push(make({ ...common, node }))
  }

  /** Issues a call and drains; its id. */
  open(node: number, body: CallBody): number {
    const id = ++this.calls
    this.at(node).apply({ id, thread: 0, body }, this.now)
    this.drain(node)
    return id
  }

  /** Issues a call; its return if it came at once. */
  call(node: number, body: CallBody): Return | undefined {
    return this.returns.get(this.open(node, body))
  }

  /** The code that a call answered at once. */
  code(node: number, body: CallBody): ViaReturn['code'] | undefined {
    return this.call(node, body)?.vip?.code
  }

  codeOf(id: number): ViaReturn['code'] | undefined {
    return this.returns.get(id)?.vip?.code
  }

  allocate(node: number, as: string, bytes: number, seed = 0): void {
    const fill = { kind: 'prng', seed } as const
    this.call(node, {
      operation: 'memory.allocate',
      as,
      bytes,
      align: 4096,
      offset: 0,
      fill,
      guard: 64,
      locked: true,
    })
  }

  /** On either node: NIC n, tag p, memory `pool` for descriptors and `data`, both registered, and VI v. */
  prepare(level: ViaReliabilityLevel, cq: { send?: string; recv?: string } = {}): void {
    for (const node of [0, 1]) {
      this.call(node, { operation: 'VipOpenNic', device: 'viaduct0', as: 'n' })
      this.call(node, { operation: 'VipErrorCallback', nic: 'n', handler: 'h', context: 7 })
      this.call(node, { operation: 'VipCreatePtag', nic: 'n', as: 'p' })
      this.register(node, 'pool', 65_536)
      this.register(node, 'data', 65_536, 3 + node)
      if (cq.send !== undefined || cq.recv !== undefined) {
        this.call(node, { operation: 'VipCreateCQ', nic: 'n', entryCount: 64, as: 'cq' })
      }
      this.makeVi(node, 'v', { reliabilityLevel: viaReliabilityLevels[level] }, cq)
    }
  }

  register(node: number, buffer: string, bytes: number, seed = 0): void {
    this.allocate(node, buffer, bytes, seed)
    const attributes = { ptag: 'p', enableRdmaWrite: false, enableRdmaRead: false }
    const at = { buffer, offset: 0, bytes }
    this.call(node, { operation: 'VipRegisterMem', nic: 'n', at, attributes, as: `m.${buffer}` })
  }

  makeVi(
    node: number,
    as: string,
    more: Partial<ViaViAttributes> = {},
    cq: { send?: string; recv?: string } = {},
  ): ViaReturn['code'] | undefined {
    const attributes = { ...viAttributes, ...more }
    const { send: sendCq = null, recv: recvCq = null } = cq
    return this.code(node, { operation: 'VipCreateVi', nic: 'n', attributes, sendCq, recvCq, as })
  }

  /** Connects v of node 0, the client, to v of node 1. */
  connect(vi = 'v', as = 'c'): void {
    this.open(1, { operation: 'VipConnectWait', nic: 'n', local: remote, timeout: 100, as })
    this.open(0, { operation: 'VipConnectRequest', vi, local, remote, timeout: 100 })
    this.settle()
    this.open(1, { operation: 'VipConnectAccept', connection: as, vi })
    this.settle()
  }

  /** Writes a descriptor at slot `slot` of the pool, of 64 octets. */
  write(node: number, as: string, slot: number, more: Partial<Write> = {}): Return | undefined {
    const at = { buffer: 'pool', offset: slot * 64 }
    return this.call(node, { operation: 'descriptor.write', as, at, op: 'send', segments: [], ...more })
  }

  /** Writes and posts a descriptor of `bytes` octets from `offset` of the data. */
  post(node: number, queue: 'Send' | 'Recv', as: string, what: { slot: number; offset?: number; bytes: number }): void {
    const { slot, offset = 0, bytes } = what
    this.write(node, as, slot, { segments: [{ at: { buffer: 'data', offset }, memory: 'm.data', bytes }] })
    this.postWritten(node, queue, as)
  }

  postWritten(node: number, queue: 'Send' | 'Recv', descriptor: string): ViaReturn['code'] | undefined {
    return this.code(node, { operation: `VipPost${queue}`, vi: 'v', descriptor, memory: 'm.pool' })
  }

  done(node: number, queue: 'Send' | 'Recv'): { code: string | undefined; found: ViaReturnedDescriptor | undefined } {
    const vip = this.call(node, { operation: `Vip${queue}Done`, vi: 'v' })?.vip
    return { code: vip?.code, found: vip?.descriptor }
  }

  /** The status of the descriptor that is taken from the queue; -1 if there is none. */
  status(node: number, queue: 'Send' | 'Recv'): number {
    const { found } = this.done(node, queue)
    return typeof found === 'object' && found ? found.status : -1
  }

  state(node: number, vi = 'v'): ViaState | 'unknown' | undefined {
    return this.call(node, { operation: 'VipQueryVi', vi })?.vip?.state
  }

  digest(node: number, offset: number, bytes: number): number | undefined {
    return this.call(node, { operation: 'memory.digest', at: { buffer: 'data', offset, bytes } })?.digest
  }

  errors(node: number): string[] {
    return this.events.filter((one) => one.node === node).map((one) => ('code' in one ? one.code : one.event))
  }

  /** Lets the world run for a while, shorter than any timeout. */
  settle(): void {
    this.run(this.now + 500_000)
  }

  /** Lets the world run until it is quiet or `until` has come. */
  run(until = Number.MAX_SAFE_INTEGER): void {
    for (;;) {
      const next = this.nextInstant()
      if (next === undefined || next > until) break
      this.now = Math.max(this.now, next)
      const arrived = this.inFlight.filter(({ at }) => at <= this.now)
      this.inFlight = this.inFlight.filter(({ at }) => at > this.now)
      arrived.sort((one, other) => one.at - other.at || one.order - other.order)
      for (const { frame } of arrived) this.deliver((frame.octets[5] ?? 0) - 1, frame.octets)
      for (const [node, endpoint] of this.endpoints.entries()) {
        if ((endpoint.wakeAt ?? Infinity) <= this.now) endpoint.wake(this.now)
        this.drain(node)
      }
    }
    if (until < Number.MAX_SAFE_INTEGER) this.now = Math.max(this.now, until)
  }

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

  at(node: number): Endpoint {
    const endpoint = this.endpoints[node]
    if (!endpoint) throw new RangeError(`node ${node}`)
    return endpoint
  }

  private emit(from: number, octets: Uint8Array): void {
    const frame = { from, octets, kind: octets[14] ?? 0 }
    const ordinal = this.sent.push(frame) - 1
    for (const delay of this.fate(frame, ordinal)) this.inFlight.push({ at: this.now + delay, order: ordinal, frame })
  }

  private nextInstant(): number | undefined {
    const instants = this.inFlight.map(({ at }) => at)
    for (const { wakeAt } of this.endpoints) if (wakeAt !== undefined) instants.push(wakeAt)
    return instants.length === 0 ? undefined : Math.min(...instants)
  }
}

export const viAttributes: ViaViAttributes = {
  reliabilityLevel: 1,
  maxTransferSize: 32_768,
  qos: 0,
  ptag: 'p',
  enableRdmaWrite: false,
  enableRdmaRead: false,
}
