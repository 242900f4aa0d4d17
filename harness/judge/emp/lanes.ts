// Which messages and receives belong together: lanes of one sender, one receiver and one tag, each side in its order (R6).
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { returned, type CompletionSeen, type PostedSeen } from '../seen/history.ts'
import type { Course } from './course.ts'

/** Messages of one host to another with one tag, and the receives for them. */
export interface Lane {
  readonly from: NodeIndex
  readonly to: NodeIndex
  readonly tag: number
  /** Messages whose header is known, by ID. Empty for a lane of a host to itself. */
  readonly courses: Course[]
  /** So many of them are known to be the first ones: no message before is unknown. */
  known: number
  /** Sends that were called and not refused, in the order of the calls. */
  readonly sends: PostedSeen[]
  /** Receives that were called and not refused, in the order of the calls. */
  readonly receives: PostedSeen[]
  /** How its receives ended, each as first told and in that order; those that failed are left out. */
  completions: readonly CompletionSeen[]
  /** False where one posting was called before another had returned, or a receive for any peer or tag may interfere. */
  isOrdered: boolean
}

const none: readonly CompletionSeen[] = []

export class Lanes {
  readonly all: Lane[] = []
  private readonly byKey = new Map<number, Lane>()

  at(from: NodeIndex, to: NodeIndex, tag: number): Lane {
    const key = (from * 0x10000 + to) * 0x10000 + tag
    const known = this.byKey.get(key)
    if (known) return known
    const fresh: Lane = {
      from,
      to,
      tag,
      courses: [],
      known: 0,
      sends: [],
      receives: [],
      completions: none,
      isOrdered: true,
    }
    this.byKey.set(key, fresh)
    this.all.push(fresh)
    return fresh
  }

  /** Takes a request into its lane. */
  post(post: PostedSeen): void {
    const { kind, node, peer, tag } = post
    const lane = kind === 'send' ? this.at(node, peer, tag) : this.at(peer, node, tag)
    const own = kind === 'send' ? lane.sends : lane.receives
    const before = own.at(-1)
    if (before && !isBefore(before, post)) lane.isOrdered = false
    own.push(post)
  }

  /** Takes a message into its lane, after those with smaller IDs. `isKnown`: those before it are all known. */
  send(course: Course, tag: number, isKnown: boolean): Lane {
    const lane = this.at(course.from, course.to, tag)
    if (isKnown) lane.known++
    lane.courses.push(course)
    return lane
  }

  /** All postings are in. */
  close(): void {
    for (const lane of this.all) lane.completions = firstCompletions(lane.receives)
  }

  /** What takes what is open in these. */
  loosen(isOpen: (lane: Lane) => boolean): void {
    for (const lane of this.all) {
      if (!isOpen(lane)) continue
      lane.isOrdered = false
      lane.completions = none
    }
  }
}

function firstCompletions(receives: readonly PostedSeen[]): readonly CompletionSeen[] {
  let found: CompletionSeen[] | undefined
  for (const { completions } of receives) {
    const [first] = completions
    if (!first || first.completion.outcome === 'failed') continue
    if (found) found.push(first)
    else found = [first]
  }
  return found?.toSorted((a, b) => a.record - b.record) ?? none
}

/** Whether a posting had returned when another was called. */
export function isBefore(one: PostedSeen, other: PostedSeen): boolean {
  return returned(one.call) < other.call.record
}

/** Whether a request was refused. */
export function isRefused({ call: { answer } }: PostedSeen): boolean {
  return answer !== undefined && answer.content.status !== 'ok'
}

/** Whether a receive was withdrawn, so that it took no message (R24). */
export function isCancelled({ completions }: PostedSeen): boolean {
  return completions.some(({ completion }) => completion.outcome === 'cancelled')
}

/** Whether a request was accepted. */
export function isAccepted({ call: { answer } }: PostedSeen): boolean {
  return answer?.content.status === 'ok'
}

/**
 * The first receive that a message can take at all: of those before it with the same tag each has taken an older one.
 * Undefined when there is none; only where the lane is ordered.
 */
export function firstTaker({ courses, receives }: Lane, course: Course): PostedSeen | undefined {
  return receives[courses.indexOf(course)]
}

/** The receive that a message takes, if it is clear. */
export function takerOf(lane: Lane, course: Course): PostedSeen | undefined {
  const rank = lane.courses.indexOf(course)
  const receive = lane.isOrdered && rank < lane.known ? lane.receives[rank] : undefined
  return receive && isAccepted(receive) ? receive : undefined
}
