// An invariant of a link that VIA shares: frames of other protocols are not answered.
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../../spec/vocabulary/units.ts'
import type { ArrivalSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const strangersUnanswered: Monitor = {
  name: 'strangers-unanswered',
  words: 'a host that nobody has asked for anything sends nothing to whom a frame of another protocol came from',
  requirements: ['VIA-NIC-014'],
  needsWire: true,
  watch(view, watching) {
    if (!view.history.frames.some(({ crafted }) => crafted)) return
    for (const node of view.macs.keys()) {
      const end = untilAsked(view, node)
      const [first, ...others] = strangersOf(view, node, end)
      if (!first) continue
      const sent = view.history.frames.filter(({ from, crafted, record }) => from === node && !crafted && record < end)
      // Whoever sends of its own accord may go on with that.
      if (sent.some(({ record }) => record < first.record)) continue
      watching.watched(node)
      const answer = sent.find(({ to, record }) =>
        [first, ...others].some((each) => each.frame.from === to && each.record < record),
      )
      if (!answer) continue
      const seen = `${hostName(view, node)}, whose program had asked for nothing, sent a frame to ${hostName(view, answer.to)} at ${timeWords(answer.time)}, of which only frames of another protocol had come`
      watching.broken({ node, seen, at: answer.time })
    }
  },
}

/** Frames of other protocols that came to a host before a record, in order. */
function strangersOf({ history }: View, node: NodeIndex, end: number): readonly ArrivalSeen[] {
  const arrivals = history.frames.flatMap((frame) => (frame.crafted ? frame.arrivals : []))
  return arrivals
    .filter((arrival) => arrival.node === node && arrival.record < end)
    .toSorted((one, other) => one.record - other.record)
}

/** The record at which a program first asks for what takes frames, or from which on a frame of another provider has come. */
function untilAsked({ history }: View, node: NodeIndex): number {
  const asked = history.calls.find(({ node: caller, call: { body } }) => caller === node && asksForFrames(body))
  let end = asked?.record ?? Infinity
  for (const { crafted, arrivals } of history.frames) {
    if (crafted) continue
    for (const { node: at, record } of arrivals) if (at === node) end = Math.min(end, record)
  }
  return end
}

/** Whether a call may have something to say to other hosts. */
function asksForFrames({ operation }: CallBody): boolean {
  return /^Vip(Connect|Disconnect|Post|NS|Query(System|Nic)|Close|DestroyVi)/.test(operation)
}
