// What is scheduled in virtual time: a binary heap over typed arrays, first in first out among equal times.
import type { Instant } from '../../spec/vocabulary/units.ts'

/** What an event is for. */
export const eventKinds = { arrival: 0, wake: 1, release: 2 } as const

/** Events are four numbers; the queue owns their order and nothing else. */
export class EventQueue {
  /** Of the event that `pop` took out. */
  time: Instant = 0
  kind = 0
  first = 0
  second = 0

  private size = 0
  private sequence = 0
  private times = new Float64Array(256)
  private sequences = new Float64Array(256)
  /** kind, first, second of each entry. */
  private contents = new Int32Array(256 * 3)

  get length(): number {
    return this.size
  }

  /** Time of the earliest event, or Infinity. */
  get earliest(): Instant {
    return this.size === 0 ? Infinity : (this.times[0] ?? Infinity)
  }

  clear(): void {
    this.size = 0
    this.sequence = 0
  }

  push(time: Instant, kind: number, first: number, second: number): void {
    if (this.size === this.times.length) this.grow()
    const sequence = this.sequence++
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      // Equal times keep their order: a newer entry never passes an older one.
      if ((this.times[parent] ?? 0) <= time) break
      this.move(parent, hole)
      hole = parent
    }
    this.times[hole] = time
    this.sequences[hole] = sequence
    const at = hole * 3
    this.contents[at] = kind
    this.contents[at + 1] = first
    this.contents[at + 2] = second
  }

  /** Takes the earliest event into `time`, `kind`, `first`, `second`; false when there is none. */
  pop(): boolean {
    if (this.size === 0) return false
    this.time = this.times[0] ?? 0
    this.kind = this.contents[0] ?? 0
    this.first = this.contents[1] ?? 0
    this.second = this.contents[2] ?? 0
    const last = --this.size
    if (last > 0) this.sink(last)
    return true
  }

  /** Puts entry `last` where it belongs, starting from the hole at the top. */
  private sink(last: number): void {
    const time = this.times[last] ?? 0
    const sequence = this.sequences[last] ?? 0
    let hole = 0
    for (;;) {
      let child = hole * 2 + 1
      if (child >= last) break
      if (child + 1 < last && this.precedes(child + 1, child)) child++
      const childTime = this.times[child] ?? 0
      if (childTime > time || (childTime === time && (this.sequences[child] ?? 0) > sequence)) break
      this.move(child, hole)
      hole = child
    }
    this.move(last, hole)
  }

  private precedes(one: number, other: number): boolean {
    const a = this.times[one] ?? 0
    const b = this.times[other] ?? 0
    return a < b || (a === b && (this.sequences[one] ?? 0) < (this.sequences[other] ?? 0))
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] ?? 0
    this.sequences[to] = this.sequences[from] ?? 0
    this.contents[to * 3] = this.contents[from * 3] ?? 0
    this.contents[to * 3 + 1] = this.contents[from * 3 + 1] ?? 0
    this.contents[to * 3 + 2] = this.contents[from * 3 + 2] ?? 0
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2)
    const sequences = new Float64Array(this.times.length * 2)
    const contents = new Int32Array(this.contents.length * 2)
    times.set(this.times)
    sequences.set(this.sequences)
    contents.set(this.contents)
    this.times = times
    this.sequences = sequences
    this.contents = contents
  }
}
