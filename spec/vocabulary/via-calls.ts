// The 41 calls of VIPL, with their input parameters; what they hand out stands in via-returns.ts.
import { millisecond, type Duration } from './units.ts'
import { viaInfinite } from './via-constants.ts'
import type { ViaHandle, ViaMemoryAttributes, ViaNetAddress, ViaViAttributes } from './via-attributes.ts'
import type { ViaDescriptorCall, ViaMemory, ViaPlace, ViaSpan } from './via-descriptor.ts'

/** Milliseconds [S]; `viaInfinite` for no end. */
export type ViaTimeout = number

/** A timeout as a span of time; Infinity if it has no end. */
export function viaTimeoutDuration(timeout: ViaTimeout): Duration {
  return timeout === viaInfinite ? Infinity : timeout * millisecond
}

/** The device that is under test. */
export const viaDeviceUnderTest = 'default'

/** What a host program may ask of a VIA endpoint, besides the calls on memory. */
export type ViaCall = ViplCall | ViaDescriptorCall

/**
 * A call of VIPL. `as` names the handle that it makes; the name is bound only if the call succeeds. `null` attributes and
 * addresses are NULL pointers. A call of `viaBlocking` stays open until its return comes; all others answer at once, in
 * whatever time the implementation takes.
 */
export type ViplCall = NicCall | MemoryRegistrationCall | ViCall | QueueCall | NameServiceCall | ManagementCall

/** A call about a VI: its life, and its connection. */
export type ViCall = ViLifeCall | ClientServerCall | PeerCall

/** A call about what is posted, and what becomes of it. */
export type QueueCall = PostCall | WorkQueueCall | CompletionQueueCall

/** The names of the 41 calls. [S] */
export type ViplOperation = ViplCall['operation']

type NicCall =
  /**
   * Each open gives another handle, also for a device that is open already. The name `viaDeviceUnderTest` stands for the
   * device that is judged, by whatever name the provider knows it: the adapter puts that.
   */
  | { readonly operation: 'VipOpenNic'; readonly device: string | null; readonly as: string }
  | { readonly operation: 'VipCloseNic'; readonly nic: ViaHandle }
  | { readonly operation: 'VipQueryNic'; readonly nic: ViaHandle }

type ViLifeCall =
  | {
      /** Makes a VI in state idle. A work queue whose completion queue is `null` has none. */
      readonly operation: 'VipCreateVi'
      readonly nic: ViaHandle
      readonly attributes: ViaViAttributes | null
      readonly sendCq: ViaHandle
      readonly recvCq: ViaHandle
      readonly as: string
    }
  /** Needs state idle and empty queues. */
  | { readonly operation: 'VipDestroyVi'; readonly vi: ViaHandle }
  | { readonly operation: 'VipQueryVi'; readonly vi: ViaHandle }
  /** Needs state idle. */
  | { readonly operation: 'VipSetViAttributes'; readonly vi: ViaHandle; readonly attributes: ViaViAttributes | null }

type MemoryRegistrationCall =
  | { readonly operation: 'VipCreatePtag'; readonly nic: ViaHandle; readonly as: string }
  | { readonly operation: 'VipDestroyPtag'; readonly nic: ViaHandle; readonly ptag: ViaHandle }
  | {
      /** Registers `at.bytes` octets; start and length are free. */
      readonly operation: 'VipRegisterMem'
      readonly nic: ViaHandle
      readonly at: ViaSpan
      readonly attributes: ViaMemoryAttributes | null
      readonly as: string
    }
  | {
      /** Wants the address that was registered and the handle that came of it. */
      readonly operation: 'VipDeregisterMem'
      readonly nic: ViaHandle
      readonly at: ViaPlace
      readonly memory: ViaMemory
    }
  | {
      readonly operation: 'VipQueryMem'
      readonly nic: ViaHandle
      readonly at: ViaPlace
      readonly memory: ViaMemory
    }
  | {
      readonly operation: 'VipSetMemAttributes'
      readonly nic: ViaHandle
      readonly at: ViaPlace
      readonly memory: ViaMemory
      readonly attributes: ViaMemoryAttributes | null
    }

