// Mutants that go wrong where two features meet, or two peers, and are right with either alone.
import { stat } from '../../../reference/emp/descriptors.ts'
import { EmpEndpoint } from '../../../reference/emp/endpoint.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import type { OpenWait } from '../../../reference/emp/host.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Keeps the messages that `node` sends to itself on a stack until there is a receive. */
function ownFromStack(node: number): typeof Matching {
  return class OwnFromStack extends Matching {
    override bind(peer: number): void {
      if (peer !== node) return super.bind(peer)
      const { unfinished } = this
      for (let i = unfinished.count(peer) - 1; i >= 0; i--) {
        const record = unfinished.at(peer, i)
        if (unfinished.state(record) !== messageState.waiting) continue
        const head = this.choose(peer, unfinished.tags[record] ?? 0)
        if (head < 0) continue
        this.remove(head)
        unfinished.states[record] = messageState.active
        unfinished.heads[record] = head
      }
    }
  }
}

/** Looks, for a new receive for any node, at the one message whose header came first of those that wait. */
class LooksAtFirstHeader extends Matching {
  override post(head: number): void {
    const tag = this.descriptors.tag(head)
    const first = this.descriptors.peer(head) === empAny ? this.firstHeader(tag) : -1
    if (first >= 0 && this.heldBack(first)) this.posted[this.count++] = head
    else super.post(head)
  }

  private firstHeader(tag: number): number {
    const { unfinished } = this
    let best = -1
    for (let record = 0; record < unfinished.states.length; record++) {
      if (unfinished.state(record) !== messageState.waiting) continue
      if (tag !== empAny && tag !== unfinished.tags[record]) continue
      if (best < 0 || this.arrival(record) < this.arrival(best)) best = record
    }
    return best
  }
}

/** Keeps the headers that it misses in one list for all nodes. */
class HeldByOthers extends Matching {
  override bind(_peer: number): void {
    for (let peer = 0; peer < this.unfinished.peerCount; peer++) super.bind(peer)
  }

  protected override heldBack(_record: number): boolean {
    return this.unfinished.states.includes(messageState.unknown)
  }
}

/** Finds the message of an acknowledgement without a look at who sent that: to each peer the IDs begin alike. */
class AcknowledgedByAny extends Sender {
  protected override find(_peer: number, id: number): number {
    for (let peer = 0; peer < this.board.nodes; peer++) {
      const head = super.find(peer, id)
      if (head >= 0) return head
    }
    return -1
  }
}

/** Keeps receives with wildcards in a list of their own, and looks for what is to be cancelled in the other. */
class WithdrawsExact extends Matching {
  override withdraw(head: number): boolean {
    const isWild = this.descriptors.peer(head) === empAny || this.descriptors.tag(head) === empAny
    return !isWild && super.withdraw(head)
  }
}

/** Closes the gap that a cancelled receive leaves with the one posted last. */
class WithdrawsBySwap extends Matching {
  override withdraw(head: number): boolean {
    const at = this.posted.subarray(0, this.count).indexOf(head)
    if (at < 0) return false
    this.posted[at] = this.posted[--this.count] ?? 0
    return true
  }
}

/** Ends a wait for several at the first that has failed, whatever the others do. */
class EndsAtFailure extends HostLibrary {
  protected override isOver(wait: OpenWait): boolean {
    const { descriptors } = this.means
    return super.isOver(wait) || wait.requests.some(({ head }) => (descriptors.stat(head) & stat.failed) !== 0)
  }
}

export const cornerMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-own-from-stack',
    words: 'Gives a late receive the latest of the messages to itself that wait.',
    violates: ['EMP-MATCH-003', 'EMP-MATCH-012'],
    make: (setting) => new EmpEndpoint(setting, { matching: ownFromStack(setting.node) }),
  },
  {
    name: 'emp-looks-at-first-header',
    words: 'Gives a late receive for any node nothing while the message whose header came first is held back.',
    violates: ['EMP-MATCH-014', 'EMP-STATE-002'],
    make: withEmpParts({ matching: LooksAtFirstHeader }),
  },
  {
    name: 'emp-held-by-others',
    words: 'Holds a message back while a header of another node is missing.',
    violates: ['EMP-MATCH-004', 'EMP-MATCH-017', 'EMP-STATE-002'],
    make: withEmpParts({ matching: HeldByOthers }),
  },
  {
    name: 'emp-acknowledged-by-any',
    words: 'Finds the message of an acknowledgement by its ID alone, whichever peer has sent that.',
    violates: ['EMP-REL-009', 'EMP-REL-017', 'EMP-STATE-002'],
    make: withEmpParts({ sender: AcknowledgedByAny }),
  },
  {
    name: 'emp-withdraws-exact',
    words: 'Cancels no receive with wildcards.',
    violates: ['EMP-MATCH-016'],
    make: withEmpParts({ matching: WithdrawsExact }),
  },
  {
    name: 'emp-withdraws-by-swap',
    words: 'Puts the receive posted last into the place of one that is cancelled.',
    violates: ['EMP-MATCH-001', 'EMP-MATCH-016'],
    make: withEmpParts({ matching: WithdrawsBySwap }),
  },
  {
    name: 'emp-wait-ends-at-failure',
    words: 'Returns from a waitall as soon as one of its requests has failed.',
    violates: ['EMP-HOST-004'],
    make: withEmpParts({ host: EndsAtFailure }),
  },
])
