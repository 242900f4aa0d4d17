// Mutants of those who added wildcards, probes and cancels to a NIC that knew exact receives alone.
import type { Answer } from '../../../reference/core/buffers.ts'
import type { FrameView } from '../../../reference/emp/frame.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { stat } from '../../../reference/emp/descriptors.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Keeps receives for any node in a list of their own, behind those for any tag of one node. */
class AnyNodeBehindAnyTag extends Matching {
  protected override choose(peer: number, tag: number): number {
    const oldest = super.choose(peer, tag)
    if (oldest < 0 || this.descriptors.peer(oldest) !== empAny) return oldest
    const anyTag = [...this.posted.subarray(0, this.count)].find(
      (head) => this.descriptors.peer(head) === peer && this.descriptors.tag(head) === empAny,
    )
    return anyTag ?? oldest
  }
}

/** Knows by the receive whose data it is: one for any node takes that of every node. */
class MixesNodes extends Receiver {
  override receive(view: FrameView): void {
    const record = view.frame === 0 ? -1 : this.forAnyNode(view)
    if (record < 0) super.receive(view)
    else this.accept(record, view)
  }

  private forAnyNode({ message, frame, length }: FrameView): number {
    const { unfinished, board } = this
    return unfinished.states.findIndex(
      (state, record) =>
        state === messageState.active &&
        unfinished.ids[record] === message &&
        board.descriptors.peer(unfinished.heads[record] ?? 0) === empAny &&
        frame < (unfinished.frames[record] ?? 0) &&
        length === board.fragments.bytes(unfinished.totals[record] ?? 0, frame),
    )
  }
}

/** Looks through the nodes in their order for a probe. */
class ProbesByNode extends HostLibrary {
  protected override look(from: number, tag: number): Answer {
    if (from !== empAny) return super.look(from, tag)
    for (let node = 0; node < this.means.nodes; node++) {
      const answer = super.look(node, tag)
      if (answer.status === 'ok') return answer
    }
    return { status: 'pending' }
  }
}

/** Remembers what the last probe has found, and gives it to the next receive that fits. */
class KeepsFound extends Matching {
  private found = -1
  private id = -1

  override clear(): void {
    super.clear()
    this.found = -1
  }

  override find(peer: number, tag: number): number {
    this.found = super.find(peer, tag)
    this.id = this.unfinished.ids[this.found] ?? -1
    return this.found
  }

  override post(head: number): void {
    const { found, unfinished } = this
    this.found = -1
    const isThere = found >= 0 && unfinished.ids[found] === this.id && unfinished.state(found) === messageState.waiting
    if (isThere && this.compatible(head, unfinished.peers[found] ?? 0, unfinished.tags[found] ?? 0)) {
      unfinished.states[found] = messageState.active
      unfinished.heads[found] = head
      return
    }
    super.post(head)
    this.found = -1
  }
}

/** Reserves a receive for a message that is held back. */
class ReservesForHeld extends Matching {
  override withdraw(head: number): boolean {
    const { unfinished } = this
    for (let peer = 0; peer < unfinished.peerCount; peer++) {
      for (let i = 0; i < unfinished.count(peer); i++) {
        const record = unfinished.at(peer, i)
        if (unfinished.state(record) !== messageState.waiting) continue
        if (this.choose(peer, unfinished.tags[record] ?? 0) === head) return false
      }
    }
    return super.withdraw(head)
  }
}

/** Has nothing to write for an empty message, and so hands the receive back as it was posted. */
class EmptyAsPosted extends Receiver {
  protected override finish(record: number): void {
    if (this.unfinished.totals[record] === 0) this.board.status.finish(this.unfinished.heads[record] ?? 0, 0, stat.done)
    else super.finish(record)
  }
}

export const wildcardsLaterMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-any-node-behind-any-tag',
    words: 'Gives a message to a receive for any tag of its node before an older one for any node.',
    violates: ['EMP-MATCH-018'],
    make: withEmpParts({ matching: AnyNodeBehindAnyTag }),
  },
  {
    name: 'emp-mixes-nodes',
    words: 'Takes data of another node for that of the message with the same ID that a receive for any node has taken.',
    violates: ['EMP-REL-001', 'EMP-MATCH-014', 'EMP-STATE-002', 'EMP-REL-002', 'EMP-REL-010', 'EMP-REL-020'],
    make: withEmpParts({ receiver: MixesNodes }),
  },
  {
    name: 'emp-probe-by-node',
    words: 'Finds for any node the message of the lowest node, and not that which a receive would take.',
    violates: ['EMP-MATCH-017'],
    make: withEmpParts({ host: ProbesByNode }),
  },
  {
    name: 'emp-keeps-found',
    words: 'Gives the next receive that fits the message that a probe has found, though an older one fits as well.',
    violates: ['EMP-MATCH-018', 'EMP-MATCH-020'],
    make: withEmpParts({ matching: KeepsFound }),
  },
  {
    name: 'emp-reserves-for-held',
    words: 'Cancels no receive that a message fits which is held back.',
    violates: ['EMP-MATCH-016'],
    make: withEmpParts({ matching: ReservesForHeld }),
  },
  {
    name: 'emp-empty-as-posted',
    words: 'Reports node and tag of a receive as they were posted, any, when its message is empty.',
    violates: ['EMP-MATCH-014', 'EMP-MATCH-015'],
    make: withEmpParts({ receiver: EmptyAsPosted }),
  },
])
