// Traces of VIA made by hand, as if a world had run, and what the monitors make of them.
import { judgeRun } from '../../harness/judge/judge.ts'
import type { Finding } from '../../harness/result/report.ts'
import { monitorsOf } from '../../harness/judge/monitors/monitors.ts'
import { opaqueWire } from '../../harness/plan/layout.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import { Trace } from '../../harness/result/trace.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { ViaErrorEvent } from '../../spec/vocabulary/via.ts'
import { viaDefaults, type ViaViAttributes } from '../../spec/vocabulary/via-attributes.ts'
import type { ViaControlFields } from '../../spec/vocabulary/via-descriptor.ts'
import type { ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import { permutation as made } from './puppet.ts'

export const [left, right] = [0, 1]
export const millisecond = 1_000_000
export const macs = ['020000000000', '020000000001']

/** Status words: what completed, well or flushed. */
export const status = { send: 0x1, receive: 0x10001, flushed: 0x10021, tooLong: 0x10009 } as const

/** What is sent, and where its descriptor lies. */
interface Message {
  readonly bytes: number
  readonly offset: number
  readonly immediate: number
  readonly control: number
  /** A send unless said. */
  readonly op: 'rdma-write' | 'rdma-read'
}

export class Story {
  readonly trace = new Trace()
  now = 0
  private id = 0
  private places = 0

  /** A call that is answered at once. */
  call(node: number, body: CallBody, answer: Partial<Return> = {}): this {
    const id = this.open(node, body)
    return this.answer(node, id, answer)
  }

  open(node: number, body: CallBody): number {
    this.trace.call(node, { id: this.id, thread: 0, body }, this.now)
    return this.id++
  }

  answer(node: number, id: number, answer: Partial<Return>): this {
    this.trace.returned(node, { id, status: 'ok', ...answer }, this.now)
    return this
  }

  vip(node: number, body: CallBody, vip: Partial<ViaReturn> = {}): this {
    return this.call(node, body, { vip: { code: 'VIP_SUCCESS', ...vip } })
  }

  /** Memory that descriptors can lie in. */
  pool(node: number): this {
    const fill = { kind: 'const', seed: 0 } as const
    const common = { operation: 'memory.allocate', as: 'pool', bytes: 4096, offset: 0, fill, guard: 0 } as const
    this.call(node, { align: 64, locked: true, ...common })
    const attributes = { ptag: 'tag', enableRdmaWrite: false, enableRdmaRead: false }
    const at = { buffer: 'pool', offset: 0, bytes: 4096 }
    return this.vip(node, { operation: 'VipRegisterMem', nic: 'nic', at, attributes, as: 'pool' })
  }

  /** Writes and posts a descriptor of so many octets, in a place of its own unless said. */
  post(node: number, queue: 'Send' | 'Recv', name: string, what: number | Partial<Message> = 100): this {
    const { bytes = 100, offset = 64 * this.places++, ...immediate } = typeof what === 'number' ? { bytes: what } : what
    const segments = [{ at: { buffer: 'data', offset: 0 }, memory: 'data', bytes }]
    const at = { buffer: 'pool', offset }
    const op = queue === 'Send' ? 'send' : 'receive'
    this.call(node, { operation: 'descriptor.write', as: name, at, op, segments, ...immediate })
    return this.vip(node, { operation: `VipPost${queue}`, vi: 'v', descriptor: name, memory: 'pool' })
  }

  /** Takes a descriptor back from the queue that its status belongs to. */
  take(node: number, name: string, word: number, length = 100): this {
    const code = (word & 0x1fe) === 0 ? 'VIP_SUCCESS' : 'VIP_DESCRIPTOR_ERROR'
    const operation = (word & 0x70000) === 0 ? 'VipSendDone' : 'VipRecvDone'
    return this.vip(node, { operation, vi: 'v' }, { code, descriptor: named(name, word, length) })
  }

  makeVi(
    node: number,
    level: number,
    nic = 'nic',
    over: Partial<ViaViAttributes & { recvCq: string; as: string }> = {},
  ): this {
    const { recvCq = null, as = 'v', ...others } = over
    const attributes = {
      reliabilityLevel: level,
      maxTransferSize: 32_768,
      qos: 0,
      ptag: 'tag',
      enableRdmaWrite: false,
      enableRdmaRead: false,
      ...others,
    }
    return this.vip(node, { operation: 'VipCreateVi', nic, attributes, sendCq: null, recvCq, as })
  }

  /** Two VIs that are made and connected. */
  connect(level: number): this {
    return this.makeVi(left, level).makeVi(right, level).join()
  }

  /** The VIs of both hosts are connected. */
  join(): this {
    const at = { host: right, discriminator: '01' }
    const own = { host: left, discriminator: '00' }
    const wait = this.open(right, { operation: 'VipConnectWait', nic: 'nic', local: at, timeout: 1000, as: 'c' })
    const request = this.open(left, { operation: 'VipConnectRequest', vi: 'v', local: own, remote: at, timeout: 1000 })
    this.answer(right, wait, { vip: { code: 'VIP_SUCCESS', remoteAddress: own } })
    this.vip(right, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' })
    return this.answer(left, request, { vip: { code: 'VIP_SUCCESS' } })
  }

  query(node: number, state: ViaReturn['state']): this {
    return this.vip(node, { operation: 'VipQueryVi', vi: 'v' }, state === undefined ? {} : { state })
  }

  disconnect(node: number): this {
    return this.vip(node, { operation: 'VipDisconnect', vi: 'v' })
  }

  error(node: number, code: ViaErrorEvent['code'], over: Partial<ViaErrorEvent> = {}): this {
    const base = {
      event: 'via.error',
      handler: null,
      context: 0,
      resource: 'vi',
      nic: 'nic',
      vi: 'v',
      opCode: 0,
    } as const
    this.trace.event(node, { ...base, code, ...over }, this.now)
    return this
  }

  later(time: number): this {
    this.now += time
    return this
  }
}

export function control(word: number, length: number): ViaControlFields {
  return { segmentCount: 1, control: 0, immediate: 0, length, status: word }
}

export function named(name: string, word: number, length = 100): ViaControlFields & { readonly name: string } {
  return { name, ...control(word, length) }
}

export function permutation(over: Partial<Permutation> = {}): Permutation {
  return { ...made([]), interface: 'via', configuration: viaDefaults, ...over }
}

/** Names of the monitors that fire, with what they bill. */
export function fired(story: Story, over: Partial<Permutation> = {}): readonly string[] {
  return told(story, over, ({ verdict }) => verdict !== 'pass')
}

/** Names of the monitors that saw nothing broken and something of the kind, with what that shows. */
export function showing(story: Story, over: Partial<Permutation> = {}): readonly string[] {
  return told(story, over, ({ verdict }) => verdict === 'pass')
}

function told(
  { trace }: Story,
  over: Partial<Permutation>,
  isWanted: (finding: Finding) => boolean,
): readonly string[] {
  return monitorsOf('via').flatMap((monitor) => {
    const { findings } = judgeRun({
      permutation: permutation(over),
      trace,
      layout: opaqueWire,
      macs,
      ending: { kind: 'finished' },
      monitors: [monitor],
    })
    const wanted = findings.filter((finding) => finding.judge === 'monitor' && isWanted(finding))
    return wanted.slice(0, 1).map(({ requirements }) => `${monitor.name}: ${requirements.join(' ')}`)
  })
}
