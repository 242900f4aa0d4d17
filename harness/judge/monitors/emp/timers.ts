// Invariants of time: not again before the timeout, not more than a window unanswered, nothing armed without need.
import { collectionWith } from '../../cutting.ts'
import { firstWindow } from '../../expectations/frames.ts'
import type { FrameSeen } from '../../history.ts'
import type { MessageSeen } from '../../messages.ts'
import { hostName, type View } from '../../view.ts'
import { numbersWords, timeWords } from '../../words.ts'
import { frameWords } from './frames.ts'
import type { Monitor } from '../monitor.ts'
import { openFrames } from './sends.ts'

export const notTooEarly: Monitor = {
  name: 'not-too-early',
  words: 'no frame is sent again before the timeout has passed since the last frame of its collection was sent',
  requirements: ['EMP-REL-006'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const timeout = view.permutation.configuration['emp.timeout']
    if (timeout === undefined) return
    for (const message of view.messages.sent) {
      for (const [number, sent] of message.sent) {
        if (sent.length < 2) continue
        watching.watched(message.from)
        for (const [round, frame] of sent.entries()) {
          const start = round === 0 ? undefined : timerStart(view, message, { number, round, frame })
          if (start === undefined || frame.time - start >= timeout) continue
          const seen = `${frameWords(view, frame)} was sent again ${timeWords(frame.time - start)} after the last frame of its collection; the timeout is ${timeWords(timeout)}`
          watching.broken({ node: message.from, seen, at: frame.time })
        }
      }
    }
  },
}

/** When the timer that this retransmission follows was started: the collection had been sent `round` times then. */
function timerStart(
  view: View,
  message: MessageSeen,
  again: { number: number; round: number; frame: FrameSeen },
): number | undefined {
  const { number, round, frame } = again
  let start = message.sent.get(number)?.[round - 1]?.time
  const frames = message.header?.frames
  if (start === undefined || view.collection === undefined || frames === undefined) return start
  const { first, last } = collectionWith(number, view.collection, frames)
  for (let other = first; other <= last; other++) {
    const before = message.sent.get(other)?.[round - 1]
    if (before && before.record < frame.record) start = Math.max(start, before.time)
  }
  return start
}

export const window: Monitor = {
  name: 'window',
  words: 'never is more than a window of a message sent and not yet acknowledged',
  requirements: ['EMP-REL-015'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const collections = view.permutation.configuration['emp.window']
    const size = view.collection
    if (collections === undefined || size === undefined) return
    const most = collections * size
    for (const message of view.messages.sent) {
      const node = message.from
      if ((message.header?.frames ?? 0) > most) watching.watched(node)
      const { frames } = firstWindow(message)
      if (frames.length > most) {
        const seen = `${hostName(view, node)} sent frames ${numbersWords(frames)} of message ${message.id} before any acknowledgement of it arrived; a window is ${most} frames`
        watching.broken({ node, seen })
        continue
      }
      const fullest = fullestWindow(message, size)
      if (fullest.count <= collections) continue
      const seen = `${hostName(view, node)} had ${fullest.count} collections of message ${message.id} sent and not acknowledged at ${timeWords(fullest.time)}; a window is ${collections}`
      watching.broken({ node, seen, at: fullest.time })
    }
  },
}

/** The most collections of a message that were under way together, and when that was first so. */
function fullestWindow(message: MessageSeen, size: number): { count: number; time: number } {
  const starts = new Map<number, FrameSeen>()
  for (const [number, [first]] of message.sent) {
    const collection = Math.floor(number / size)
    const known = starts.get(collection)
    if (first && first.record < (known?.record ?? Infinity)) starts.set(collection, first)
  }
  const ends = new Map<number, number>()
  for (const { frame, record } of message.acknowledged) {
    const collection = Math.floor(frame / size)
    ends.set(collection, Math.min(record, ends.get(collection) ?? Infinity))
  }
  const landings = [...starts.keys()].map((collection) => ends.get(collection) ?? Infinity).toSorted((a, b) => a - b)
  const launches = [...starts.values()].toSorted((a, b) => a.record - b.record)
  let fullest = { count: 0, time: 0 }
  let landed = 0
  for (const [before, { record, time }] of launches.entries()) {
    while ((landings[landed] ?? Infinity) < record) landed++
    const count = before + 1 - landed
    if (count > fullest.count) fullest = { count, time }
  }
  return fullest
}

export const nothingArmed: Monitor = {
  name: 'nothing-armed',
  words: 'once all messages of a host are acknowledged, no deadline stays armed',
  requirements: ['EMP-REL-012'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const timeout = view.permutation.configuration['emp.timeout']
    if (timeout === undefined) return
    for (const [node, { amount, time }] of view.history.deadlines) {
      const sends = [...view.history.posted.values()].filter((each) => each.kind === 'send' && each.node === node)
      const accepted = sends.filter(({ call }) => call.answer?.content.status === 'ok')
      if (accepted.length === 0) continue
      if (!accepted.every((send) => openFrames(view, send, Infinity)?.length === 0)) continue
      // What a NIC still has to do right after a frame or a call may well have its own deadline.
      const isAtRest = time - (view.history.lastActive.get(node) ?? 0) >= timeout
      if (amount < 0) watching.watched(node)
      else if (isAtRest) {
        const seen = `at the end ${hostName(view, node)} had a deadline armed for ${timeWords(amount)}, though all its messages were acknowledged`
        watching.broken({ node, seen, at: time })
      }
    }
  },
}
