// Mutants that send again, grow patient or give up by another count than that of the one collection whose time is up.
import { Sender } from '../../../reference/emp/sender.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Goes back to the first collection that is not acknowledged, and sends from there. */
class GoesBack extends Sender {
  protected override sendAgain(flight: number): void {
    const head = this.window.messageOf(flight)
    for (let other = this.window.first(head); other >= 0; other = this.window.next(other)) {
      if (!this.window.wasSent(other)) continue
      this.stopTimer(other)
      super.sendAgain(other)
    }
  }
}

/** Does not give a peer up that has acknowledged a part of the message. */
class PatientMidway extends Sender {
  private heard = new Set<number>()

  override clear(): void {
    super.clear()
    this.heard = new Set<number>()
  }

  override start(head: number): void {
    this.heard.delete(head)
    super.start(head)
  }

  protected override land(flight: number): void {
    this.heard.add(this.window.messageOf(flight))
    super.land(flight)
  }

  protected override retriesSpent(flight: number): boolean {
    return super.retriesSpent(flight) && !this.heard.has(this.window.messageOf(flight))
  }
}

/** Believes in a peer again that it has given up when an acknowledgement comes from there. */
class Revived extends Sender {
  private revived = new Set<number>()

  override clear(): void {
    super.clear()
    this.revived = new Set<number>()
  }

  override acknowledged(peer: number, id: number, frame: number): void {
    if (super.hasGivenUp(peer)) this.revived.add(peer)
    super.acknowledged(peer, id, frame)
  }

  protected override giveUp(peer: number): void {
    this.revived.delete(peer)
    super.giveUp(peer)
  }

  protected override hasGivenUp(peer: number): boolean {
    return super.hasGivenUp(peer) && !this.revived.has(peer)
  }
}

/** Counts the retransmissions of all collections in flight of a message together. */
class RetriesAddUp extends Sender {
  protected override retriesSpent(flight: number): boolean {
    const head = this.window.messageOf(flight)
    const { retries } = this.board.configuration
    let sum = 0
    for (let other = this.window.first(head); other >= 0; other = this.window.next(other)) {
      sum += this.window.retriesOf(other)
    }
    return retries > 0 && sum >= retries
  }
}

export const sendingAgainMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-goes-back',
    words: 'Sends all unacknowledged collections of a message again when one of them is not acknowledged in time.',
    violates: ['EMP-REL-007'],
    make: withEmpParts({ sender: GoesBack }),
  },
  {
    name: 'emp-patient-midway',
    words: 'Gives no peer up that has acknowledged a part of the message.',
    violates: ['EMP-REL-022'],
    make: withEmpParts({ sender: PatientMidway }),
  },
  {
    name: 'emp-revived',
    words: 'Sends to a peer again that it had given up when a late acknowledgement comes from there.',
    violates: ['EMP-REL-024'],
    make: withEmpParts({ sender: Revived }),
  },
  {
    name: 'emp-retries-add-up',
    words: 'Counts the retransmissions of all collections of a message that are in flight together.',
    violates: ['EMP-REL-022'],
    make: withEmpParts({ sender: RetriesAddUp }),
  },
])
