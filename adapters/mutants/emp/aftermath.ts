// Mutants that give a peer up, and others with it: who sends, who waits, what was posted for any.
import type { Board } from '../../../reference/emp/board.ts'
import { stat } from '../../../reference/emp/descriptors.ts'
import type { FrameView } from '../../../reference/emp/frame.ts'
import { HostLibrary, type OpenWait } from '../../../reference/emp/host.ts'
import type { Matching } from '../../../reference/emp/matching.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** By board: its posted receives, and the peers that were given up. */
const matchings = new WeakMap<Board, Matching>()
const givenUp = new WeakMap<Board, Set<number>>()

class ShowsReceives extends Receiver {
  constructor(...given: ConstructorParameters<typeof Receiver>) {
    super(...given)
    matchings.set(this.board, this.matching)
  }
}

class FailsReceivesForAny extends Sender {
  protected override giveUp(peer: number): void {
    super.giveUp(peer)
    const { descriptors, configuration, status } = this.board
    for (let head = 0; head < configuration.descriptors; head++) {
      const isReceive = descriptors.isOwned(head) && (descriptors.stat(head) & stat.receive) !== 0
      if (!isReceive || descriptors.peer(head) !== empAny) continue
      if (matchings.get(this.board)?.withdraw(head)) status.finish(head, 0, stat.failed)
    }
  }
}

class NotesGivenUp extends Sender {
  override clear(): void {
    super.clear()
    givenUp.delete(this.board)
  }

  protected override giveUp(peer: number): void {
    super.giveUp(peer)
    givenUp.set(this.board, new Set([...(givenUp.get(this.board) ?? []), peer]))
  }
}

class DeafToGivenUp extends Receiver {
  override receive(view: FrameView): void {
    if (givenUp.get(this.board)?.has(view.sender)) this.drop('no-receive')
    else super.receive(view)
  }
}

class StopsAllTimers extends Sender {
  protected override giveUp(peer: number): void {
    super.giveUp(peer)
    for (const head of this.peers.keys()) {
      for (let flight = this.window.first(head); flight >= 0; flight = this.window.next(flight)) this.stopTimer(flight)
    }
  }
}

/** Looks at waits for the first send to a peer that fails; those for others are looked at when something else comes back. */
class WakesOne extends HostLibrary {
  private readonly failed = new Set<number>()
  private overlooks = false

  override clear(): void {
    super.clear()
    this.failed.clear()
  }

  override handedBack(head: number): void {
    this.overlooks = this.isOverlooked(head)
    super.handedBack(head)
    this.overlooks = false
  }

  protected override isOver(wait: OpenWait): boolean {
    return !this.overlooks && super.isOver(wait)
  }

  private isOverlooked(head: number): boolean {
    const { descriptors } = this.means
    if ((descriptors.stat(head) & stat.failed) === 0) return false
    const peer = descriptors.peer(head)
    const isKnown = this.failed.has(peer)
    this.failed.add(peer)
    return isKnown
  }
}

export const aftermathMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-fails-receives-for-any',
    words: 'Fails the receives for any node when it gives a peer up.',
    violates: ['EMP-REL-001', 'EMP-REL-024'],
    make: withEmpParts({ sender: FailsReceivesForAny, receiver: ShowsReceives }),
  },
  {
    name: 'emp-deaf-to-given-up',
    words: 'Takes no message of a peer any more that it has given up.',
    violates: ['EMP-MATCH-017', 'EMP-REL-003', 'EMP-REL-024'],
    make: withEmpParts({ sender: NotesGivenUp, receiver: DeafToGivenUp }),
  },
  {
    name: 'emp-giving-up-stops-timers',
    words: 'Stops the timers of messages to all peers when it gives one up.',
    violates: ['EMP-REL-024', 'EMP-REL-006', 'EMP-STATE-002'],
    make: withEmpParts({ sender: StopsAllTimers }),
  },
  {
    name: 'emp-failure-wakes-one',
    words: 'Does not wake whoever waits for the other sends to a peer that it gives up.',
    violates: ['EMP-HOST-003', 'EMP-HOST-004', 'EMP-REL-024'],
    make: withEmpParts({ host: WakesOne }),
  },
])
