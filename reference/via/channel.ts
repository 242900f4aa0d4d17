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
  /** Sending: the oldest frame that is not acknowledged, the next to go, one past the last sent and past the last cut. */
  base = 0
  next = 0
  high = 0
  end = 0
  /** Messages cut so far, and those of which the peer says that they are in its memory. */
  messages = 0
  remotePlaced = 0
  /** Sends that are cut into frames and not complete. */
  readonly started: Posting[] = []
  /** Answers to reads of the peer that it has not acknowledged. */
  answers: Shipment[] = []
  alarm: Alarm | undefined
  timeout: Duration = 0
  heard: Instant = 0
  fetchQueued = false
  sendQueued = false
  /** Receiving: the next frame, the message under way or last taken, its receive, and how far it is. */
  expected = 0
  message = -1
  receiving: Posting | undefined
  offset = 0
  /** The kind of the message under way, if more of it is wanted though it has no receive; else 0. */
  placing = 0
  /** Unreliable: the message whose data was refused, all of it. */
  refused = -1
  /** Messages that are in memory. */
  placed = 0
  /** A message could not be taken: nothing after it is. */
  refusing = false
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
