// Two complete VIA reference hosts, and the calls that bring them to where messages can move.
import { macOf } from '../harness/fabric/address.ts'
import { ViaEndpoint } from '../reference/via/endpoint.ts'
import type { CallBody } from '../spec/vocabulary/calls.ts'
import type { Endpoint } from '../spec/vocabulary/endpoint.ts'
import type { NodeIndex } from '../spec/vocabulary/units.ts'
import {
  viaDescriptorShape,
  viaLeast,
  viaReliabilityLevels,
  type ViaReliabilityLevel,
} from '../spec/vocabulary/via-constants.ts'
import type { ViaDescriptorCall } from '../spec/vocabulary/via-descriptor.ts'

/** Descriptors that each host keeps, each with a buffer of its own. Never more messages are under way than receives posted. */
export const slots = { 0: 4, 1: 8 } as const

/** Host 0 sends and is the client, host 1 receives and is the server. */
export type Host = keyof typeof slots
export const sender = 0
export const receiver = 1

export const server = { host: receiver, discriminator: '5e' } as const
const client = { host: sender, discriminator: 'c1' } as const
const connectionMilliseconds = 1000

/** Two fresh reference hosts. */
export function pairOfViaHosts(): readonly Endpoint[] {
  const nodes: readonly NodeIndex[] = [sender, receiver]
  const hosts = nodes.map((node) => ({ node, name: `host${node}`, mac: macOf(node) }))
  return nodes.map(
    (node) => new ViaEndpoint({ interface: 'via', node, hosts, configuration: {}, stepped: false, seed: 1 + node }),
  )
}

/** From a fresh host to a VI `v` with registered memory: `data` for messages of `octets` octets, `pool` for descriptors. */
export function openingCalls(host: Host, octets: number, level: ViaReliabilityLevel): readonly CallBody[] {
  const noRdma = { ptag: 'p', enableRdmaWrite: false, enableRdmaRead: false }
  const reliabilityLevel = viaReliabilityLevels[level]
  const attributes = { ...noRdma, reliabilityLevel, maxTransferSize: viaLeast.transferSize, qos: 0 }
  return [
    { operation: 'VipOpenNic', device: 'viaduct0', as: 'n' },
    { operation: 'VipCreatePtag', nic: 'n', as: 'p' },
    ...['data', 'pool'].flatMap((as): readonly CallBody[] => {
      const bytes = slots[host] * (as === 'data' ? octets : viaDescriptorShape.alignment)
      // What is sent differs from what is there before it was received.
      const fill = as === 'data' && host === sender ? ({ kind: 'prng', seed: 7 } as const) : zeros
      const at = { buffer: as, offset: 0, bytes }
      return [
        { operation: 'memory.allocate', as, bytes, align: 4096, offset: 0, fill, guard: 0, locked: true },
        { operation: 'VipRegisterMem', nic: 'n', at, attributes: noRdma, as: `m.${as}` },
      ]
    }),
    { operation: 'VipCreateVi', nic: 'n', attributes, sendCq: null, recvCq: null, as: 'v' },
  ]
}

const zeros = { kind: 'const', seed: 0 } as const

/** The server waits; it accepts when the client has come. */
export const waitingCall: CallBody = {
  operation: 'VipConnectWait',
  nic: 'n',
  local: server,
  timeout: connectionMilliseconds,
  as: 'c',
}
export const acceptingCall: CallBody = { operation: 'VipConnectAccept', connection: 'c', vi: 'v' }
export const requestingCall: CallBody = {
  operation: 'VipConnectRequest',
  vi: 'v',
  local: client,
  remote: server,
  timeout: connectionMilliseconds,
}

type DescriptorWrite = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

/** What writes and posts the descriptor of each slot, with its whole buffer as the one segment. */
export interface Slot {
  readonly name: string
  readonly write: DescriptorWrite
  readonly post: CallBody
}

export function slotsOf(host: Host, octets: number): readonly Slot[] {
  return Array.from({ length: slots[host] }, (_, slot): Slot => {
    const name = `d${slot}`
    const segments = [{ at: { buffer: 'data', offset: slot * octets }, memory: 'm.data', bytes: octets }]
    const at = { buffer: 'pool', offset: slot * viaDescriptorShape.alignment }
    const op = host === sender ? 'send' : 'receive'
    const operation = host === sender ? 'VipPostSend' : 'VipPostRecv'
    return {
      name,
      write: { operation: 'descriptor.write', as: name, at, op, segments },
      post: { operation, vi: 'v', descriptor: name, memory: 'm.pool' },
    }
  })
}
