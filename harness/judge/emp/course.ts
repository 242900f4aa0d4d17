// The course of one message: the request that it came of, its collections, and when each was sent and acknowledged.
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { FrameSeen, PostedSeen } from '../seen/history.ts'
import { headerOf, type FrameMoment, type MessageHeader, type MessageSeen } from '../seen/messages.ts'
import type { Lane } from './lanes.ts'

/** A collection of a message, with records and instants of what became of it; Infinity for what did not happen. */
export interface CollectionSeen {
  readonly first: number
  readonly last: number
  /** Each of its frames had been sent once. */
  readonly sent: number
  /** The first acknowledgement of it that came to the sender since: one of a frame that was never sent counts for nothing. */
  acknowledged: number
  acknowledgedAt: Instant
}

/** A message that a host sent to another. */
export interface Course {
  readonly message: MessageSeen
  readonly from: NodeIndex
  readonly to: NodeIndex
  /** Its place among the messages of the pair, by its ID. */
  readonly place: number
  /** Undefined while frame 0 was not sent, or where two transmissions of it disagree. */
  readonly header: MessageHeader | undefined
  /** The record of its first transmission. */
  readonly start: number
  /** Frames were sent more than once. */
  readonly isRepeated: boolean
  /** Data or acknowledgements were crafted between its two hosts. */
  readonly isCrafted: boolean
  /** Frame 0 arrived for the first time. */
  readonly headerArrived: FrameMoment | undefined
  /** The record by which all its frames had arrived. */
  readonly whole: number
  /** The collection size that both its hosts had all the time; undefined where there is no such. */
  readonly size: number | undefined
  /** Empty where header or size are not known. */
  readonly collections: readonly CollectionSeen[]
  /** The request that it is the message of; undefined where that is not clear. */
  readonly send: PostedSeen | undefined
  /** Where it is matched; undefined without a header. */
  lane: Lane | undefined
}

/** The header that all transmissions of frame 0 agree on. */
export function steadyHeader({ header, sent }: MessageSeen): MessageHeader | undefined {
  const firsts = sent.get(0)
  if (!header || !firsts) return undefined
  for (const frame of firsts) {
    const other = headerOf(frame)
    if (other?.total !== header.total || other.frames !== header.frames || other.tag !== header.tag) return undefined
  }
  return header
}

/** The collections of a message of so many frames. */
export function collectionsSeen(message: MessageSeen, frames: number, size: number): CollectionSeen[] {
  const collections: CollectionSeen[] = []
  for (let first = 0; first < frames; first += size) {
    const last = Math.min(first + size, frames) - 1
    let sent = 0
    for (let frame = first; frame <= last; frame++) {
      sent = Math.max(sent, message.sent.get(frame)?.[0]?.record ?? Infinity)
    }
    collections.push({ first, last, sent, acknowledged: Infinity, acknowledgedAt: Infinity })
  }
  for (const { frame, record, time } of message.acknowledged) {
    const collection = collections[Math.floor(frame / size)]
    if (!collection || collection.sent > record || collection.acknowledged < record || frame >= frames) continue
    collection.acknowledged = record
    collection.acknowledgedAt = time
  }
  return collections
}

/** The record by which each of so many frames had arrived. */
export function wholeAt({ arrived }: MessageSeen, frames: number): number {
  if (arrived.length < frames) return Infinity
  const has = new Uint8Array(frames)
  let left = frames
  for (const { frame, record } of arrived) {
    if (has[frame] !== 0) continue
    has[frame] = 1
    if (--left === 0) return record
  }
  return Infinity
}

/** The last record at which anything of a message was sent or arrived. */
export function endOf({ sent, arrived, acknowledged }: MessageSeen): number {
  let end = Math.max(arrived.at(-1)?.record ?? 0, acknowledged.at(-1)?.record ?? 0)
  for (const frames of sent.values()) end = Math.max(end, frames.at(-1)?.record ?? 0)
  return end
}

/** When a frame of a collection was sent last before a record. */
export function lastSent(course: Course, { first, last }: CollectionSeen, before = Infinity): FrameSeen | undefined {
  let latest: FrameSeen | undefined
  for (let frame = first; frame <= last; frame++) {
    const sent = course.message.sent.get(frame) ?? []
    for (let i = sent.length - 1; i >= 0; i--) {
      const one = sent[i]
      if (!one || one.record >= before) continue
      if (!latest || one.record > latest.record) latest = one
      break
    }
  }
  return latest
}
