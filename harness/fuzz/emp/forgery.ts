// Frames that nobody may take for true: the harness puts them on the wire in the name of a host.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { empDefaults, type Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { CraftStep } from '../../plan/permutation.ts'
import { macOf } from '../../fabric/address.ts'
import { drawn, pick } from '../drawn.ts'
import type { EmpMove } from './moves.ts'

/** Numbers of frame types, as the layout of the wire has them; the last is none. */
const types = { data: 1, acknowledgement: 2, unknown: 7 } as const

/** Octets in a forged frame, all equal, so that they are known where they should not be. */
const octets = 10
const payload = { pattern: { kind: 'const', seed: 0xee }, position: 0, bytes: octets } as const
const noPayload = { ...payload, bytes: 0 } as const

/** An address that no host has. */
const stranger = '02000000ee00'

/** The address of everybody. */
const everybody = 'ffffffffffff'

/** A message ID and a frame number that nothing in a drawn run gets to. */
const farMessage = 1_000
const farFrame = 900

type Forgery = Pick<CraftStep, 'fields' | 'payload' | 'source' | 'destination'>

/** One of the ways in which a frame from `host` to `peer` can be wrong. */
export function forgery(
  { host, peer, kind }: Extract<EmpMove, { act: 'forge' }>,
  hosts: number,
  configuration: Configuration,
): CraftStep {
  const from = host % hosts
  const to = peer % hosts === from ? (from + 1) % hosts : peer % hosts
  const message = configuration['emp.first-message'] ?? empDefaults['emp.first-message']
  const common = { kind: 'craft', from, to, position: drawn } as const
  return { ...pick(forgeries, kind)(message, { from, to }), ...common }
}

const data = { type: types.data, frame: 0, tag: 0 } as const
const answer = { type: types.acknowledgement, length: 0 } as const

/** What agrees with a number in its low octet. */
const alike = (number: number): number => number + 0x100

/** What agrees with the address of a host in all octets but the first. */
function addressAlike(node: NodeIndex): string {
  return `0a${macOf(node).slice(2)}`
}

interface Nodes {
  readonly from: NodeIndex
  readonly to: NodeIndex
}

/** What can be wrong with a frame, made from the first message ID and the nodes that are right. */
const forgeries: readonly ((message: number, nodes: Nodes) => Forgery)[] = [
  function ofUnknownType(message): Forgery {
    return { fields: { ...data, message, type: types.unknown }, payload }
  },
  function fromStranger(message): Forgery {
    return { fields: { ...data, message }, payload, source: stranger }
  },
  function toStranger(message): Forgery {
    return { fields: { ...data, message }, payload, destination: stranger }
  },
  function tooShort(message): Forgery {
    return { fields: { ...data, message, length: 2 * octets + 100 }, payload }
  },
  function ofTooManyFrames(message): Forgery {
    return { fields: { ...data, message, frames: 5 }, payload }
  },
  function answersUnknownMessage(message): Forgery {
    return { fields: { ...answer, message: (message + farMessage) >>> 0, frame: 0 }, payload: noPayload }
  },
  function answersUnknownFrame(message): Forgery {
    return { fields: { ...answer, message, frame: farFrame }, payload: noPayload }
  },
  function toEverybody(message): Forgery {
    return { fields: { ...data, message }, payload, destination: everybody }
  },
  function answersByTypeAlike(message): Forgery {
    return { fields: { ...answer, message, type: alike(types.acknowledgement), frame: 0 }, payload: noPayload }
  },
  function fromSenderAlike(message, { from }): Forgery {
    return { fields: { ...data, message, sender: alike(from) }, payload }
  },
  function fromAddressAlike(message, { from }): Forgery {
    return { fields: { ...data, message }, payload, source: addressAlike(from) }
  },
  function toAddressAlike(message, { to }): Forgery {
    return { fields: { ...data, message }, payload, destination: addressAlike(to) }
  },
]
