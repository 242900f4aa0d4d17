// Handlers of the Notify calls that ran: which a filter means, and how often they did.
import type { NotifiedExpectation, NotifiedFilter } from '../../plan/via/expectation.ts'
import { judged, type Checked } from '../expectations/checked.ts'
import type { History } from '../seen/history.ts'
import { hostName, type View } from '../seen/view.ts'
import { isWithin, namesWords, timesWords, timeWords } from '../words.ts'
import { wrongFields } from './answered.ts'
import { isHandler, type HandlerSeen } from './handlers-seen.ts'
import { viaEventWords } from './words.ts'

/** The handlers that pass the filter, in the order in which they ran. */
export function handlersMeant(filter: NotifiedFilter, history: History): readonly HandlerSeen[] {
  return history.viaEvents.filter(isHandler).filter((seen) => isMeant(filter, seen))
}

function isMeant(filter: NotifiedFilter, { node, event }: HandlerSeen): boolean {
  const { entry } = filter
  return (
    node === filter.node &&
    (filter.handler === undefined || event.handler === filter.handler) &&
    (filter.context === undefined || event.context === filter.context) &&
    (filter.nic === undefined || event.nic === filter.nic) &&
    (filter.vi === undefined || event.vi === filter.vi) &&
    (filter.queue === undefined || event.queue === filter.queue) &&
    (!entry || (event.event === 'via.cq-notify' && event.vi === entry.vi && event.queue === entry.queue)) &&
    holdsDescriptor(filter, event)
  )
}

function holdsDescriptor({ descriptor: wanted, fields }: NotifiedFilter, event: HandlerSeen['event']): boolean {
  if (wanted === undefined && !fields) return true
  if (event.event !== 'via.notify') return false
  const { descriptor } = event
  const isRead = typeof descriptor === 'object' && descriptor !== null
  if (wanted !== undefined && (isRead ? descriptor.name : descriptor) !== wanted) return false
  return wrongFields(isRead ? descriptor : undefined, fields) === undefined
}

export function checkNotified({ node, filter, times }: NotifiedExpectation, view: View): Checked {
  const found = handlersMeant(filter, view.history)
  const others = view.history.viaEvents.filter(isHandler).filter((seen) => seen.node === node)
  const ran = others.map(({ event, time }) => `${viaEventWords(event)} at ${timeWords(time)}`)
  const all = ran.length === 0 ? 'none ran at all' : `these ran: ${namesWords(ran)}`
  const words = `${found.length} such handlers of ${hostName(view, node)}, ${timesWords(times)} expected; ${all}`
  const excess = times.most === undefined ? undefined : found[times.most]
  return judged(isWithin(found.length, times), words, excess?.time)
}
