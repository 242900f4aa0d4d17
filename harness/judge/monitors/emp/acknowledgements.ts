// Invariants of acknowledgements: only for whole collections that have arrived, naming the last received frame.
import { empDefaults } from '../../../../spec/vocabulary/endpoint.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import { acknowledgementFault, type AcknowledgementFault } from '../../emp/acknowledgement.ts'
import type { Course } from '../../emp/course.ts'
import type { FrameSeen } from '../../seen/history.ts'
import type { MessageSeen } from '../../seen/messages.ts'
import type { View } from '../../seen/view.ts'
import type { Monitor, Watching } from '../monitor.ts'
import { frameWords } from './frames.ts'

export const acknowledgedWhole: Monitor = {
  name: 'acknowledged-whole',
  words: 'no acknowledgement is sent before all frames of its collection have arrived',
  requirements: ['EMP-REL-002', 'EMP-REL-005', 'EMP-REL-023'],
  needsWire: true,
  watch(view, watching) {
    watchFaults(view, watching, false)
    if (view.messages.byKey.size === view.messages.sent.length) return
    for (const message of view.messages.byKey.values()) {
      if (message.sent.size === 0)
        for (const frame of message.acknowledgements) watchArrived(view, watching, message, frame)
    }
  },
}

export const acknowledgedLast: Monitor = {
  name: 'acknowledged-last',
  words: 'an acknowledgement repeats the frame of its collection that was received last, and carries no octets',
  requirements: ['EMP-REL-004'],
  needsWire: true,
  watch(view, watching) {
    watchFaults(view, watching, true)
    for (const frame of view.history.frames) {
      if (frame.crafted || frame.type !== 'acknowledgement') continue
      const length = frame.dissection.fields['length'] ?? 0
      if (length === 0) continue
      const seen = `${frameWords(view, frame)} says that it carries ${counted(length, 'octet')}`
      watching.broken({ node: frame.from, seen, at: frame.time })
    }
  },
}

/** `ofFrame`: whether the fault is that of a frame that was not the last, or of a collection that was not whole. */
function watchFaults(view: View, watching: Watching, ofFrame: boolean): void {
  for (const course of view.emp.courses) {
    const { message, to, header, size } = course
    const { acknowledgements } = message
    if (acknowledgements.length === 0) continue
    if (ofFrame) watching.watched(to)
    else watchWhole(view, watching, course)
    // What a receiver must make of crafted data is for the case to say.
    if (!header || size === undefined || message.dataCrafted) {
      if (!ofFrame) for (const frame of acknowledgements) watchArrived(view, watching, message, frame)
      continue
    }
    for (const frame of suspects(course, header.frames, size)) {
      const fault = acknowledgementFault(message, frame, { frames: header.frames, size })
      if (!fault || (fault.kind === 'other-frame') !== ofFrame) continue
      const seen = `${frameWords(view, frame)} ${fault.words}`
      watching.broken({ node: to, seen, at: frame.time, requirements: requirementsOf(view, course, frame, fault) })
    }
  }
}

/** An acknowledgement tells of the size of collections where that is not the usual one, or was another before. */
function watchWhole({ emp: { sizes } }: View, watching: Watching, { to, size, start }: Course): void {
  watching.watched(to, 'EMP-REL-002')
  if (size === undefined) return
  if (size !== empDefaults['emp.collection']) watching.watched(to, 'EMP-REL-005')
  if (sizes.before(to, start) !== undefined) watching.watched(to, 'EMP-REL-023')
}

const none: readonly FrameSeen[] = []

/** Acknowledgements that name a frame which neither made its collection whole nor came when it was. */
function suspects({ message, collections }: Course, frames: number, size: number): readonly FrameSeen[] {
  const { arrived, acknowledgements } = message
  /** By frame: 1 it has arrived, 2 it came last. */
  const states = new Uint8Array(frames)
  const absent = new Uint16Array(collections.length)
  for (const [place, { first, last }] of collections.entries()) absent[place] = last - first + 1
  let found: FrameSeen[] | undefined
  let next = 0
  for (const acknowledgement of acknowledgements) {
    for (; (arrived[next]?.record ?? Infinity) < acknowledgement.record; next++) {
      const frame = arrived[next]?.frame ?? -1
      const collection = Math.floor(frame / size)
      if (states[frame] === 0) {
        states[frame] = 1
        absent[collection] = (absent[collection] ?? 1) - 1
      }
      if (absent[collection] === 0) states[frame] = 2
    }
    if (states[acknowledgement.frame] === 2) continue
    found ??= []
    found.push(acknowledgement)
  }
  return found ?? none
}

/** Where the size is not known, an acknowledgement answers at least a frame that has arrived. */
function watchArrived(view: View, watching: Watching, message: MessageSeen, frame: FrameSeen): void {
  watching.watched(frame.from, 'EMP-REL-002')
  let had = 0
  for (const { record, frame: number } of message.arrived) {
    if (record > frame.record) break
    if (number === frame.frame) return
    had++
  }
  const words =
    had === 0 ? 'answers a message of which nothing had arrived' : `answers frame ${frame.frame}, which had not arrived`
  const seen = `${frameWords(view, frame)} ${words}`
  watching.broken({ node: frame.from, seen, at: frame.time, requirements: ['EMP-REL-002'] })
}

/** What was right with another size, that of before or the usual one, is also a size that was not heeded. */
function requirementsOf(
  { emp: { sizes } }: View,
  { message, to, header, size }: Course,
  frame: FrameSeen,
  { kind }: AcknowledgementFault,
): readonly string[] {
  if (kind === 'other-frame') return ['EMP-REL-004']
  const frames = header?.frames ?? 0
  const isRight = (other: number | undefined): boolean =>
    other !== undefined && other !== size && !acknowledgementFault(message, frame, { frames, size: other })
  if (isRight(sizes.before(to, frame.record))) return ['EMP-REL-002', 'EMP-REL-023']
  return isRight(empDefaults['emp.collection']) ? ['EMP-REL-002', 'EMP-REL-005'] : ['EMP-REL-002']
}
