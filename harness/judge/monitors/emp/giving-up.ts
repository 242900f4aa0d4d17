// Invariants of a peer that is given up: only by a limit, not before it and not long after, and then for good (R23).
import type { Course } from '../../emp/course.ts'
import type { CompletionSeen } from '../../history.ts'
import { hostName, type View } from '../../view.ts'
import { countWords, timeWords } from '../../words.ts'
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
        const seen = `${frameWords(view, last)} was sent again more often than the ${countWords(limit, 'time')} of the limit, with no acknowledgement in between`
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
      const failed = completions.find(hasFailed)
      if (completions.length > 0) watching.watched(node)
      if (!failed || (kind === 'send' && limit > 0)) continue
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
