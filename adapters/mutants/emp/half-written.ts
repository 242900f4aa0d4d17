// Mutants that a descriptor half written leads astray: its words come, or are read, in an order in which `stat` is not the last.
import { DescriptorPool, stat } from '../../../reference/emp/descriptors.ts'
import { Doorbell } from '../../../reference/emp/doorbell.ts'
import { StatusWriter } from '../../../reference/emp/status.ts'
import { racesOf, withEmpParts, type Mutant } from '../mutant.ts'

/** The word of a slot that holds `stat`, and the words of a slot. */
const statWord = 3
const wordsOfSlot = 5

class StatFirst extends DescriptorPool {
  protected override wordAt(_head: number, nth: number): number {
    if (nth === 0) return statWord
    return nth <= statWord ? nth - 1 : nth
  }
}

class FetchesOnBell extends Doorbell {
  protected override isPassed(_head: number): boolean {
    return true
  }
}

/** Passes a chain with its first slot, and fills the further ones afterwards. */
class TailAfterStat extends DescriptorPool {
  protected override wordAt(_head: number, nth: number): number {
    if (nth === wordsOfSlot - 1) return statWord
    return nth === statWord ? nth + 1 : nth
  }

  /** No more than the slots hold, even where the lengths do not add up yet. */
  override pieceCount(head: number): number {
    if (!(this.stat(head) & stat.chained)) return super.pieceCount(head)
    const most = 1 + 2 * (this.wordCount(head) / wordsOfSlot - 1)
    let count = 0
    for (let sum = 0; sum < this.totalLength(head) && count < most; count++) sum += this.pieceBytes(head, count)
    return count
  }
}

/** Remembers the length that the NIC found when it first looked at a slot. */
class LengthBeforeStat extends DescriptorPool {
  private readonly found = new Map<number, number>()

  override clear(): void {
    super.clear()
    this.found.clear()
  }

  look(head: number): void {
    if (!this.found.has(head)) this.found.set(head, super.totalLength(head))
  }

  override totalLength(head: number): number {
    return (this.isOwned(head) ? this.found.get(head) : undefined) ?? super.totalLength(head)
  }

  override release(head: number): void {
    super.release(head)
    this.found.delete(head)
  }
}

class LooksAtLengthFirst extends Doorbell {
  protected override isPassed(head: number): boolean {
    if (this.descriptors instanceof LengthBeforeStat) this.descriptors.look(head)
    return super.isPassed(head)
  }
}

/** Writes the status first and then, as a step of its own, the length of the message. */
class LengthAfterStatus extends StatusWriter {
  private half: { readonly head: number; readonly bytes: number } | undefined

  override clear(): void {
    super.clear()
    this.half = undefined
  }

  override get waiting(): boolean {
    return this.half !== undefined || super.waiting
  }

  override write(): void {
    const { half, descriptors } = this
    if (!half) {
      super.write()
      return
    }
    this.half = undefined
    // The host may have seen it, so that the slot is free.
    if (descriptors.stat(half.head) !== stat.free) descriptors.complete(half.head, half.bytes, 0)
    this.host.handedBack(half.head)
  }

  protected override complete(head: number, bytes: number, outcome: number): void {
    this.descriptors.complete(head, this.descriptors.totalLength(head), outcome)
    this.half = { head, bytes }
  }
}

export const halfWrittenMutants: readonly Mutant[] = racesOf('emp', [
  {
    name: 'emp-stat-first',
    words: 'Writes the word with `stat` before the other words of a descriptor.',
    violates: ['EMP-DESC-013', 'EMP-REL-001', 'EMP-HOST-001'],
    make: withEmpParts({ descriptors: StatFirst }),
  },
  {
    name: 'emp-fetches-on-bell',
    words: 'Fetches a descriptor as soon as the doorbell rings, without a look at who owns it.',
    violates: ['EMP-DESC-013', 'EMP-REL-001', 'EMP-HOST-001'],
    make: withEmpParts({ doorbell: FetchesOnBell }),
  },
  {
    name: 'emp-chain-tail-after-stat',
    words: 'Passes a chain when its first slot is written, and writes the further slots after that.',
    violates: ['EMP-DESC-013', 'EMP-DESC-009', 'EMP-REL-001'],
    make: withEmpParts({ descriptors: TailAfterStat }),
  },
  {
    name: 'emp-length-before-stat',
    words: 'Reads the length of a posting before it looks whether the posting has been passed.',
    violates: ['EMP-DESC-013', 'EMP-FRAME-002', 'EMP-MATCH-010'],
    make: withEmpParts({ descriptors: LengthBeforeStat, doorbell: LooksAtLengthFirst }),
  },
  {
    name: 'emp-length-after-status',
    words: 'Hands a descriptor back before the length of the message stands in it.',
    violates: ['EMP-DESC-010', 'EMP-MATCH-010'],
    make: withEmpParts({ status: LengthAfterStatus }),
  },
])
