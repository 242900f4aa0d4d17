// How long the frames of a host occupy its link: what a NIC that sends no faster than the wire may be late by.
import type { Duration, NodeIndex } from '../../../../spec/vocabulary/units.ts'
import { unseenOctets } from '../../../../spec/vocabulary/faults.ts'
import type { View } from '../../seen/view.ts'

/** The time on the wire of all frames that a host sent from one record on to another. */
export function busyBetween(view: View, node: NodeIndex, from: number, until = Infinity): Duration {
  let octets = 0
  for (const frame of view.history.frames) {
    if (frame.from !== node || frame.record < from || frame.record > until) continue
    octets += frame.octets.length + unseenOctets
  }
  return (octets * 8e9) / view.permutation.link.bitsPerSecond
}
