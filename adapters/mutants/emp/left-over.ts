// Mutants that go by what is left of an earlier message: its count, its list, its alarm.
import { DescriptorPool, stat } from '../../../reference/emp/descriptors.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** The first collections of a message go on from what the last one of the message before in their slot had come to. */
abstract class LeftOver extends Sender {
  /** By head. */
  private left: number[] = []

  /** What a collection has come to. */
  protected abstract reached(flight: number): number
  /** A collection begins from there. */
  protected abstract begin(flight: number, left: number): void

  override clear(): void {
    super.clear()
    this.left = []
  }

  override start(head: number): void {
    super.start(head)
    const left = this.left[head]
    if (left === undefined) return
    for (let flight = this.window.first(head); flight >= 0; flight = this.window.next(flight)) this.begin(flight, left)
  }

  protected override land(flight: number): void {
    this.left[this.window.messageOf(flight)] = this.reached(flight)
    super.land(flight)
  }
}

class RetriesLeftOver extends LeftOver {
  protected override reached(flight: number): number {
    return this.window.retriesOf(flight)
  }

  protected override begin(flight: number, left: number): void {
    this.window.setRetries(flight, left)
  }
}

class TimeoutLeftOver extends LeftOver {
  protected override reached(flight: number): number {
    return this.window.timeout(flight)
  }

  protected override begin(flight: number, left: number): void {
    this.window.setTimeout(flight, left)
  }
}

/** Has one alarm, and sets it anew only when it has rung. */
class OneAlarm extends Sender {
  protected override startTimer(flight: number): void {
    const { timers, now } = this.board
    timers.arm(flight, Math.max(now + this.window.timeout(flight), timers.earliest ?? now))
  }
}

/** A list of pieces as it was fetched. */
interface List {
  readonly addresses: readonly number[]
  readonly bytes: readonly number[]
}

/** Fetches the list of a slot again only when that has another length. */
class KeepsLists extends DescriptorPool {
  private readonly lists = new Map<number, List>()

  override clear(): void {
    super.clear()
    this.lists.clear()
  }

  override pieceCount(head: number): number {
    const count = super.pieceCount(head)
    if (this.isListed(head) && this.lists.get(head)?.bytes.length !== count) {
      const indices = Array.from({ length: count }, (_, index) => index)
      this.lists.set(head, {
        addresses: indices.map((index) => super.pieceAddress(head, index)),
        bytes: indices.map((index) => super.pieceBytes(head, index)),
      })
    }
    return count
  }

  override pieceAddress(head: number, index: number): number {
    return this.listOf(head)?.addresses[index] ?? super.pieceAddress(head, index)
  }

  override pieceBytes(head: number, index: number): number {
    return this.listOf(head)?.bytes[index] ?? super.pieceBytes(head, index)
  }

  private isListed(head: number): boolean {
    return (this.stat(head) & stat.indirect) !== 0
  }

  private listOf(head: number): List | undefined {
    return this.isListed(head) ? this.lists.get(head) : undefined
  }
}

export const leftOverMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-retries-left-over',
    words: 'Counts the retransmissions of a message on from those of the message that had its slot before.',
    violates: ['EMP-REL-022'],
    make: withEmpParts({ sender: RetriesLeftOver }),
  },
  {
    name: 'emp-timeout-left-over',
    words: 'Begins a message with the timeout to which that of the message before in its slot had grown.',
    violates: ['EMP-REL-016'],
    make: withEmpParts({ sender: TimeoutLeftOver }),
  },
  {
    name: 'emp-one-alarm',
    words: 'Does not look at a timer before the earliest that was armed when it started.',
    violates: ['EMP-REL-006', 'EMP-REL-016', 'EMP-STATE-002'],
    make: withEmpParts({ sender: OneAlarm }),
  },
  {
    name: 'emp-keeps-lists',
    words: 'Goes by the list of addresses of an earlier message when that had as many pieces in the same slot.',
    violates: ['EMP-DESC-007', 'EMP-DESC-009', 'EMP-MATCH-013', 'EMP-REL-001'],
    make: withEmpParts({ descriptors: KeepsLists }),
  },
])
