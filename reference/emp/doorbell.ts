// When the NIC may take up what its host asked for: it looks at the oldest, and goes by nothing but who owns it (E43).
import type { IntegerQueue } from '../core/integer-queue.ts'
import type { DescriptorPool } from './descriptors.ts'

/** Stands for a probe among what was asked. */
export const probeMark = -0x8000_0000

/** What the host has asked of its NIC and the NIC has not taken up. */
export class Doorbell {
  /** Head slots of postings; as their complement, of receives to withdraw; probes. In the order in which they were asked for. */
  protected readonly asked: IntegerQueue
  protected readonly descriptors: DescriptorPool

  constructor(asked: IntegerQueue, descriptors: DescriptorPool) {
    this.asked = asked
    this.descriptors = descriptors
  }

  /** Whether the oldest can be taken up. A posting that is being written holds up those behind it. */
  get ready(): boolean {
    if (this.asked.count === 0) return false
    const oldest = this.asked.front
    return oldest < 0 || this.isPassed(oldest)
  }

  /** Takes the oldest. */
  shift(): number {
    return this.asked.shift()
  }

  /** Whether the host has passed the descriptor at `head` to the NIC. */
  // cites: EMP-DESC-013
  protected isPassed(head: number): boolean {
    return this.descriptors.isOwned(head)
  }
}
