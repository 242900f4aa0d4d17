// Mutants that write a message wrongly, or report wrongly or too often that it is there.
import { Dma } from '../../../reference/emp/dma.ts'
import { stat } from '../../../reference/emp/descriptors.ts'
import type { FrameView } from '../../../reference/emp/frame.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { LateData } from './late-data.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Takes frame 0 of a done message for a new one if some receive would have it. */
class DeliversAgain extends Receiver {
  protected override repeated(view: FrameView): void {
    const { sender, message } = view
    const record = view.frame === 0 ? this.unfinished.add(sender, message) : -1
    if (record < 0) {
      super.repeated(view)
      return
    }
    this.unfinished.learn(record, view)
    this.matching.bind(sender)
    if (this.unfinished.state(record) === messageState.active) {
      this.accept(record, view)
      return
    }
    this.unfinished.remove(record)
    super.repeated(view)
  }
}

class CountsDuplicates extends Receiver {
  protected override mark(record: number, frame: number): boolean {
    super.mark(record, frame)
    return true
  }
}

class PostedLength extends Receiver {
  protected override reportedBytes(record: number): number {
    return this.capacity(record)
  }
}

class WritesPastBuffer extends Receiver {
  protected override octetsToWrite(record: number, offset: number, bytes: number): number {
    // A receive of no octets has no address to write past.
    return this.capacity(record) === 0 ? super.octetsToWrite(record, offset, bytes) : bytes
  }
}

class TruncationHangs extends Receiver {
  protected override finish(record: number): void {
    if ((this.unfinished.totals[record] ?? 0) <= this.capacity(record)) super.finish(record)
  }
}

class FirstPieceOnly extends Dma {
  override scatter(head: number, offset: number, bytes: number, from: number): void {
    const room = this.descriptors.pieceBytes(head, 0) - offset
    if (room > 0) super.scatter(head, offset, Math.min(bytes, room), from)
  }
}

/** Reports a receive when its last frame has been classified; its data is moved afterwards. */
class DoneOnArrival extends Receiver {
  protected override accept(record: number, view: FrameView): void {
    const before = this.whole(record)
    super.accept(record, view)
    if (before || !this.whole(record)) return
    const truncated = (this.unfinished.totals[record] ?? 0) > this.capacity(record)
    const outcome = truncated ? stat.truncated : stat.done
    this.board.status.finish(this.unfinished.heads[record] ?? 0, this.reportedBytes(record), outcome)
  }

  protected override finish(record: number): void {
    this.unfinished.remove(record)
  }

  private whole(record: number): boolean {
    for (let frame = (this.unfinished.frames[record] ?? 0) - 1; frame >= 0; frame--) {
      if (!this.unfinished.marked(record, frame)) return false
    }
    return true
  }
}

export const deliveryMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-duplicate-delivery',
    words: 'Gives a message that is done to another receive when its first frame comes again.',
    violates: ['EMP-REL-011'],
    make: withEmpParts({ receiver: DeliversAgain }),
  },
  {
    name: 'emp-counts-duplicates',
    words: 'Counts the frames of a message instead of marking them, so that a duplicate stands for a missing one.',
    violates: ['EMP-REL-010', 'EMP-REL-001'],
    make: withEmpParts({ receiver: CountsDuplicates }),
  },
  {
    name: 'emp-done-before-data',
    words: 'Reports a receive as done when its last frame has arrived, though the data is still to be written.',
    violates: ['EMP-REL-020'],
    make: (setting) => new LateData(setting, { receiver: DoneOnArrival }),
  },
  {
    name: 'emp-reports-posted-length',
    words: 'Reports the length of the posted receive, not that of the message.',
    violates: ['EMP-MATCH-009', 'EMP-MATCH-010'],
    make: withEmpParts({ receiver: PostedLength }),
  },
  {
    name: 'emp-writes-past-buffer',
    words: 'Writes a message that is too long past the end of its receive.',
    violates: ['EMP-MATCH-013'],
    make: withEmpParts({ receiver: WritesPastBuffer }),
  },
  {
    name: 'emp-truncation-hangs',
    words: 'Never completes a receive whose message is too long.',
    violates: ['EMP-MATCH-009'],
    make: withEmpParts({ receiver: TruncationHangs }),
  },
  {
    name: 'emp-scatter-first-piece',
    words: 'Fills only the first piece of a receive and discards the rest of the message.',
    violates: ['EMP-DESC-009', 'EMP-DESC-007'],
    make: withEmpParts({ dma: FirstPieceOnly }),
  },
])
