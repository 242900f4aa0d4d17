// Invariants of completion queues: an entry for each completion of a queue that is associated, and for no other.
import { counted, millisecond } from '../../../../spec/vocabulary/units.ts'
import { viaStatusBits, viaStatusMasks } from '../../../../spec/vocabulary/via-constants.ts'
import type { ViaQueue } from '../../../../spec/vocabulary/via-returns.ts'
import { dropsDescriptors, hasTaken } from '../../via/account.ts'
import { handleOf, isDead, livesOf, type ViLife } from '../../via/lives.ts'
import { succeeded } from '../../via/sessions.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import type { Monitor, Watching } from '../monitor.ts'

const queues = ['send', 'recv'] as const

export const ownEntries: Monitor = {
  name: 'own-entries',
  words: 'a completion queue has entries of the work queues that it was given to, and of no others',
  requirements: ['VIA-CQ-010', 'VIA-CQ-017'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const queue of queues) {
        const own = queue === 'send' ? life.body.sendCq : life.body.recvCq
        for (const call of life[queue].entries) {
          const { body } = call.call
          const cq = 'cq' in body ? body.cq : null
          watching.watched(life.node, 'VIA-CQ-010')
          if (cq === own) continue
          const seen = `${hostName(view, life.node)}'s ${cq} handed out an entry of the ${queue} queue of ${life.name} at ${timeWords(call.answer?.time ?? 0)}, which has ${own ?? 'no completion queue'}`
          const requirements = [own === null ? 'VIA-CQ-017' : 'VIA-CQ-010']
          watching.broken({ node: life.node, seen, at: call.time, requirements })
          break
        }
      }
    }
  },
}

export const oneEntryEach: Monitor = {
  name: 'one-entry-each',
  words: 'a work queue has no more entries than descriptors were posted on it',
  requirements: ['VIA-CQ-004'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const queue of queues) {
        const { entries, posts } = life[queue]
        if (entries.length === 0) continue
        watching.watched(life.node)
        const ordered = entries.toSorted((one, other) => returned(one) - returned(other))
        for (const [place, entry] of ordered.entries()) {
          if (postedBy(posts, returned(entry)) > place) continue
          const seen = `${hostName(view, life.node)} was handed entry ${place + 1} of the ${queue} queue of ${life.name} by ${timeWords(entry.answer?.time ?? 0)}, when ${counted(place, 'descriptor')} had been posted there`
          watching.broken({ node: life.node, seen, at: entry.time })
          break
        }
      }
    }
  },
}

/** Descriptors that may have been posted by a record. */
function postedBy(posts: readonly CallSeen[], record: number): number {
  let count = 0
  for (const post of posts) if (post.record < record && (!post.answer || succeeded(post))) count++
  return count
}

export const entriesCome: Monitor = {
  name: 'entries-come',
  words: 'a completion queue has an entry for every descriptor of its work queues that completed',
  requirements: ['VIA-CQ-004', 'VIA-CQ-018', 'VIA-FLUSH-004'],
  needsWire: false,
  needsExactTime: true,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      for (const queue of queues) {
        const cq = queue === 'send' ? life.body.sendCq : life.body.recvCq
        if (cq !== null && life[queue].takes.length > 0) watchMissing(view, watching, { life, queue, cq })
      }
    }
  },
}

/** How long an entry may come behind its completion. */
const tick = 100 * millisecond

