// Whether an acknowledgement answers a whole collection with its last received frame.
import { counted } from '../../../spec/vocabulary/units.ts'
import { collectionWith, type Collection } from './cutting.ts'
import type { FrameSeen } from '../seen/history.ts'
import type { MessageSeen } from '../seen/messages.ts'
import { collectionFrames, framesWords } from '../words.ts'

/** What is wrong with an acknowledgement, in words that follow `the acknowledgement`. */
export interface AcknowledgementFault {
  readonly kind: 'no-such-frame' | 'incomplete' | 'other-frame'
  readonly words: string
}

/** How many frames a message has, and how many of them are acknowledged together. */
export interface Cut {
  readonly frames: number
  readonly size: number
}

export function acknowledgementFault(
  message: MessageSeen,
  sent: FrameSeen,
  cut: Cut,
): AcknowledgementFault | undefined {
  if (sent.frame < 0 || sent.frame >= cut.frames) {
    return {
      kind: 'no-such-frame',
      words: `names a frame that a message of ${counted(cut.frames, 'frame')} does not have`,
    }
  }
  const collection = collectionWith(sent.frame, cut.size, cut.frames)
  const name = collectionFrames(collection)
  const { absent, late, last } = arrivalState(message, collection, sent.record)
  if (absent.length > 0) {
    return {
      kind: 'incomplete',
      words: `came before ${framesWords(absent)} of its collection (${name}) had arrived`,
    }
  }
  if (late.has(sent.frame)) return undefined
  return { kind: 'other-frame', words: `does not repeat the last received frame of its collection (${name}), ${last}` }
}

export function isIn(collection: Collection, frame: number): boolean {
  return frame >= collection.first && frame <= collection.last
}

/** What of a collection had arrived before a record. `late`: frames that completed it, or came when it was complete. */
function arrivalState(
  message: MessageSeen,
  collection: Collection,
  record: number,
): { absent: readonly number[]; late: ReadonlySet<number>; last: number } {
  const absent = new Set<number>()
  for (let frame = collection.first; frame <= collection.last; frame++) absent.add(frame)
  const late = new Set<number>()
  let last = -1
  for (const arrival of message.arrived) {
    if (arrival.record > record) break
    if (!isIn(collection, arrival.frame)) continue
    absent.delete(arrival.frame)
    last = arrival.frame
    if (absent.size === 0) late.add(arrival.frame)
  }
  return { absent: [...absent], late, last }
}
