// Handlers of the Notify calls run: which may, for what, and which must have (S7).
import type { ViaCompletionNotifyEvent, ViaNotifyEvent } from '../../vocabulary/via.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { Armed } from './arming.ts'
import { dueQueue, takeEntry } from './completion-queues.ts'
import { judgeCompletion } from './completions.ts'
import type { Cq, Host } from './host.ts'
import { find, frontOf, take } from './taking.ts'
import type { WorkQueue } from './vi.ts'
import type { World } from './world.ts'

type HandlerEvent = ViaNotifyEvent | ViaCompletionNotifyEvent

/** What was taken is off its queue, and the handler is armed no more. */
export function judgeNotified(world: World, host: Host, event: HandlerEvent): Judged {
  const vi = host.vis.get(event.vi)
  const queue = vi?.queue(event.queue)
  if (!vi || !queue) return wrong(host, event, requirementsOf(event), 'there is no such VI')
  if (!vi.isLive) return wrong(host, event, ['VIA-NTFY-005', ...requirementsOf(event)], 'that VI was destroyed')
  return event.event === 'via.notify'
    ? judgeDescriptor(world, queue, event)
    : judgeEntry(host, { queue, isLoose: vi.isLoose }, event)
}

function requirementsOf({ event }: HandlerEvent): readonly string[] {
  return event === 'via.notify' ? ['VIA-NTFY-004', 'VIA-NTFY-006'] : ['VIA-NTFY-002', 'VIA-NTFY-001', 'VIA-NTFY-006']
}

function wrong(host: Host, event: HandlerEvent, requirements: readonly string[], why: string): Judged {
  return forbidden(requirements, `${host.name}'s handler ${event.handler} ran for ${event.vi}; ${why}`)
}

function judgeDescriptor(world: World, queue: WorkQueue, event: ViaNotifyEvent): Judged {
  const { vi } = queue
  const { host } = vi
  if (!queue.armed.some((one) => isOf(one, event)) && wasOfGone(host, event))
    return wrong(host, event, ['VIA-NTFY-005'], 'the VI that it was armed for was destroyed')
  const late = spend(host, queue.armed, event)
  if (late || queue.isLoose) return late
  const { descriptor } = event
  const isLenient = vi.isLoose || queue.takers > 0
  const item = descriptor && descriptor !== 'unknown' ? find(queue, descriptor.name, isLenient) : undefined
  if (!descriptor || descriptor === 'unknown' || !item) {
    if (vi.isLoose) return undefined
    const first = queue.items[0]?.descriptor.written.as
    const right = first === undefined ? 'its queue is empty' : `${first} is first on its queue`
    const name = descriptor && descriptor !== 'unknown' ? descriptor.name : 'a descriptor that nobody knows'
    return wrong(host, event, ['VIA-NTFY-004', 'VIA-DONE-007'], `it was given ${name}, and ${right}`)
  }
  take(queue, item)
  if (vi.isLoose) return undefined
  const judged = judgeCompletion(world, item, descriptor)
  if (item.descriptor.posting === item && item.descriptor.isPlain) item.descriptor.returned = descriptor
  return judged
}

function wasOfGone({ vis }: Host, event: ViaNotifyEvent): boolean {
  for (const vi of vis.values()) {
    if (!vi.isLive && vi.queue(event.queue).armed.some((one) => isOf(one, event))) return true
  }
  return false
}

interface Origin {
  readonly queue: WorkQueue
  readonly isLoose: boolean
}

function judgeEntry(host: Host, { queue, isLoose }: Origin, event: ViaCompletionNotifyEvent): Judged {
  const { cq } = queue
  if (!cq) return wrong(host, event, ['VIA-CQ-017', ...requirementsOf(event)], 'its queue has no completion queue')
  const gone = [...host.cqs.values()].some(({ isLive, armed }) => !isLive && armed.some((one) => isOf(one, event)))
  if (gone && !cq.armed.some((one) => isOf(one, event))) {
    return wrong(host, event, ['VIA-NTFY-003'], 'its completion queue was destroyed')
  }
  const late = spend(host, cq.armed, event)
  if (late && !gone) return late
  const judged = isLoose ? undefined : takeEntry(host, cq, event)
  cq.wasHanded = true
  return judged
}

/** The handler that ran was armed, and it was its turn. */
function spend(host: Host, armed: Armed[], event: HandlerEvent): Judged {
  const place = armed.findIndex((one) => isOf(one, event))
  if (place < 0) return wrong(host, event, requirementsOf(event), 'it was not armed')
  const isNext = place === 0 || armed.slice(0, place + 1).every(({ isCrossed }) => isCrossed)
  if (!isNext) {
    const requirement = event.event === 'via.notify' ? 'VIA-NTFY-004' : 'VIA-NTFY-002'
    const [first] = armed
    // The one whose turn it was may have run, with the context of another.
    const told = first?.handler === event.handler ? ['VIA-NTFY-006'] : []
    return wrong(host, event, [requirement, ...told], `${first?.handler} with ${first?.context} was armed before it`)
  }
  armed.splice(place, 1)
  return undefined
}

function isOf({ handler, context, nic }: Armed, event: HandlerEvent): boolean {
  return handler === event.handler && context === event.context && nic.name === event.nic
}

/** A descriptor is complete, and the handler that is armed for it has not run. */
export function judgeUnnotified(queue: WorkQueue): Judged {
  const [armed] = queue.armed
  const { vi, kind, items, takers } = queue
  if (!armed || armed.isOpen || takers > 0 || queue.isLoose || frontOf(queue) !== 'complete') return undefined
  const isFlushed = items[0]?.mayFlush === true || items[0]?.mustFlush !== undefined
  const requirements = [...(isFlushed ? ['VIA-NTFY-005'] : []), ...(armed.wasEmpty ? ['VIA-NTFY-008'] : [])]
  const words = `${vi.host.name}'s handler ${armed.handler} has not run, though a descriptor of the ${kind} queue of ${vi.name} is complete`
  return forbidden([...requirements, 'VIA-NTFY-004'], words)
}

/** There is an entry, and a handler that is armed for it has not run. */
export function judgeUntold(host: Host): Judged {
  for (const cq of host.cqs.values()) {
    const [armed] = cq.armed
    const due = isWaiting(cq) ? dueQueue(host, cq) : undefined
    if (!armed || !due) continue
    const words = `${host.name}'s handler ${armed.handler} has not run, though there is an entry of the ${due.kind} queue of ${due.vi.name}`
    return forbidden(['VIA-NTFY-001', ...cq.resized], words)
  }
  return undefined
}

function isWaiting({ isLive, armed, takers }: Cq): boolean {
  return isLive && takers === 0 && armed[0]?.isOpen === false
}
