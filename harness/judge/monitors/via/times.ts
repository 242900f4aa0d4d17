// Invariants of time: a wait gives up when its timeout is over and not before, and what does not wait answers at once.
import { millisecond } from '../../../../spec/vocabulary/units.ts'
import { viaTimeoutDuration } from '../../../../spec/vocabulary/via-calls.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

/** The requirement of each call that may time out. */
const requirementOf: Readonly<Record<string, string>> = {
  VipSendWait: 'VIA-WAIT-002',
  VipRecvWait: 'VIA-WAIT-002',
  VipCQWait: 'VIA-CQ-008',
  VipConnectWait: 'VIA-CON-012',
  VipConnectRequest: 'VIA-CON-009',
}

export const waitsLongEnough: Monitor = {
  name: 'waits-long-enough',
  words: 'a call times out only when its time is over',
  requirements: [...new Set(Object.values(requirementOf))],
  needsWire: false,
  watch(view, watching) {
    for (const { node, call, time, answer } of view.history.calls) {
      const { body } = call
      const requirement = requirementOf[body.operation]
      if (requirement === undefined || !('timeout' in body) || answer?.content.vip?.code !== 'VIP_TIMEOUT') continue
      // A disconnect ends a request that is outstanding, and what the request answers then is not laid down.
      if (body.operation === 'VipConnectRequest' && isDisconnected(view, node, body.vi)) continue
      watching.watched(node, requirement)
      const least = viaTimeoutDuration(body.timeout)
      if (answer.time - time >= least) {
        watching.right.set(call.id, requirement)
        continue
      }
      const limit = least === Infinity ? 'it had no end' : `its time was ${timeWords(least)}`
      const seen = `${hostName(view, node)}'s ${body.operation} timed out after ${timeWords(answer.time - time)}, and ${limit}`
      watching.broken({ node, seen, at: answer.time, requirements: [requirement] })
    }
  },
}

function isDisconnected(view: View, node: number, vi: string | null): boolean {
  return view.history.calls.some(
    ({ node: where, call: { body } }) => where === node && body.operation === 'VipDisconnect' && body.vi === vi,
  )
}

/** How late an answer may be by the clock of the world: providers count in ticks. */
const tick = 100 * millisecond

export const waitsNoLonger: Monitor = {
  name: 'waits-no-longer',
  words: 'a call that has a timeout returns when its time is over',
  requirements: [...new Set(Object.values(requirementOf))],
  needsWire: false,
  needsExactTime: true,
  watch(view, watching) {
    for (const { node, call, time, answer } of view.history.calls) {
      const { body } = call
      const requirement = requirementOf[body.operation]
      if (requirement === undefined || !('timeout' in body)) continue
      const most = viaTimeoutDuration(body.timeout) + tick
      watching.watched(node, requirement)
      const until = answer?.time ?? view.history.end
      if (until - time <= most) continue
      const how = answer ? 'returned' : 'had not returned'
      const seen = `${hostName(view, node)}'s ${body.operation} ${how} ${timeWords(until - time)} after it was called; its time was ${timeWords(most - tick)}`
      watching.broken({ node, seen, at: until, requirements: [requirement] })
    }
  },
}

/** The requirement by which each of these calls does not wait. */
const atOnce: Readonly<Record<string, string>> = {
  VipRecvDone: 'VIA-DONE-004',
  VipSendDone: 'VIA-DONE-005',
  VipCQDone: 'VIA-CQ-007',
}

export const doneAtOnce: Monitor = {
  name: 'done-at-once',
  words: 'Done answers at once, also while others wait',
  requirements: [...Object.values(atOnce), 'VIA-DONE-006'],
  needsWire: false,
  needsExactTime: true,
  watch(view, watching) {
    const waits = view.history.calls.filter(({ call: { body } }) => body.operation === 'VipRecvWait')
    for (const call of view.history.calls) {
      const { node, time, answer } = call
      const { operation } = call.call.body
      const own = atOnce[operation]
      if (own === undefined) continue
      const isBehind = operation === 'VipRecvDone' && waits.some((other) => isWaitBeside(other, call))
      const requirement = isBehind ? 'VIA-DONE-006' : own
      watching.watched(node, requirement)
      const until = answer?.time ?? view.history.end
      if (until - time <= tick) continue
      const seen = `${hostName(view, node)}'s ${operation}, called at ${timeWords(time)}, ${answer ? 'returned' : 'had not returned'} ${timeWords(until - time)} later`
      watching.broken({ node, seen, at: until, requirements: [requirement] })
    }
  },
}

/** Whether a VipRecvWait of the same VI was open when a call was made. */
function isWaitBeside(other: CallSeen, { node, call, record }: CallSeen): boolean {
  const { body } = other.call
  if (body.operation !== 'VipRecvWait' || other.node !== node || !('vi' in call.body)) return false
  return body.vi === call.body.vi && other.record < record && returned(other) > record
}
