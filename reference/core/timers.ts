// Deadlines by small integer id, and the earliest of them: an indexed binary heap over typed arrays.
import type { Instant } from '../../spec/vocabulary/units.ts'

/** Armed deadlines. Arming and disarming cost O(log armed), reading the earliest nothing, none of them allocates. */
export class Timers {
  private at = new Float64Array(64)
  private heap = new Int32Array(64)
  /** Where an id stands in the heap, plus one; 0: not armed. */
  private place = new Int32Array(64)
  private count = 0

  /** The earliest deadline; undefined if none is armed. */
  get earliest(): Instant | undefined {
    return this.count === 0 ? undefined : this.at[this.first]
  }

  /** The id of the earliest deadline; meaningless if none is armed. */
  get first(): number {
    return this.heap[0] ?? 0
  }

  /** Whether a deadline has come. */
  due(now: Instant): boolean {
    return this.count > 0 && (this.at[this.first] ?? 0) <= now
  }

  /** Sets the deadline of `id`, armed or not. */
  arm(id: number, instant: Instant): void {
    if (id >= this.at.length) this.grow(id)
    this.disarm(id)
    this.at[id] = instant
    this.rise(this.count++, id)
  }

  disarm(id: number): void {
    const place = (this.place[id] ?? 0) - 1
    if (place < 0) return
    this.place[id] = 0
    const last = this.heap[--this.count] ?? 0
    if (last === id) return
    this.sink(place, last)
    this.rise((this.place[last] ?? 0) - 1, last)
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.place[this.heap[i] ?? 0] = 0
    this.count = 0
  }

  private rise(from: number, id: number): void {
    let hole = from
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const above = this.heap[parent] ?? 0
      if (!this.before(id, above)) break
      this.put(hole, above)
      hole = parent
    }
    this.put(hole, id)
  }

  private sink(from: number, id: number): void {
    let hole = from
    for (;;) {
      let child = 2 * hole + 1
      if (child >= this.count) break
      if (child + 1 < this.count && this.before(this.heap[child + 1] ?? 0, this.heap[child] ?? 0)) child++
      const below = this.heap[child] ?? 0
      if (!this.before(below, id)) break
      this.put(hole, below)
      hole = child
    }
    this.put(hole, id)
  }

  /** Equal deadlines go by id, so that a run repeats exactly. */
  private before(one: number, other: number): boolean {
    const difference = (this.at[one] ?? 0) - (this.at[other] ?? 0)
    return difference < 0 || (difference === 0 && one < other)
  }

  private put(place: number, id: number): void {
    this.heap[place] = id
    this.place[id] = place + 1
  }

  private grow(id: number): void {
    const size = Math.max(id + 1, this.at.length * 2)
    const { at, heap, place } = this
    this.at = new Float64Array(size)
    this.heap = new Int32Array(size)
    this.place = new Int32Array(size)
    this.at.set(at)
    this.heap.set(heap)
    this.place.set(place)
  }
}
