// What calls of VIPL answer: the return codes with their values, which call documents which, and what each hands out.
import type {
  ViaMemoryAttributes,
  ViaNamed,
  ViaNetAddress,
  ViaNicAttributes,
  ViaRemoteAttributes,
  ViaViAttributes,
} from './via-attributes.ts'
import type { ViplOperation } from './via-calls.ts'
import type { ViaBasis, ViaState } from './via-constants.ts'
import type { ViaRegion, ViaReturnedDescriptor } from './via-descriptor.ts'

/** VIP_RETURN. Values [S]; the last two are later or vendors' additions, absent from Intel's own header [S]. */
export const vipReturns = {
  VIP_SUCCESS: 0,
  VIP_NOT_DONE: 1,
  VIP_INVALID_PARAMETER: 2,
  VIP_ERROR_RESOURCE: 3,
  VIP_TIMEOUT: 4,
  VIP_REJECT: 5,
  VIP_INVALID_RELIABILITY_LEVEL: 6,
  VIP_INVALID_MTU: 7,
  VIP_INVALID_QOS: 8,
  VIP_INVALID_PTAG: 9,
  VIP_INVALID_RDMAREAD: 10,
  /** A descriptor completed with an error, or the queue is empty and the pointer NULL. */
  VIP_DESCRIPTOR_ERROR: 11,
  VIP_INVALID_STATE: 12,
  VIP_ERROR_NAMESERVICE: 13,
  VIP_NO_MATCH: 14,
  VIP_NOT_REACHABLE: 15,
  VIP_ERROR_NOT_SUPPORTED: 16,
} as const
export type VipReturn = keyof typeof vipReturns

/**
 * The answer to a call of VIPL, beside the id and status of its return: `ok` says only that the adapter made the call.
 * Outputs are there where `viaOutputs` lists them, with VIP_SUCCESS, and where their comment says so. All is plain data.
 */
export interface ViaReturn {
  /** `unknown`: a value that is no VIP_RETURN. */
  readonly code: VipReturn | 'unknown'
  readonly nicAttributes?: ViaNicAttributes
  readonly state?: ViaState | 'unknown'
  readonly viAttributes?: ViaViAttributes
  readonly sendQueueEmpty?: boolean
  readonly recvQueueEmpty?: boolean
  readonly region?: ViaRegion
  readonly memoryAttributes?: ViaMemoryAttributes
  readonly remoteAddress?: ViaNetAddress
  readonly remoteAttributes?: ViaRemoteAttributes
  /** Also with VIP_DESCRIPTOR_ERROR. */
  readonly descriptor?: ViaReturnedDescriptor
  readonly entry?: ViaCompletionEntry
  /** The discriminator is empty. */
  readonly address?: ViaNetAddress
  readonly name?: string
  /** NameLen. Also with VIP_ERROR_RESOURCE, when the buffer was too small. Whether the zero at the end counts is open. [?] */
  readonly nameLen?: number
  readonly discovery?: ViaDiscovery
}

/** An entry of a completion queue: on which work queue of which VI a descriptor has completed. */
export interface ViaCompletionEntry {
  readonly vi: ViaNamed
  readonly queue: ViaQueue
}

/** The work queues of a VI. The parameter RecvQueue is true for `recv`. */
export type ViaQueue = 'send' | 'recv'

/** VIP_AUTODISCOVERY_LIST. Public headers differ in how its addresses are stored. [S] */
export interface ViaDiscovery {
  readonly numberOfHops: number
  readonly addresses: readonly ViaNetAddress[]
}

/** What each call hands out besides its code and the handles that `as` names. */
export const viaOutputs: Readonly<Partial<Record<ViplOperation, readonly Exclude<keyof ViaReturn, 'code'>[]>>> = {
  VipQueryNic: ['nicAttributes'],
  VipQueryVi: ['state', 'viAttributes', 'sendQueueEmpty', 'recvQueueEmpty'],
  VipRegisterMem: ['region'],
  VipQueryMem: ['memoryAttributes'],
  VipConnectWait: ['remoteAddress', 'remoteAttributes'],
  VipConnectRequest: ['remoteAttributes'],
  VipConnectPeerDone: ['remoteAttributes'],
  VipConnectPeerWait: ['remoteAttributes'],
  VipSendDone: ['descriptor'],
  VipSendWait: ['descriptor'],
  VipRecvDone: ['descriptor'],
  VipRecvWait: ['descriptor'],
  VipCQDone: ['entry'],
  VipCQWait: ['entry'],
  VipNSGetHostByName: ['address'],
  VipNSGetHostByAddr: ['name', 'nameLen'],
  VipQuerySystemManagementInfo: ['discovery'],
}

/** Return codes, each with where it comes from. */
export type ViaReturnCodes = Readonly<Partial<Record<VipReturn, ViaBasis>>>

const [sourced, recalled, reading] = ['sourced', 'recalled', 'reading'] as const

