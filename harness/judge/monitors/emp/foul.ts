// Whether a host has sent frames that a right NIC drops: then nobody else owes it anything for them.
import type { NodeIndex } from '../../../../spec/vocabulary/units.ts'
import { framesOf, lengthOf } from '../../emp/cutting.ts'
import type { FrameSeen } from '../../seen/history.ts'
import type { View } from '../../seen/view.ts'
import { addressesOf, isHeaderRight } from './frames.ts'

/** Looked at only where something seems to be broken. */
export function hasSentFoul(view: View, node: NodeIndex): boolean {
  const addresses = addressesOf(view.macs)
  for (const frame of view.history.frames) {
    if (frame.from === node && !frame.crafted && !isHeaderRight(frame, addresses)) return true
  }
  for (const { from, message, header } of view.emp.courses) {
    if (from !== node) continue
    if (!header || header.frames !== framesOf(view.cutting, header.total)) return true
    for (const [number, sent] of message.sent) {
      if (number >= header.frames) return true
      const right = lengthOf(view.cutting, header.total, number)
      if (sent.some((frame) => lengthIn(frame) !== right)) return true
    }
  }
  return false
}

function lengthIn({ dissection }: FrameSeen): number | undefined {
  return dissection.fields['length']
}
