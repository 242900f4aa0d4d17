// The invariant of states: what VipQueryVi tells follows from the calls that were made.
import type { ViaState } from '../../../../spec/vocabulary/via-constants.ts'
import type { CallSeen } from '../../history.ts'
import { hostName, type View } from '../../view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const stateFollows: Monitor = {
  name: 'state-follows',
  words: 'a VI is idle unless it connects, and stays connected unless it breaks or is disconnected',
  requirements: ['VIA-VI-001', 'VIA-VI-020', 'VIA-DISC-001', 'VIA-CON-024'],
  needsWire: false,
  watch(view, watching) {
    for (const query of view.history.calls) {
      const { body } = query.call
      const state = query.answer?.content.vip?.state
      if (body.operation !== 'VipQueryVi' || body.vi === null || state === undefined) continue
      const allowed = allowedAt(view, query, body.vi)
      if (!allowed) continue
      watching.watched(query.node)
      if (allowed.states.some((each) => each === state)) continue
      const seen = `${hostName(view, query.node)}'s ${body.vi} was ${state} at ${timeWords(query.time)}, though ${allowed.because}`
      watching.broken({ node: query.node, seen, at: query.time, requirements: [allowed.requirement] })
    }
  },
}

interface Allowed {
  readonly states: readonly ViaState[]
  readonly because: string
  readonly requirement: string
}

const connecting: ReadonlySet<string> = new Set([
  'VipConnectRequest',
  'VipConnectAccept',
  'VipConnectPeerRequest',
  'VipConnectPeerWait',
  'VipConnectPeerDone',
])

/** Undefined where a call that changes the state is under way. */
function allowedAt(view: View, query: CallSeen, vi: string): Allowed | undefined {
  let allowed: Allowed = { states: ['idle'], because: 'nothing had connected it', requirement: 'VIA-VI-001' }
  for (const { node, call, record, answer } of view.history.calls) {
    const { body } = call
    if (node !== query.node || record > query.record || !('vi' in body) || body.vi !== vi) continue
    const isChange = connecting.has(body.operation) || body.operation === 'VipDisconnect'
    if (!isChange) continue
    if (!answer || answer.record > query.record || body.operation.startsWith('VipConnectPeer')) return undefined
    const isGood = answer.content.vip?.code === 'VIP_SUCCESS'
    if (body.operation === 'VipDisconnect' && isGood) {
      allowed = { states: ['idle'], because: 'it had been disconnected', requirement: 'VIA-DISC-001' }
    } else if (isGood) {
      const because = 'it had been connected, and only its host can disconnect it'
      allowed = { states: ['connected', 'error'], because, requirement: 'VIA-VI-020' }
    } else if (allowed.states.includes('idle')) {
      allowed = { states: ['idle'], because: 'it was not connected', requirement: 'VIA-CON-024' }
    }
  }
  return allowed
}
