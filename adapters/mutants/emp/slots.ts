// Mutants whose NIC scans or keeps its slots and receives in another way than their order and extents ask for.
import { DescriptorPool, stat } from '../../../reference/emp/descriptors.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Scans the table of descriptors from its begin, and takes the first receive that fits. */
class SlotOrder extends Matching {
  protected override choose(peer: number, tag: number): number {
    const fitting = [...this.posted.subarray(0, this.count)].filter((head) => this.compatible(head, peer, tag))
    return fitting.length === 0 ? -1 : Math.min(...fitting)
  }
}

/** Goes on in the list of receives from where the last one was taken. */
class GoesOn extends Matching {
  private at = 0

  override clear(): void {
    super.clear()
    this.at = 0
  }

  protected override choose(peer: number, tag: number): number {
    for (let i = 0; i < this.count; i++) {
      const head = this.posted[(this.at + i) % this.count] ?? 0
      if (this.compatible(head, peer, tag)) return head
    }
    return -1
  }

  protected override remove(head: number): void {
    this.at = this.posted.subarray(0, this.count).indexOf(head)
    super.remove(head)
  }
}

/** Sums the lengths of a chain up to the length that stands there when it is freed, which is the message's. */
class FreedByLength extends DescriptorPool {
  override release(head: number): void {
    const slots = this.extents[head] ?? 0
    const freed = (this.stat(head) & stat.chained) === 0 ? slots : Math.min(slots, this.slotsOfMessage(head))
    super.release(head)
    this.used.fill(1, head + freed, head + slots)
  }

  private slotsOfMessage(head: number): number {
    const most = 2 * (this.extents[head] ?? 0) - 1
    let pieces = 0
    for (let sum = 0; sum < this.totalLength(head) && pieces < most; pieces++) sum += this.pieceBytes(head, pieces)
    return 1 + Math.ceil((Math.max(1, pieces) - 1) / 2)
  }
}

/** Puts single slots that come back into a list of their own, in which no chain looks for neighbours. */
class NeverJoins extends DescriptorPool {
  private readonly singles = new Set<number>()

  override clear(): void {
    super.clear()
    this.singles.clear()
  }

  protected override freeRun(slots: number): number {
    if (slots === 1) {
      const head = super.freeRun(1)
      if (head >= 0) this.singles.add(head)
      return head
    }
    for (let run = 0, i = 0; i < this.used.length; i++) {
      run = this.used[i] || this.singles.has(i) ? 0 : run + 1
      if (run === slots) return i - slots + 1
    }
    return -1
  }
}

export const slotMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-receive-by-slot',
    words: 'Gives a message to the compatible receive in the lowest slot, not to the oldest.',
    violates: ['EMP-MATCH-001', 'EMP-MATCH-003', 'EMP-MATCH-018'],
    make: withEmpParts({ matching: SlotOrder }),
  },
  {
    name: 'emp-receive-from-last',
    words: 'Looks for the receive of a message from behind the place where the one before was found.',
    violates: ['EMP-MATCH-001', 'EMP-MATCH-003', 'EMP-MATCH-018'],
    make: withEmpParts({ matching: GoesOn }),
  },
  {
    name: 'emp-chain-freed-by-message',
    words: 'Gives back as many slots of a chain as the message has filled, and not those behind them.',
    violates: ['EMP-DESC-002', 'EMP-DESC-003', 'EMP-DESC-004', 'EMP-DESC-006'],
    make: withEmpParts({ descriptors: FreedByLength }),
  },
  {
    name: 'emp-slots-never-join',
    words: 'Makes no chain of slots that were used one by one before.',
    violates: ['EMP-DESC-003', 'EMP-DESC-006'],
    make: withEmpParts({ descriptors: NeverJoins }),
  },
])
