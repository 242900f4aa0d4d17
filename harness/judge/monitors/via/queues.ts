// Invariants of work queues: what was posted comes back, once, in order, and says how it ended.
import {
  viaStatusBits,
  viaStatusMasks,
  viaStatusOperations,
  type ViaStatusOperation,
} from '../../../../spec/vocabulary/via-constants.ts'
import type { CallBody } from '../../../../spec/vocabulary/calls.ts'
import type { Range } from '../../../../spec/vocabulary/memory.ts'
import type { ViaQueue } from '../../../../spec/vocabulary/via-returns.ts'
import { returned } from '../../seen/history.ts'
import { overlap } from '../../memory/ranges.ts'
import { dropsDescriptors } from '../../via/account.ts'
import { isExposed, placeOf, queueStories, type QueueStory, type TakenSeen } from '../../via/story.ts'
import { isTouched } from '../../via/touched.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'

const queueWords: Readonly<Record<ViaQueue, string>> = { send: 'send queue', recv: 'receive queue' }

const orderRequirements: Readonly<Record<ViaQueue, string>> = { send: 'VIA-SEND-003', recv: 'VIA-RECV-007' }

export const inPostedOrder: Monitor = {
  name: 'in-posted-order',
  words: 'descriptors of a work queue come back in the order in which they were posted',
  requirements: Object.values(orderRequirements),
  needsWire: false,
  watch(view, watching) {
    for (const story of queueStories(view)) {
      if (!story.isOrdered || story.taken.length === 0) continue
      if (story.posted.length > 1) watching.watched(story.node, orderRequirements[story.queue])
      watchOrder(view, watching, story)
    }
  },
}

function watchOrder(view: View, watching: Watching, story: QueueStory): void {
  const { node, vi, queue, posted, taken } = story
  const mayDrop = dropsDescriptors(view, { node, name: vi })
  let next = 0
  for (const { name, time } of taken) {
    const place = posted.findIndex((posting, i) => i >= next && posting.name === name)
    const skipped = posted.slice(next, Math.max(next, place)).map((posting) => posting.name)
    // One that was never posted, or came back before, is for the other monitor to say.
    if (place >= 0 && (skipped.length === 0 || mayDrop)) next = place + 1
    else if (place >= 0) {
      const seen = `${placeWords(view, story)} handed out ${name} at ${timeWords(time)} before ${skipped.join(', ')}, posted earlier`
      watching.broken({ node, seen, at: time, requirements: [orderRequirements[queue]] })
      return
    }
  }
}

export const comesBackOnce: Monitor = {
  name: 'comes-back-once',
  words: 'only what was posted comes back, and once',
  requirements: ['VIA-DONE-007'],
  needsWire: false,
  watch(view, watching) {
    for (const story of queueStories(view)) {
      const { node, taken } = story
      for (const one of taken) {
        watching.watched(node)
        const posted = story.posted.filter(({ name, call }) => name === one.name && call.record < one.record).length
        const before = taken.filter((other) => other.name === one.name && other.record < one.record).length
        if (before < posted) continue
        const times = posted === 0 ? 'which was never posted there' : `which had come back as often as it was posted`
        const seen = `${placeWords(view, story)} handed out ${one.name} at ${timeWords(one.time)}, ${times}`
        watching.broken({ node, seen, at: one.time })
      }
    }
  },
}

export const statusTells: Monitor = {
  name: 'status-tells',
  words: 'a descriptor that comes back has DONE, an error bit if and only if the code says so, and its operation',
  requirements: ['VIA-DESC-014', 'VIA-DESC-015', 'VIA-DESC-016'],
  needsWire: false,
  watch(view, watching) {
    for (const story of queueStories(view)) {
      for (const taken of story.taken) {
        if (!taken.fields) continue
        for (const requirement of shownBy(taken.fields.status)) watching.watched(story.node, requirement)
        const wrong = wrongStatus(story.queue, taken, taken.fields.status)
        if (!wrong || mayBeTouched(view, story, taken)) continue
        const seen = `${placeWords(view, story)} handed out ${taken.name} at ${timeWords(taken.time)} ${wrong.words}`
        watching.broken({ node: story.node, seen, at: taken.time, requirements: [wrong.requirement] })
      }
    }
  },
}

const ofFlushed = ['VIA-DESC-014', 'VIA-DESC-016'] as const
const ofCarriedOut = [...ofFlushed, 'VIA-DESC-015'] as const

