// What a VIA endpoint may tell without being asked: asynchronous errors, and the handlers of notify calls.
import type { ViaNamed } from './via-attributes.ts'
import type { ViaErrorCode, ViaResource } from './via-constants.ts'
import type { ViaReturnedDescriptor } from './via-descriptor.ts'
import type { ViaQueue } from './via-returns.ts'

/** A handler runs on a thread of the provider, not on one that has called. [M] */
export type ViaEvent = ViaErrorEvent | ViaNotifyEvent | ViaCompletionNotifyEvent

/**
 * The error handler of a NIC handle ran, with a VIP_ERROR_DESCRIPTOR. `resource` says which of the handles is meaningful
 * [S]; only that one and those that it belongs to are there.
 */
export interface ViaErrorEvent {
  readonly event: 'via.error'
  /** `null`: the default handler, which logs [S]; told only by an adapter that sees it. */
  readonly handler: string | null
  readonly context: number
  readonly resource: ViaResource
  readonly code: ViaErrorCode | 'unknown'
  readonly nic: ViaNamed
  readonly vi?: ViaNamed
  readonly cq?: ViaNamed
  readonly descriptor?: ViaReturnedDescriptor
  /** OpCode: the operation of the descriptor concerned, as a number, since no source says in which form. [M] */
  readonly opCode: number
}

/** A handler of VipSendNotify or VipRecvNotify ran: the descriptor is complete, and off its queue. [M] */
export interface ViaNotifyEvent {
  readonly event: 'via.notify'
  readonly handler: string
  readonly context: number
  readonly nic: ViaNamed
  readonly vi: ViaNamed
  readonly queue: ViaQueue
  readonly descriptor: ViaReturnedDescriptor
}

/** A handler of VipCQNotify ran: the entry is off the completion queue, its descriptor still on the work queue. [S] */
export interface ViaCompletionNotifyEvent {
  readonly event: 'via.cq-notify'
  readonly handler: string
  readonly context: number
  readonly nic: ViaNamed
  readonly vi: ViaNamed
  readonly queue: ViaQueue
}
