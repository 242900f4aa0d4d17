// The expectation that a message was acknowledged collection by collection, each time with the last received frame.
import { counted, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Expectation } from '../../plan/expectation.ts'
import { acknowledgementFault, isIn } from '../emp/acknowledgement.ts'
import { collectionsOf } from '../emp/cutting.ts'
import type { MessageSeen } from '../seen/messages.ts'
import { hostName, type View } from '../seen/view.ts'
import { collectionFrames, isWithin, timesWords, timeWords, were } from '../words.ts'
import { failed, passed, type Checked } from './checked.ts'

export function checkAcknowledged(expectation: Extract<Expectation, { kind: 'acknowledged' }>, view: View): Checked {
  const { from, each } = expectation
  const messages = peerMessages(view, from, expectation.message)
  if (messages.length === 0) return failed(`no message ${expectation.message} was sent to ${hostName(view, from)}`)
  for (const message of messages) {
    const frames = message.header?.frames
    if (frames === undefined) return failed(`frame 0 of message ${expectation.message} was never sent`)
    const size = view.emp.sizes.at(from, message.acknowledgements[0]?.record ?? Infinity)
    for (const acknowledgement of message.acknowledgements) {
      const wrong = acknowledgementFault(message, acknowledgement, { size, frames })
      if (wrong) {
        return failed(
          `the acknowledgement of frame ${acknowledgement.frame}, sent at ${timeWords(acknowledgement.time)}, ${wrong.words}`,
          acknowledgement.time,
        )
      }
    }
    for (const collection of collectionsOf(size, frames)) {
      const count = message.acknowledgements.filter(({ frame }) => isIn(collection, frame)).length
      if (isWithin(count, each)) continue
      return failed(
        `${collectionFrames(collection)} ${were(collection.last - collection.first + 1)} acknowledged ${counted(count, 'time')}, ${timesWords(each)} expected`,
      )
    }
  }
  return passed('every acknowledgement answers a whole collection with its last received frame')
}

function peerMessages(view: View, to: NodeIndex, ordinal: number): readonly MessageSeen[] {
  return view.messages.sent.filter((message) => message.to === to && message.from !== to && message.ordinal === ordinal)
}
