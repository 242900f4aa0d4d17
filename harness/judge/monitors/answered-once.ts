// The invariant of every call: one answer at most.
import { hostName } from '../seen/view.ts'
import type { Monitor } from './monitor.ts'

/** The contract between harness and implementation rather than a requirement. */
export const answeredOnce: Monitor = {
  name: 'answered-once',
  words: 'every call is answered once at most, by the host that was called',
  requirements: [],
  needsWire: false,
  watch(view, watching) {
    for (const { node } of view.history.calls) watching.watched(node)
    for (const { node, answer, time } of view.history.strayReturns) {
      const asked = view.history.callById.get(answer.id)
      const of = asked ? `a second answer to ${asked.call.body.operation}` : 'an answer to no call'
      const other = asked && asked.node !== node ? `an answer to a call of ${hostName(view, asked.node)}` : of
      watching.broken({ node, seen: `${hostName(view, node)} gave ${other}: ${answer.status}`, at: time })
    }
  },
}
