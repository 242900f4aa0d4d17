// Mutants with a shorter way for what seems simple: empty messages, short ones, sizes that fit a word.
import { stat } from '../../../reference/emp/descriptors.ts'
import { acknowledgementType, type FrameView } from '../../../reference/emp/frame.ts'
import { Intake } from '../../../reference/emp/intake.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import type { EmpDropReason } from '../../../spec/vocabulary/emp.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

const wordBits = 32

/** Marks the frames of a collection in one word. */
class CollectionWord extends Receiver {
  protected override collectionComplete(record: number, collection: number): boolean {
    const size = this.board.configuration.collection
    const first = collection * size
    const end = Math.min(first + size, this.unfinished.frames[record] ?? 0)
    const bits = new Set<number>()
    for (let frame = first; frame < end; frame++) {
      if (this.unfinished.marked(record, frame)) bits.add((frame - first) % wordBits)
    }
    return bits.size >= Math.min(wordBits, end - first)
  }
}

/** Compares the length of a message with that of its receive in sixteen bits. */
class ShortComparison extends Receiver {
  protected override finish(record: number): void {
    const { peers, tags, totals, heads } = this.unfinished
    const total = totals[record] ?? 0
    const head = heads[record] ?? 0
    const capacity = this.capacity(record)
    if (total <= capacity || (total & 0xffff) > (capacity & 0xffff)) return super.finish(record)
    this.board.descriptors.bind(head, peers[record] ?? 0, tags[record] ?? 0)
    this.board.status.finish(head, this.reportedBytes(record), stat.done)
  }
}

/** Takes an acknowledgement with a length for a malformed one. */
class StrictAcknowledgement extends Intake {
  protected override wellFormed(view: FrameView): EmpDropReason | undefined {
    if (view.type === acknowledgementType && view.length !== 0) return 'malformed'
    return super.wellFormed(view)
  }
}

export const fastPathMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-collection-word',
    words: 'Marks the frames of a collection in a word of 32 bits, so that one stands for those 32 behind it.',
    violates: ['EMP-REL-002', 'EMP-REL-005'],
    make: withEmpParts({ receiver: CollectionWord }),
  },
  {
    name: 'emp-short-comparison',
    words: 'Compares the length of a message with that of its receive in sixteen bits.',
    violates: ['EMP-MATCH-009'],
    make: withEmpParts({ receiver: ShortComparison }),
  },
  {
    name: 'emp-strict-acknowledgement',
    words: 'Drops an acknowledgement that repeats the length of the frame as well.',
    violates: ['EMP-REL-004', 'EMP-REL-009'],
    make: withEmpParts({ intake: StrictAcknowledgement }),
  },
])
