// One end of one connection: how far its frames have come, in both directions.
import type { Alarm } from '../core/alarms.ts'
import type { Duration, Instant } from '../../spec/vocabulary/units.ts'
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import type { Posting, Shipment, Vi } from './objects.ts'

/** Numbers are never used again, so that late frames of an old connection reach nobody. */
export class Channel {
  readonly vi: Vi
  readonly number: number
  readonly node: number
  /** The peer's number for it; 0 until it is known. */
  remote = 0
  /** False: nothing comes or goes here any more. */
  open = true

  // Sending. Frames are known by sequence numbers, which wrap.
  /** The oldest frame that is not acknowledged. */
  base = 0
  /** The next to go: less than `high` while frames are sent again. */
  next = 0
  /** One past the last that was ever sent. */
  high = 0
  /** One past the last that a message was cut into. */
  end = 0
  /** Messages cut so far. */
  messages = 0
  /** How many of them the peer says are in its memory. */
  remotePlaced = 0
  /** Sends that are cut into frames and not complete. */
  readonly started: Posting[] = []
  /** Answers to reads of the peer that it has not acknowledged. */
  answers: Shipment[] = []
  /** Rings when too long nothing was heard; there is none while nothing is under way. */
  alarm: Alarm | undefined
  /** How long is waited before frames are sent again. */
  timeout: Duration = 0
  /** When the peer was last heard of, or waiting for it began. */
  heard: Instant = 0
  /** Stands among the channels that may have a descriptor to fetch. */
  fetchQueued = false
  /** Stands among the channels with frames to go. */
  sendQueued = false

  // Receiving.
  /** The next frame. */
  expected = 0
  /** The message under way, or taken last; -1 before the first. */
  message = -1
  /** Its receive. */
  receiving: Posting | undefined
  /** How many octets of it have come. */
  offset = 0
  /** The kind of the message under way, if more of it is wanted though it has no receive; else 0. */
  placing = 0
  /** Unreliable: the message whose data was refused, all of it. */
  refused = -1
  /** Messages that are in memory. */
  placed = 0
  /** A message could not be taken: nothing after it is. */
  refusing = false
  /** Stands among the channels that owe an acknowledgement. */
  acknowledgeQueued = false

  constructor(vi: Vi, number: number, node: number) {
    this.vi = vi
    this.number = number
    this.node = node
  }

  get level(): number {
    return this.vi.attributes.reliabilityLevel
  }

  get reliable(): boolean {
    return this.level !== viaReliabilityLevels.unreliable
  }
}
