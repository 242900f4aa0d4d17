// Mutants that what comes again leads astray.
import type { FrameView } from '../../../reference/emp/frame.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import { messageState } from '../../../reference/emp/unfinished.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

/** Makes something of an acknowledgement that comes again for a message that is under way. */
export abstract class HearsAgain extends Sender {
  override acknowledged(peer: number, id: number, frame: number): void {
    const head = this.find(peer, id)
    const collection = Math.floor(frame / this.board.configuration.collection)
    const isAgain = head >= 0 && frame < this.endFrame(head, collection) && this.window.find(head, collection) < 0
    super.acknowledged(peer, id, frame)
    if (isAgain) this.heardAgain(head)
  }

  protected abstract heardAgain(head: number): void
}

/** Takes each acknowledgement of a message for a sign that all is well, also one that comes again. */
class RestartsTimers extends HearsAgain {
  protected override heardAgain(head: number): void {
    for (let flight = this.window.first(head); flight >= 0; flight = this.window.next(flight)) {
      if (this.window.wasSent(flight)) this.startTimer(flight)
    }
  }
}

/** By which a message is remembered when it is done. */
function keyOf(peer: number | undefined, id: number | undefined): string {
  return `${peer}:${id}`
}

/** Does not remember messages that were too long as done, and knows nothing to do with them. */
class ForgetsTruncated extends Receiver {
  private readonly truncated = new Set<string>()

  override clear(): void {
    super.clear()
    this.truncated.clear()
  }

  protected override finish(record: number): void {
    super.finish(record)
    const { peers, ids, totals } = this.unfinished
    if ((totals[record] ?? 0) > this.capacity(record)) this.truncated.add(keyOf(peers[record], ids[record]))
  }

  protected override repeated(view: FrameView): void {
    if (this.truncated.has(keyOf(view.sender, view.message))) this.drop('duplicate')
    else super.repeated(view)
  }
}

/** Where octets of a message went: a place in the arena, and how many. */
interface Piece {
  readonly place: number
  readonly bytes: number
}

/** Moves the data of a frame to host memory before it looks whether its message is done. */
class WritesAgain extends Receiver {
  private readonly kept = new Map<string, readonly Piece[]>()

  override clear(): void {
    super.clear()
    this.kept.clear()
  }

  protected override finish(record: number): void {
    const { descriptors, memory } = this.board
    const { peers, ids, heads } = this.unfinished
    const head = heads[record] ?? 0
    const pieces = Array.from({ length: descriptors.pieceCount(head) }, (_, i) => ({
      place: memory.place(descriptors.pieceAddress(head, i)),
      bytes: descriptors.pieceBytes(head, i),
    }))
    this.kept.set(keyOf(peers[record], ids[record]), pieces)
    super.finish(record)
  }

  protected override repeated(view: FrameView): void {
    const { fragments, memory } = this.board
    let offset = fragments.offset(view.frame)
    let from = view.at + fragments.headerOctets(view.frame)
    const end = from + view.length
    for (const { place, bytes } of this.kept.get(keyOf(view.sender, view.message)) ?? []) {
      const part = Math.max(0, Math.min(end - from, bytes - offset))
      memory.octets.copyWithin(place + offset, from, from + part)
      from += part
      offset = Math.max(0, offset - bytes)
    }
    super.repeated(view)
  }
}

/** Learns the header of a message that waits anew from each frame 0. */
class LearnsAgain extends Receiver {
  override receive(view: FrameView): void {
    const { unfinished } = this
    const record = view.frame === 0 ? unfinished.find(view.sender, view.message) : -1
    if (record >= 0 && unfinished.state(record) === messageState.waiting) {
      unfinished.learn(record, view)
      this.matching.bind(view.sender)
    }
    super.receive(view)
  }
}

export const repeatMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-restarts-timers',
    words: 'Starts the timers of a message anew at each acknowledgement that comes again.',
    violates: ['EMP-REL-006', 'EMP-REL-017'],
    make: withEmpParts({ sender: RestartsTimers }),
  },
  {
    name: 'emp-forgets-truncated',
    words: 'Does not acknowledge a message again that is done and was longer than its receive.',
    violates: ['EMP-REL-013'],
    make: withEmpParts({ receiver: ForgetsTruncated }),
  },
  {
    name: 'emp-writes-again',
    words: 'Writes the data of a message that is done once more where it went, when it comes again.',
    violates: ['EMP-REL-011', 'EMP-MATCH-013'],
    make: withEmpParts({ receiver: WritesAgain }),
  },
  {
    name: 'emp-learns-again',
    words: 'Believes the latest of several headers of a message that waits for a receive.',
    violates: ['EMP-FRAME-006'],
    make: withEmpParts({ receiver: LearnsAgain }),
  },
])
