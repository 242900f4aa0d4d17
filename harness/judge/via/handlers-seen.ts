// Handlers of the Notify calls that ran, each with the call that armed it.
import type { CallSeen, ViaEventSeen } from '../seen/history.ts'
import type { View } from '../seen/view.ts'

export type HandlerSeen = ViaEventSeen & {
  readonly event: Exclude<ViaEventSeen['event'], { event: 'via.error' }>
}

export function isHandler(seen: ViaEventSeen): seen is HandlerSeen {
  return seen.event.event !== 'via.error'
}

/** Gives out each run of a handler once. */
export class HandlersSeen {
  /** Runs that no call has been found for. */
  readonly left: HandlerSeen[]

  constructor({ history }: View) {
    this.left = history.viaEvents.filter(isHandler)
  }

  /** The run of the handler that a call has armed; undefined if it has not run. */
  handlerOf(call: CallSeen): HandlerSeen | undefined {
    const code = call.answer?.content.vip?.code
    if (code !== undefined && code !== 'VIP_SUCCESS') return undefined
    const i = this.left.findIndex((seen) => isArmedBy(seen, call))
    return i < 0 ? undefined : this.left.splice(i, 1)[0]
  }
}

/** Whether a call can have armed a handler that ran. */
export function isArmedBy(
  { node, event, record }: HandlerSeen,
  { node: where, call, record: since }: CallSeen,
): boolean {
  const { body } = call
  if (node !== where || record < since || !('handler' in body)) return false
  if (body.handler !== event.handler || body.context !== event.context) return false
  switch (body.operation) {
    case 'VipSendNotify':
    case 'VipRecvNotify': {
      const queue = body.operation === 'VipSendNotify' ? 'send' : 'recv'
      return event.event === 'via.notify' && event.vi === body.vi && event.queue === queue
    }
    case 'VipCQNotify':
      return event.event === 'via.cq-notify'
    default:
      return false
  }
}
