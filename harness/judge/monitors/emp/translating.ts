// The invariant of slow translation: while a posting waits for its addresses, all else goes on (R28).
import { empDefaults } from '../../../../spec/vocabulary/endpoint.ts'
import { postingAt } from '../../emp/open-postings.ts'
import { requestKey, type CallSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'
import { toldBefore } from './requests.ts'

export const goesOnMeanwhile: Monitor = {
  name: 'goes-on-meanwhile',
  words: 'while a posting waits for addresses, a wait for what is done already returns at once',
  requirements: ['EMP-MEM-006'],
  needsWire: false,
  needsExactTime: true,
  watch(view, watching) {
    if (!isSlow(view)) return
    for (const call of view.history.calls) {
      const { node, time, answer } = call
      const { operation } = call.call.body
      if (!isOverAtOnce(view, call) || !postingAt(view, call)) continue
      watching.watched(node)
      const until = answer?.time ?? view.history.end
      if (until <= time) continue
      const how = answer ? 'returned' : 'had not returned'
      const seen = `${hostName(view, node)}'s ${operation} for what had been told done, called at ${timeWords(time)} while a posting was open, ${how} ${timeWords(until - time)} later`
      watching.broken({ node, seen, at: until })
    }
  },
}

/** Whether a posting may take time at all. */
function isSlow({ permutation: { configuration } }: View): boolean {
  return (configuration['emp.translation'] ?? empDefaults['emp.translation']) > 0
}

/** Whether a call is a wait for what had been told to be done before, and that no other call has seen. */
function isOverAtOnce({ history }: View, { call: { id, body }, node, record }: CallSeen): boolean {
  const isTold = (request: string): boolean => {
    const post = history.posted.get(requestKey(node, request))
    return post !== undefined && toldBefore(post, id, record)
  }
  switch (body.operation) {
    case 'emp.wait':
      return isTold(body.request)
    case 'emp.waitall':
    case 'emp.waitany':
      return body.requests.length > 0 && body.requests.every(isTold)
    default:
      return false
  }
}
