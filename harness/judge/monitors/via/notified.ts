// Invariants of the handlers of Notify calls: each runs once, for what it was armed for, while that exists.
import { HandlersSeen, isArmedBy, isHandler, type HandlerSeen } from '../../via/handlers-seen.ts'
import { handleOf, livesOf } from '../../via/lives.ts'
import { succeeded } from '../../via/sessions.ts'
import { viaEventWords } from '../../via/words.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

const arming: ReadonlySet<string> = new Set(['VipSendNotify', 'VipRecvNotify', 'VipCQNotify'])

function armingCalls(view: View): readonly CallSeen[] {
  return view.history.calls.filter(({ call }) => arming.has(call.body.operation))
}

function runWords(view: View, { node, event, time }: HandlerSeen): string {
  return `${viaEventWords(event)}, of ${hostName(view, node)} at ${timeWords(time)}`
}

export const runsOnce: Monitor = {
  name: 'runs-once',
  words: 'a handler runs once for each call that has armed it, and for nothing else',
  requirements: ['VIA-NTFY-002', 'VIA-NTFY-004'],
  needsWire: false,
  watch(view, watching) {
    const told = new HandlersSeen(view)
    for (const { node, event } of told.left) watching.watched(node, armedBy(event))
    for (const call of armingCalls(view)) told.handlerOf(call)
    for (const seen of told.left) {
      const { node, event, time } = seen
      const words = `${runWords(view, seen)}: it was armed for nothing, or had run as often as it was armed`
      watching.broken({ node, seen: words, at: time, requirements: [armedBy(event)] })
    }
  },
}

/** By which requirement a handler runs once for each call that has armed it. */
function armedBy({ event }: HandlerSeen['event']): string {
  return event === 'via.notify' ? 'VIA-NTFY-004' : 'VIA-NTFY-002'
}

export const runsForLiving: Monitor = {
  name: 'runs-for-living',
  words: 'no handler runs for a VI or a completion queue that was destroyed',
  requirements: ['VIA-NTFY-003', 'VIA-NTFY-005'],
  needsWire: false,
  watch(view, watching) {
    const calls = armingCalls(view)
    const told = new HandlersSeen(view)
    for (const call of calls) {
      const requirement = told.handlerOf(call) ? undefined : outlived(view, call)
      if (requirement !== undefined) watching.watched(call.node, requirement)
    }
    for (const seen of view.history.viaEvents.filter(isHandler)) {
      const { node, event, time } = seen
      if (wasDestroyed(view, 'vi', seen, event.vi)) {
        const words = `${runWords(view, seen)}: that VI had been destroyed`
        watching.broken({ node, seen: words, at: time, requirements: ['VIA-NTFY-005'] })
      }
      const queues = queuesOf(calls, seen)
      if (queues.length === 0 || !queues.every((cq) => wasDestroyed(view, 'cq', seen, cq))) continue
      const words = `${runWords(view, seen)}: its completion queue had been destroyed`
      watching.broken({ node, seen: words, at: time, requirements: ['VIA-NTFY-003'] })
    }
  },
}

/** By which requirement a handler does not run that was armed, and has not run: what it was armed for was destroyed. */
function outlived(view: View, call: CallSeen): string | undefined {
  const { body } = call.call
  if (!succeeded(call) || !('handler' in body)) return undefined
  const isGone = (kind: 'vi' | 'cq', name: string): boolean =>
    handleOf(view, kind, call.node, name)?.ended.some((end) => succeeded(end) && end.record > returned(call)) === true
  if ('vi' in body && body.vi !== null && isGone('vi', body.vi)) return 'VIA-NTFY-005'
  return 'cq' in body && body.cq !== null && isGone('cq', body.cq) ? 'VIA-NTFY-003' : undefined
}

/** Completion queues at which a handler may have been armed. */
function queuesOf(calls: readonly CallSeen[], seen: HandlerSeen): readonly string[] {
  if (seen.event.event !== 'via.cq-notify') return []
  return calls.flatMap((call) => {
    const { body } = call.call
    return isArmedBy(seen, call) && 'cq' in body && body.cq !== null ? [body.cq] : []
  })
}

/** Whether a handle was destroyed before a handler ran, and not made again. */
function wasDestroyed(view: View, kind: 'vi' | 'cq', { node, record }: HandlerSeen, name: string): boolean {
  const handle = handleOf(view, kind, node, name)
  const end = handle?.ended.findLast((one) => returned(one) < record)
  return end !== undefined && !handle?.made.some((one) => one.record > end.record && one.record < record)
}

export const ownHandlers: Monitor = {
  name: 'own-handlers',
  words: 'a handler of a completion queue runs for entries of the work queues that it was given to',
  requirements: ['VIA-CQ-010', 'VIA-CQ-017'],
  needsWire: false,
  watch(view, watching) {
    const calls = armingCalls(view)
    for (const seen of view.history.viaEvents.filter(isHandler)) {
      const { node, event, time } = seen
      const life = livesOf(view).vis.find((one) => one.node === node && one.name === event.vi)
      if (event.event !== 'via.cq-notify' || !life) continue
      watching.watched(node, 'VIA-CQ-010')
      const own = event.queue === 'send' ? life.body.sendCq : life.body.recvCq
      if (own !== null && queuesOf(calls, seen).includes(own)) continue
      const words = `${runWords(view, seen)}: that queue has ${own ?? 'no completion queue'}`
      watching.broken({ node, seen: words, at: time, requirements: [own === null ? 'VIA-CQ-017' : 'VIA-CQ-010'] })
    }
  },
}
