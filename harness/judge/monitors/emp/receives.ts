// Invariants of receives: one message each, whole, and in the order of their sender.
import { counted, type NodeIndex } from '../../../../spec/vocabulary/units.ts'
import type { Lane } from '../../emp/lanes.ts'
import type { PostedSeen } from '../../seen/history.ts'
import { pairKey } from '../../seen/messages.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'

export const atMostOnce: Monitor = {
  name: 'at-most-once',
  words: 'no message completes more than one receive',
  requirements: ['EMP-REL-011'],
  needsWire: true,
  watch(view, watching) {
    for (const lane of view.emp.lanes) {
      const { from, to, tag } = lane
      const { completions } = lane
      if (completions.length === 0) continue
      watching.watched(to)
      const messages = messagesOf(view, lane)
      const excess = completions[messages]
      if (!excess) continue
      watching.broken({
        node: to,
        seen: `${counted(completions.length, 'receive')} of ${hostName(view, to)} completed with tag ${tag} from ${hostName(view, from)}, but only ${counted(messages, 'message')} with that tag had come; the last is ${excess.completion.request}`,
        at: excess.time,
      })
    }
  },
}

/** Messages that a lane's receives may have taken: those of a host to itself, or those whose frame 0 arrived. */
function messagesOf(view: View, { from, to, tag, sends, courses }: Lane): number {
  if (from === to) return sends.length
  let count = 0
  for (const { headerArrived } of courses) if (headerArrived) count++
  return view.messages.craftedPairs.size === 0 ? count : Math.max(count, idsArrived(view, { from, to, tag }).size)
}

/** Message IDs whose frame 0 arrived; crafted frames count for whom they are from and whom they name. */
function idsArrived(view: View, { from, to, tag }: { from: NodeIndex; to: NodeIndex; tag: number }): Set<number> {
  const ids = new Set<number>()
  for (const { frame, node } of view.history.arrivals) {
    const { fields } = frame.dissection
    if (node !== to || frame.type !== 'data' || frame.frame !== 0 || fields['tag'] !== tag) continue
    if (frame.from === from || (frame.crafted && fields['sender'] === from)) ids.add(frame.message)
  }
  return ids
}

export const receivedWhole: Monitor = {
  name: 'received-whole',
  words: 'a receive is done only after all frames of its message have arrived',
  requirements: ['EMP-REL-010'],
  needsWire: true,
  watch(view, watching) {
    for (const lane of view.emp.lanes) {
      if (lane.completions.length === 0 || lane.from === lane.to || hasUnknown(view, lane)) continue
      const whole = wholeRecords(lane)
      watching.watched(lane.to)
      const early = lane.completions.findIndex((each, place) => each.record < (whole[place] ?? Infinity))
      const completion = lane.completions[early]
      if (!completion) continue
      const had = whole.filter((record) => record < completion.record).length
      watching.broken({
        node: lane.to,
        seen: `${hostName(view, lane.to)}'s receive ${completion.completion.request} was done at ${timeWords(completion.time)} as the ${counted(early + 1, 'receive')} with tag ${lane.tag} from ${hostName(view, lane.from)}, when ${counted(had, 'such message')} had arrived whole`,
        at: completion.time,
      })
    }
  },
}

/** Whether messages may have come in a lane that nobody knows of. */
export function hasUnknown(view: View, { from, to }: Lane): boolean {
  if (view.messages.craftedPairs.size > 0 && view.messages.craftedPairs.has(pairKey(from, to))) return true
  return view.emp.courses.some((course) => course.from === from && course.to === to && !course.header)
}

/** The records by which messages of a lane had arrived whole, in order. */
function wholeRecords({ courses }: Lane): readonly number[] {
  const records: number[] = []
  for (const { whole } of courses) if (whole < Infinity) records.push(whole)
  return records.toSorted((a, b) => a - b)
}

export const oldestFirst: Monitor = {
  name: 'oldest-first',
  words: 'a message takes the oldest receive that it may take',
  requirements: ['EMP-MATCH-001'],
  needsWire: true,
  watch(view, watching) {
    for (const lane of view.emp.lanes) {
      const { to, receives } = lane
      if (!lane.isOrdered || receives.length < 2 || lane.completions.length === 0) continue
      if (lane.known < lane.courses.length || hasUnknown(view, lane)) continue
      watching.watched(to)
      for (let place = 0; place < receives.length; place++) watchPlace(view, watching, lane, place)
    }
  },
}

function watchPlace(view: View, watching: Watching, lane: Lane, place: number): void {
  const receive = lane.receives[place]
  const done = receive?.completions[0]
  if (!receive || !done || done.completion.outcome === 'failed' || hasCome(lane, place, done.record)) return
  const { from, to, tag } = lane
  const seen = `${hostName(view, to)}'s receive ${receive.request}, number ${place + 1} for tag ${tag} from ${hostName(view, from)}, was done at ${timeWords(done.time)}, when message ${place + 1} with that tag had not come; an older receive had to take what had`
  watching.broken({ node: to, seen, at: done.time })
}

/** Whether the message in that place had come, at least its header, before a record. */
function hasCome({ from, to, courses, sends }: Lane, place: number, record: number): boolean {
  if (from === to) return (sends[place]?.call.record ?? Infinity) < record
  return (courses[place]?.headerArrived?.record ?? Infinity) < record
}

export const nonOvertaking: Monitor = {
  name: 'non-overtaking',
  words: 'messages of one sender with one tag go to receives in the order of both',
  requirements: ['EMP-MATCH-003'],
  needsWire: true,
  watch(view, watching) {
    for (const lane of view.emp.lanes) {
      const { receives, to } = lane
      if (!lane.isOrdered || receives.length < 2 || knownOf(lane) < 2) continue
      watching.watched(to)
      for (const [place, receive] of receives.entries()) {
        const done = receive.completions[0]
        const total = totalOf(lane, place)
        if (total === undefined || !done || done.completion.outcome === 'failed') continue
        const { bytes } = done.completion
        // A length that no message has is a wrong length, not a wrong order.
        if (bytes === total || !isTotalOfAny(lane, bytes)) continue
        watching.broken({ node: to, seen: overtakenWords(view, lane, { receive, place, bytes }), at: done.time })
      }
    }
  },
}

/** The length of a message of a lane, as far as that is known. */
export function totalOf({ from, to, sends, courses, known }: Lane, place: number): number | undefined {
  if (from === to) return sends[place]?.bytes
  return place < known ? courses[place]?.header?.total : undefined
}

/** Whether any message of a lane is known to have that length. */
export function isTotalOfAny(lane: Lane, bytes: number): boolean {
  const count = knownOf(lane)
  for (let place = 0; place < count; place++) if (totalOf(lane, place) === bytes) return true
  return false
}

/** So many messages of a lane, the first ones, may be known. */
function knownOf({ from, to, sends, known }: Lane): number {
  return from === to ? sends.length : known
}

function overtakenWords(
  view: View,
  lane: Lane,
  { receive, place, bytes }: { receive: PostedSeen; place: number; bytes: number },
): string {
  const { from, to, tag } = lane
  return `receive ${place + 1} of ${hostName(view, to)} with tag ${tag}, ${receive.request}, took a message of ${counted(bytes, 'octet')}; message ${place + 1} with that tag from ${hostName(view, from)} has ${totalOf(lane, place)}`
}
