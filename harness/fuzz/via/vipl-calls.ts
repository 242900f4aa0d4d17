// The calls of VIPL as drawn programs make them: with the first handle of the NIC, its tag and its handler unless they say others.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type {
  ViaHandle,
  ViaMemoryAttributes,
  ViaNetAddress,
  ViaViAttributes,
} from '../../../spec/vocabulary/via-attributes.ts'
import { viaDeviceUnderTest, type ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import type { ViaMemory, ViaPlace, ViaSpan } from '../../../spec/vocabulary/via-descriptor.ts'
import type { ViaQueue } from '../../../spec/vocabulary/via-returns.ts'
import { descriptorPool } from '../../plan/usual.ts'
import { firstNic } from './host.ts'
import type { LinkEnd } from './links.ts'

/** Milliseconds of more than an hour: no run is as long. In microseconds they take more than 32 bits. */
export const overAnHour = 4_294_970

/** Whether somebody who waits so long is not waited for. */
export function isEndless(timeout: number): boolean {
  return timeout >= overAnHour
}

const { nic: usualNic, ptag: usualTag, handler: usualHandler } = firstNic

export const openNic = (as: string, device: string | null = viaDeviceUnderTest): CallBody => ({
  operation: 'VipOpenNic',
  device,
  as,
})
export const queryNic = (nic: ViaHandle): CallBody => ({ operation: 'VipQueryNic', nic })
export const closeNic = (nic: ViaHandle): CallBody => ({ operation: 'VipCloseNic', nic })

export const createPtag = (as: string, nic: ViaHandle = usualNic): CallBody => ({ operation: 'VipCreatePtag', nic, as })
export const destroyPtag = (ptag: ViaHandle, nic: ViaHandle = usualNic): CallBody => ({
  operation: 'VipDestroyPtag',
  nic,
  ptag,
})

/** Attributes of memory that nobody else writes or reads. */
export function withoutRdma(ptag: ViaHandle = usualTag): ViaMemoryAttributes {
  return { ptag, enableRdmaWrite: false, enableRdmaRead: false }
}

export function registerMem(
  as: string,
  at: ViaSpan,
  attributes: ViaMemoryAttributes | null = withoutRdma(),
  nic: ViaHandle = usualNic,
): CallBody {
  return { operation: 'VipRegisterMem', nic, at, attributes, as }
}

export function deregisterMem(memory: ViaMemory, at: ViaPlace, nic: ViaHandle = usualNic): CallBody {
  return { operation: 'VipDeregisterMem', nic, at, memory }
}

export function queryMem(memory: ViaMemory, at: ViaPlace): CallBody {
  return { operation: 'VipQueryMem', nic: usualNic, at, memory }
}

export function setMemAttributes(
  memory: ViaMemory,
  at: ViaPlace,
  attributes: ViaMemoryAttributes | null,
  nic: ViaHandle = usualNic,
): CallBody {
  return { operation: 'VipSetMemAttributes', nic, at, memory, attributes }
}

export interface ViMade {
  readonly attributes: ViaViAttributes | null
  readonly sendCq: ViaHandle
  readonly recvCq: ViaHandle
}

export function createVi(as: string, { attributes, sendCq, recvCq }: ViMade, nic: ViaHandle = usualNic): CallBody {
  return { operation: 'VipCreateVi', nic, attributes, sendCq, recvCq, as }
}

export const queryVi = (vi: ViaHandle): CallBody => ({ operation: 'VipQueryVi', vi })
export const setViAttributes = (vi: ViaHandle, attributes: ViaViAttributes | null): CallBody => ({
  operation: 'VipSetViAttributes',
  vi,
  attributes,
})
export const destroyVi = (vi: ViaHandle): CallBody => ({ operation: 'VipDestroyVi', vi })

export const connectAccept = (connection: ViaHandle, vi: ViaHandle): CallBody => ({
  operation: 'VipConnectAccept',
  connection,
  vi,
})
export const connectReject = (connection: ViaHandle): CallBody => ({ operation: 'VipConnectReject', connection })
export const disconnect = (vi: ViaHandle): CallBody => ({ operation: 'VipDisconnect', vi })

/** Who looks for whom as an equal. */
export interface PeerAsked {
  readonly vi: ViaHandle
  readonly local: ViaNetAddress | null
  readonly remote: ViaNetAddress | null
}

/** `timeout` in milliseconds. */
export function connectPeerRequest({ vi, local, remote }: PeerAsked, timeout: number): CallBody {
  return { operation: 'VipConnectPeerRequest', vi, local, remote, timeout }
}

export const connectPeerDone = (vi: ViaHandle): CallBody => ({ operation: 'VipConnectPeerDone', vi })
export const connectPeerWait = (vi: ViaHandle): CallBody => ({ operation: 'VipConnectPeerWait', vi })

export const createCq = (as: string, entryCount: number, nic: ViaHandle = usualNic): CallBody => ({
  operation: 'VipCreateCQ',
  nic,
  entryCount,
  as,
})
export const resizeCq = (cq: ViaHandle, entryCount: number): CallBody => ({ operation: 'VipResizeCQ', cq, entryCount })
export const destroyCq = (cq: ViaHandle): CallBody => ({ operation: 'VipDestroyCQ', cq })

type PostingCall = Extract<ViplCall, { operation: 'VipPostSend' | 'VipPostRecv' }>

/** Posts a descriptor that lies in the pool. */
export function posting({ vi, nic }: LinkEnd, queue: ViaQueue, descriptor: string | null): PostingCall {
  const operation = queue === 'send' ? 'VipPostSend' : 'VipPostRecv'
  return { operation, vi, descriptor, memory: `${descriptorPool}${nic.suffix}` }
}

/** Whether a call waits for what it takes, and for so many milliseconds. */
export interface Patience {
  readonly waits: boolean
  readonly timeout: number
}

const atOnce: Patience = { waits: false, timeout: 0 }

/** Takes the first descriptor of a work queue. */
export function taking({ vi }: Pick<LinkEnd, 'vi'>, queue: ViaQueue, { waits, timeout }: Patience = atOnce): CallBody {
  if (queue === 'send') return waits ? { operation: 'VipSendWait', vi, timeout } : { operation: 'VipSendDone', vi }
  return waits ? { operation: 'VipRecvWait', vi, timeout } : { operation: 'VipRecvDone', vi }
}

/** Takes the first entry of a completion queue. */
export function takingEntry(cq: ViaHandle, { waits, timeout }: Patience = atOnce): CallBody {
  return waits ? { operation: 'VipCQWait', cq, timeout } : { operation: 'VipCQDone', cq }
}

/** A handler is to be given the next descriptor of a work queue. */
export function arming(
  vi: ViaHandle,
  queue: ViaQueue,
  context: number,
  handler: string | null = usualHandler,
): CallBody {
  return { operation: queue === 'send' ? 'VipSendNotify' : 'VipRecvNotify', vi, handler, context }
}

/** A handler is to be given the next entry of a completion queue. */
export function armingEntry(cq: ViaHandle, context: number, handler: string | null = usualHandler): CallBody {
  return { operation: 'VipCQNotify', cq, handler, context }
}
