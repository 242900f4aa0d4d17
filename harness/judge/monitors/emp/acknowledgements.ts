// Invariants of acknowledgements: only for whole collections that have arrived, naming the last received frame.
import { acknowledgementFault, type AcknowledgementFault } from '../../acknowledgement.ts'
import type { FrameSeen } from '../../history.ts'
import { messageOf } from '../../messages.ts'
import type { View } from '../../view.ts'
import { frameWords, hasSteadyHeader } from './frames.ts'
import type { Monitor, Watching } from '../monitor.ts'

export const acknowledgedWhole: Monitor = {
  name: 'acknowledged-whole',
  words: 'no acknowledgement is sent before all frames of its collection have arrived',
  requirements: ['EMP-REL-002'],
  needsWire: true,
  watch(view, watching) {
    watchFaults(view, watching, ['no-such-frame', 'incomplete'])
  },
}

export const acknowledgedLast: Monitor = {
  name: 'acknowledged-last',
  words: 'an acknowledgement repeats the frame of its collection that was received last, and carries no octets',
  requirements: ['EMP-REL-004'],
  needsWire: true,
  watch(view, watching) {
    watchFaults(view, watching, ['other-frame'])
    watchLengths(view, watching)
  },
}

function watchFaults(view: View, watching: Watching, kinds: readonly AcknowledgementFault['kind'][]): void {
  for (const frame of view.history.frames) {
    if (frame.crafted || frame.type !== 'acknowledgement' || frame.to === undefined) continue
    watching.watched(frame.from)
    const fault = faultOf(view, frame)
    if (!fault || !kinds.includes(fault.kind)) continue
    watching.broken({ node: frame.from, seen: `${frameWords(view, frame)} ${fault.words}`, at: frame.time })
  }
}

function watchLengths(view: View, watching: Watching): void {
  for (const frame of view.history.frames) {
    const length = frame.dissection.fields['length'] ?? 0
    if (frame.crafted || frame.type !== 'acknowledgement' || length === 0) continue
    const seen = `${frameWords(view, frame)} says that it carries ${length} octets`
    watching.broken({ node: frame.from, seen, at: frame.time })
  }
}

function faultOf(view: View, frame: FrameSeen): AcknowledgementFault | undefined {
  const message = messageOf(view.messages, frame)
  const arrived = message?.arrived.filter(({ record }) => record < frame.record) ?? []
  if (!message || arrived.length === 0)
    return { kind: 'incomplete', words: 'answers a message of which nothing had arrived' }
  if (arrived.every((each) => each.frame !== frame.frame)) {
    return { kind: 'incomplete', words: `answers frame ${frame.frame}, which had not arrived` }
  }
  // What a receiver must make of crafted data is for the case to say.
  if (message.dataCrafted || view.collection === undefined || !hasSteadyHeader(message)) return undefined
  const frames = message.header?.frames
  return frames === undefined ? undefined : acknowledgementFault(message, frame, { frames, size: view.collection })
}
