// The Notify calls arm handlers: which of these calls may be refused, and which handlers are armed then (S7).
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import type { Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { found, type Cq, type Host, type Nic } from './host.ts'
import { codes } from './ruling.ts'
import type { Vi, WorkQueue } from './vi.ts'
import type { World } from './world.ts'

type ArmingCall = ViplCallOf<'VipSendNotify' | 'VipRecvNotify' | 'VipCQNotify'>

/** A handler that is to run for one completion. */
export interface Armed {
  readonly handler: string
  readonly context: number
  readonly nic: Nic
  /** The call that arms it has not been answered. */
  isOpen: boolean
  /** Another was being armed at the same time: which came first is open. */
  isCrossed: boolean
  /** There was nothing on its queue. */
  readonly wasEmpty: boolean
}

/** A call that has not been answered. */
export interface OpenArming {
  readonly call: ArmingCall
  readonly source: Vi | Cq | null | undefined
  readonly queue: WorkQueue | Cq | undefined
  /** Undefined if it cannot arm anything. */
  readonly armed: Armed | undefined
}

/** A handler may run from the moment of the call on. */
export function arm(host: Host, call: ArmingCall): OpenArming {
  const source = call.operation === 'VipCQNotify' ? found(host.cqs, call.cq) : found(host.vis, call.vi)
  if (!source) return { call, source, queue: undefined, armed: undefined }
  const queue = 'send' in source ? source.queue(call.operation === 'VipSendNotify' ? 'send' : 'recv') : source
  if (!source.isLive || call.handler === null) return { call, source, queue, armed: undefined }
  const { handler, context } = call
  const crossed = queue.armed.filter(({ isOpen }) => isOpen)
  for (const other of crossed) other.isCrossed = true
  const wasEmpty = 'items' in queue && queue.items.length === 0
  const armed = { handler, context, nic: source.nic, isOpen: true, isCrossed: crossed.length > 0, wasEmpty }
  queue.armed.push(armed)
  return { call, source, queue, armed }
}

export function judgeArmed({ ruling }: World, { call, source, queue, armed }: OpenArming, answer: ViaReturn): Judged {
  if (source === undefined) return undefined
  if (!source?.isLive) ruling.refuse(codes.parameter, 'VIA-NTFY-007')
  if (call.handler === null) ruling.refuse(~0, 'VIA-NTFY-007')
  // There may be none for a queue that is empty, or has a completion queue (Q19, Q41).
  ruling.permit(armed?.wasEmpty ? ~0 : codes.resource)
  // What is optional may be missing (Q34).
  ruling.permit(codes.notSupported)
  if (armed) armed.isOpen = false
  const place = armed && queue && answer.code !== 'VIP_SUCCESS' ? queue.armed.indexOf(armed) : -1
  if (place >= 0) queue?.armed.splice(place, 1)
  return ruling.judge(answer)
}
