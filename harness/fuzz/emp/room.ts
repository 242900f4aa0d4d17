// Where the messages of a drawn program stand in the memory of one host: buffers grow as the program needs them.
import type { Pattern, Range } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { BufferPlan } from '../../plan/permutation.ts'
import { allocationUsual } from '../../plan/usual.ts'
import { pick } from '../drawn.ts'

/** Where messages are sent from, where they are received, and memory whose pages are not locked. */
export type BufferName = 'out' | 'in' | 'loose'

/** Octets between the ranges of two messages. */
const gap = 8

/** Octets that are received over, so that they are taken for no message's. */
const blank: Pattern = { kind: 'const', seed: 0xa5 }

/** The seed of what a host sends; multiplied by the node, so that no two hosts send the same. */
const sentSeed = 0x51ed

/** How a message lies in memory: most often whole. */
const shapes = [
  'whole',
  'whole',
  'whole',
  'whole',
  'whole',
  'later-half-first',
  'over-a-page',
  'empty-piece-between',
] as const

export class Room {
  private readonly node: NodeIndex
  private readonly page: number
  private readonly used: Record<BufferName, number> = { out: 0, in: 0, loose: 0 }

  constructor(node: NodeIndex, page: number) {
    this.node = node
    this.page = page
  }

  /** Pieces of a message of so many octets in a part of the buffer that nothing else uses, in one of a few shapes. */
  take(buffer: BufferName, bytes: number, shape: number): Range[] {
    const half = bytes >> 1
    switch (pick(shapes, shape)) {
      case 'whole':
        return [this.piece(buffer, bytes)]
      case 'later-half-first':
        return [this.piece(buffer, half), this.piece(buffer, bytes - half)].toReversed()
      case 'over-a-page':
        return [this.overPage(buffer, bytes)]
      case 'empty-piece-between':
        return [this.piece(buffer, half), this.piece(buffer, 0), this.piece(buffer, bytes - half)]
    }
  }

  /** The buffers that are in use, large enough. */
  buffers(): BufferPlan[] {
    const plans: BufferPlan[] = []
    for (const as of ['out', 'in', 'loose'] as const) {
      const bytes = this.used[as]
      if (bytes === 0) continue
      const fill: Pattern = as === 'in' ? blank : { kind: 'prng', seed: sentSeed * (this.node + 1) }
      const { align, offset } = allocationUsual
      const locked = as !== 'loose'
      plans.push({
        node: this.node,
        allocate: { operation: 'memory.allocate', as, bytes, align, offset, fill, guard: gap, locked },
      })
    }
    return plans
  }

  private piece(buffer: BufferName, bytes: number): Range {
    const offset = this.used[buffer]
    this.used[buffer] = offset + bytes + gap
    return { buffer, offset, bytes }
  }

  private overPage(buffer: BufferName, bytes: number): Range {
    const end = Math.ceil((this.used[buffer] + (bytes >> 1) + 1) / this.page) * this.page
    const offset = end - (bytes >> 1)
    this.used[buffer] = offset + bytes + gap
    return { buffer, offset, bytes }
  }
}
