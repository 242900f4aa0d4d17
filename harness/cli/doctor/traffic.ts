// The calls of the shortest exchange that puts a frame on the wire, for each interface.
import type { Return } from '../../../spec/vocabulary/calls.ts'
import type { InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import type { Pattern, Range } from '../../../spec/vocabulary/memory.ts'
import type { CallMembers, World } from './world.ts'

/** How many octets left sends to right, and under which tag. */
export const messageOctets = 100
export const messageTag = 5

export interface TrafficCall {
  readonly node: 0 | 1
  readonly body: CallMembers
  /** It may stay open until the other side does its part. */
  readonly waits?: true
}

function buffer(name: string, fill: Pattern): CallMembers {
  const bytes = messageOctets
  return { operation: 'memory.allocate', as: name, bytes, align: 4096, offset: 0, fill, guard: 64, locked: true }
}

function whole(name: string): Range {
  return { buffer: name, offset: 0, bytes: messageOctets }
}

const sendBuffer: TrafficCall = { node: 0, body: buffer('tx', { kind: 'prng', seed: 7 }) }
const send: TrafficCall = {
  node: 0,
  body: { operation: 'emp.isend', as: 's', to: 1, tag: messageTag, pieces: [whole('tx')] },
}
export const receiveBuffer: TrafficCall = { node: 1, body: buffer('rx', { kind: 'const', seed: 165 }) }

/** Right's receive `r`, of what left sends unless it is of another node or tag. */
export function receive(from = 0, tag = messageTag): TrafficCall {
  return { node: 1, body: { operation: 'emp.irecv', as: 'r', from, tag, pieces: [whole('rx')] } }
}

/** The exchange over EMP, with another receive. */
export function exchangeWith(received: TrafficCall): readonly TrafficCall[] {
  return [sendBuffer, receiveBuffer, received, send]
}

/** Left's NIC `nic`. */
export const openNic: TrafficCall = { node: 0, body: { operation: 'VipOpenNic', device: 'default', as: 'nic' } }

/** A VI `vi`, with a protection tag of its own on a NIC of its own, and whatever attributes it has besides. */
export function makingVi(node: 0 | 1, more: Readonly<Record<string, unknown>> = {}): readonly TrafficCall[] {
  const attributes = { maxTransferSize: 4096, qos: 0, ptag: 'tag', enableRdmaWrite: false, enableRdmaRead: false }
  const body = {
    operation: 'VipCreateVi',
    nic: 'nic',
    attributes: { reliabilityLevel: 1, ...attributes, ...more },
    sendCq: null,
    recvCq: null,
    as: 'vi',
  }
  return [
    { ...openNic, node },
    { node, body: { operation: 'VipCreatePtag', nic: 'nic', as: 'tag' } },
    { node, body },
  ]
}

/** Milliseconds, as VIPL has them. */
const connectTimeout = 1000

const [left, right] = [
  { host: 0, discriminator: '00' },
  { host: 1, discriminator: '01' },
]

/** A request of left for right as its peer. */
export const peerRequest: TrafficCall = {
  node: 0,
  body: { operation: 'VipConnectPeerRequest', vi: 'vi', local: left, remote: right, timeout: connectTimeout },
}

const exchanges: Readonly<Record<InterfaceName, readonly TrafficCall[]>> = {
  // Right posts a receive, left a send.
  emp: exchangeWith(receive()),
  // Right waits for a connection, left asks for one.
  via: [
    ...makingVi(0),
    ...makingVi(1),
    {
      node: 1,
      body: { operation: 'VipConnectWait', nic: 'nic', local: right, timeout: connectTimeout, as: 'asked' },
      waits: true,
    },
    {
      node: 0,
      body: { operation: 'VipConnectRequest', vi: 'vi', local: left, remote: right, timeout: connectTimeout },
      waits: true,
    },
  ],
}

/** What stood in the way of an exchange: a call that the adapter does not do, or that it did not do well. */
export type Hindrance = { readonly kind: 'unsupported' | 'refused'; readonly words: string }

/** Makes the calls, and lets nothing else happen; what stood in the way, if anything. */
export function beginExchange(world: World, over: InterfaceName): Promise<Hindrance | undefined> {
  return makeCalls(world, exchanges[over])
}

/** As `beginExchange`, of any calls. */
export async function makeCalls(world: World, calls: readonly TrafficCall[]): Promise<Hindrance | undefined> {
  for (const { node, body, waits = false } of calls) {
    const answer = await world.call(node, body, { waits })
    const words = hindered(answer, waits)
    if (words === undefined) continue
    const kind = answer?.status === 'unsupported' ? 'unsupported' : 'refused'
    return { kind, words: `${body.operation} ${words}` }
  }
  return undefined
}

function hindered(answer: Return | undefined, waits: boolean): string | undefined {
  if (!answer) return waits ? undefined : 'did not return at once'
  if (answer.status !== 'ok') return `returned ${answer.status}`
  const code = answer.vip?.code ?? 'VIP_SUCCESS'
  return code === 'VIP_SUCCESS' ? undefined : `returned ${code}`
}
