// Mutants that do two things right, each alone, and go wrong where they meet: late, too long, empty, to itself, or by wildcard.
import { serialAdd } from '../../../reference/core/serial.ts'
import { EmpEndpoint } from '../../../reference/emp/endpoint.ts'
import type { FrameView } from '../../../reference/emp/frame.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import type { Call } from '../../../spec/vocabulary/calls.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Knows which receives were bound to a message that had waited for them. */
class NotesLate extends Matching {
  private readonly late = new Set<number>()

  override clear(): void {
    super.clear()
    this.late.clear()
  }

  override post(head: number): void {
    this.late.delete(head)
    super.post(head)
    if (!this.isPosted(head)) this.late.add(head)
  }

  isLate(head: number): boolean {
    return this.late.has(head)
  }
}

/** Looks whether a message fits when its header comes, and not when a receive is posted for it. */
class LateFits extends Receiver {
  private finishing = false

  protected override finish(record: number): void {
    this.finishing = this.matching instanceof NotesLate && this.matching.isLate(this.unfinished.heads[record] ?? 0)
    super.finish(record)
    this.finishing = false
  }

  protected override capacity(record: number): number {
    return this.finishing ? Infinity : super.capacity(record)
  }
}

/** Writes node and tag into a descriptor only with the good outcome. */
class LeavesTruncated extends Receiver {
  protected override finish(record: number): void {
    const { descriptors } = this.board
    const head = this.unfinished.heads[record] ?? 0
    const [peer, tag] = [descriptors.peer(head), descriptors.tag(head)]
    super.finish(record)
    if ((this.unfinished.totals[record] ?? 0) > this.capacity(record)) descriptors.bind(head, peer, tag)
  }
}

/** Has the messages that wait in the order of their IDs as plain numbers. */
class PlainOrder extends Matching {
  protected idOf(record: number): number {
    return this.unfinished.ids[record] ?? 0
  }

  /** All records of `peer`. */
  protected sorted(peer: number): readonly number[] {
    const records = Array.from({ length: this.unfinished.count(peer) }, (_, i) => this.unfinished.at(peer, i))
    return records.toSorted((one, other) => this.idOf(one) - this.idOf(other))
  }
}

class BindsInPlainOrder extends PlainOrder {
  override bind(peer: number): void {
    const { unfinished } = this
    for (const record of this.sorted(peer)) {
      if (unfinished.state(record) !== messageState.waiting) continue
      const head = this.choose(peer, unfinished.tags[record] ?? 0)
      if (head < 0 || this.heldBack(record)) continue
      this.remove(head)
      unfinished.states[record] = messageState.active
      unfinished.heads[record] = head
    }
  }
}

class ProbesInPlainOrder extends PlainOrder {
  override find(peer: number, tag: number): number {
    const found = super.find(peer, tag)
    if (peer === empAny || found < 0) return found
    const { unfinished } = this
    const first = this.sorted(peer).find((record) => {
      const fits = tag === empAny || unfinished.tags[record] === tag
      return fits && unfinished.state(record) === messageState.waiting
    })
    return first ?? found
  }
}

class EmptyOnce extends Receiver {
  protected override repeated(view: FrameView): void {
    if (view.length === 0) this.drop('duplicate')
    else super.repeated(view)
  }
}

/** Counts messages to itself with those to everybody. */
class OwnTakesId extends Sender {
  private own = 0

  override clear(): void {
    super.clear()
    this.own = 0
  }

  override start(head: number): void {
    const peer = this.board.descriptors.peer(head)
    super.start(head)
    if (peer === this.board.node) this.own++
    else this.ids[head] = serialAdd(this.ids[head] ?? 0, this.own)
  }
}

/** Goes by the size that was configured first. */
class ConfiguresOnce extends EmpEndpoint {
  private configured: number | undefined

  override apply(call: Call, now: Instant): void {
    if (call.body.operation !== 'emp.configure') return super.apply(call, now)
    this.configured ??= call.body.collection
    super.apply({ ...call, body: { ...call.body, collection: this.configured } }, now)
  }

  override reset(seed: number): void {
    super.reset(seed)
    this.configured = undefined
  }
}

/** So many cancels can be noted. */
const cancelPlaces = 16

/** Notes each cancel in a place that it never gives back. */
class CancelPlacesRunOut extends Matching {
  private withdrawn = 0

  override clear(): void {
    super.clear()
    this.withdrawn = 0
  }

  override withdraw(head: number): boolean {
    return ++this.withdrawn <= cancelPlaces && super.withdraw(head)
  }
}

export const crossingMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-late-fits',
    words: 'Completes a receive as done that was posted late and is too short for the message that waited.',
    violates: ['EMP-MATCH-009'],
    make: withEmpParts({ matching: NotesLate, receiver: LateFits }),
  },
  {
    name: 'emp-truncated-as-posted',
    words: 'Reports node and tag of a receive as they were posted, any, when its message is too long.',
    violates: ['EMP-MATCH-014', 'EMP-MATCH-015'],
    make: withEmpParts({ receiver: LeavesTruncated }),
  },
  {
    name: 'emp-waits-in-plain-order',
    words: 'Gives a receive to the message with the lowest ID of those that wait, though the IDs have begun anew.',
    violates: ['EMP-REL-019', 'EMP-MATCH-001', 'EMP-MATCH-003'],
    make: withEmpParts({ matching: BindsInPlainOrder }),
  },
  {
    name: 'emp-probes-in-plain-order',
    words: 'Finds by a probe the message with the lowest ID of those that wait, though the IDs have begun anew.',
    violates: ['EMP-REL-019', 'EMP-MATCH-017'],
    make: withEmpParts({ matching: ProbesInPlainOrder }),
  },
  {
    name: 'emp-empty-acknowledged-once',
    words: 'Does not acknowledge a message of no octets again when that is done.',
    violates: ['EMP-REL-013', 'EMP-REL-001'],
    make: withEmpParts({ receiver: EmptyOnce }),
  },
  {
    name: 'emp-own-takes-id',
    words: 'Leaves a gap in the message IDs to all others for each message to itself.',
    violates: ['EMP-REL-018', 'EMP-STATE-002'],
    make: withEmpParts({ sender: OwnTakesId }),
  },
  {
    name: 'emp-configures-once',
    words: 'Changes the collection size once, and only says so of a second change.',
    violates: ['EMP-REL-023'],
    make: (setting) => new ConfiguresOnce(setting),
  },
  {
    name: 'emp-cancel-places-run-out',
    words: 'Keeps a place for each cancel, and has 16 of them.',
    violates: ['EMP-MATCH-016'],
    make: withEmpParts({ matching: CancelPlacesRunOut }),
  },
])
