// Handlers of the Notify calls: they take descriptors and entries, which the model notes without judging.
import type { ViaCompletionNotifyEvent, ViaNotifyEvent } from '../../vocabulary/via.ts'
import type { Judged } from '../forbidden.ts'
import type { Host } from './host.ts'

/** Whatever was taken is off its queue. */
export function judgeNotified(host: Host, event: ViaNotifyEvent | ViaCompletionNotifyEvent): Judged {
  const queue = host.vis.get(event.vi)?.queue(event.queue)
  if (!queue) return undefined
  if (event.event === 'via.cq-notify') {
    queue.entries++
    return undefined
  }
  const { descriptor } = event
  if (descriptor === null || descriptor === 'unknown') return undefined
  const item = queue.items.find(({ descriptor: { place } }) => place.name === descriptor.name)
  if (!item) return undefined
  queue.remove(item)
  queue.taken++
  item.isOutstanding = false
  if (item.connection) item.connection.isBlurred = true
  return undefined
}
