// Mutants that keep for a peer what belongs to one of its messages, so that messages disturb each other.
import { Sender } from '../../../reference/emp/sender.ts'
import type { Duration } from '../../../spec/vocabulary/units.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** All messages to a peer share one window. */
class SharedWindow extends Sender {
  /** Heads of the messages in flight, oldest first. */
  private outstanding: readonly number[] = []

  override clear(): void {
    super.clear()
    this.outstanding = []
  }

  override start(head: number): void {
    const isLost = this.hasGivenUp(this.board.descriptors.peer(head))
    if (!isLost) this.outstanding = [...this.outstanding, head]
    super.start(head)
  }

  protected override windowOpen(head: number): boolean {
    const flights = this.toPeerOf(head).reduce((sum, other) => sum + this.window.inFlight(other), 0)
    return flights < this.board.configuration.window
  }

  protected override land(flight: number): void {
    const head = this.window.messageOf(flight)
    super.land(flight)
    for (const other of this.toPeerOf(head)) this.launch(other)
  }

  protected override finish(head: number, outcome?: number): void {
    this.outstanding = this.outstanding.filter((other) => other !== head)
    super.finish(head, outcome)
  }

  private toPeerOf(head: number): readonly number[] {
    return this.outstanding.filter((other) => this.peers[other] === this.peers[head])
  }
}

/** All messages to a peer share one timeout, which each expiry doubles. */
class SharedBackOff extends Sender {
  /** By peer, once it is no longer the first. */
  private timeouts = new Map<number, Duration>()

  override clear(): void {
    super.clear()
    this.timeouts = new Map<number, Duration>()
  }

  override expire(): void {
    const flight = this.board.timers.first
    const peer = this.peerOf(flight)
    this.share(flight)
    super.expire()
    this.timeouts.set(peer, this.window.timeout(flight))
  }

  protected override startTimer(flight: number): void {
    this.share(flight)
    super.startTimer(flight)
  }

  protected override resetTimeouts(head: number): void {
    super.resetTimeouts(head)
    this.timeouts.delete(this.peers[head] ?? 0)
  }

  private share(flight: number): void {
    this.window.setTimeout(flight, this.timeouts.get(this.peerOf(flight)) ?? this.board.configuration.timeout)
  }

  private peerOf(flight: number): number {
    return this.peers[this.window.messageOf(flight)] ?? 0
  }
}

export const sharedStateMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-shares-window',
    words: 'Counts the collections of all messages to a peer against one window.',
    violates: ['EMP-MATCH-004'],
    make: withEmpParts({ sender: SharedWindow }),
  },
  {
    name: 'emp-shares-back-off',
    words: 'Doubles the timeout of all messages to a peer whenever one of them is not acknowledged in time.',
    violates: ['EMP-REL-016'],
    make: withEmpParts({ sender: SharedBackOff }),
  },
])
