// Asynchronous errors that hosts were told of: which a filter means, and how often they came.
import type { ErrorExpectation, ErrorFilter } from '../../plan/via/expectation.ts'
import { judged, type Checked } from '../expectations/checked.ts'
import type { History, ViaEventSeen } from '../seen/history.ts'
import { hostName, type View } from '../seen/view.ts'
import { isWithin, namesWords, timesWords, timeWords } from '../words.ts'

type ErrorSeen = ViaEventSeen & { readonly event: Extract<ViaEventSeen['event'], { event: 'via.error' }> }

export function isError(seen: ViaEventSeen): seen is ErrorSeen {
  return seen.event.event === 'via.error'
}

/** The errors that pass the filter, in order. */
export function errorsMeant(filter: ErrorFilter, history: History): readonly ErrorSeen[] {
  return history.viaEvents.filter(isError).filter((seen) => isMeant(filter, seen))
}

function isMeant(filter: ErrorFilter, { node, event }: ErrorSeen): boolean {
  const { descriptor } = event
  const name = typeof descriptor === 'object' && descriptor !== null ? descriptor.name : descriptor
  return (
    node === filter.node &&
    (filter.code === undefined || event.code === filter.code) &&
    (filter.vi === undefined || event.vi === filter.vi) &&
    (filter.nic === undefined || event.nic === filter.nic) &&
    (filter.descriptor === undefined || name === filter.descriptor) &&
    (filter.resources === undefined || filter.resources.includes(event.resource)) &&
    (filter.handler === undefined || event.handler === filter.handler) &&
    (filter.context === undefined || event.context === filter.context)
  )
}

export function checkError({ node, filter, times }: ErrorExpectation, view: View): Checked {
  const found = errorsMeant(filter, view.history)
  const others = view.history.viaEvents.filter(isError).filter((seen) => seen.node === node)
  const told = others.map(({ event, time }) => `${event.code} at ${timeWords(time)}`)
  const all = told.length === 0 ? 'of no error at all' : `of ${namesWords(told)}`
  const words = `${found.length} such errors, ${timesWords(times)} expected; ${hostName(view, node)} was told ${all}`
  const excess = times.most === undefined ? undefined : found[times.most]
  return judged(isWithin(found.length, times), words, excess?.time)
}
