// Mutants that cancel the wrong receives, or not at all.
import type { Answer } from '../../../reference/core/buffers.ts'
import { stat } from '../../../reference/emp/descriptors.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { StatusWriter } from '../../../reference/emp/status.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

class Ignores extends Matching {
  override withdraw(_head: number): boolean {
    return false
  }
}

/** Says that a receive is cancelled, and goes on offering it to messages. */
class KeepsPosted extends Matching {
  override withdraw(head: number): boolean {
    return this.isPosted(head)
  }
}

class WithdrawsTaken extends Matching {
  override withdraw(head: number): boolean {
    if (super.withdraw(head)) return true
    const { unfinished } = this
    const record = unfinished.heads.findIndex(
      (each, at) => each === head && unfinished.state(at) === messageState.active,
    )
    if (record < 0) return false
    unfinished.states[record] = messageState.waiting
    return true
  }
}

class WithdrawsOldest extends Matching {
  override withdraw(head: number): boolean {
    const isThere = this.isPosted(head)
    if (isThere) this.remove(this.posted[0] ?? head)
    return isThere
  }
}

/** Overwrites the outcome of a receive that is done and has not been seen. */
class CancelsDone extends HostLibrary {
  override cancel(name: string): Answer {
    const [request] = this.find([name]) ?? []
    const answer = super.cancel(name)
    if (answer.status === 'ok' && request && this.isDone(request)) {
      this.means.descriptors.complete(request.head, 0, stat.cancelled)
    }
    return answer
  }
}

class KeepsSlots extends HostLibrary {
  protected override release(head: number): void {
    if ((this.means.descriptors.stat(head) & stat.cancelled) === 0) super.release(head)
  }
}

class AcceptsSends extends HostLibrary {
  override cancel(name: string): Answer {
    const answer = super.cancel(name)
    return answer.status === 'invalid' && this.named.has(name) ? { status: 'ok' } : answer
  }
}

/** Says ok for a request that is gone. */
class AcceptsGone extends HostLibrary {
  override cancel(name: string): Answer {
    return this.named.has(name) ? super.cancel(name) : { status: 'ok' }
  }
}

class CompletesAsDone extends StatusWriter {
  protected override complete(head: number, bytes: number, outcome: number): void {
    super.complete(head, bytes, outcome === stat.cancelled ? stat.done : outcome)
  }
}

export const cancellingMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-cancel-ignored',
    words: 'Says that a cancel was asked, and does nothing.',
    violates: ['EMP-MATCH-016'],
    make: withEmpParts({ matching: Ignores }),
  },
  {
    name: 'emp-cancel-keeps-posted',
    words: 'Completes a receive as cancelled, and still lets a message take it.',
    violates: ['EMP-MATCH-016'],
    make: withEmpParts({ matching: KeepsPosted }),
  },
  {
    name: 'emp-cancels-taken',
    words: 'Cancels a receive that a message has taken and not filled yet.',
    violates: ['EMP-MATCH-019'],
    make: withEmpParts({ matching: WithdrawsTaken }),
  },
  {
    name: 'emp-cancels-oldest',
    words: 'Withdraws the oldest receive, and completes the one that was named.',
    violates: ['EMP-MATCH-016'],
    make: withEmpParts({ matching: WithdrawsOldest }),
  },
  {
    name: 'emp-cancels-done',
    words: 'Turns a receive that is done, but not seen, into a cancelled one.',
    violates: ['EMP-MATCH-019'],
    make: withEmpParts({ host: CancelsDone }),
  },
  {
    name: 'emp-cancel-keeps-slots',
    words: 'Never gives back the slots of a cancelled receive.',
    violates: ['EMP-MATCH-016', 'EMP-DESC-004'],
    make: withEmpParts({ host: KeepsSlots }),
  },
  {
    name: 'emp-cancel-accepts-sends',
    words: 'Answers ok when a send is cancelled.',
    violates: ['EMP-MATCH-019'],
    make: withEmpParts({ host: AcceptsSends }),
  },
  {
    name: 'emp-cancel-accepts-gone',
    words: 'Answers ok when a request is cancelled that has been seen done.',
    violates: ['EMP-MATCH-019'],
    make: withEmpParts({ host: AcceptsGone }),
  },
  {
    name: 'emp-cancelled-as-done',
    words: 'Completes a cancelled receive as done.',
    violates: ['EMP-MATCH-016'],
    make: withEmpParts({ status: CompletesAsDone }),
  },
])
