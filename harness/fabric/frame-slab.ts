// Frames in flight: fixed slots of one slab with premade views, so that a frame is copied once and nothing is allocated for it.

/** Octets of a slot: a jumbo frame with its Ethernet header, rounded up. */
export const slotOctets = 9088

const slotsPerChunk = 64

export class FrameSlab {
  private readonly views: Uint8Array[] = []
  private lengths = new Uint16Array(0)
  private ordinals = new Float64Array(0)
  private holders = new Uint8Array(0)
  private readonly free: number[] = []

  /** Copies a frame into a slot that `holders` arrivals will use. */
  keep(octets: Uint8Array, length: number, ordinal: number): number {
    const slot = this.free.pop() ?? this.grow()
    this.octets(slot).set(octets.length === length ? octets : octets.subarray(0, length))
    this.lengths[slot] = length
    this.ordinals[slot] = ordinal
    this.holders[slot] = 1
    return slot
  }

  /** One more arrival uses the slot. */
  hold(slot: number): void {
    this.holders[slot] = (this.holders[slot] ?? 0) + 1
  }

  /** One arrival fewer; the last one frees the slot. */
  release(slot: number): void {
    const left = (this.holders[slot] ?? 1) - 1
    this.holders[slot] = left
    if (left === 0) this.free.push(slot)
  }

  octets(slot: number): Uint8Array {
    const view = this.views[slot]
    if (view === undefined) throw new RangeError(`no frame slot ${slot}`)
    return view
  }

  length(slot: number): number {
    return this.lengths[slot] ?? 0
  }

  ordinal(slot: number): number {
    return this.ordinals[slot] ?? 0
  }

  clear(): void {
    this.free.length = 0
    for (let slot = this.views.length - 1; slot >= 0; slot--) this.free.push(slot)
  }

  private grow(): number {
    const before = this.views.length
    const chunk = new Uint8Array(slotsPerChunk * slotOctets)
    for (let i = 0; i < slotsPerChunk; i++) this.views.push(chunk.subarray(i * slotOctets, (i + 1) * slotOctets))
    const lengths = new Uint16Array(this.views.length)
    const ordinals = new Float64Array(this.views.length)
    const holders = new Uint8Array(this.views.length)
    lengths.set(this.lengths)
    ordinals.set(this.ordinals)
    holders.set(this.holders)
    this.lengths = lengths
    this.ordinals = ordinals
    this.holders = holders
    for (let slot = this.views.length - 1; slot > before; slot--) this.free.push(slot)
    return before
  }
}
