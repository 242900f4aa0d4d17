// Mutants whose activities depend on the order in which they go: a status before its data, two messages for one receive.
import { stat } from '../../../reference/emp/descriptors.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { StatusWriter } from '../../../reference/emp/status.ts'
import { racesOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Queues the status when all frames are taken: all is well as long as the data is written before it. */
class StatusOnReceipt extends Receiver {
  protected override statusDue(record: number): boolean {
    return (this.unfinished.taken[record] ?? 0) >= (this.unfinished.frames[record] ?? 0)
  }
}

/** Has one register for the status of a send, and one for that of a receive. */
class OneStatus extends StatusWriter {
  private readonly busy = new Set<number>()

  override clear(): void {
    super.clear()
    this.busy.clear()
  }

  override finish(head: number, bytes: number, outcome: number): void {
    const direction = this.descriptors.stat(head) & stat.send
    if (this.busy.has(direction)) return
    this.busy.add(direction)
    super.finish(head, bytes, outcome)
  }

  protected override complete(head: number, bytes: number, outcome: number): void {
    this.busy.delete(this.descriptors.stat(head) & stat.send)
    super.complete(head, bytes, outcome)
  }
}

/** Takes a receive for which a header comes off the list only when data of its message is written. */
class TakesLate extends Matching {
  private readonly taken = new Set<number>()
  private isPosting = false

  override clear(): void {
    super.clear()
    this.taken.clear()
  }

  override post(head: number): void {
    this.isPosting = true
    super.post(head)
    this.isPosting = false
  }

  settle(): void {
    for (const head of this.taken) super.remove(head)
    this.taken.clear()
  }

  protected override remove(head: number): void {
    if (this.isPosting) super.remove(head)
    else this.taken.add(head)
  }
}

class SettlesOnWriting extends Receiver {
  override write(): void {
    super.write()
    if (this.matching instanceof TakesLate) this.matching.settle()
  }
}

export const racingActivityMutants: readonly Mutant[] = racesOf('emp', [
  {
    name: 'emp-status-on-receipt',
    words: 'Queues the status of a receive when its last frame is taken, and trusts that its data is written before.',
    // Once the length of a message stands in the descriptor, that of the buffer is not known any more.
    violates: ['EMP-REL-020', 'EMP-MATCH-013'],
    make: withEmpParts({ receiver: StatusOnReceipt }),
  },
  {
    name: 'emp-one-status',
    words: 'Loses the status of a request that finishes before that of another of its kind is written.',
    violates: ['EMP-MATCH-012', 'EMP-HOST-001', 'EMP-HOST-003', 'EMP-HOST-004', 'EMP-REL-001', 'EMP-REL-024'],
    make: withEmpParts({ status: OneStatus }),
  },
  {
    name: 'emp-takes-receive-late',
    words: 'Gives a receive to a second message as well whose header comes before data of the first is written.',
    violates: ['EMP-MATCH-001', 'EMP-MATCH-003', 'EMP-MATCH-012', 'EMP-DESC-010', 'EMP-REL-001', 'EMP-REL-011'],
    make: withEmpParts({ matching: TakesLate, receiver: SettlesOnWriting }),
  },
])
