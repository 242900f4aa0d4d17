// Which frames a filter of a suite means.
import { counted } from '../../../spec/vocabulary/units.ts'
import type { FrameFilter } from '../../plan/expectation.ts'
import type { FrameSeen } from '../seen/history.ts'
import type { MessageOrdinals } from '../seen/message-ordinals.ts'

/** Whether a frame passes. Crafted frames pass only filters that ask for them. */
export function matches(filter: FrameFilter, frame: FrameSeen, ordinals: MessageOrdinals): boolean {
  const crafted = filter.crafted ?? false
  if (frame.crafted && !crafted) return false
  if (filter.from !== undefined && frame.from !== filter.from) return false
  if (filter.to !== undefined && frame.to !== filter.to) return false
  if (filter.type !== undefined && frame.type !== filter.type) return false
  if (filter.message !== undefined && ordinals.of(frame, crafted) !== filter.message) return false
  if (filter.frame !== undefined) {
    const number = filter.frame === 'last' ? ordinals.lastFrame(frame) : filter.frame
    if (frame.frame !== number) return false
  }
  for (const [name, value] of Object.entries(filter.fields ?? {})) {
    if (frame.dissection.fields[name] !== value) return false
  }
  return true
}

/** So many frames that pass a filter, in words: `2 data frames with number 0 of message 1 from left`. */
export function filterWords(count: number, filter: FrameFilter, nameOf: (node: number) => string): string {
  const number =
    filter.frame === undefined ? '' : filter.frame === 'last' ? ' (the last)' : ` with number ${filter.frame}`
  const fields = Object.entries(filter.fields ?? {}).map(([name, value]) => `${name} ${value}`)
  return [
    `${counted(count, filter.type === undefined ? 'frame' : `${filter.type} frame`)}${number}`,
    ...(filter.message === undefined ? [] : [`of message ${filter.message}`]),
    ...(filter.from === undefined ? [] : [`from ${nameOf(filter.from)}`]),
    ...(filter.to === undefined ? [] : [`to ${nameOf(filter.to)}`]),
    ...(fields.length === 0 ? [] : [`with ${fields.join(', ')}`]),
  ].join(' ')
}
