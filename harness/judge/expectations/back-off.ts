// The expectation that a sender whom nobody answers waits longer and longer, up to the cap.
import { counted } from '../../../spec/vocabulary/units.ts'
import type { Expectation } from '../../plan/expectation.ts'
import { collectionWith } from '../emp/cutting.ts'
import { nthMessage, type MessageSeen } from '../seen/messages.ts'
import { hostName, type View } from '../seen/view.ts'
import { timeWords } from '../words.ts'
import { failed, passed, type Checked } from './checked.ts'

/** Share of a wait by which it may fall short of doubling: frames of other messages may delay the one before. */
const slack = 1 / 16

export function checkBackOff(expectation: Extract<Expectation, { kind: 'back-off' }>, view: View): Checked {
  const message = nthMessage(view.messages, expectation.from, expectation.message)
  const sent = message?.sent.get(expectation.frame) ?? []
  if (!message || sent.length === 0) {
    return failed(
      `${hostName(view, expectation.from)} never sent frame ${expectation.frame} of message ${expectation.message}`,
    )
  }
  const waits = waitsBetween(message, expectation.frame, view.emp.sizes.at(expectation.from, sent[0]?.record ?? 0))
  if (waits.length < expectation.atLeast) {
    return failed(
      `frame ${expectation.frame} was sent ${counted(waits.length, 'time')} again, at least ${expectation.atLeast} expected`,
    )
  }
  for (const [place, wait] of waits.entries()) {
    const interval = (sent[place + 1]?.time ?? 0) - (sent[place]?.time ?? 0)
    const before = waits[place - 1]
    if (interval < expectation.first)
      return failed(
        `wait ${place + 1} was ${timeWords(interval)}, less than ${timeWords(expectation.first)}`,
        sent[place + 1]?.time,
      )
    if (before === undefined) continue
    const least = Math.min(2 * before, expectation.cap) * (1 - slack)
    if (wait < least) {
      return failed(
        `wait ${place + 1} was ${timeWords(wait)} after a wait of ${timeWords(before)}: neither double nor the cap of ${timeWords(expectation.cap)}`,
        sent[place + 1]?.time,
      )
    }
  }
  return passed(`waits of ${waits.map(timeWords).join(', ')}`)
}

/** From the last frame of the collection that was sent, when its timer starts, to the next transmission of `frame`. */
function waitsBetween(message: MessageSeen, frame: number, size: number): readonly number[] {
  const sent = message.sent.get(frame) ?? []
  const { first, last } = collectionWith(frame, size, message.header?.frames ?? frame + 1)
  const waits: number[] = []
  for (const [place, again] of sent.entries()) {
    const before = sent[place - 1]
    if (!before) continue
    let start = before.time
    for (let other = first; other <= last; other++) {
      for (const each of message.sent.get(other) ?? []) {
        if (each.record < again.record) start = Math.max(start, each.time)
      }
    }
    waits.push(again.time - start)
  }
  return waits
}
