// Invariants of back-off: expiries lie further and further apart, and after an acknowledgement they begin anew.
import { ordinal, type Instant } from '../../../../spec/vocabulary/units.ts'
import type { CollectionSeen, Course } from '../../emp/course.ts'
import { hostName, type View } from '../../seen/view.ts'
import { collectionFrames, timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'
import { hasSentFoul } from './foul.ts'
import { timerStart } from './timers.ts'
import { busyBetween } from './wire-time.ts'

/** A wait between two transmissions of a collection, by its first frame. */
interface Wait {
  /** How often the collection had been sent before it. */
  readonly round: number
  readonly start: Instant
  /** When the collection was sent again; undefined for the wait that was not over at the end. */
  readonly end: Instant | undefined
}

export const backsOff: Monitor = {
  name: 'backs-off',
  words: 'expiries of a timer without an acknowledgement lie twice as far apart each time, up to the cap',
  requirements: ['EMP-REL-016'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const { courses, cap } = view.emp
    if (cap === Infinity) return
    for (const course of courses) {
      if (!course.isRepeated) continue
      for (const collection of course.collections) {
        for (const { round, start, end } of waitsOf(course, collection)) {
          if (end === undefined || round < 2) continue
          watching.watched(course.from)
          const expiries = expiriesBefore(view, course, { collection, round, end })
          const least = view.emp.timeoutAfter(expiries)
          if (end - start >= least) continue
          const seen = `${waitWords(view, course, collection, round)} ${timeWords(end - start)} after it was sent, after ${expiries} expiries without an acknowledgement; the timeout was then ${timeWords(least)}`
          watching.broken({ node: course.from, seen, at: end })
          break
        }
      }
    }
  },
}

/** The waits of a collection, in order. */
function waitsOf(course: Course, { first }: CollectionSeen): readonly Wait[] {
  const sent = course.message.sent.get(first) ?? []
  if (sent.length < 2) return none
  const waits: Wait[] = []
  for (let round = 1; round < sent.length; round++) {
    const frame = sent[round]
    if (frame) waits.push({ round, start: timerStart(course, frame, round), end: frame.time })
  }
  return waits
}

const none: readonly Wait[] = []

/**
 * How many expiries of a collection's timer count for the wait that follows. After an acknowledgement of the peer, whatever
 * it answers, the deadline that is armed may stand, and the timeout after it may be the first; seeing it may take a while.
 */
function expiriesBefore(
  { emp, history }: View,
  { message, from, to }: Course,
  { collection, round, end }: { collection: CollectionSeen; round: number; end: Instant },
): number {
  let since = -Infinity
  for (const { frame, node, time } of history.arrivals) {
    if (time > end) break
    if (node === from && frame.from === to && frame.type === 'acknowledgement') since = time
  }
  if (since === -Infinity) return round - 1
  let expiries = -1
  const sent = message.sent.get(collection.first) ?? []
  for (let i = 1; i < round; i++) if ((sent[i]?.time ?? 0) > since + emp.patience) expiries++
  return Math.max(0, expiries)
}

export const startsAfresh: Monitor = {
  name: 'starts-afresh',
  words: 'after an acknowledgement of the message the timeout is the first one again',
  requirements: ['EMP-REL-016'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    if (view.emp.cap === Infinity) return
    for (const course of view.emp.courses) {
      if (!course.isRepeated || course.isCrafted || course.collections.length < 2) continue
      for (const collection of course.collections) watchAfresh(view, watching, course, collection)
    }
  },
}

/** Of the waits after an acknowledgement the first may still be the long one that stood; those behind it grow anew. */
function watchAfresh(view: View, watching: Watching, course: Course, collection: CollectionSeen): void {
  const { emp, history } = view
  const sent = course.message.sent.get(collection.first) ?? []
  let rounds = 0
  let since = 0
  for (let round = 1; round < sent.length; round++) {
    const frame = sent[round]
    if (!frame) continue
    const answered = lastAnswer(course, frame.time - emp.patience)
    if (answered === undefined) continue
    rounds = answered === since ? rounds + 1 : 1
    since = answered
    watching.watched(course.from)
    const next = sent[round + 1]
    const end = next?.time ?? Math.min(history.end, collection.acknowledgedAt)
    const most = emp.longestWait(rounds)
    if (end - frame.time <= most) continue
    if (end - frame.time - busyBetween(view, course.from, frame.record) <= most) continue
    if (emp.hasGivenUp(course.from, course.to) || hasSentFoul(view, course.to)) return
    const seen = `${waitWords(view, course, collection, round + 1)} not within ${timeWords(most)} after ${timeWords(frame.time)}, though its message had been acknowledged at ${timeWords(answered)}`
    watching.broken({ node: course.from, seen, at: end })
    return
  }
}

export const growsNoFaster: Monitor = {
  name: 'grows-no-faster',
  words: 'until its message is acknowledged the timeout of a collection grows by its own expiries alone',
  requirements: ['EMP-REL-016'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const { courses, cap } = view.emp
    if (cap === Infinity) return
    for (const course of courses) {
      if (!course.isRepeated || course.isCrafted) continue
      for (const collection of course.collections) watchGrowth(view, watching, course, collection)
    }
  },
}

/** An acknowledgement of another message may start a wait anew. */
function watchGrowth(view: View, watching: Watching, course: Course, collection: CollectionSeen): void {
  const { emp } = view
  for (const { round, start, end } of waitsOf(course, collection)) {
    // What an acknowledgement of the message makes of its timeouts is watched above.
    if (end === undefined || lastAnswer(course, end) !== undefined) return
    watching.watched(course.from)
    const most = emp.longestWait(round - 1)
    if (end - start <= most) continue
    const since = Math.max(start, lastNews(view, course, end))
    if (end - since - busyBetween(view, course.from, collection.sent) <= most) continue
    const seen = `${waitWords(view, course, collection, round)} only ${timeWords(end - since)} later, though its timeout was no longer than ${timeWords(emp.timeoutAfter(round - 1))}`
    watching.broken({ node: course.from, seen, at: end })
    return
  }
}

/** When the sender last heard of a collection, of whichever message to that peer, for the first time before an instant. */
function lastNews({ emp }: View, { from, to }: Course, before: Instant): Instant {
  let latest = -Infinity
  for (const course of emp.courses) {
    if (course.from === from && course.to === to) latest = Math.max(latest, lastAnswer(course, before) ?? -Infinity)
  }
  return latest
}

/** When a collection of a message was last acknowledged for the first time before an instant. */
function lastAnswer({ collections }: Course, before: Instant): Instant | undefined {
  let latest: Instant | undefined
  for (const { acknowledgedAt } of collections) {
    if (acknowledgedAt < before && acknowledgedAt > (latest ?? -1)) latest = acknowledgedAt
  }
  return latest
}

function waitWords(view: View, { from, message }: Course, collection: CollectionSeen, round: number): string {
  const again = round === 1 ? 'again' : `again for the ${ordinal(round)} time`
  return `${hostName(view, from)} sent ${collectionFrames(collection)} of message ${message.id} ${again}`
}