const usual: ViaReturnCodes = { VIP_SUCCESS: recalled, VIP_INVALID_PARAMETER: recalled }
const allocating: ViaReturnCodes = { ...usual, VIP_ERROR_RESOURCE: recalled }
const sourcedAllocating: ViaReturnCodes = {
  VIP_SUCCESS: sourced,
  VIP_INVALID_PARAMETER: sourced,
  VIP_ERROR_RESOURCE: sourced,
}
const viAttributes: ViaReturnCodes = {
  ...usual,
  VIP_INVALID_RELIABILITY_LEVEL: recalled,
  VIP_INVALID_MTU: recalled,
  VIP_INVALID_QOS: recalled,
  VIP_INVALID_PTAG: recalled,
  VIP_INVALID_RDMAREAD: recalled,
}
const memoryAttributes: ViaReturnCodes = { ...usual, VIP_INVALID_PTAG: recalled, VIP_INVALID_RDMAREAD: recalled }
const peerOutcome: ViaReturnCodes = {
  ...allocating,
  VIP_TIMEOUT: recalled,
  // Which of the following belong to it is not certain.
  VIP_REJECT: reading,
  VIP_NO_MATCH: reading,
  VIP_NOT_REACHABLE: reading,
  VIP_INVALID_RELIABILITY_LEVEL: reading,
  VIP_INVALID_MTU: reading,
  VIP_INVALID_QOS: reading,
  VIP_INVALID_STATE: reading,
}
/** ERROR_RESOURCE is for a queue that is full, where SUCCESS is as good; the asynchronous error tells. */
const posting: ViaReturnCodes = { ...usual, VIP_ERROR_RESOURCE: sourced, VIP_INVALID_STATE: reading }
const waiting: ViaReturnCodes = { ...allocating, VIP_TIMEOUT: recalled, VIP_DESCRIPTOR_ERROR: recalled }
const naming: ViaReturnCodes = { ...allocating, VIP_ERROR_NAMESERVICE: recalled }

/** For each call the codes that it documents. Any other is a deviation; where a basis is `reading`, cases accept more. */
export const viaReturnCodes: Readonly<Record<ViplOperation, ViaReturnCodes>> = {
  VipOpenNic: sourcedAllocating,
  VipCloseNic: { ...usual, VIP_ERROR_RESOURCE: reading },
  VipQueryNic: usual,
  VipCreateVi: { ...viAttributes, VIP_ERROR_RESOURCE: recalled },
  VipDestroyVi: { ...allocating, VIP_INVALID_STATE: recalled },
  VipQueryVi: usual,
  VipSetViAttributes: { ...viAttributes, VIP_INVALID_STATE: recalled },
  VipCreatePtag: sourcedAllocating,
  VipDestroyPtag: allocating,
  VipRegisterMem: { ...memoryAttributes, VIP_ERROR_RESOURCE: recalled },
  VipDeregisterMem: usual,
  VipQueryMem: usual,
  VipSetMemAttributes: memoryAttributes,
  VipConnectWait: { ...allocating, VIP_TIMEOUT: recalled },
  VipConnectAccept: {
    VIP_SUCCESS: sourced,
    VIP_INVALID_PARAMETER: sourced,
    VIP_INVALID_RELIABILITY_LEVEL: sourced,
    VIP_INVALID_MTU: sourced,
    VIP_INVALID_QOS: sourced,
    VIP_TIMEOUT: recalled,
    VIP_ERROR_RESOURCE: recalled,
    VIP_INVALID_STATE: recalled,
  },
  VipConnectReject: usual,
  VipConnectRequest: {
    ...sourcedAllocating,
    VIP_TIMEOUT: sourced,
    VIP_REJECT: sourced,
    VIP_NO_MATCH: sourced,
    VIP_INVALID_STATE: recalled,
    VIP_NOT_REACHABLE: recalled,
  },
  VipDisconnect: usual,
  VipConnectPeerRequest: { ...allocating, VIP_INVALID_STATE: recalled },
  VipConnectPeerDone: { ...peerOutcome, VIP_NOT_DONE: recalled },
  VipConnectPeerWait: peerOutcome,
  VipPostSend: posting,
  VipPostRecv: posting,
  VipSendDone: { ...usual, VIP_NOT_DONE: recalled, VIP_DESCRIPTOR_ERROR: recalled },
  VipRecvDone: {
    VIP_SUCCESS: sourced,
    VIP_NOT_DONE: sourced,
    VIP_DESCRIPTOR_ERROR: sourced,
    VIP_INVALID_PARAMETER: sourced,
  },
  VipSendWait: waiting,
  VipRecvWait: waiting,
  VipSendNotify: allocating,
  VipRecvNotify: allocating,
  VipCreateCQ: allocating,
  VipDestroyCQ: allocating,
  VipResizeCQ: allocating,
  VipCQDone: { ...usual, VIP_NOT_DONE: sourced },
  VipCQWait: { ...allocating, VIP_TIMEOUT: sourced },
  VipCQNotify: sourcedAllocating,
  VipNSInit: naming,
  VipNSGetHostByName: naming,
  VipNSGetHostByAddr: { ...usual, VIP_ERROR_NAMESERVICE: recalled, VIP_ERROR_RESOURCE: reading },
  VipNSShutdown: { ...usual, VIP_ERROR_NAMESERVICE: recalled },
  VipQuerySystemManagementInfo: { ...usual, VIP_ERROR_NOT_SUPPORTED: reading },
  VipErrorCallback: allocating,
}

/** Whether an operation is a call of VIPL, which answers a code. */
export function isVipl(operation: string): operation is ViplOperation {
  return Object.hasOwn(viaReturnCodes, operation)
}
