// Invariants of empty queues: NULL, an empty flag, and a wait that does not wait tell that nothing is there, and only then.
import { counted } from '../../../../spec/vocabulary/units.ts'
import type { ViaQueue } from '../../../../spec/vocabulary/via-returns.ts'
import { accountAt, areQueued } from '../../via/account.ts'
import { livesOf, type ViLife } from '../../via/lives.ts'
import type { CallSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'

const queues = ['send', 'recv'] as const

export const emptyIsNull: Monitor = {
  name: 'empty-is-null',
  words: 'Done and Wait answer NULL if there is no descriptor on the queue, and only then',
  requirements: ['VIA-DONE-003', 'VIA-DONE-004', 'VIA-DONE-005', 'VIA-WAIT-001', 'VIA-WAIT-004'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const queue of queues) {
        for (const take of life[queue].takes) {
          const vip = take.answer?.content.vip
          if (!vip) continue
          const isNull = vip.code === 'VIP_DESCRIPTOR_ERROR' && vip.descriptor === null
          const isOpen = vip.code === 'VIP_NOT_DONE' || vip.code === 'VIP_TIMEOUT'
          if (isNull || isOpen) watchTake(view, watching, { life, queue, take, isNull })
        }
      }
    }
  },
}

interface Take {
  readonly life: ViLife
  readonly queue: ViaQueue
  readonly take: CallSeen
  readonly isNull: boolean
}

function watchTake(view: View, watching: Watching, { life, queue, take, isNull }: Take): void {
  const account = accountAt(view, life, life[queue], take)
  if (!account) return
  const requirement = requirementOf(queue, take, isNull)
  watching.watched(life.node, requirement)
  if (isNull ? account.least === 0 : account.most > 0) return
  if (isNull && !areQueued(view, life, life[queue], take)) return
  const { operation } = take.call.body
  const stands = isNull
    ? `${counted(account.least, 'descriptor')} stood on the queue`
    : 'no descriptor stood on the queue'
  const seen = `${operation} of ${hostName(view, life.node)}'s ${life.name} answered ${take.answer?.content.vip?.code ?? ''}${isNull ? ' and NULL' : ''} at ${timeWords(take.answer?.time ?? take.time)}, when ${stands}`
  watching.broken({ node: life.node, seen, at: take.time, requirements: [requirement] })
}

/** By which requirement NULL, or that a descriptor is outstanding, is answered only where that is so. */
function requirementOf(queue: ViaQueue, { call }: CallSeen, isNull: boolean): string {
  if (call.body.operation.endsWith('Wait')) return isNull ? 'VIA-WAIT-001' : 'VIA-WAIT-004'
  if (queue === 'send') return 'VIA-DONE-005'
  return isNull ? 'VIA-DONE-004' : 'VIA-DONE-003'
}

export const emptyFlags: Monitor = {
  name: 'empty-flags',
  words: 'VipQueryVi tells that a queue is empty if and only if no descriptor is on it',
  requirements: ['VIA-VI-013'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const query of life.queries) {
        const vip = query.answer?.content.vip
        if (vip?.code !== 'VIP_SUCCESS') continue
        for (const queue of queues) {
          const isEmpty = queue === 'send' ? vip.sendQueueEmpty : vip.recvQueueEmpty
          const account = isEmpty === undefined ? undefined : accountAt(view, life, life[queue], query)
          if (!account) continue
          watching.watched(life.node)
          if (isEmpty === true ? account.least === 0 || !areQueued(view, life, life[queue], query) : account.most > 0)
            continue
          const stands =
            isEmpty === true ? `${counted(account.least, 'descriptor')} stood there` : 'no descriptor stood there'
          const seen = `VipQueryVi of ${hostName(view, life.node)}'s ${life.name} told at ${timeWords(query.time)} that its ${queue} queue is ${isEmpty === true ? 'empty' : 'not empty'}, when ${stands}`
          watching.broken({ node: life.node, seen, at: query.time })
        }
      }
    }
  },
}