/** A completion queue that is empty, long after more descriptors were taken from a work queue than entries of it. */
function watchMissing(
  view: View,
  watching: Watching,
  { life, queue, cq }: { life: ViLife; queue: ViaQueue; cq: string },
): void {
  const { takes, entries } = life[queue]
  for (const call of view.history.calls) {
    const { body } = call.call
    const code = call.answer?.content.vip?.code
    if (call.node !== life.node || body.operation !== 'VipCQDone' || body.cq !== cq || code !== 'VIP_NOT_DONE') continue
    if (life.destroyed && life.destroyed.record < returned(call)) return
    const taken = takes.filter((take) => hasTaken(take) && (take.answer?.time ?? Infinity) + tick < call.time)
    for (const take of taken) watching.watched(life.node, missingRequirement(take))
    const had = entries.filter((entry) => entry.record < returned(call)).length
    const missing = taken.toSorted((one, other) => returned(one) - returned(other))[had]
    if (!missing || !hasRoom(view, life.node, cq)) continue
    const seen = `${hostName(view, life.node)}'s ${cq} was empty at ${timeWords(call.time)}, though ${counted(taken.length, 'descriptor')} of the ${queue} queue of ${life.name} had completed, and ${had} of ${taken.length === 1 ? 'its' : 'their'} entries been taken`
    watching.broken({ node: life.node, seen, at: call.time, requirements: [missingRequirement(missing)] })
    return
  }
}

function missingRequirement({ answer }: CallSeen): string {
  const descriptor = answer?.content.vip?.descriptor
  const status = typeof descriptor === 'object' ? (descriptor?.status ?? 0) : 0
  if ((status & viaStatusBits['descriptor-flushed']) !== 0) return 'VIA-FLUSH-004'
  return (status & viaStatusMasks.errors) !== 0 ? 'VIA-CQ-018' : 'VIA-CQ-004'
}

/** Whether a completion queue was made once, and cannot have overflowed: then anything may be lost. */
function hasRoom(view: View, node: number, cq: string): boolean {
  const handle = handleOf(view, 'cq', node, cq)
  const [made] = handle?.made ?? []
  const { body } = made?.call ?? {}
  if (handle?.made.length !== 1 || handle.ended.length > 0 || body?.operation !== 'VipCreateCQ') return false
  let posts = 0
  for (const { call, node: where } of view.history.calls) {
    const { operation } = call.body
    if (operation === 'VipResizeCQ' || operation === 'VipCQNotify') return false
    if (where === node && operation.startsWith('VipPost')) posts++
  }
  return posts <= body.entryCount
}

export const entryMeansDone: Monitor = {
  name: 'entry-means-done',
  words: 'once an entry was taken, its descriptor can be',
  requirements: ['VIA-CQ-006', 'VIA-CQ-011'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      if (life.isNotified || dropsDescriptors(view, life)) continue
      for (const queue of queues) if (life[queue].entries.length > 0) watchDone(view, watching, life, queue)
    }
  },
}

function watchDone(view: View, watching: Watching, life: ViLife, queue: ViaQueue): void {
  const { entries, takes } = life[queue]
  let isShown = false
  for (const done of takes) {
    const code = done.answer?.content.vip?.code
    if (code === undefined || (isShown && code !== 'VIP_NOT_DONE')) continue
    let promised = 0
    for (const entry of entries) if (returned(entry) < done.record) promised++
    for (const other of takes) if (other.record < returned(done) && (hasTaken(other) || !other.answer)) promised--
    if (promised <= 0) continue
    watching.watched(life.node)
    isShown = true
    if (code !== 'VIP_NOT_DONE') continue
    const seen = `the ${queue} queue of ${hostName(view, life.node)}'s ${life.name} answered VIP_NOT_DONE at ${timeWords(done.time)}, though an entry of it had been taken for a descriptor that had not`
    watching.broken({ node: life.node, seen, at: done.time })
    return
  }
}

export const entriesOfLiving: Monitor = {
  name: 'entries-of-living',
  words: 'no completion queue hands out an entry of a VI that was destroyed',
  requirements: ['VIA-CQ-014'],
  needsWire: false,
  watch(view, watching) {
    for (const life of livesOf(view).vis) {
      if (!life.destroyed) continue
      const handle = handleOf(view, 'vi', life.node, life.name)
      watching.watched(life.node)
      const late = [...life.send.entries, ...life.recv.entries].find((entry) => handle && isDead(handle, entry))
      if (!late) continue
      const seen = `${hostName(view, life.node)} was handed an entry of ${life.name} at ${timeWords(late.time)}, after it had been destroyed`
      watching.broken({ node: life.node, seen, at: late.time })
    }
  },
}
