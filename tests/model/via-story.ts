// Hand-made histories of two hosts, told to the VIA model one observation after the other.
import { ViaModel, type Judged, type ViaModelSetting } from '../../spec/model/via.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { Configuration } from '../../spec/vocabulary/endpoint.ts'
import { crc32c, writePattern, type Pattern, type Range } from '../../spec/vocabulary/memory.ts'
import { millisecond, type Duration } from '../../spec/vocabulary/units.ts'
import type { ViaErrorEvent } from '../../spec/vocabulary/via.ts'
import type { ViaRemoteAttributes, ViaViAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import type { ViaDescriptorCall, ViaReturnedDescriptor, ViaSegment } from '../../spec/vocabulary/via-descriptor.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'

export const left = 0
export const right = 1

/** What `tx` holds at first, and `rx`. */
export const sent: Pattern = { kind: 'prng', seed: 7 }
export const blank: Pattern = { kind: 'const', seed: 165 }

/** Bits of Status. */
export const status = {
  sent: 0x00001,
  received: 0x10001,
  withImmediate: 0x90001,
  form: 0x00003,
  protection: 0x00005,
  length: 0x00009,
  flushed: 0x00021,
  transport: 0x00041,
  remoteDescriptor: 0x00101,
} as const

export const levels = { unreliable: 1, delivery: 2, reception: 4 } as const

export interface StorySetting extends Partial<Omit<ViaModelSetting, 'hosts'>> {
  readonly configuration?: Configuration
  readonly level?: number
  /** VIs, and the regions `rx`, let the peer write and read. */
  readonly isOpen?: boolean
}

type Code = ViaReturn['code']
type Write = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>
interface Seen {
  readonly length?: number
  readonly status?: number
  readonly immediate?: number
  readonly segmentCount?: number
  readonly control?: number
}

/** Both hosts have a NIC, a tag, a pool of descriptors, registered buffers `tx` and `rx` of 20 000 octets, and an idle VI `v`. */
export class Story {
  readonly model: ViaModel
  readonly attributes: ViaViAttributes
  private calls = 0
  private places = [0, 0]

  constructor({ configuration = {}, level = levels.unreliable, isOpen = false, ...setting }: StorySetting = {}) {
    this.model = new ViaModel({
      reliableDelivery: true,
      reliableReception: true,
      rdmaRead: false,
      threadSafe: true,
      calm: true,
      ...setting,
      hosts: ['left', 'right'].map((name) => ({ name, configuration })),
    })
    this.attributes = { ...attributesOf(level), enableRdmaWrite: isOpen, enableRdmaRead: isOpen }
    for (const node of [left, right]) this.begin(node, isOpen)
  }

  private begin(node: number, isOpen: boolean): void {
    this.ask(node, { operation: 'VipOpenNic', device: 'default', as: 'nic' })
    this.ask(node, { operation: 'VipCreatePtag', nic: 'nic', as: 'tag' })
    for (const [place, name] of ['pool', 'tx', 'rx'].entries()) {
      this.allocate(node, name, name === 'tx' ? sent : blank)
      const region = { handle: node * 100 + place, address: `000000000${node + 1}${place}00000` }
      this.register(node, name, { ...region, isOpen: isOpen && name === 'rx' })
    }
    this.ask(node, {
      operation: 'VipCreateVi',
      nic: 'nic',
      attributes: this.attributes,
      sendCq: null,
      recvCq: null,
      as: 'v',
    })
  }

  allocate(node: number, as: string, fill: Pattern): Judged {
    const body = {
      operation: 'memory.allocate',
      as,
      bytes: 20_000,
      align: 4096,
      offset: 0,
      fill,
      guard: 64,
      locked: true,
    } as const
    return this.returned(node, this.start(node, body), { status: 'ok' })
  }

  register(
    node: number,
    name: string,
    { isOpen = false, ...region }: { handle: number; address: string; isOpen?: boolean },
    ptag = 'tag',
  ): Judged {
    const attributes = { ptag, enableRdmaWrite: isOpen, enableRdmaRead: isOpen }
    return this.ask(
      node,
      { operation: 'VipRegisterMem', nic: 'nic', at: at(name, 0, 20_000), attributes, as: name },
      { region },
    )
  }

  /** Id of the latest call. */
  get latest(): number {
    return this.calls
  }

  /** A call that is not answered yet: its id. */
  start(node: number, body: CallBody): number {
    const id = ++this.calls
    this.model.called(node, { id, thread: 0, body })
    return id
  }

  returned(node: number, id: number, answer: Omit<Return, 'id'>): Judged {
    return this.model.returned(node, { id, ...answer })
  }

  answer(node: number, id: number, vip: Partial<ViaReturn> = {}): Judged {
    return this.returned(node, id, { status: 'ok', vip: { code: 'VIP_SUCCESS', ...vip } })
  }

  ask(node: number, body: ViplCall, vip: Partial<ViaReturn> | Code = {}): Judged {
    return this.answer(node, this.start(node, body), typeof vip === 'string' ? { code: vip } : vip)
  }

  /** Left, the client, and right, the server, connect their VIs `v`. */
  connect(): readonly Judged[] {
    const waiting = this.wait()
    const requesting = this.request()
    const waited = this.waited(waiting)
    const accepting = this.start(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' })
    return [waited, this.requested(requesting), this.answer(right, accepting)]
  }

  wait(discriminator = '01', timeout = 1000): number {
    const local = { host: right, discriminator }
    return this.start(right, { operation: 'VipConnectWait', nic: 'nic', local, timeout, as: 'c' })
  }

  waited(id: number, told: Partial<ViaReturn> = {}): Judged {
    const remoteAttributes = remoteOf(this.attributes)
    return this.answer(right, id, { remoteAddress: { host: left, discriminator: '00' }, remoteAttributes, ...told })
  }

  request(timeout = 1000, discriminator = '01', vi = 'v'): number {
    const local = { host: left, discriminator: '00' }
    const remote = { host: right, discriminator }
    return this.start(left, { operation: 'VipConnectRequest', vi, local, remote, timeout })
  }

  requested(id: number, told: Partial<ViaReturn> = {}): Judged {
    return this.answer(left, id, { remoteAttributes: remoteOf(this.attributes), ...told })
  }

  disconnect(node: number, code: Code = 'VIP_SUCCESS'): Judged {
    return this.ask(node, { operation: 'VipDisconnect', vi: 'v' }, code)
  }

  query(node: number, state: ViaReturn['state'], more: Partial<ViaReturn> = {}): Judged {
    const told = { viAttributes: this.attributes, sendQueueEmpty: true, recvQueueEmpty: true, ...more }
    return this.ask(node, { operation: 'VipQueryVi', vi: 'v' }, { ...told, ...(state && { state }) })
  }

  /** Writes a descriptor and posts it. */
  post(node: number, as: string, written: Partial<Write>, code: Code = 'VIP_SUCCESS'): Judged {
    const { op = 'send' } = written
    this.write(node, as, written)
    const operation = op === 'receive' ? 'VipPostRecv' : 'VipPostSend'
    return this.ask(node, { operation, vi: 'v', descriptor: as, memory: 'pool' }, code)
  }

  write(node: number, as: string, written: Partial<Write>): void {
    const offset = (this.places[node] ?? 0) * 128
    this.places[node] = (this.places[node] ?? 0) + 1
    const body = { at: { buffer: 'pool', offset }, op: 'send', segments: [], ...written } as const
    this.returned(node, this.start(node, { operation: 'descriptor.write', as, ...body }), { status: 'ok' })
  }

  send(as: string, bytes: number, more: Partial<Write> = {}, node = left): Judged {
    return this.post(node, as, { segments: [segment('tx', 0, bytes)], ...more })
  }

  receive(as: string, bytes: number, more: Partial<Write> = {}, node = right): Judged {
    return this.post(node, as, { op: 'receive', segments: [segment('rx', 0, bytes)], ...more })
  }

  /** The first receive comes with this descriptor. */
  received(name: string, seen: Seen = {}, code?: Code): Judged {
    return this.take(right, 'VipRecvDone', { name, seen: { status: status.received, ...seen }, ...(code && { code }) })
  }

  /** The first send comes with this descriptor. */
  wasSent(name: string, seen: Seen = {}, code?: Code): Judged {
    return this.take(left, 'VipSendDone', { name, seen: { status: status.sent, ...seen }, ...(code && { code }) })
  }

  take(
    node: number,
    operation: 'VipRecvDone' | 'VipSendDone',
    { name, seen, code }: { name: string; seen: Seen; code?: Code },
  ): Judged {
    const descriptor = { name, segmentCount: 1, control: 0, immediate: 0, length: 100, status: 1, ...seen }
    const isWell = (descriptor.status & 0x1fe) === 0
    return this.done(node, operation, descriptor, code ?? (isWell ? 'VIP_SUCCESS' : 'VIP_DESCRIPTOR_ERROR'))
  }

  done(
    node: number,
    operation: 'VipRecvDone' | 'VipSendDone',
    descriptor: ViaReturnedDescriptor | undefined,
    code: Code,
  ): Judged {
    return this.ask(node, { operation, vi: 'v' }, { code, ...(descriptor !== undefined && { descriptor }) })
  }

  handle(node: number, handler: string | null, context = 1): Judged {
    return this.ask(node, { operation: 'VipErrorCallback', nic: 'nic', handler, context })
  }

  told(node: number, code: ViaErrorEvent['code'], more: Partial<ViaErrorEvent> = {}): Judged {
    const event = { handler: null, context: 0, resource: 'vi', nic: 'nic', vi: 'v', opCode: 0 } as const
    return this.model.told(node, { event: 'via.error', ...event, code, ...more })
  }

  /** The digest of a range, said to be that of a pattern that begins there. */
  digest(node: number, range: Range, pattern: Pattern): Judged {
    const digest = digestOf(pattern, range.bytes)
    return this.returned(node, this.start(node, { operation: 'memory.digest', at: range }), { status: 'ok', digest })
  }

  /** The control segment of a descriptor, as it stands in memory. */
  read(node: number, descriptor: string, seen: Seen): Judged {
    const control = { segmentCount: 1, control: 0, immediate: 0, length: 100, status: 0, ...seen }
    return this.returned(node, this.start(node, { operation: 'descriptor.read', descriptor }), {
      status: 'ok',
      control,
    })
  }

  elapse(milliseconds: number): Judged {
    const by: Duration = milliseconds * millisecond
    return this.model.elapsed(by)
  }
}

export function attributesOf(reliabilityLevel: number, maxTransferSize = 32_768): ViaViAttributes {
  return { reliabilityLevel, maxTransferSize, qos: 0, ptag: 'tag', enableRdmaWrite: false, enableRdmaRead: false }
}

function remoteOf(attributes: ViaViAttributes): ViaRemoteAttributes {
  const { reliabilityLevel, maxTransferSize, qos, enableRdmaWrite, enableRdmaRead } = attributes
  return { reliabilityLevel, maxTransferSize, qos, enableRdmaWrite, enableRdmaRead }
}

export function at(buffer: string, offset: number, bytes: number): Range {
  return { buffer, offset, bytes }
}

export function segment(buffer: string, offset: number, bytes: number, memory: string | number = buffer): ViaSegment {
  return { at: { buffer, offset }, memory, bytes }
}

function digestOf(pattern: Pattern, bytes: number): number {
  const octets = new Uint8Array(bytes)
  writePattern(pattern, octets, { from: 0, to: bytes, position: 0 })
  return crc32c(octets)
}
