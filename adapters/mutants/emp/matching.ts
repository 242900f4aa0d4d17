// Mutants that give messages to the wrong receives, or to none.
import type { FrameView } from '../../../reference/emp/frame.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

class NewestReceive extends Matching {
  protected override choose(peer: number, tag: number): number {
    for (let i = this.count - 1; i >= 0; i--) {
      const head = this.posted[i] ?? 0
      if (this.compatible(head, peer, tag)) return head
    }
    return -1
  }
}

class AnyTag extends Matching {
  protected override compatible(head: number, peer: number, _tag: number): boolean {
    return this.descriptors.peer(head) === peer
  }
}

class Overtaking extends Matching {
  protected override heldBack(_record: number): boolean {
    return false
  }
}

/** Reads "expected next message ID" strictly. */
class StrictOrder extends Matching {
  protected override heldBack(record: number): boolean {
    const { unfinished } = this
    const peer = unfinished.peers[record] ?? 0
    for (let i = 0; i < unfinished.count(peer); i++) {
      const earlier = unfinished.at(peer, i)
      if (earlier === record) return false
      if (unfinished.state(earlier) !== messageState.active) return true
    }
    return false
  }
}

/** The state of a message that is neither unknown nor waits: no receive looks for it any more. */
const forgotten = 4

class ForgetsWaiting extends Receiver {
  protected override withoutReceive(record: number, view: FrameView): void {
    this.unfinished.states[record] = forgotten
    super.withoutReceive(record, view)
  }
}

class OldestForPeer extends Matching {
  /** The oldest posted receive for `peer` of any tag, or -1. */
  oldest(peer: number): number {
    return this.posted.subarray(0, this.count).find((head) => this.descriptors.peer(head) === peer) ?? -1
  }
}

/** Supposes that a message whose first frame is missing is the one that the oldest receive waits for. */
class GuessesReceive extends Receiver {
  override receive(view: FrameView): void {
    const record = view.frame > 0 ? this.guess(view) : -1
    if (record >= 0 && this.unfinished.state(record) === messageState.active) this.accept(record, view)
    else super.receive(view)
  }

  /** The record of a message of which only later frames have come; -1 for any other. */
  private guess({ sender, message }: FrameView): number {
    const { unfinished, matching, board } = this
    const head = matching instanceof OldestForPeer ? matching.oldest(sender) : -1
    const known = unfinished.find(sender, message)
    if (head < 0 || (known < 0 && this.isDone(sender, message))) return -1
    const record = known < 0 ? unfinished.add(sender, message) : known
    if (record < 0 || unfinished.state(record) !== messageState.unknown) return -1
    const total = board.descriptors.totalLength(head)
    unfinished.learn(record, { total, frames: board.fragments.count(total), tag: board.descriptors.tag(head) })
    matching.bind(sender)
    return record
  }
}

export const matchingMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-receive-lifo',
    words: 'Gives a message to the newest compatible receive, not to the oldest.',
    violates: ['EMP-MATCH-001', 'EMP-MATCH-003'],
    make: withEmpParts({ matching: NewestReceive }),
  },
  {
    name: 'emp-ignores-tag',
    words: 'Gives a message to a receive of any tag.',
    violates: ['EMP-MATCH-002'],
    make: withEmpParts({ matching: AnyTag }),
  },
  {
    name: 'emp-overtakes',
    words: 'Gives a receive to a message though the header of an earlier one from the same node is missing.',
    violates: ['EMP-MATCH-003'],
    make: withEmpParts({ matching: Overtaking }),
  },
  {
    name: 'emp-blocks-across-tags',
    words: 'Holds a message back until every earlier one from the same node has a receive.',
    violates: ['EMP-MATCH-004'],
    make: withEmpParts({ matching: StrictOrder }),
  },
  {
    name: 'emp-forgets-waiting',
    words: 'Forgets a message that has to wait, so that no receive ever takes it.',
    violates: ['EMP-MATCH-006', 'EMP-MATCH-007'],
    make: withEmpParts({ receiver: ForgetsWaiting }),
  },
  {
    name: 'emp-guesses-receive',
    words: 'Gives a message whose first frame is still missing to the oldest receive for its node, whatever the tag.',
    violates: ['EMP-MATCH-008', 'EMP-MATCH-002'],
    make: withEmpParts({ matching: OldestForPeer, receiver: GuessesReceive }),
  },
])
