// Invariants of what is sent again: whole collections, with the same octets, and nothing that was acknowledged.
import { counted } from '../../../../spec/vocabulary/units.ts'
import { lastSent, type CollectionSeen, type Course } from '../../emp/course.ts'
import type { FrameSeen } from '../../seen/history.ts'
import type { View } from '../../seen/view.ts'
import { collectionFrames, framesWords, timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'
import { hasSentFoul } from './foul.ts'
import { frameWords } from './frames.ts'
import { busyBetween } from './wire-time.ts'

export const notWhenAnswered: Monitor = {
  name: 'not-when-answered',
  words: 'nothing that was acknowledged is sent again',
  requirements: ['EMP-REL-007', 'EMP-REL-012'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    for (const course of view.emp.courses) {
      if (!course.isRepeated) continue
      for (const collection of course.collections) {
        if (collection.acknowledged < Infinity) watchAnswered(view, watching, course, collection)
      }
    }
  },
}

/** A NIC may be late with seeing an acknowledgement, and what waits for the wire may go out even so. */
function watchAnswered(view: View, watching: Watching, course: Course, collection: CollectionSeen): void {
  const { from, collections } = course
  const { acknowledged, acknowledgedAt } = collection
  // Whether nothing goes again or only nothing of this collection is the same where there is no other.
  watching.watched(from, 'EMP-REL-012')
  if (collections.length > 1) watching.watched(from, 'EMP-REL-007')
  const last = lastSent(course, collection)
  const late = (last?.time ?? 0) - acknowledgedAt - view.emp.patience
  if (!last || late <= 0 || late <= busyBetween(view, from, acknowledged, last.record)) return
  if (hasSentFoul(view, course.to)) return
  const isAll = collections.every((each) => each.acknowledged < last.record)
  const seen = `${frameWords(view, last)} was sent again, though ${collectionFrames(collection)} had been acknowledged at ${timeWords(acknowledgedAt)}`
  watching.broken({ node: from, seen, at: last.time, requirements: [isAll ? 'EMP-REL-012' : 'EMP-REL-007'] })
}

export const allTogether: Monitor = {
  name: 'all-together',
  words: 'a timeout sends all frames of its collection again',
  requirements: ['EMP-REL-007'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    for (const course of view.emp.courses) {
      if (!course.isRepeated || course.isCrafted) continue
      for (const collection of course.collections) watchTogether(view, watching, course, collection)
    }
  },
}

function watchTogether(view: View, watching: Watching, course: Course, collection: CollectionSeen): void {
  const { message, from } = course
  let [most, least] = [0, Infinity]
  let newest: FrameSeen | undefined
  for (let frame = collection.first; frame <= collection.last; frame++) {
    const sent = message.sent.get(frame) ?? []
    least = Math.min(least, sent.length)
    if (sent.length <= most) continue
    most = sent.length
    newest = sent.at(-1)
  }
  if (most > 1) watching.watched(from)
  // Where some were never sent, no timer can have run out: that is for `not-too-early` to say.
  if (most === least || least === 0 || !newest) return
  // The frames that are left may still be to come, or an acknowledgement may have made them needless.
  if (most - least === 1 && !isOver(view, course, collection, newest)) return
  const fewer: number[] = []
  for (let frame = collection.first; frame <= collection.last; frame++) {
    if ((message.sent.get(frame)?.length ?? 0) < most) fewer.push(frame)
  }
  const seen = `${frameWords(view, newest)} was then sent ${counted(most, 'time')}, and ${framesWords(fewer)} of its collection less often`
  watching.broken({ node: from, seen, at: newest.time })
}

/** Whether all frames that go with a retransmission must have been sent by the end. */
function isOver(view: View, course: Course, { acknowledgedAt }: CollectionSeen, newest: FrameSeen): boolean {
  const { emp, history } = view
  if (emp.hasGivenUp(course.from, course.to)) return false
  const due = newest.time + emp.patience
  if (history.end < due || acknowledgedAt <= due) return false
  return history.end - due > busyBetween(view, course.from, newest.record)
}
