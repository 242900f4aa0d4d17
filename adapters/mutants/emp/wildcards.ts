// Mutants that misread receives for any node or any tag.
import { empAny } from '../../../spec/vocabulary/emp.ts'
import { DescriptorPool } from '../../../reference/emp/descriptors.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

class LiteralNode extends Matching {
  protected override compatible(head: number, peer: number, tag: number): boolean {
    return this.descriptors.peer(head) === peer && super.compatible(head, peer, tag)
  }
}

class LiteralTag extends Matching {
  protected override compatible(head: number, peer: number, tag: number): boolean {
    return this.descriptors.tag(head) === tag && super.compatible(head, peer, tag)
  }
}

/** Takes any tag to mean any node as well. */
class AnyTagAnyNode extends Matching {
  protected override compatible(head: number, peer: number, tag: number): boolean {
    return this.descriptors.tag(head) === empAny || super.compatible(head, peer, tag)
  }
}

/** Takes any node to mean any tag as well. */
class AnyNodeAnyTag extends Matching {
  protected override compatible(head: number, peer: number, tag: number): boolean {
    return this.descriptors.peer(head) === empAny || super.compatible(head, peer, tag)
  }
}

class ReportsAny extends DescriptorPool {
  override bind(_head: number, _peer: number, _tag: number): void {
    // What the host wrote stays.
  }
}

/** Prefers a receive that names both over an older one with wildcards. */
class ExactFirst extends Matching {
  protected override choose(peer: number, tag: number): number {
    const posted = this.posted.subarray(0, this.count)
    const exact = posted.find((head) => this.descriptors.peer(head) === peer && this.descriptors.tag(head) === tag)
    return exact ?? super.choose(peer, tag)
  }
}

/** A receive with a wildcard takes whatever header is there, though one before it is missing. */
class WildNotHeld extends Matching {
  protected override heldBack(record: number): boolean {
    const head = this.choose(this.unfinished.peers[record] ?? 0, this.unfinished.tags[record] ?? 0)
    if (head < 0) return super.heldBack(record)
    const isWild = this.descriptors.peer(head) === empAny || this.descriptors.tag(head) === empAny
    return !isWild && super.heldBack(record)
  }
}

/** A receive for any tag that is posted late takes the message that came last. */
class LatestWaiting extends Matching {
  override post(head: number): void {
    if (this.descriptors.tag(head) !== empAny) return super.post(head)
    const record = this.latest(this.descriptors.peer(head))
    if (record < 0) return super.post(head)
    this.unfinished.states[record] = messageState.active
    this.unfinished.heads[record] = head
  }

  private latest(peer: number): number {
    let found = -1
    for (let from = 0; from < this.unfinished.peerCount; from++) {
      if (peer !== empAny && peer !== from) continue
      for (let i = 0; i < this.unfinished.count(from); i++) {
        const record = this.unfinished.at(from, i)
        if (this.unfinished.state(record) === messageState.waiting) found = record
      }
    }
    return found
  }
}

/** A receive for any node does not look at what waits already. */
class WildLooksAhead extends Matching {
  override post(head: number): void {
    if (this.descriptors.peer(head) === empAny) this.posted[this.count++] = head
    else super.post(head)
  }
}

export const wildcardMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-any-node-matches-none',
    words: 'Never gives a message to a receive for any node.',
    violates: ['EMP-MATCH-014'],
    make: withEmpParts({ matching: LiteralNode }),
  },
  {
    name: 'emp-any-tag-matches-none',
    words: 'Never gives a message to a receive for any tag.',
    violates: ['EMP-MATCH-015'],
    make: withEmpParts({ matching: LiteralTag }),
  },
  {
    name: 'emp-any-tag-takes-any-node',
    words: 'Gives a receive for any tag messages of every node.',
    violates: ['EMP-MATCH-002', 'EMP-MATCH-015'],
    make: withEmpParts({ matching: AnyTagAnyNode }),
  },
  {
    name: 'emp-any-node-takes-any-tag',
    words: 'Gives a receive for any node messages with every tag.',
    violates: ['EMP-MATCH-002', 'EMP-MATCH-014'],
    make: withEmpParts({ matching: AnyNodeAnyTag }),
  },
  {
    name: 'emp-reports-wildcard',
    words: 'Reports node and tag of a receive as they were posted, any, and not those of the message.',
    violates: ['EMP-MATCH-014', 'EMP-MATCH-015'],
    make: withEmpParts({ descriptors: ReportsAny }),
  },
  {
    name: 'emp-exact-receive-first',
    words: 'Gives a message to a receive that names its node and tag before an older one with wildcards.',
    violates: ['EMP-MATCH-018'],
    make: withEmpParts({ matching: ExactFirst }),
  },
  {
    name: 'emp-wildcard-not-held',
    words: 'Gives a wildcard receive to a message though the header of an earlier one from the same node is missing.',
    violates: ['EMP-MATCH-018', 'EMP-MATCH-003'],
    make: withEmpParts({ matching: WildNotHeld }),
  },
  {
    name: 'emp-wildcard-takes-latest',
    words: 'Gives a late receive for any tag the message that came last of those that wait.',
    violates: ['EMP-MATCH-018'],
    make: withEmpParts({ matching: LatestWaiting }),
  },
  {
    name: 'emp-wildcard-looks-ahead-only',
    words: 'Gives a receive for any node only messages whose header comes after it was posted.',
    violates: ['EMP-MATCH-014', 'EMP-MATCH-006'],
    make: withEmpParts({ matching: WildLooksAhead }),
  },
])
