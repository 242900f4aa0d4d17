// A first-in first-out queue of 32-bit integers that allocates only when it grows.

/** Integers in the order of their arrival. */
export class IntegerQueue {
  private ring = new Int32Array(64)
  private head = 0
  private length = 0

  get count(): number {
    return this.length
  }

  /** The oldest integer, or -1 if there is none. */
  get front(): number {
    return this.length === 0 ? -1 : (this.ring[this.head] ?? -1)
  }

  push(value: number): void {
    if (this.length === this.ring.length) this.grow()
    this.ring[(this.head + this.length) & (this.ring.length - 1)] = value
    this.length++
  }

  /** Takes the oldest integer; -1 if there is none. */
  shift(): number {
    const value = this.front
    if (this.length === 0) return value
    this.head = (this.head + 1) & (this.ring.length - 1)
    this.length--
    return value
  }

  clear(): void {
    this.head = 0
    this.length = 0
  }

  private grow(): void {
    const { ring, head } = this
    this.ring = new Int32Array(ring.length * 2)
    this.ring.set(ring.subarray(head))
    this.ring.set(ring.subarray(0, head), ring.length - head)
    this.head = 0
  }
}
