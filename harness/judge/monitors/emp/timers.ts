// Invariants of timers: not again before the timeout, but then for certain, and nothing armed without need.
import { collectionWith } from '../../emp/cutting.ts'
import { lastSent, type CollectionSeen, type Course } from '../../emp/course.ts'
import { isAccepted } from '../../emp/lanes.ts'
import { hasOpenPosting } from '../../emp/open-postings.ts'
import type { FrameSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { collectionFrames, timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'
import { frameWords } from './frames.ts'
import { openCollections } from './sends.ts'
import { busyBetween } from './wire-time.ts'

export const notTooEarly: Monitor = {
  name: 'not-too-early',
  words: 'no frame is sent again before the timeout has passed since the last frame of its collection was sent',
  requirements: ['EMP-REL-006', 'EMP-REL-007'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const { courses, timeout } = view.emp
    if (timeout === Infinity) return
    for (const course of courses) {
      if (!course.isRepeated) continue
      watching.watched(course.from, 'EMP-REL-006')
      if (course.collections.length > 1) watching.watched(course.from, 'EMP-REL-007')
      for (const sent of course.message.sent.values()) {
        for (let round = 1; round < sent.length; round++) watchRound(view, watching, course, { sent, round })
      }
    }
  },
}

function watchRound(
  view: View,
  watching: Watching,
  course: Course,
  { sent, round }: { sent: readonly FrameSeen[]; round: number },
): void {
  const frame = sent[round]
  if (!frame) return
  const start = timerStart(course, frame, round)
  const { timeout } = view.emp
  if (frame.time - start >= timeout) return
  const seen = `${frameWords(view, frame)} was sent again ${timeWords(frame.time - start)} after the last frame of its collection; the timeout is ${timeWords(timeout)}`
  watching.broken({
    node: course.from,
    seen,
    at: frame.time,
    requirements: [isOthers(view, course, frame) ? 'EMP-REL-007' : 'EMP-REL-006'],
  })
}

/** Whether a frame went again with another collection whose time was over, or when its own had been acknowledged. */
function isOthers({ emp: { timeout } }: View, course: Course, frame: FrameSeen): boolean {
  const { collections, size, message } = course
  const own = size === undefined ? undefined : collections[Math.floor(frame.frame / size)]
  if (!own) return false
  if (own.acknowledged < frame.record) return true
  for (const { first, last } of collections) {
    if (first === own.first) continue
    for (let number = first; number <= last; number++) {
      const sent = message.sent.get(number) ?? []
      const round = sent.findIndex(({ time }, place) => place > 0 && time === frame.time)
      const other = sent[round]
      if (other && other.time - timerStart(course, other, round) >= timeout) return true
    }
  }
  return false
}

/** When the timer that the `round`-th retransmission of a frame follows was started: its collection had been sent so often then. */
export function timerStart({ message, size, header }: Course, frame: FrameSeen, round: number): number {
  let start = message.sent.get(frame.frame)?.[round - 1]?.time ?? -Infinity
  if (size === undefined || !header) return start
  const { first, last } = collectionWith(frame.frame, size, header.frames)
  for (let other = first; other <= last; other++) {
    const before = message.sent.get(other)?.[round - 1]
    if (before && before.record < frame.record && before.time > start) start = before.time
  }
  return start
}

export const sentAgain: Monitor = {
  name: 'sent-again',
  words: 'a collection that is not acknowledged is sent again when its time is over',
  requirements: ['EMP-REL-006', 'EMP-REL-014'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const { emp, history } = view
    if (emp.timeout === Infinity) return
    for (const course of emp.courses) {
      if (course.isCrafted) continue
      const isUnarmed = !history.isStepped && (history.deadlines.get(course.from)?.amount ?? 0) < 0
      for (const collection of course.collections) {
        if (collection.sent === Infinity) break
        // What was acknowledged at once needed no timer.
        const isOpen = collection.acknowledged === Infinity
        if (isOpen || (course.message.sent.get(collection.first)?.length ?? 0) > 1) {
          for (const requirement of timedBy(course, collection)) watching.watched(course.from, requirement)
        }
        if (isOpen) watchOpen(view, watching, { course, collection, isUnarmed })
      }
    }
  },
}

function watchOpen(
  view: View,
  watching: Watching,
  { course, collection, isUnarmed }: { course: Course; collection: CollectionSeen; isUnarmed: boolean },
): void {
  const { emp, history } = view
  const { from, to, message } = course
  const last = lastSent(course, collection)
  if (!last || emp.hasGivenUp(from, to)) return
  const rounds = (message.sent.get(collection.first)?.length ?? 1) - 1
  const longest = emp.longestWait(rounds)
  const isLate = history.end - last.time > longest
  if (!isUnarmed && !isLate) return
  if (!isUnarmed && history.end - last.time - busyBetween(view, from, last.record) <= longest) return
  const frames = `${collectionFrames(collection)} of message ${message.id} to ${hostName(view, to)}`
  const why = isUnarmed
    ? 'at the end no deadline was armed'
    : `by ${timeWords(history.end)} ${collection.first === collection.last ? 'it was' : 'they were'} not sent again`
  watching.broken({
    node: from,
    seen: `${hostName(view, from)} sent ${frames} at ${timeWords(last.time)}, no acknowledgement came, and ${why}`,
    at: history.end,
    requirements: timedBy(course, collection),
  })
}

/** The requirements by which a collection is sent again when its time is over. */
function timedBy({ size }: Course, { first, last }: CollectionSeen): readonly string[] {
  return last - first + 1 < (size ?? 0) ? ['EMP-REL-006', 'EMP-REL-014'] : ['EMP-REL-006']
}

export const nothingArmed: Monitor = {
  name: 'nothing-armed',
  words: 'once all messages of a host are acknowledged, or their peers given up, no deadline stays armed',
  requirements: ['EMP-REL-012', 'EMP-REL-024'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const { emp, history } = view
    if (emp.timeout === Infinity) return
    for (const [node, { amount, time }] of history.deadlines) {
      const rest = restOf(view, node)
      // A posting that waits for addresses has a deadline of its own (R28).
      if (!rest || hasOpenPosting(view, node)) continue
      // What a NIC still has to do right after a frame or a call may well have its own deadline.
      const isAtRest = time - (history.lastActive.get(node) ?? 0) >= emp.patience
      const requirement = rest === 'given-up' ? 'EMP-REL-024' : 'EMP-REL-012'
      if (amount < 0) watching.watched(node, requirement)
      else if (isAtRest) {
        const why =
          rest === 'given-up'
            ? 'all that were not acknowledged went to peers that were given up'
            : 'all its messages were acknowledged'
        const seen = `at the end ${hostName(view, node)} had a deadline armed for ${timeWords(amount)}, though ${why}`
        watching.broken({ node, seen, at: time, requirements: [requirement] })
      }
    }
  },
}

/** Why a host that has sent something needs no timer any more; undefined where it may need one. */
function restOf({ emp }: View, node: number): 'answered' | 'given-up' | undefined {
  let rest: 'answered' | 'given-up' | undefined
  for (const send of emp.sends) {
    if (send.node !== node || !isAccepted(send)) continue
    rest ??= 'answered'
    if (openCollections(emp.messageOf(send), Infinity) === 0) continue
    if (!emp.hasGivenUp(node, send.peer)) return undefined
    rest = 'given-up'
  }
  return rest
}
