// Invariants of a peer that is given up: only by a limit, not before it and not long after, and then for good (R23).
import { counted } from '../../../../spec/vocabulary/units.ts'
import type { CollectionSeen, Course } from '../../emp/course.ts'
import type { CompletionSeen, FrameSeen, PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'
import { frameWords } from './frames.ts'

export const retriesLimited: Monitor = {
  name: 'retries-limited',
  words: 'a collection is sent again no more often than the limit allows, while nothing is acknowledged',
  requirements: ['EMP-REL-022'],
  needsWire: true,
  watch(view, watching) {
    const limit = view.emp.retries
    if (limit === 0) return
    for (const course of view.emp.courses) {
      if (!course.isRepeated) continue
      watching.watched(course.from)
      for (const frames of course.message.sent.values()) {
        const last = frames.find((_, again) => again > limit && !isHeardBetween(view, course, frames[0], frames[again]))
        if (!last) continue
        const seen = `${frameWords(view, last)} was sent again more often than the ${counted(limit, 'time')} of the limit, with no acknowledgement in between`
        watching.broken({ node: course.from, seen, at: last.time })
      }
    }
  },
}

export const failsByLimit: Monitor = {
  name: 'fails-by-limit',
  words: 'a send fails only where a limit of retransmissions is configured, and a receive never',
  requirements: ['EMP-REL-001', 'EMP-REL-022'],
  needsWire: false,
  watch(view, watching) {
    const limit = view.emp.retries
    for (const { kind, node, request, completions } of view.history.postings) {
      if (completions.length === 0 || (kind === 'send' && limit > 0)) continue
      watching.watched(node, 'EMP-REL-001')
      if (limit > 0) watching.watched(node, 'EMP-REL-022')
      const failed = completions.find(hasFailed)
      if (!failed) continue
      const why = kind === 'receive' ? 'which is a receive' : 'and no limit of retransmissions is configured'
      const seen = `${hostName(view, node)}'s ${request} was told at ${timeWords(failed.time)} to have failed, ${why}`
      watching.broken({ node, seen, at: failed.time })
    }
  },
}

export const givenUpForGood: Monitor = {
  name: 'given-up-for-good',
  words: 'after a send has failed no data goes to its peer any more, and no other send to it is done',
  requirements: ['EMP-REL-024'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    for (const { node, peer, completions } of view.history.postings) {
      const failed = completions.find(hasFailed)
      if (!failed) continue
      watching.watched(node)
      const due = failed.time + view.emp.patience
      for (const course of view.emp.courses) {
        if (course.from !== node || course.to !== peer) continue
        for (const frame of [...course.message.sent.values()].flat()) {
          if (frame.time <= due) continue
          const seen = `${frameWords(view, frame)} was sent, though ${hostName(view, node)} had given ${hostName(view, peer)} up by ${timeWords(failed.time)}`
          watching.broken({ node, seen, at: frame.time })
        }
      }
    }
  },
}

/** When a host first told that a send to a peer had failed. */
interface GivenUp {
  readonly send: PostedSeen
  readonly told: CompletionSeen
  /** Whether the limit had been reached by then; undefined where that is not known. */
  readonly wasDue: boolean | undefined
}

export const givenUpByLimit: Monitor = {
  name: 'given-up-by-limit',
  words:
    'a peer is given up only when a collection was sent again as often as the limit says, and its time is over again',
  requirements: ['EMP-REL-022', 'EMP-REL-024'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    if (view.emp.retries === 0) return
    const all = givenUpIn(view)
    for (const { send, told, wasDue } of all) {
      const { node, peer, request } = send
      watching.watched(node, 'EMP-REL-022')
      if (all.some(({ send: each }) => each.node === node && each.peer !== peer)) watching.watched(node, 'EMP-REL-024')
      if (wasDue !== false) continue
      // Another peer that was given up before is what this one may have been given up for.
      const other = all.find(
        (each) =>
          each.send.node === node && each.send.peer !== peer && each.told.time <= told.time && each.wasDue !== false,
      )
      const why = other ? `, when ${hostName(view, other.send.peer)} had been given up` : ''
      const seen = `${hostName(view, node)}'s ${request} was told at ${timeWords(told.time)} to have failed${why}; no collection to ${hostName(view, peer)} had been sent again ${counted(view.emp.retries, 'time')} in a row, with a timeout after it`
      watching.broken({ node, seen, at: told.time, requirements: [other ? 'EMP-REL-024' : 'EMP-REL-022'] })
    }
  },
}

/** The first failure of each host's sends to each peer. */
function givenUpIn(view: View): readonly GivenUp[] {
  const firsts: GivenUp[] = []
  for (const told of view.history.completions) {
    if (!hasFailed(told)) continue
    const send = view.emp.sends.find(({ completions }) => completions.includes(told))
    if (!send || firsts.some((each) => each.send.node === send.node && each.send.peer === send.peer)) continue
    firsts.push({ send, told, wasDue: wasLimitReached(view, send, told) })
  }
  return firsts
}

function wasLimitReached({ emp }: View, { node, peer }: PostedSeen, told: CompletionSeen): boolean | undefined {
  // Messages to oneself need no wire.
  if (node === peer) return undefined
  for (const course of emp.courses) {
    if (course.from !== node || course.to !== peer) continue
    if (course.isCrafted || course.collections.length === 0) return undefined
    if (course.collections.some((collection) => isSpent(emp, course, collection, told))) return true
  }
  return false
}

/**
 * Whether some time before it was told a collection had been sent again as often as it may, and its time was over: between two
 * acknowledgements of its message, after which the count starts afresh.
 */
function isSpent(
  { retries, timeout }: View['emp'],
  course: Course,
  collection: CollectionSeen,
  told: CompletionSeen,
): boolean {
  const again = sentAgain(course, collection)
  if (again.length === 0) return false
  let since = -1
  for (const { record, time } of stretchesOf(course, collection, told)) {
    const between = again.filter((frame) => frame.record > since && frame.record < record)
    since = record
    if (timesSent(between) < retries) continue
    if (between.every((frame) => time - frame.time >= timeout)) return true
  }
  return false
}

/** All transmissions of a collection but the first of each frame. */
function sentAgain({ message }: Course, { first, last }: CollectionSeen): readonly FrameSeen[] {
  const again: FrameSeen[] = []
  for (let frame = first; frame <= last; frame++) again.push(...(message.sent.get(frame) ?? []).slice(1))
  return again
}

/** The ends of stretches in which nothing of a message was acknowledged, until the collection was or a failure was told. */
function stretchesOf(
  { collections }: Course,
  { acknowledged }: CollectionSeen,
  { record, time }: CompletionSeen,
): readonly Pick<CompletionSeen, 'record' | 'time'>[] {
  const ends = collections.map((each) => ({ record: each.acknowledged, time: each.acknowledgedAt }))
  const until = Math.min(record, acknowledged)
  return [...ends, { record, time }].filter((end) => end.record <= until).toSorted((a, b) => a.record - b.record)
}

/** How often the frame was sent that was sent most often. */
function timesSent(frames: readonly FrameSeen[]): number {
  const times = new Map<number, number>()
  for (const { frame } of frames) times.set(frame, (times.get(frame) ?? 0) + 1)
  return Math.max(0, ...times.values())
}

function hasFailed({ completion }: CompletionSeen): boolean {
  return completion.outcome === 'failed'
}

/** Whether an acknowledgement of the peer came to the sender between two transmissions. */
function isHeardBetween(
  { history }: View,
  { from, to }: Course,
  one: { readonly record: number } | undefined,
  other: { readonly record: number } | undefined,
): boolean {
  const [start, end] = [one?.record ?? Infinity, other?.record ?? -Infinity]
  return history.arrivals.some(
    ({ frame, node, record }) =>
      record > start && record < end && node === from && frame.from === to && frame.type === 'acknowledgement',
  )
}
