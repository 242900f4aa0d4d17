// Invariants of requests as the host sees them.
import { requestKey, type CompletionSeen } from '../../history.ts'
import { hostName, type View } from '../../view.ts'
import { countWords, timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const completedOnce: Monitor = {
  name: 'completed-once',
  words: 'a request is told to have completed once, and the same each time it is asked for',
  requirements: ['EMP-REL-011'],
  needsWire: false,
  watch(view, watching) {
    const postings = postingCounts(view)
    for (const [key, reports] of view.history.completionsByRequest) {
      const [first] = reports
      const count = postings.get(key)
      if (!first || count === undefined) continue
      const { node, completion } = first
      watching.watched(node)
      const name = `${hostName(view, node)}'s ${completion.request}`
      const events = reports.filter(({ source }) => source === 'event')
      const excess = events[count]
      if (excess) {
        const seen = `events told ${countWords(events.length, 'time')} that ${name} had completed`
        watching.broken({ node, seen, at: excess.time })
      }
      const other = count === 1 ? reports.find((each) => !isSame(each, first)) : undefined
      if (!other) continue
      const seen = `${name} was told to have ended with ${endWords(first)}, then with ${endWords(other)}`
      watching.broken({ node, seen, at: other.time })
    }
  },
}

export const steadyTests: Monitor = {
  name: 'steady-tests',
  words: 'a request that has completed is not pending, and one that was never accepted does not complete',
  requirements: ['EMP-HOST-002'],
  needsWire: false,
  watch(view, watching) {
    const postings = postingCounts(view)
    for (const { call, node, record, answer } of view.history.calls) {
      const { body } = call
      if (body.operation !== 'emp.test' || answer?.content.status !== 'pending') continue
      watching.watched(node)
      const before = view.history.completionsOf(node, body.request).find((each) => each.record < record)
      if (!before || postings.get(requestKey(node, body.request)) !== 1) continue
      const seen = `${body.request} of ${hostName(view, node)} had completed by ${timeWords(before.time)}, but tested pending at ${timeWords(answer.time)}`
      watching.broken({ node, seen, at: answer.time })
    }
    for (const { node, completion, time, source } of view.history.completions) {
      watching.watched(node)
      const post = view.history.posted.get(requestKey(node, completion.request))
      const status = post?.call.answer?.content.status
      if (post && (status === undefined || status === 'ok')) continue
      const seen = `${source === 'event' ? 'an event' : 'a return'} told that ${completion.request} of ${hostName(view, node)} had completed, which was never accepted`
      watching.broken({ node, seen, at: time })
    }
  },
}

/** How often each request name was posted and not refused. */
function postingCounts(view: View): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { call, node, answer } of view.history.calls) {
    const { body } = call
    if (body.operation !== 'emp.isend' && body.operation !== 'emp.irecv') continue
    if (answer && answer.content.status !== 'ok') continue
    const key = requestKey(node, body.as)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

function isSame(one: CompletionSeen, other: CompletionSeen): boolean {
  const [a, b] = [one.completion, other.completion]
  return a.outcome === b.outcome && a.bytes === b.bytes && a.peer === b.peer && a.tag === b.tag
}

function endWords({ completion }: CompletionSeen): string {
  return `outcome ${completion.outcome}, ${completion.bytes} octets, peer ${completion.peer}, tag ${completion.tag}`
}