/** What a descriptor says that was never carried out is not laid down. */
function shownBy(status: number): readonly string[] {
  return (status & viaStatusBits['descriptor-flushed']) === 0 ? ofCarriedOut : ofFlushed
}

/** Status may be what somebody has written there. */
function mayBeTouched(view: View, { node, posted }: QueueStory, { name, record }: TakenSeen): boolean {
  const posting = posted.findLast((one) => one.name === name && one.call.record < record)
  return posting?.written !== undefined && isTouched(view, node, posting, record)
}

/** What may complete on a queue. */
const operationsOf: Readonly<Record<ViaQueue, readonly ViaStatusOperation[]>> = {
  send: ['send', 'rdma-write', 'rdma-read'],
  recv: ['receive', 'remote-rdma-write'],
}

function wrongStatus(
  queue: ViaQueue,
  { isGood }: TakenSeen,
  status: number,
): { words: string; requirement: string } | undefined {
  if ((status & viaStatusBits.done) === 0) return { words: 'without DONE', requirement: 'VIA-DESC-014' }
  const hasErrors = (status & viaStatusMasks.errors) !== 0
  if (hasErrors === isGood) {
    const words = isGood ? 'with VIP_SUCCESS, though an error bit is set' : 'as an error, though no error bit is set'
    return { words, requirement: 'VIA-DESC-016' }
  }
  // What a descriptor says that was never carried out is not laid down.
  if ((status & viaStatusBits['descriptor-flushed']) !== 0) return undefined
  const operation = status & viaStatusMasks.operation
  if (operationsOf[queue].some((name) => viaStatusOperations[name] === operation)) return undefined
  return { words: `with an operation that does not belong to its queue`, requirement: 'VIA-DESC-015' }
}

export const hostOwned: Monitor = {
  name: 'host-owned',
  words: 'a descriptor that is not posted stays as its host wrote it, or as it came back',
  requirements: ['VIA-DESC-023'],
  needsWire: false,
  watch(view, watching) {
    for (const { node, call, answer, record } of view.history.calls) {
      const { body } = call
      const control = answer?.content.control
      if (body.operation !== 'descriptor.read' || !answer || !control) continue
      const before = lastKnown(view, node, body.descriptor, record)
      if (!before) continue
      watching.watched(node)
      const same = before.length === control.length && before.status === control.status
      if (same && before.immediate === control.immediate) continue
      const seen = `${body.descriptor} of ${hostName(view, node)} was the host's, and at ${timeWords(answer.time)} it had Length ${control.length} and Status 0x${control.status.toString(16)}, before Length ${before.length} and Status 0x${before.status.toString(16)}`
      watching.broken({ node, seen, at: answer.time })
    }
  },
}

/** The fields of a descriptor that came back before a record and was neither posted nor written to since. */
function lastKnown(view: View, node: number, name: string, record: number): TakenSeen['fields'] {
  const last = queueStories(view)
    .flatMap(({ node: where, taken }) => (where === node ? taken : []))
    .filter((one) => one.name === name && one.record < record)
    .toSorted((one, other) => other.record - one.record)[0]
  if (!last) return undefined
  const calls = view.history.calls.filter((seen) => seen.node === node && seen.record < record)
  const write = calls.findLast(({ call: { body } }) => body.operation === 'descriptor.write' && body.as === name)
  const place = write?.call.body.operation === 'descriptor.write' ? placeOf(write.call.body) : undefined
  if (place && isExposed(view, node, place)) return undefined
  const since = calls.filter((call) => returned(call) > last.record)
  return since.some(({ call: { body } }) => touches(body, name, place)) ? undefined : last.fields
}

/** Whether a call may change a descriptor: its host's or its provider's octets. */
function touches(body: CallBody, name: string, place: Range | undefined): boolean {
  switch (body.operation) {
    case 'VipPostSend':
    case 'VipPostRecv':
      return body.descriptor === name
    case 'descriptor.write': {
      const other = placeOf(body)
      return body.as === name || (place !== undefined && other !== undefined && overlap(place, other))
    }
    case 'memory.write':
      return place !== undefined && overlap(place, body.at)
    default:
      return false
  }
}

function placeWords(view: View, { node, vi, queue }: QueueStory): string {
  return `the ${queueWords[queue]} of ${hostName(view, node)}'s ${vi}`
}
