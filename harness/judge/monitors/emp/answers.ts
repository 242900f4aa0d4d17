// Invariants of the receiver: what has arrived is acknowledged, again and again, and what no receive takes is not.
import type { Instant } from '../../../../spec/vocabulary/units.ts'
import type { CollectionSeen, Course } from '../../emp/course.ts'
import { keptAt, takenFrom } from '../../emp/kept.ts'
import { firstTaker } from '../../emp/lanes.ts'
import { postingThrough } from '../../emp/open-postings.ts'
import { hostName, type View } from '../../seen/view.ts'
import { collectionFrames, timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'
import { hasSentFoul } from './foul.ts'
import { frameWords } from './frames.ts'

export const wholeAnswered: Monitor = {
  name: 'whole-answered',
  words: 'a collection of a message that has a receive is acknowledged when all its frames are there',
  requirements: ['EMP-REL-003', 'EMP-REL-008', 'EMP-REL-014', 'EMP-REL-023', 'EMP-MEM-006'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const { emp, history } = view
    for (const course of emp.courses) {
      const taken = takenFrom(course, emp)
      if (!taken || course.collections.length === 0) continue
      for (const collection of course.collections) {
        const kept = keptAt(course, collection, taken)
        if (kept.at === Infinity) continue
        const due = kept.at + emp.patience
        const requirements = requirementsOf(view, course, collection, kept.inOrder)
        for (const requirement of requirements) watching.watched(course.to, requirement)
        if (history.end < due || isAnswered(course, collection, due) || hasSentFoul(view, course.from)) continue
        watching.broken({
          node: course.to,
          seen: `${collectionWords(view, course, collection)} were all there at ${timeWords(kept.at)}, and not acknowledged by ${timeWords(due)}`,
          at: due,
          requirements: isHeldUp(view, course, collection, [kept.at, due]) ? ['EMP-MEM-006'] : requirements,
        })
        break
      }
    }
  },
}

function isAnswered({ message }: Course, { first, last }: CollectionSeen, due: number): boolean {
  for (const { frame, time } of message.acknowledgements)
    if (frame >= first && frame <= last && time <= due) return true
  return false
}

/** Whether the acknowledgement only came when a posting was over that was open for all that time: the NIC has no part in it. */
function isHeldUp(
  view: View,
  { to, message }: Course,
  { first, last }: CollectionSeen,
  [from, due]: readonly [Instant, Instant],
): boolean {
  if (!postingThrough(view, to, [from, due])) return false
  return message.acknowledgements.some(({ frame, time }) => frame >= first && frame <= last && time > due)
}

function requirementsOf(
  { emp: { sizes } }: View,
  course: Course,
  { first, last }: CollectionSeen,
  inOrder: boolean,
): readonly string[] {
  const { size, to, header, start } = course
  const requirements = ['EMP-REL-003']
  if (!inOrder) requirements.push('EMP-REL-008')
  if (last - first + 1 < (size ?? 0) && last + 1 === header?.frames) requirements.push('EMP-REL-014')
  if (sizes.before(to, start) !== undefined) requirements.push('EMP-REL-023')
  return requirements
}

export const answeredAgain: Monitor = {
  name: 'answered-again',
  words: 'a collection that is whole and arrives again is acknowledged again',
  requirements: ['EMP-REL-013', 'EMP-MEM-006'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    for (const course of view.emp.courses) {
      const { message, header } = course
      if (!header || course.isCrafted || message.arrived.length === header.frames) continue
      for (const collection of course.collections) watchAgain(view, watching, course, collection)
    }
  },
}

/** After an acknowledgement, as soon as all frames of the collection have come, another one is due. */
function watchAgain(view: View, watching: Watching, course: Course, collection: CollectionSeen): void {
  const { arrived, acknowledgements } = course.message
  const { first, last } = collection
  const { patience } = view.emp
  let since = Infinity
  let due = Infinity
  const absent = new Set<number>()
  let next = 0
  const answersUntil = (record: number): void => {
    for (; (acknowledgements[next]?.record ?? Infinity) < record; next++) {
      const { frame, record: at, time } = acknowledgements[next] ?? { frame: -1, record: 0, time: 0 }
      if (frame < first || frame > last || time > due) continue
      since = at
      due = Infinity
      for (let each = first; each <= last; each++) absent.add(each)
    }
  }
  for (const { frame, record, time } of arrived) {
    if (frame < first || frame > last) continue
    answersUntil(record)
    if (since === Infinity || !absent.delete(frame) || absent.size > 0) continue
    watching.watched(course.to, 'EMP-REL-013')
    due = Math.min(due, time + patience)
  }
  answersUntil(Infinity)
  if (due > view.history.end || hasSentFoul(view, course.from)) return
  const seen = `${collectionWords(view, course, collection)}, acknowledged before, had all come again by ${timeWords(due - patience)}, and were not acknowledged again by ${timeWords(due)}`
  const isHeld = isHeldUp(view, course, collection, [due - patience, due])
  watching.broken({ node: course.to, seen, at: due, requirements: [isHeld ? 'EMP-MEM-006' : 'EMP-REL-013'] })
}

export const unexpectedUnanswered: Monitor = {
  name: 'unexpected-unanswered',
  words: 'nothing is acknowledged that came when no receive was posted for it',
  requirements: ['EMP-MATCH-005'],
  needsWire: true,
  watch(view, watching) {
    for (const course of view.emp.courses) {
      const { lane, message } = course
      const [answer] = message.acknowledgements
      if (!answer || !lane || course.isCrafted || view.emp.isWild(course.to)) continue
      watching.watched(course.to)
      const receive = firstTaker(lane, course)
      if (receive && receive.call.record < answer.record) watchKept(view, watching, course, receive.call.time)
      else {
        const seen = `${frameWords(view, answer)} answers a message that no receive of ${hostName(view, course.to)} could take`
        watching.broken({ node: course.to, seen, at: answer.time })
      }
    }
  },
}

/** Whether a frame that is acknowledged has come since its receive was posted; it may have waited for its turn a little. */
function watchKept(view: View, watching: Watching, { message, to }: Course, posted: number): void {
  const least = posted - view.emp.latency
  const [earliest] = message.arrived
  if (!view.isTimeExact || (earliest?.time ?? Infinity) >= least) return
  for (const answer of message.acknowledgements) {
    const came = message.arrived.some(
      ({ frame, record, time }) => frame === answer.frame && record < answer.record && time >= least,
    )
    if (came) continue
    const seen = `${frameWords(view, answer)} answers a frame that had come only before its receive was posted, at ${timeWords(posted)}`
    watching.broken({ node: to, seen, at: answer.time })
    return
  }
}

function collectionWords(view: View, { from, to, message }: Course, collection: CollectionSeen): string {
  return `${collectionFrames(collection)} of message ${message.id} from ${hostName(view, from)} to ${hostName(view, to)}`
}
