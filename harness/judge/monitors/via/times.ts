// Invariants of time: a wait that has a timeout does not give up before it is over.
import { viaTimeoutDuration } from '../../../../spec/vocabulary/via-calls.ts'
import { hostName, type View } from '../../view.ts'
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
      watching.watched(node)
      const least = viaTimeoutDuration(body.timeout)
      if (answer.time - time >= least) continue
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
