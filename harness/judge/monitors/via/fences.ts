// An invariant of fences: a read that has one brings its data a way there and back after the read before it is complete.
import { viaControl } from '../../../../spec/vocabulary/via-constants.ts'
import type { Instant, NodeIndex } from '../../../../spec/vocabulary/units.ts'
import type { CallSeen } from '../../seen/history.ts'
import { lengthOf, onlyOf, queueStories, type QueueStory, type TakenSeen } from '../../via/story.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'

export const readsWaitAtFences: Monitor = {
  name: 'reads-wait-at-fences',
  words: 'an RDMA read with a fence does not begin before the reads ahead of it are complete',
  requirements: ['VIA-RDMA-011'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    for (const story of queueStories(view)) {
      // Of what handlers are given it is not known when it came.
      if (story.queue !== 'send' || !story.isOrdered || story.isNotified) continue
      const reads = readsOf(story)
      if (!reads.some(({ hasFence }) => hasFence) || meetsItself(view, story.node)) continue
      for (const [place, read] of reads.entries()) {
        const before = reads[place - 1]
        if (before && read.hasFence) watchPair(view, watching, { story, before, read })
      }
    }
  },
}

/** A read that moved octets, and was handed out well. */
interface Read extends TakenSeen {
  readonly posted: CallSeen
  readonly hasFence: boolean
}

function readsOf({ posted, taken }: QueueStory): readonly Read[] {
  return taken.flatMap((one) => {
    const posting = one.isGood ? onlyOf(posted, one.name) : undefined
    const { written, call } = posting ?? {}
    if (!written || !call || written.op !== 'rdma-read' || (lengthOf(written) ?? 0) === 0) return []
    return [{ ...one, posted: call, hasFence: ((written.control ?? 0) & viaControl.queueFence) !== 0 }]
  })
}

/** Whether a host has asked for a connection with itself, over which nothing has far to go. */
function meetsItself({ history }: View, node: NodeIndex): boolean {
  return history.calls.some(({ node: caller, call: { body } }) => {
    const isAsking = body.operation === 'VipConnectRequest' || body.operation === 'VipConnectPeerRequest'
    return isAsking && caller === node && body.remote?.host === node
  })
}

interface Pair {
  readonly story: QueueStory
  readonly before: Read
  readonly read: Read
}

function watchPair(view: View, watching: Watching, { story, before, read }: Pair): void {
  const { node, vi } = story
  const open = lastNotDone(view, story, before)
  if (open === undefined) return
  const least = 2 * view.permutation.link.delay
  const took = read.time - open
  // Whoever looks only long afterwards does not see that it came too early.
  if (before.time - open < least) watching.watched(node)
  if (took >= least) return
  const seen = `${before.name} of ${hostName(view, node)}'s ${vi} was not complete at ${timeWords(open)}, and ${read.name} behind it was at ${timeWords(read.time)}: its data needs ${timeWords(least)} for the way`
  watching.broken({ node, seen, at: read.time })
}

/** When the queue was last told to have nothing complete, with this read as its first. */
function lastNotDone({ history }: View, { node, vi, taken }: QueueStory, read: Read): Instant | undefined {
  const ahead = taken.findLast(({ record }) => record < read.record)?.record ?? -1
  const answered = read.posted.answer?.record ?? Infinity
  const since = Math.max(ahead, answered)
  return history.calls.findLast(
    ({ node: caller, call: { body }, record, answer }) =>
      caller === node &&
      body.operation === 'VipSendDone' &&
      body.vi === vi &&
      answer?.content.vip?.code === 'VIP_NOT_DONE' &&
      record > since &&
      answer.record < read.record,
  )?.time
}
