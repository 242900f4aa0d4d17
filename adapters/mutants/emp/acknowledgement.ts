// Mutants that acknowledge too much, too early, too little, or with the wrong frame number.
import { acknowledgementType, type FrameView } from '../../../reference/emp/frame.ts'
import { Intake } from '../../../reference/emp/intake.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import type { EmpDropReason } from '../../../spec/vocabulary/emp.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

class EveryFrame extends Receiver {
  protected override acknowledgementDue(_record: number, _frame: number): boolean {
    return true
  }
}

/** Takes the last frame of a collection for the whole of it. */
class LastFrameSuffices extends Receiver {
  protected override acknowledgementDue(record: number, frame: number): boolean {
    const { collection } = this.board.configuration
    const isLast = (frame + 1) % collection === 0 || frame + 1 === this.unfinished.frames[record]
    return isLast || super.acknowledgementDue(record, frame)
  }
}

class FirstFrameNamed extends Receiver {
  protected override acknowledgedFrame(_record: number, last: number): number {
    return last - (last % this.board.configuration.collection)
  }
}

class SilentOnDuplicates extends Receiver {
  protected override accept(record: number, view: FrameView): void {
    if (this.unfinished.marked(record, view.frame)) this.drop('duplicate')
    else super.accept(record, view)
  }

  protected override repeated(_view: FrameView): void {
    this.drop('duplicate')
  }
}

class InOrderOnly extends Receiver {
  protected override accept(record: number, view: FrameView): void {
    const { frame } = view
    if (frame > 0 && !this.unfinished.marked(record, frame - 1)) this.drop('no-receive')
    else super.accept(record, view)
  }
}

/** Marks and acknowledges data that is then dropped. */
class UnexpectedAcknowledged extends Receiver {
  protected override withoutReceive(record: number, view: FrameView): void {
    this.mark(record, view.frame)
    if (this.acknowledgementDue(record, view.frame)) this.acknowledge(view.sender, view.message, view.frame)
    super.withoutReceive(record, view)
  }
}

class FirstAcknowledgementSuffices extends Sender {
  protected override allAcknowledged(_head: number): boolean {
    return true
  }
}

/** Takes an acknowledgement that names no message in flight for one of the oldest message to its sender. */
class AnyMessageAcknowledged extends Sender {
  /** Heads of the messages in flight, oldest first. */
  private outstanding: readonly number[] = []

  override clear(): void {
    super.clear()
    this.outstanding = []
  }

  override start(head: number): void {
    this.outstanding = [...this.outstanding, head]
    super.start(head)
  }

  override acknowledged(peer: number, id: number, frame: number): void {
    const ids = this.outstanding.filter((head) => this.peers[head] === peer).map((head) => this.ids[head] ?? 0)
    super.acknowledged(peer, ids.includes(id) ? id : (ids[0] ?? id), frame)
  }

  protected override finish(head: number): void {
    this.outstanding = this.outstanding.filter((other) => other !== head)
    super.finish(head)
  }
}

/** Takes an acknowledgement of a frame that is still to be sent for one of the last that was. */
class UnsentAcknowledged extends Sender {
  /** By head slot of a message in flight, one past the last frame that was sent. */
  private sent = new Map<number, number>()

  override clear(): void {
    super.clear()
    this.sent = new Map<number, number>()
  }

  override start(head: number): void {
    this.sent.set(head, 0)
    super.start(head)
  }

  override acknowledged(peer: number, id: number, frame: number): void {
    const [, end] = [...this.sent].find(([head]) => this.peers[head] === peer && this.ids[head] === id) ?? []
    super.acknowledged(peer, id, end === undefined ? frame : Math.min(frame, end - 1))
  }

  protected override startTimer(flight: number): void {
    const head = this.window.messageOf(flight)
    const end = this.endFrame(head, this.window.collectionOf(flight))
    this.sent.set(head, Math.max(this.sent.get(head) ?? 0, end))
    super.startTimer(flight)
  }

  protected override finish(head: number): void {
    this.sent.delete(head)
    super.finish(head)
  }
}

/** Takes an acknowledgement with a length for a malformed one. */
class StrictAcknowledgement extends Intake {
  protected override wellFormed(view: FrameView): EmpDropReason | undefined {
    if (view.type === acknowledgementType && view.length !== 0) return 'malformed'
    return super.wellFormed(view)
  }
}

export const acknowledgementMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-acks-every-frame',
    words: 'Acknowledges every frame that a receive takes, not every collection.',
    violates: ['EMP-REL-002', 'EMP-REL-001'],
    make: withEmpParts({ receiver: EveryFrame }),
  },
  {
    name: 'emp-acks-early',
    words: 'Acknowledges a collection as soon as its last frame is there, even if an earlier one is missing.',
    violates: ['EMP-REL-002', 'EMP-REL-001'],
    make: withEmpParts({ receiver: LastFrameSuffices }),
  },
  {
    name: 'emp-acks-first-frame',
    words: 'Repeats the number of the first frame of a collection in its acknowledgement, not of the last received.',
    violates: ['EMP-REL-004'],
    make: withEmpParts({ receiver: FirstFrameNamed }),
  },
  {
    name: 'emp-no-reack',
    words: 'Drops frames that arrive again without acknowledging them again.',
    violates: ['EMP-REL-013', 'EMP-REL-001'],
    make: withEmpParts({ receiver: SilentOnDuplicates }),
  },
  {
    name: 'emp-drops-out-of-order',
    words: 'Drops a frame unless the frame before it has arrived.',
    violates: ['EMP-REL-008', 'EMP-REL-003'],
    make: withEmpParts({ receiver: InOrderOnly }),
  },
  {
    name: 'emp-accepts-unexpected',
    words: 'Acknowledges data that no posted receive takes, though it keeps none of it.',
    violates: ['EMP-MATCH-005', 'EMP-MATCH-006'],
    make: withEmpParts({ receiver: UnexpectedAcknowledged }),
  },
  {
    name: 'emp-done-on-first-ack',
    words: 'Reports a send as done, and forgets it, when any one of its collections is acknowledged.',
    violates: ['EMP-REL-009'],
    make: withEmpParts({ sender: FirstAcknowledgementSuffices }),
  },
  {
    name: 'emp-takes-stray-acks',
    words: 'Takes an acknowledgement of an unknown or finished message for one of the oldest message in flight.',
    violates: ['EMP-REL-017'],
    make: withEmpParts({ sender: AnyMessageAcknowledged }),
  },
  {
    name: 'emp-takes-acks-of-unsent',
    words: 'Takes an acknowledgement of a frame that was never sent for one of the last frame that was.',
    violates: ['EMP-REL-017'],
    make: withEmpParts({ sender: UnsentAcknowledged }),
  },
  {
    name: 'emp-strict-acknowledgement',
    words: 'Drops an acknowledgement that repeats the length of the frame as well.',
    violates: ['EMP-REL-004', 'EMP-REL-009'],
    make: withEmpParts({ intake: StrictAcknowledgement }),
  },
])
