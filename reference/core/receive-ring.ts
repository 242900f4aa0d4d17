// The receive ring of a NIC: frames that arrived, until they are dropped or their data is in host memory.
import type { Memory } from './memory.ts'
import { outputSlots, ringSlots, slotOctets } from './staging.ts'

/** Up to this many octets a loop is faster than a view and `set`. */
const shortCopyMax = 128
const mask = ringSlots - 1

/**
 * Frames pass three marks in order: they arrive, they are classified, and their slot is free again. A classified frame
 * is either kept until its data is written, or discarded. A frame that arrives at a full ring is lost, as on any NIC.
 */
export class ReceiveRing {
  private readonly memory: Memory
  private readonly slotOctets: number
  private readonly frameOctets: number
  private readonly lengths = new Int32Array(ringSlots)
  /** Of a kept frame: whose it is, and where in the arena its data begins. -1: discarded. */
  private readonly owners = new Int32Array(ringSlots)
  private readonly frames = new Int32Array(ringSlots)
  private readonly dataBytes = new Int32Array(ringSlots)
  private readonly dataPlaces = new Int32Array(ringSlots)
  private arrived = 0
  private classified = 0
  private freed = 0

  constructor(memory: Memory, frameOctets: number) {
    this.memory = memory
    this.frameOctets = frameOctets
    this.slotOctets = slotOctets(frameOctets)
  }

  clear(): void {
    this.arrived = 0
    this.classified = 0
    this.freed = 0
  }

  get room(): boolean {
    return this.arrived - this.freed < ringSlots
  }

  /** Copies a frame of the link into the ring. One that is too long is remembered as such, without its end. */
  take(octets: Uint8Array, length: number): void {
    if (!this.room) return
    const place = this.nextFrame
    const kept = Math.min(length, this.frameOctets)
    const arena = this.memory.octets
    if (kept <= shortCopyMax) for (let i = 0; i < kept; i++) arena[place + i] = octets[i] ?? 0
    else if (octets.length <= this.slotOctets) arena.set(octets, place)
    else arena.set(octets.subarray(0, kept), place)
    this.frame(length)
  }

  /** Arena place of the slot that the next frame is written to. */
  get nextFrame(): number {
    return this.placeOf(this.arrived)
  }

  /** The frame at `nextFrame` is there, `length` octets long. */
  frame(length: number): void {
    this.lengths[this.arrived++ & mask] = length
  }

  /** Whether a frame waits to be classified; its place and length. */
  get waiting(): boolean {
    return this.classified < this.arrived
  }
  get place(): number {
    return this.placeOf(this.classified)
  }
  get length(): number {
    return this.lengths[this.classified & mask] ?? 0
  }

  /** The waiting frame is of no further use. */
  discard(): void {
    this.owners[this.classified++ & mask] = -1
    this.skip()
  }

  /** The data of the waiting frame, `bytes` octets `from` its begin, is to be written for `owner`. */
  keep(owner: number, frame: number, from: number, bytes: number): void {
    const i = this.classified & mask
    this.owners[i] = owner
    this.frames[i] = frame
    this.dataPlaces[i] = this.place + from
    this.dataBytes[i] = bytes
    this.classified++
  }

  /** Whether a kept frame waits to be written; what it carries. */
  get holds(): boolean {
    return this.freed < this.classified
  }
  get owner(): number {
    return this.owners[this.freed & mask] ?? -1
  }
  get heldFrame(): number {
    return this.frames[this.freed & mask] ?? 0
  }
  get heldPlace(): number {
    return this.dataPlaces[this.freed & mask] ?? 0
  }
  get heldBytes(): number {
    return this.dataBytes[this.freed & mask] ?? 0
  }

  /** The oldest kept frame has been written. */
  release(): void {
    this.freed++
    this.skip()
  }

  private skip(): void {
    while (this.freed < this.classified && (this.owners[this.freed & mask] ?? -1) < 0) this.freed++
    // An empty ring begins anew, so that the few slots in use stay in the cache.
    if (this.freed === this.arrived) this.clear()
  }

  private placeOf(frame: number): number {
    return (outputSlots + (frame & mask)) * this.slotOctets
  }
}
