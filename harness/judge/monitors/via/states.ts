// Invariants of states: what VipQueryVi tells, and what may be done with a VI, follows from the calls that were made.
import type { ViaState } from '../../../../spec/vocabulary/via-constants.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { accountAt, areQueued } from '../../via/account.ts'
import { livesOf, type ViLife } from '../../via/lives.ts'
import { succeeded } from '../../via/sessions.ts'
import { hostName, type View } from '../../seen/view.ts'
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
      watching.watched(query.node, allowed.requirement)
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

export const errorStays: Monitor = {
  name: 'error-stays',
  words: 'a VI that is in error, or whose connection is lost, is in error until it is disconnected',
  requirements: ['VIA-DISC-005', 'VIA-ERR-009'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      let known = lostAt(view, life)
      for (const query of life.queries) {
        const state = query.answer?.content.vip?.state
        if (state === undefined) continue
        const isBroken = known && known.record < query.record && !isDisconnected(life, known.record, query)
        if (isBroken && known) watching.watched(life.node, known.requirement)
        if (state === 'error') known = { record: query.record, requirement: 'VIA-DISC-005' }
        else if (isBroken && known) {
          const why = known.requirement === 'VIA-ERR-009' ? 'its connection had been lost' : 'it had been in error'
          const seen = `${hostName(view, life.node)}'s ${life.name} was ${state} at ${timeWords(query.time)}, though ${why} and it had not been disconnected`
          watching.broken({ node: life.node, seen, at: query.time, requirements: [known.requirement] })
          break
        }
      }
    }
  },
}

/** The record at which a VI is known to be in error, and the requirement by which it stays so. */
interface ErrorKnown {
  readonly record: number
  readonly requirement: string
}

/** When the first connection of a VI was told to be lost: what is told later may be of one that ended before. */
function lostAt({ history }: View, { node, name, disconnects }: ViLife): ErrorKnown | undefined {
  for (const { node: where, event, record } of history.viaEvents) {
    if (where !== node || event.event !== 'via.error' || event.code !== 'connection-lost' || event.vi !== name) continue
    return disconnects.some((call) => call.record < record) ? undefined : { record, requirement: 'VIA-ERR-009' }
  }
  return undefined
}

/** Whether a disconnect was called since a record, and before a query had been answered. */
function isDisconnected({ disconnects }: ViLife, since: number, query: CallSeen): boolean {
  return disconnects.some((call) => returned(call) > since && call.record < returned(query))
}

export const connectsIdleOnly: Monitor = {
  name: 'connects-idle-only',
  words: 'a VI that is connected cannot be connected again',
  requirements: ['VIA-CON-014', 'VIA-CON-022'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const connect of life.connects) {
        if (connect.call.body.operation === 'VipConnectPeerRequest' || !connect.answer) continue
        if (!isConnectedAt(life, connect)) continue
        const { operation } = connect.call.body
        const requirement = operation === 'VipConnectAccept' ? 'VIA-CON-014' : 'VIA-CON-022'
        watching.watched(life.node, requirement)
        if (!succeeded(connect)) continue
        const seen = `${operation} of ${hostName(view, life.node)}'s ${life.name}, which had been connected before and not disconnected, succeeded at ${timeWords(connect.answer.time)}`
        watching.broken({ node: life.node, seen, at: connect.answer.time, requirements: [requirement] })
      }
    }
  },
}

/** Whether a VI was surely connected, or in error, all the time that a call was open. */
function isConnectedAt({ connects, disconnects }: ViLife, call: CallSeen): boolean {
  const before = connects.findLast(
    (other) => other !== call && succeeded(other) && isBlocking(other) && returned(other) < call.record,
  )
  if (!before) return false
  return !disconnects.some((other) => returned(other) > before.record && other.record < returned(call))
}

/** A peer request that succeeds has only begun. */
function isBlocking({ call }: CallSeen): boolean {
  return call.body.operation !== 'VipConnectPeerRequest'
}

export const changesIdleOnly: Monitor = {
  name: 'changes-idle-only',
  words: 'the attributes of a VI that is connected are not set',
  requirements: ['VIA-VI-015'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const setting of life.settings) {
        if (!setting.answer || !isConnectedAt(life, setting)) continue
        watching.watched(life.node)
        if (!succeeded(setting)) continue
        const seen = `VipSetViAttributes of ${hostName(view, life.node)}'s ${life.name}, which had been connected before and not disconnected, succeeded at ${timeWords(setting.answer.time)}`
        watching.broken({ node: life.node, seen, at: setting.answer.time })
      }
    }
  },
}

export const destroysIdleOnly: Monitor = {
  name: 'destroys-idle-only',
  words: 'a VI that is connected, or has descriptors on its queues, cannot be destroyed',
  requirements: ['VIA-VI-009', 'VIA-VI-010'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const call of life.destroys) {
        const { node, name, destroyed } = life
        // What is called after it was destroyed is about no VI.
        if (!call.answer || (destroyed && destroyed.record < call.record)) continue
        const reasons = whyNot(view, life, call)
        for (const { requirement } of reasons) watching.watched(node, requirement)
        if (!succeeded(call)) continue
        for (const { requirement, words } of reasons) {
          const seen = `${hostName(view, node)}'s ${name} was destroyed at ${timeWords(call.time)}, ${words}`
          watching.broken({ node, seen, at: call.time, requirements: [requirement] })
        }
      }
    }
  },
}

/** Why a VI must not be destroyed by a call, each with its requirement. */
function whyNot(view: View, life: ViLife, call: CallSeen): readonly { requirement: string; words: string }[] {
  const reasons = isConnectedAt(life, call)
    ? [{ requirement: 'VIA-VI-009', words: 'though it had been connected and not disconnected' }]
    : []
  for (const queue of [life.send, life.recv]) {
    const least = accountAt(view, life, queue, call)?.least ?? 0
    if (least === 0 || !areQueued(view, life, queue, call)) continue
    const words = `when ${counted(least, 'descriptor')} stood on its ${queue === life.send ? 'send' : 'receive'} queue`
    reasons.push({ requirement: 'VIA-VI-010', words })
  }
  return reasons
}
