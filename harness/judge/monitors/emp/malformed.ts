// The invariant of frames that nobody may send: no acknowledgement answers them.
import { counted } from '../../../../spec/vocabulary/units.ts'
import { framesOf, lengthOf } from '../../emp/cutting.ts'
import type { FrameSeen } from '../../seen/history.ts'
import { headerOf } from '../../seen/messages.ts'
import { hostName, type View } from '../../seen/view.ts'
import type { Monitor } from '../monitor.ts'
import { frameWords } from './frames.ts'

export const foulUnanswered: Monitor = {
  name: 'foul-unanswered',
  words: 'a frame that is malformed, for another host, or with a false sender, is not acknowledged',
  requirements: ['EMP-FRAME-006', 'EMP-FRAME-008'],
  needsWire: true,
  watch(view, watching) {
    if (!view.history.frames.some(({ crafted }) => crafted)) return
    for (const { frame, node } of view.history.arrivals) {
      const requirement = frame.crafted ? faultOf(view, frame, node).requirement : undefined
      if (requirement !== undefined) watching.watched(node, requirement)
    }
    for (const answer of view.history.frames) {
      if (answer.crafted || answer.type !== 'acknowledgement' || answer.to === undefined) continue
      const fault = faultOfAll(view, answer)
      if (fault?.requirement === undefined) continue
      const seen = `${frameWords(view, answer)} answers only ${fault.words}, to ${hostName(view, answer.to)}`
      watching.broken({ node: answer.from, seen, at: answer.time, requirements: [fault.requirement] })
    }
  },
}

interface Fault {
  readonly words: string
  /** None: it has none. */
  readonly requirement: string | undefined
}

const faultless: Fault = { words: '', requirement: undefined }

/** What is wrong with every frame that an acknowledgement may answer; undefined when none of them was crafted. */
function faultOfAll(view: View, answer: FrameSeen): Fault | undefined {
  let fault: Fault | undefined
  for (const { frame, node, record } of view.history.arrivals) {
    if (record > answer.record) break
    const { sender } = frame.dissection.fields
    if (node !== answer.from || frame.frame !== answer.frame || frame.message !== answer.message) continue
    if (sender !== answer.to && frame.from !== answer.to) continue
    if (!frame.crafted) return undefined
    const own = faultOf(view, frame, node)
    if (own.requirement === undefined) return faultless
    fault = own
  }
  return fault
}

function faultOf(view: View, { dissection, type, frame, to }: FrameSeen, node: number): Fault {
  const { fields, source, malformed } = dissection
  const { sender, length } = fields
  if (to !== node) return { words: 'a frame for another address', requirement: 'EMP-FRAME-008' }
  if (sender === undefined || source !== view.macs[sender]) {
    return { words: `a frame from ${source}, which is not the address of its sender`, requirement: 'EMP-FRAME-008' }
  }
  if (malformed !== undefined) return { words: `a frame that is malformed: ${malformed}`, requirement: 'EMP-FRAME-006' }
  if (type !== 'data') return { words: 'a frame that is no data', requirement: 'EMP-FRAME-006' }
  const header = headerOf({ dissection })
  if (frame !== 0 || !header) return faultless
  if (header.frames !== framesOf(view.cutting, header.total)) {
    return {
      words: `a frame that says ${counted(header.frames, 'frame')} for ${counted(header.total, 'octet')}`,
      requirement: 'EMP-FRAME-006',
    }
  }
  if (length === lengthOf(view.cutting, header.total, 0)) return faultless
  return { words: `a frame 0 of ${counted(length ?? 0, 'octet')}`, requirement: 'EMP-FRAME-006' }
}
