// Mutants that go wrong only when frames come late, twice, or in an unlucky order.
import { serialAdd, serialDistance } from '../../../reference/core/serial.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { racesOf, withEmpParts, type Mutant } from '../mutant.ts'
import { HearsAgain } from './repeats.ts'

/** Remembers for ever in which slot each message was, and takes an acknowledgement for the message that is there now. */
class AcknowledgesSlot extends Sender {
  private slots = new Map<string, number>()

  override clear(): void {
    super.clear()
    this.slots = new Map<string, number>()
  }

  override start(head: number): void {
    super.start(head)
    this.slots.set(`${this.peers[head]}:${this.ids[head]}`, head)
  }

  override acknowledged(peer: number, id: number, frame: number): void {
    const head = this.slots.get(`${peer}:${id}`) ?? -1
    super.acknowledged(peer, this.peers[head] === peer ? (this.ids[head] ?? id) : id, frame)
  }
}

/** Opens the window by one collection more for each acknowledgement of one that is acknowledged already. */
class CreditsTwice extends HearsAgain {
  private readonly credits: number[] = []

  override start(head: number): void {
    this.credits[head] = 0
    super.start(head)
  }

  protected override heardAgain(head: number): void {
    this.credits[head] = (this.credits[head] ?? 0) + 1
    this.launch(head)
  }

  protected override windowOpen(head: number): boolean {
    return this.window.inFlight(head) < this.board.configuration.window + (this.credits[head] ?? 0)
  }
}

/** Cannot call a timer back that has run out, though that was not handled yet. */
class TimerRunsOn extends Sender {
  protected override stopTimer(flight: number): void {
    const { timers, now } = this.board
    if (!timers.due(now) || timers.first !== flight) super.stopTimer(flight)
  }
}

/** Does not hear acknowledgements of a collection while it sends that again. */
class DeafWhileResending extends Sender {
  override acknowledged(peer: number, id: number, frame: number): void {
    if (this.isResending(this.find(peer, id), frame)) this.board.dropped['stray-acknowledgement']++
    else super.acknowledged(peer, id, frame)
  }

  private isResending(head: number, frame: number): boolean {
    if (head < 0) return false
    const collection = Math.floor(frame / this.board.configuration.collection)
    const flight = this.window.find(head, collection)
    return flight >= 0 && this.window.wasSent(flight) && this.window.cursor(flight) < this.endFrame(head, collection)
  }
}

/** Looks whether a collection is all there only when its last frame comes. */
class LooksAtLastFrame extends Receiver {
  protected override acknowledgementDue(record: number, frame: number): boolean {
    const end = frame + 1
    const isLast = end % this.board.configuration.collection === 0 || end === this.unfinished.frames[record]
    return isLast && super.acknowledgementDue(record, frame)
  }
}

/** Keeps of the IDs that are done only how far they reach without a gap. */
class ForgetsAheadOfGap extends Receiver {
  protected override isDone(peer: number, id: number): boolean {
    const { unfinished } = this
    const oldest =
      unfinished.count(peer) > 0 ? unfinished.ids[unfinished.at(peer, 0)] : serialAdd(unfinished.highest(peer), 1)
    return serialDistance(oldest ?? id, id) < 0
  }
}

/** Frames of each message that it remembers. */
const memory = 6

/** Knows a duplicate only if it comes soon. */
class ShortMemory extends Receiver {
  private readonly last: number[][] = []

  protected override mark(record: number, frame: number): boolean {
    const isNew = this.unfinished.taken[record] === 0
    const last = isNew ? [] : (this.last[record] ?? [])
    this.last[record] = [...last, frame].slice(-memory)
    super.mark(record, frame)
    return !last.includes(frame)
  }
}

/** Looks whether the header of the message just before is missing, not that of any before. */
class LooksOneBack extends Matching {
  protected override heldBack(record: number): boolean {
    const { unfinished } = this
    const peer = unfinished.peers[record] ?? 0
    let before = messageState.waiting as number
    for (let i = 0; i < unfinished.count(peer); i++) {
      const each = unfinished.at(peer, i)
      if (each === record) break
      before = unfinished.state(each)
    }
    return before === messageState.unknown
  }
}

export const unluckyFrameMutants: readonly Mutant[] = racesOf('emp', [
  {
    name: 'emp-acknowledges-slot',
    words: 'Takes a late acknowledgement for one of the message that has the slot of the acknowledged one now.',
    violates: ['EMP-REL-017', 'EMP-REL-009', 'EMP-REL-001', 'EMP-MATCH-005'],
    make: withEmpParts({ sender: AcknowledgesSlot }),
  },
  {
    name: 'emp-credits-twice',
    words: 'Opens the window of a message further at each acknowledgement, also at one that comes again.',
    violates: ['EMP-REL-015'],
    make: withEmpParts({ sender: CreditsTwice }),
  },
  {
    name: 'emp-timer-runs-on',
    words:
      'Sends a collection again that has just begun, if the timer of the one before ran out as it was acknowledged.',
    violates: ['EMP-REL-006', 'EMP-REL-007', 'EMP-REL-016'],
    make: withEmpParts({ sender: TimerRunsOn }),
  },
  {
    name: 'emp-deaf-while-resending',
    words: 'Ignores the acknowledgement of a collection that comes while the collection is being sent again.',
    violates: ['EMP-REL-009'],
    make: withEmpParts({ sender: DeafWhileResending }),
  },
  {
    name: 'emp-looks-at-last-frame',
    words: 'Does not acknowledge a collection when a gap is filled after its last frame has come.',
    violates: ['EMP-REL-003', 'EMP-REL-010'],
    make: withEmpParts({ receiver: LooksAtLastFrame }),
  },
  {
    name: 'emp-forgets-ahead-of-gap',
    words: 'Takes a message for new that comes again, if it was done while an earlier one was not.',
    violates: ['EMP-REL-011', 'EMP-REL-001', 'EMP-MATCH-001', 'EMP-MATCH-003', 'EMP-MATCH-004'],
    make: withEmpParts({ receiver: ForgetsAheadOfGap }),
  },
  {
    name: 'emp-short-memory',
    words: 'Counts a frame twice that comes again after six others of its message.',
    violates: ['EMP-REL-010', 'EMP-REL-001', 'EMP-REL-020'],
    make: withEmpParts({ receiver: ShortMemory }),
  },
  {
    name: 'emp-looks-one-back',
    words: 'Lets a message overtake one whose header is missing if the header of one between them has come.',
    violates: ['EMP-MATCH-003', 'EMP-MATCH-001'],
    make: withEmpParts({ matching: LooksOneBack }),
  },
])
