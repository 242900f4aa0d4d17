// Pairs of VIs of a drawn program: made when a move needs them, and connected.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { viaReliabilityLevels } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { usualHandles } from '../../plan/handles.ts'
import { ownDiscriminator } from '../../plan/via/calls.ts'
import { pick } from '../drawn.ts'

/** One end of a link. */
export interface LinkEnd {
  readonly node: NodeIndex
  readonly vi: string
  /** The completion queue of both its work queues, if it has one. */
  readonly cq: string | null
}

/** Two VIs; the first is the client whenever they are connected. */
export interface Link {
  readonly client: LinkEnd
  readonly server: LinkEnd
}

const levels = Object.values(viaReliabilityLevels)

/** The most that a message over a link may have. */
export const transferMax = 2_048

/** Milliseconds that whoever connects, or waits for it, has patience. */
export const connectTimeout = 40

const cqEntries = 4

export function linkBetween(one: NodeIndex, other: NodeIndex, number: number): Link {
  const [low, high] = one < other ? [one, other] : [other, one]
  const end = (node: NodeIndex, peer: NodeIndex): LinkEnd => ({
    node,
    vi: `v${peer}-${number}`,
    cq: hasQueues(number) ? `cq${peer}-${number}` : null,
  })
  return { client: end(low, high), server: end(high, low) }
}

function hasQueues(number: number): boolean {
  return number >= levels.length
}

/** The calls that make one end. */
export function making({ vi, cq }: LinkEnd, number: number): CallBody[] {
  const { nic, ptag } = usualHandles
  const attributes: ViaViAttributes = {
    reliabilityLevel: pick(levels, number),
    maxTransferSize: transferMax,
    qos: 0,
    ptag,
    enableRdmaWrite: false,
    enableRdmaRead: false,
  }
  const queue: CallBody[] = cq === null ? [] : [{ operation: 'VipCreateCQ', nic, entryCount: cqEntries, as: cq }]
  return [...queue, { operation: 'VipCreateVi', nic, attributes, sendCq: cq, recvCq: cq, as: vi }]
}

/** What the server, and the client, call to be connected at that place; `as` names the connection. */
export function meeting(
  { client, server }: Link,
  as: string,
  place: number,
): { readonly waits: CallBody; readonly asks: CallBody; readonly accepts: CallBody; readonly rejects: CallBody } {
  const discriminator = (0x10 + (place % 0xe0)).toString(16)
  const remote = { host: server.node, discriminator }
  const local = { host: client.node, discriminator: ownDiscriminator }
  const timeout = connectTimeout
  return {
    waits: { operation: 'VipConnectWait', nic: usualHandles.nic, local: remote, timeout, as },
    asks: { operation: 'VipConnectRequest', vi: client.vi, local, remote, timeout },
    accepts: { operation: 'VipConnectAccept', connection: as, vi: server.vi },
    rejects: { operation: 'VipConnectReject', connection: as },
  }
}