type ClientServerCall =
  | {
      /** Blocking. Waits for a request to `local`; makes the connection handle `as`, to be accepted or rejected. */
      readonly operation: 'VipConnectWait'
      readonly nic: ViaHandle
      readonly local: ViaNetAddress | null
      readonly timeout: ViaTimeout
      readonly as: string
    }
  /** Blocking: may wait for the client's last word. Needs a VI in state idle. */
  | { readonly operation: 'VipConnectAccept'; readonly connection: ViaHandle; readonly vi: ViaHandle }
  | { readonly operation: 'VipConnectReject'; readonly connection: ViaHandle }
  | {
      /** Blocking. Asks whoever waits at `remote`; `local` is bound to the VI if that succeeds. */
      readonly operation: 'VipConnectRequest'
      readonly vi: ViaHandle
      readonly local: ViaNetAddress | null
      readonly remote: ViaNetAddress | null
      readonly timeout: ViaTimeout
    }
  | { readonly operation: 'VipDisconnect'; readonly vi: ViaHandle }

type PeerCall =
  | {
      /** Starts a request that pairs with the one whose addresses are the same, exchanged. Does not wait for it. */
      readonly operation: 'VipConnectPeerRequest'
      readonly vi: ViaHandle
      readonly local: ViaNetAddress | null
      readonly remote: ViaNetAddress | null
      readonly timeout: ViaTimeout
    }
  | { readonly operation: 'VipConnectPeerDone'; readonly vi: ViaHandle }
  /** Blocking. The request's timeout governs. */
  | { readonly operation: 'VipConnectPeerWait'; readonly vi: ViaHandle }

/** `descriptor` is the name of a `descriptor.write`, or `null`; `memory` the handle of the memory that it lies in. */
type PostCall = {
  readonly operation: 'VipPostSend' | 'VipPostRecv'
  readonly vi: ViaHandle
  readonly descriptor: string | null
  readonly memory: ViaMemory
}

type WorkQueueCall =
  /** Takes the first descriptor of the queue if it is complete. Never waits. */
  | { readonly operation: 'VipSendDone' | 'VipRecvDone'; readonly vi: ViaHandle }
  /** Blocking. */
  | { readonly operation: 'VipSendWait' | 'VipRecvWait'; readonly vi: ViaHandle; readonly timeout: ViaTimeout }
  | ({ readonly operation: 'VipSendNotify' | 'VipRecvNotify'; readonly vi: ViaHandle } & Handler)

type CompletionQueueCall =
  | {
      readonly operation: 'VipCreateCQ'
      readonly nic: ViaHandle
      readonly entryCount: number
      readonly as: string
    }
  | { readonly operation: 'VipDestroyCQ'; readonly cq: ViaHandle }
  | { readonly operation: 'VipResizeCQ'; readonly cq: ViaHandle; readonly entryCount: number }
  /** Takes the oldest entry, and leaves its descriptor on the work queue. */
  | { readonly operation: 'VipCQDone'; readonly cq: ViaHandle }
  /** Blocking. */
  | { readonly operation: 'VipCQWait'; readonly cq: ViaHandle; readonly timeout: ViaTimeout }
  | ({ readonly operation: 'VipCQNotify'; readonly cq: ViaHandle } & Handler)

/**
 * Names of hosts are those of the world. An adapter whose provider knows its hosts by others puts the one for the other, and
 * counts the octets of the world's.
 */
type NameServiceCall =
  /** The parameter NSInitInfo is the provider's affair: NULL, as clients pass it [S], or what its adapter knows it to need. */
  | { readonly operation: 'VipNSInit'; readonly nic: ViaHandle }
  | {
      readonly operation: 'VipNSGetHostByName'
      readonly nic: ViaHandle
      readonly name: string | null
      /** Picks among several addresses of one name. */
      readonly nameIndex: number
    }
  | {
      readonly operation: 'VipNSGetHostByAddr'
      readonly nic: ViaHandle
      readonly address: ViaNetAddress | null
      /** Octets of the buffer for the name, which ends with one that is zero. */
      readonly nameLen: number
    }
  | { readonly operation: 'VipNSShutdown'; readonly nic: ViaHandle }

type ManagementCall =
  | { readonly operation: 'VipQuerySystemManagementInfo'; readonly nic: ViaHandle; readonly infoType: number }
  /** The handler takes the place of the one before; `null` brings the default handler back. [S] */
  | {
      readonly operation: 'VipErrorCallback'
      readonly nic: ViaHandle
      readonly handler: string | null
      readonly context: number
    }

/** A handler is a name that its events carry, with the context that it was registered with. `null` is a NULL pointer. */
interface Handler {
  readonly handler: string | null
  readonly context: number
}

/** Tells the calls of VIA from those of EMP and on memory. */
export function isViaCall(body: { readonly operation: string }): body is ViaCall {
  return /^(?:Vip|descriptor\.)/.test(body.operation)
}
