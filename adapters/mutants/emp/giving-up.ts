// Mutants that give a peer up too early, too late, or only half.
import { stat } from '../../../reference/emp/descriptors.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

class OneTooFew extends Sender {
  protected override retriesSpent(flight: number): boolean {
    const { retries } = this.board.configuration
    return retries > 0 && this.window.retriesOf(flight) >= retries - 1
  }
}

class OneTooMany extends Sender {
  protected override retriesSpent(flight: number): boolean {
    const { retries } = this.board.configuration
    return retries > 0 && this.window.retriesOf(flight) > retries
  }
}

class NeverGivesUp extends Sender {
  protected override retriesSpent(_flight: number): boolean {
    return false
  }
}

/** So often is enough for it, when no limit is configured. */
const ownLimit = 100

class LimitOfItsOwn extends Sender {
  protected override retriesSpent(flight: number): boolean {
    return this.window.retriesOf(flight) >= ownLimit || super.retriesSpent(flight)
  }
}

/** Counts over the whole message, whatever was acknowledged. */
class CountsOn extends Sender {
  private readonly counts = new Map<number, number>()

  override start(head: number): void {
    this.counts.delete(head)
    super.start(head)
  }

  protected override retriesSpent(flight: number): boolean {
    const { retries } = this.board.configuration
    const head = this.window.messageOf(flight)
    const count = this.counts.get(head) ?? 0
    this.counts.set(head, count + 1)
    return retries > 0 && count >= retries
  }
}

class OnlyThatSend extends Sender {
  protected override giveUp(peer: number): void {
    const head = this.peers.findIndex((each, at) => each === peer && this.window.first(at) >= 0)
    if (head >= 0) this.finish(head, stat.failed)
  }
}

class TriesAgainLater extends Sender {
  protected override hasGivenUp(_peer: number): boolean {
    return false
  }
}

class GivesAllUp extends Sender {
  protected override giveUp(_peer: number): void {
    for (let peer = 0; peer < this.board.nodes; peer++) super.giveUp(peer)
  }
}

class FailsAsDone extends Sender {
  protected override finish(head: number, outcome?: number): void {
    super.finish(head, outcome === stat.failed ? stat.done : outcome)
  }
}

/** In nanoseconds: an hour. */
const farAway = 3_600_000_000_000

class LeavesTimer extends Sender {
  protected override giveUp(peer: number): void {
    const flight = this.window.turn
    super.giveUp(peer)
    this.board.timers.arm(Math.max(0, flight), this.board.now + farAway)
  }
}

export const givingUpMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-gives-up-early',
    words: 'Gives a peer up one retransmission before the limit.',
    violates: ['EMP-REL-022'],
    make: withEmpParts({ sender: OneTooFew }),
  },
  {
    name: 'emp-gives-up-late',
    words: 'Sends a collection again once more than the limit allows.',
    violates: ['EMP-REL-022'],
    make: withEmpParts({ sender: OneTooMany }),
  },
  {
    name: 'emp-never-gives-up',
    words: 'Goes on sending, whatever limit is configured.',
    violates: ['EMP-REL-022'],
    make: withEmpParts({ sender: NeverGivesUp }),
  },
  {
    name: 'emp-limit-of-its-own',
    words: 'Gives a peer up after a hundred retransmissions though no limit is configured.',
    violates: ['EMP-REL-001'],
    make: withEmpParts({ sender: LimitOfItsOwn }),
  },
  {
    name: 'emp-retries-count-on',
    words: 'Counts the retransmissions of a whole message, whatever was acknowledged in between.',
    violates: ['EMP-REL-022'],
    make: withEmpParts({ sender: CountsOn }),
  },
  {
    name: 'emp-fails-one-send',
    words: 'Fails one send to a peer that it gives up, and leaves the others as they are.',
    violates: ['EMP-REL-024'],
    make: withEmpParts({ sender: OnlyThatSend }),
  },
  {
    name: 'emp-tries-given-up-peer',
    words: 'Sends later messages to a peer that was given up.',
    violates: ['EMP-REL-024'],
    make: withEmpParts({ sender: TriesAgainLater }),
  },
  {
    name: 'emp-gives-all-up',
    words: 'Gives all peers up when one does not answer.',
    violates: ['EMP-REL-024'],
    make: withEmpParts({ sender: GivesAllUp }),
  },
  {
    name: 'emp-failed-as-done',
    words: 'Completes sends to a peer that it gives up as done.',
    violates: ['EMP-REL-022', 'EMP-REL-009'],
    make: withEmpParts({ sender: FailsAsDone }),
  },
  {
    name: 'emp-timer-after-giving-up',
    words: 'Leaves a timer armed when it has given a peer up.',
    violates: ['EMP-REL-024'],
    make: withEmpParts({ sender: LeavesTimer }),
  },
])
