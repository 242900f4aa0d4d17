// Frames in flight: slots of one slab with premade views, so that a frame is copied once and nothing is allocated for it.
import { frameOctetsMax } from '../../spec/vocabulary/faults.ts'

/** Slots are made for ordinary frames; the first longer one makes them all longer. */
const slotOctetsAtFirst = 1536

const slotsPerChunk = 64

/** Up to this many octets a loop is faster than a view and `set`. */
const shortCopyMax = 64

export class FrameSlab {
  private slotOctets = slotOctetsAtFirst
  private views: Uint8Array[] = []
  private lengths = new Uint16Array(0)
  private ordinals = new Float64Array(0)
  private holders = new Uint16Array(0)
  private readonly free: number[] = []

  /** Copies a frame of at most `frameOctetsMax` octets into a slot that one arrival will use. */
  keep(octets: Uint8Array, length: number, ordinal: number): number {
    if (length > this.slotOctets) this.lengthen()
    const slot = this.free.pop() ?? this.grow()
    copyFrame(octets, length, this.octets(slot))
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

  /** The whole slot; the frame is the first `length(slot)` octets of it. */
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

  /** Makes all slots as long as the longest frame; what is in flight keeps its slot. */
  private lengthen(): void {
    const before = this.views
    this.slotOctets = frameOctetsMax
    this.views = []
    while (this.views.length < before.length) this.makeViews()
    before.forEach((view, slot) => this.views[slot]?.set(view))
  }

  private makeViews(): void {
    const chunk = new Uint8Array(slotsPerChunk * this.slotOctets)
    for (let i = 0; i < slotsPerChunk; i++)
      this.views.push(chunk.subarray(i * this.slotOctets, (i + 1) * this.slotOctets))
  }

  private grow(): number {
    const before = this.views.length
    this.makeViews()
    const lengths = new Uint16Array(this.views.length)
    const ordinals = new Float64Array(this.views.length)
    const holders = new Uint16Array(this.views.length)
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

/** Copies at least the first `length` octets to the start of `into`, without making a view where it can be avoided. */
function copyFrame(octets: Uint8Array, length: number, into: Uint8Array): void {
  if (length <= shortCopyMax) for (let i = 0; i < length; i++) into[i] = octets[i] ?? 0
  else if (octets.length <= into.length) into.set(octets)
  else into.set(octets.subarray(0, length))
}
