// The invariant of cancelling (R24).
import { counted } from '../../../../spec/vocabulary/units.ts'
import type { PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const cancelledIfAsked: Monitor = {
  name: 'cancelled-if-asked',
  words: 'only a receive is cancelled, only after its host has asked, and with no octets',
  requirements: ['EMP-MATCH-016'],
  needsWire: false,
  watch(view, watching) {
    for (const { kind, node, request, completions } of view.history.postings) {
      const [first] = completions
      if (first?.completion.outcome !== 'cancelled') continue
      watching.watched(node)
      const isAsked = view.history.calls.some(
        ({ call: { body }, node: host, record }) =>
          host === node && body.operation === 'emp.cancel' && body.request === request && record < first.record,
      )
      if (isAsked && kind === 'receive' && first.completion.bytes === 0) continue
      const how = isAsked ? `with ${counted(first.completion.bytes, 'octet')}` : 'which nobody had asked for'
      const seen = `${hostName(view, node)}'s ${kind} ${request} was told at ${timeWords(first.time)} to be cancelled, ${how}`
      watching.broken({ node, seen, at: first.time })
    }
  },
}

/** Whether a host asked to withdraw it, and was not told what came of it. */
export function isToBeWithdrawn({ history }: View, { node, request, completions }: PostedSeen): boolean {
  if (completions.length > 0) return false
  return history.calls.some(
    ({ node: host, call: { body } }) => host === node && body.operation === 'emp.cancel' && body.request === request,
  )
}
