// The invariant of drop counters: they grow only, and count no more frames than have come.
import { counted } from '../../../../spec/vocabulary/units.ts'
import { returned, type CallSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords, were } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'

/** Reasons for which only a frame that nobody may send is dropped. */
const foul = ['malformed', 'unknown-type', 'wrong-sender', 'wrong-destination'] as const

export const countsOnce: Monitor = {
  name: 'counts-once',
  words: 'every dropped frame is counted once, and for the reason that it was dropped for',
  requirements: ['EMP-FRAME-010'],
  needsWire: true,
  watch(view, watching) {
    const before = new Map<number, CallSeen>()
    for (const call of view.history.calls) {
      if (call.call.body.operation !== 'emp.counters' || call.answer?.content.counters === undefined) continue
      watching.watched(call.node)
      watchCounters(view, watching, call, before.get(call.node))
      before.set(call.node, call)
    }
  },
}

function watchCounters(view: View, watching: Watching, call: CallSeen, before: CallSeen | undefined): void {
  const { node, answer } = call
  const counters = answer?.content.counters ?? {}
  const earlier = before?.answer?.content.counters ?? {}
  const broken = (words: string): void => {
    const seen = `${hostName(view, node)}'s counters at ${timeWords(call.time)} ${words}`
    watching.broken({ node, seen, at: call.time })
  }
  for (const [reason, count] of Object.entries(earlier)) {
    const now = counters[reason] ?? 0
    if (now < count && before && returned(before) < call.record) broken(`say ${now} for ${reason}, and before ${count}`)
  }
  const came = arrivedAt(view, node, answer?.record ?? 0)
  const dropped = Object.values(counters).reduce((sum, count) => sum + count, 0)
  // Frames of messages to oneself go round inside the NIC.
  const isSelfSender = view.history.postings.some((post) => post.node === node && post.peer === node)
  if (dropped > came.all && !isSelfSender)
    broken(`say that ${counted(dropped, 'frame')} ${were(dropped)} dropped, of ${came.all} that had come`)
  const rejected = foul.reduce((sum, reason) => sum + (counters[reason] ?? 0), 0)
  if (came.isFoul || rejected === 0) return
  broken(
    `say that ${counted(rejected, 'frame')} ${were(rejected)} malformed, of unknown type or astray, and no such had come`,
  )
}

/** How many frames had come to a host, and whether any of them may have been one that nobody may send. */
function arrivedAt({ history, macs }: View, node: number, record: number): { all: number; isFoul: boolean } {
  let all = 0
  let isFoul = false
  for (const arrival of history.arrivals) {
    if (arrival.node !== node || arrival.record > record) continue
    all++
    const { crafted, dissection, from, to } = arrival.frame
    const isGood = !crafted && dissection.malformed === undefined && to === node
    if (!isGood || dissection.source !== macs[from] || dissection.fields['sender'] !== from) isFoul = true
  }
  return { all, isFoul }
}
