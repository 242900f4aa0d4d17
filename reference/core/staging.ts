// The staging slots of a NIC at the front of the arena: frames that go out and frames that came in.

/** Slots for frames on their way out: as many as a stepped harness may leave undrained. A power of two. */
export const outputSlots = 8
/** Slots of the receive ring. A power of two. */
export const ringSlots = 32

const alignment = 64

/** Octets of one slot for frames of `frameOctets` at most. */
export function slotOctets(frameOctets: number): number {
  return Math.ceil(frameOctets / alignment) * alignment
}

/** Octets of all slots. */
export function stagingOctets(frameOctets: number): number {
  return (outputSlots + ringSlots) * slotOctets(frameOctets)
}
