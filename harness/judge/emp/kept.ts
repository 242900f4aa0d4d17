// Which arrivals a receiver has taken for sure: those behind the posting of its receive, when every header before was seen.
import type { Duration, Instant } from '../../../spec/vocabulary/units.ts'
import type { FrameMoment } from '../seen/messages.ts'
import type { CollectionSeen, Course } from './course.ts'
import { takerOf } from './lanes.ts'

/** From when on every frame of a message that arrives is taken for sure. */
export interface Taken {
  /** Its receive was posted, and the NIC must know of it. */
  readonly posted: Instant
  /** The headers of the message and of all before it had come. Frames are looked at in the order in which they come. */
  readonly header: number
  /** The first acknowledgement, which shows that it has a receive. */
  readonly answer: number
}

/** What is needed of a story. */
interface Courses {
  readonly courses: readonly Course[]
  readonly latency: Duration
}

/** Undefined when it is not clear that the message has a receive. */
export function takenFrom(course: Course, { courses, latency }: Courses): Taken | undefined {
  const { lane, message, isCrafted } = course
  if (!lane || isCrafted) return undefined
  const answer = message.acknowledgements[0]?.record ?? Infinity
  const posted = (takerOf(lane, course)?.call.answer?.time ?? Infinity) + latency
  if (posted === Infinity && answer === Infinity) return undefined
  let header = 0
  for (const other of courses) {
    if (other.to !== course.to || other.from !== course.from || other.place > course.place) continue
    header = Math.max(header, other.headerArrived?.record ?? Infinity)
  }
  return { posted, header, answer }
}

function isTaken({ time, record }: FrameMoment, { posted, header, answer }: Taken): boolean {
  return (time > posted && record >= header) || record > answer
}

/** When all frames of a collection had come that were taken for sure, and whether each came behind the one before it. */
export function keptAt(
  { message }: Course,
  { first, last }: CollectionSeen,
  taken: Taken,
): { at: Instant; inOrder: boolean } {
  let at = 0
  let inOrder = true
  for (let frame = first; frame <= last; frame++) {
    let time = Infinity
    for (const arrival of message.arrived) {
      if (arrival.frame !== frame || !isTaken(arrival, taken)) continue
      time = arrival.time
      break
    }
    if (time < at) inOrder = false
    at = Math.max(at, time)
  }
  return { at, inOrder }
}
