// Expectations about which frames went over the wire, how often, and under which message IDs.
import { counted } from '../../../spec/vocabulary/units.ts'
import type { Expectation } from '../../plan/expectation.ts'
import { collectionWith } from '../emp/cutting.ts'
import { filterWords, matches } from '../sightings/frame-filter.ts'
import { nthMessage, type MessageSeen } from '../seen/messages.ts'
import { hostName, type View } from '../seen/view.ts'
import { collectionFrames, isWithin, numbersWords, timesWords, timeWords, were } from '../words.ts'
import { failed, judged, passed, type Checked } from './checked.ts'

export function checkFrames(expectation: Extract<Expectation, { kind: 'frames' }>, view: View): Checked {
  const { filter, times } = expectation
  const found = view.history.frames.filter((frame) => matches(filter, frame, view.history.ordinals))
  const first = found[0]
  const when = first ? `, the first at ${timeWords(first.time)}` : ''
  const words = filterWords(found.length, filter, (node) => hostName(view, node))
  return judged(
    isWithin(found.length, times),
    `${words}${when}; ${timesWords(times)} expected`,
    times.most !== undefined && found.length > times.most ? found[times.most]?.time : undefined,
  )
}

export function checkRetransmitted(expectation: Extract<Expectation, { kind: 'retransmitted' }>, view: View): Checked {
  const { from, times, others } = expectation
  const message = nthMessage(view.messages, from, expectation.message)
  if (!message) return failed(`${hostName(view, from)} sent no message ${expectation.message}`)
  const frames = message.header?.frames ?? Math.max(...message.sent.keys()) + 1
  const number = expectation.frame === 'last' ? frames - 1 : expectation.frame
  const firstRecord = message.sent.values().next().value?.[0]?.record ?? 0
  const collection = collectionWith(number, view.emp.sizes.at(from, firstRecord), frames)
  const { first, last } = collection
  for (let frame = 0; frame < frames; frame++) {
    const sent = message.sent.get(frame) ?? []
    const isOther = frame < first || frame > last
    const again = Math.max(0, sent.length - 1)
    if (isWithin(again, isOther ? others : times)) continue
    const where = isOther
      ? `which is outside the collection of frame ${number} (${collectionFrames(collection)})`
      : `in the collection of frame ${number} (${collectionFrames(collection)})`
    const start = sent[0] ? `first at ${timeWords(sent[0].time)}, ` : ''
    return failed(
      `frame ${frame}, ${where}, was sent ${counted(sent.length, 'time')}: ${start}` +
        `${again} again, ${timesWords(isOther ? others : times)} expected`,
      sent.at(-1)?.time,
    )
  }
  return passed(
    `${collectionFrames(collection)} ${were(last - first + 1)} sent again, the others not more than allowed`,
  )
}

export function checkFirstWindow(expectation: Extract<Expectation, { kind: 'first-window' }>, view: View): Checked {
  const message = nthMessage(view.messages, expectation.from, expectation.message)
  if (!message) return failed(`${hostName(view, expectation.from)} sent no message ${expectation.message}`)
  const { frames, until } = firstWindow(message)
  const end =
    until === undefined ? 'no acknowledgement ever arrived' : `the first acknowledgement arrived at ${timeWords(until)}`
  return judged(
    isWithin(frames.length, expectation.times),
    `${counted(frames.length, 'frame')} (${numbersWords(frames)}) sent before ${until === undefined ? 'the end; ' : ''}${end}; ` +
      `${timesWords(expectation.times)} expected`,
  )
}

/** Different frames of a message that were sent before its first acknowledgement reached the sender. */
export function firstWindow(message: MessageSeen): { frames: readonly number[]; until: number | undefined } {
  const first = message.acknowledged[0]
  const frames: number[] = []
  for (const [frame, sent] of message.sent) {
    if ((sent[0]?.record ?? Infinity) < (first?.record ?? Infinity)) frames.push(frame)
  }
  return { frames, until: first?.time }
}

export function checkMessageIds(expectation: Extract<Expectation, { kind: 'message-ids' }>, view: View): Checked {
  const { from, to, ids } = expectation
  const found = view.messages.sent.filter((message) => message.from === from && message.to === to).map(({ id }) => id)
  const holds = found.length === ids.length && found.every((id, place) => id === ids[place])
  const words = found.length === 0 ? 'no message' : `messages ${found.join(', ')}`
  return judged(holds, `${hostName(view, from)} sent ${words} to ${hostName(view, to)}; expected ${ids.join(', ')}`)
}
