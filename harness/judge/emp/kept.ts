// Which arrivals a receiver has taken for sure: those behind the posting of its receive, when every header before was seen.
import type { Duration, Instant } from '../../../spec/vocabulary/units.ts'
import type { CollectionSeen, Course } from './course.ts'
import { takerOf } from './lanes.ts'

/** From when on every frame of a message that arrives is taken for sure. */
export interface Taken {
  readonly time: Instant
  /** From the first acknowledgement on, which shows that it has a receive. */
  readonly record: number
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
  const record = message.acknowledgements[0]?.record ?? Infinity
  const posted = takerOf(lane, course)?.call.answer?.time
  if (posted === undefined) return record === Infinity ? undefined : { time: Infinity, record }
  let time = posted
  for (const other of courses) {
    if (other.to !== course.to || other.from !== course.from || other.place > course.place) continue
    // A message waits for the headers of those before it.
    time = Math.max(time, other.headerArrived?.time ?? Infinity)
  }
  return { time: time + latency, record }
}

/** When all frames of a collection had come that were taken for sure, and whether they came in order. */
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
      if (arrival.frame !== frame || (arrival.time <= taken.time && arrival.record < taken.record)) continue
      time = arrival.time
      break
    }
    if (time < at) inOrder = false
    at = Math.max(at, time)
  }
  return { at, inOrder }
}
