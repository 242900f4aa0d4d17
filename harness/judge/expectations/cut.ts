// The expectation that a message is cut into frames as the paper and reading R2 say.
import { counted } from '../../../spec/vocabulary/units.ts'
import type { Expectation } from '../../plan/expectation.ts'
import { framesOf, headerOctets, lengthOf } from '../emp/cutting.ts'
import { ethernetOctets } from '../frames/dissect.ts'
import type { FrameSeen } from '../seen/history.ts'
import { nthMessage } from '../seen/messages.ts'
import { hostName, type View } from '../seen/view.ts'
import { framesWords, numbersWords, timeWords, were } from '../words.ts'
import { failed, passed, type Checked } from './checked.ts'

type Cut = Extract<Expectation, { kind: 'cut' }>

export function checkCut(expectation: Cut, view: View): Checked {
  const message = nthMessage(view.messages, expectation.from, expectation.message)
  if (!message) return failed(`${hostName(view, expectation.from)} sent no message ${expectation.message}`)
  const frames = framesOf(view.cutting, expectation.total)
  const absent: number[] = []
  for (let number = 0; number < frames; number++) if (!message.sent.has(number)) absent.push(number)
  if (absent.length > 0)
    return failed(`of ${counted(frames, 'frame')}, ${numbersWords(absent)} ${were(absent.length)} never sent`)
  const excess = [...message.sent.keys()].filter((number) => number >= frames)
  if (excess.length > 0)
    return failed(`${framesWords(excess)} ${were(excess.length)} sent of a message that has ${frames}`)
  for (const [number, sent] of message.sent) {
    const first = sent[0]
    const wrong = first && wrongWith(first, number, expectation, view)
    if (wrong !== undefined)
      return failed(`frame ${number}, sent at ${timeWords(first?.time ?? 0)}, ${wrong}`, first?.time)
  }
  return passed(`${counted(frames, 'frame')} with the right lengths and headers`)
}

function wrongWith(frame: FrameSeen, number: number, expected: Cut, view: View): string | undefined {
  const { fields, malformed } = frame.dissection
  if (malformed !== undefined) return `is malformed: ${malformed}`
  const length = lengthOf(view.cutting, expected.total, number)
  if (fields['length'] !== length) return `has length ${fields['length'] ?? 'none'}, not ${length}`
  const least = ethernetOctets + Math.max(headerOctets(view.layout, number) + length, view.layout.payloadLeast)
  if (frame.octets.length !== least)
    return `has ${counted(frame.octets.length, 'octet')} with its headers, not ${least}`
  if (fields['sender'] !== expected.from) return `names sender ${fields['sender'] ?? 'none'}, not ${expected.from}`
  if (number !== 0) return undefined
  const frames = framesOf(view.cutting, expected.total)
  if (fields['total'] !== expected.total) return `says total length ${fields['total'] ?? 'none'}, not ${expected.total}`
  if (fields['frames'] !== frames)
    return `says ${fields['frames'] === undefined ? 'no frames' : counted(fields['frames'], 'frame')}, not ${frames}`
  if (fields['tag'] !== expected.tag) return `says tag ${fields['tag'] ?? 'none'}, not ${expected.tag}`
  return undefined
}
