// Moves message octets between NIC staging and the pieces of a descriptor, by physical address (E47 to E49).
import type { DescriptorPool } from './descriptors.ts'
import type { Memory } from '../core/memory.ts'

/** The NIC's walk over the pieces of each descriptor. It keeps the current piece, since frames mostly come in order. */
// cites: EMP-DESC-009
export class Dma {
  protected readonly memory: Memory
  protected readonly descriptors: DescriptorPool
  private readonly counts: Int32Array
  /** The current piece by head: its index, where it begins in the message and in the arena, and its octets. */
  private readonly pieces: Int32Array
  private readonly starts: Int32Array
  private readonly places: Int32Array
  private readonly lengths: Int32Array

  constructor(memory: Memory, descriptors: DescriptorPool, size: number) {
    this.memory = memory
    this.descriptors = descriptors
    this.counts = new Int32Array(size)
    this.pieces = new Int32Array(size)
    this.starts = new Int32Array(size)
    this.places = new Int32Array(size)
    this.lengths = new Int32Array(size)
  }

  /** Takes up the descriptor at `head`, which the host has just passed to the NIC. */
  begin(head: number): void {
    this.counts[head] = this.descriptors.pieceCount(head)
    this.load(head, 0, 0)
  }

  /** Copies `bytes` octets from `offset` of the message at `head` to arena place `to`. */
  gather(head: number, offset: number, bytes: number, to: number): void {
    const { octets } = this.memory
    for (let done = 0; done < bytes;) {
      const from = this.seek(head, offset + done)
      const part = Math.min(bytes - done, this.room(head, from))
      octets.copyWithin(to + done, from, from + part)
      done += part
    }
  }

  /** Copies `bytes` octets from arena place `from` to `offset` of the buffer at `head`. Its caller keeps to its end. */
  scatter(head: number, offset: number, bytes: number, from: number): void {
    const { octets } = this.memory
    for (let done = 0; done < bytes;) {
      const to = this.seek(head, offset + done)
      const part = Math.min(bytes - done, this.room(head, to))
      octets.copyWithin(to, from + done, from + done + part)
      done += part
    }
  }

  /** Moves to the piece that holds `offset`; the arena place of that octet. */
  private seek(head: number, offset: number): number {
    let start = this.starts[head] ?? 0
    while (offset < start) {
      const piece = (this.pieces[head] ?? 0) - 1
      start -= this.descriptors.pieceBytes(head, piece)
      this.load(head, piece, start)
    }
    for (;;) {
      const end = start + (this.lengths[head] ?? 0)
      const piece = (this.pieces[head] ?? 0) + 1
      if (offset < end || piece >= (this.counts[head] ?? 0)) break
      start = end
      this.load(head, piece, start)
    }
    return (this.places[head] ?? 0) + offset - start
  }

  /** Octets from arena place `at` to the end of the current piece. The last one counts as endless. */
  private room(head: number, at: number): number {
    if ((this.pieces[head] ?? 0) + 1 >= (this.counts[head] ?? 0)) return Number.MAX_SAFE_INTEGER
    return (this.places[head] ?? 0) + (this.lengths[head] ?? 0) - at
  }

  private load(head: number, piece: number, start: number): void {
    this.pieces[head] = piece
    this.starts[head] = start
    this.lengths[head] = this.descriptors.pieceBytes(head, piece)
    this.places[head] = this.memory.place(this.descriptors.pieceAddress(head, piece))
  }
}
