// Mutants that time, repeat or limit what they send wrongly, or number it wrongly.
import { serialAdd } from '../../../reference/core/serial.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { Sender } from '../../../reference/emp/sender.ts'
import type { Duration } from '../../../spec/vocabulary/units.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

class SendsOnce extends Sender {
  protected override sendAgain(_flight: number): void {
    // The timer has run out, and nothing comes of it.
  }
}

/** Launches collections again that were acknowledged long ago. */
class SendsEverythingAgain extends Sender {
  /** By head slot, how many collections have been sent. */
  private readonly sent: number[] = []

  override start(head: number): void {
    this.sent[head] = 0
    super.start(head)
  }

  protected override startTimer(flight: number): void {
    const head = this.window.messageOf(flight)
    this.sent[head] = Math.max(this.sent[head] ?? 0, this.window.collectionOf(flight) + 1)
    super.startTimer(flight)
  }

  protected override sendAgain(flight: number): void {
    const head = this.window.messageOf(flight)
    for (let collection = 0; collection < (this.sent[head] ?? 0); collection++) {
      const first = this.firstFrame(collection)
      const known = this.window.find(head, collection)
      if (known >= 0) {
        this.window.enqueue(known, first)
        continue
      }
      const fresh = this.window.launch(head, collection, first, this.endFrame(head, collection))
      this.window.setTimeout(fresh, this.board.configuration.timeout)
    }
  }
}

/** The timer also goes on when it has run out, less and less often, as if there still were an acknowledgement to come. */
class TimerLeftArmed extends Sender {
  protected override stopTimer(_flight: number): void {
    // It stays armed.
  }

  override expire(): void {
    const flight = this.board.timers.first
    super.expire()
    if (this.window.messageOf(flight) >= 0) return
    this.window.setTimeout(flight, this.nextTimeout(this.window.timeout(flight)))
    this.startTimer(flight)
  }
}

class NoBackOff extends Sender {
  protected override nextTimeout(timeout: Duration): Duration {
    return timeout
  }
}

/** Looks at the cap before it doubles, and not after. */
class CapOvershoots extends Sender {
  protected override nextTimeout(timeout: Duration): Duration {
    return timeout < this.board.configuration.timeoutCap ? timeout * 2 : timeout
  }
}

class NoTimeoutReset extends Sender {
  protected override resetTimeouts(_head: number): void {
    // Whatever has backed off stays so.
  }
}

class NoWindow extends Sender {
  protected override windowOpen(_head: number): boolean {
    return true
  }
}

class FullCollectionsTimed extends Sender {
  protected override startTimer(flight: number): void {
    const collection = this.window.collectionOf(flight)
    const frames = this.endFrame(this.window.messageOf(flight), collection) - this.firstFrame(collection)
    if (frames === this.board.configuration.collection) super.startTimer(flight)
  }
}

/** Keeps each message as it was when the NIC fetched its descriptor. */
class HiddenCopy extends Sender {
  private readonly copies: Uint8Array[] = []

  override start(head: number): void {
    super.start(head)
    const { memory, descriptors } = this.board
    const total = this.totals[head] ?? 0
    const copy = new Uint8Array(total)
    for (let piece = 0, at = 0; at < total; piece++) {
      const place = memory.place(descriptors.pieceAddress(head, piece))
      const bytes = descriptors.pieceBytes(head, piece)
      copy.set(memory.octets.subarray(place, place + bytes), at)
      at += bytes
    }
    this.copies[head] = copy
  }

  protected override gather(head: number, frame: number, to: number): void {
    const { memory, fragments } = this.board
    const from = fragments.offset(frame)
    const end = from + fragments.bytes(this.totals[head] ?? 0, frame)
    const copy = this.copies[head]
    if (copy) memory.octets.set(copy.subarray(from, end), to)
  }
}

class OneCounter extends Sender {
  private started = 0

  override clear(): void {
    super.clear()
    this.started = 0
  }

  override start(head: number): void {
    super.start(head)
    this.ids[head] = serialAdd(this.board.configuration.firstMessage, this.started++)
  }
}

/** Knows that nothing is done before the first message, but not that the counter wraps. */
class PlainComparison extends Receiver {
  protected override isDone(peer: number, id: number): boolean {
    const highest = this.unfinished.highest(peer)
    const before = serialAdd(this.board.configuration.firstMessage, -1)
    return highest !== before && id <= highest
  }
}

export const retransmissionMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-no-retransmit',
    words: 'Sends every frame once, whatever becomes of it.',
    violates: ['EMP-REL-001', 'EMP-REL-006', 'EMP-REL-021', 'EMP-MATCH-005', 'EMP-MATCH-006'],
    make: withEmpParts({ sender: SendsOnce }),
  },
  {
    name: 'emp-resends-everything',
    words: 'Sends all of a message that was ever sent again when one of its collections is not acknowledged in time.',
    violates: ['EMP-REL-007'],
    make: withEmpParts({ sender: SendsEverythingAgain }),
  },
  {
    name: 'emp-timer-left-armed',
    words: 'Leaves the timer of a collection running when the collection is acknowledged.',
    violates: ['EMP-REL-012'],
    make: withEmpParts({ sender: TimerLeftArmed }),
  },
  {
    name: 'emp-no-back-off',
    words: 'Never lengthens the timeout of a collection that is not acknowledged.',
    violates: ['EMP-REL-016'],
    make: withEmpParts({ sender: NoBackOff }),
  },
  {
    name: 'emp-cap-overshoots',
    words: 'Doubles a timeout that is below the cap, also where it ends above it.',
    violates: ['EMP-REL-016'],
    make: withEmpParts({ sender: CapOvershoots }),
  },
  {
    name: 'emp-no-timeout-reset',
    words: 'Keeps the lengthened timeouts of the other collections when one of the message is acknowledged.',
    violates: ['EMP-REL-016'],
    make: withEmpParts({ sender: NoTimeoutReset }),
  },
  {
    name: 'emp-ignores-window',
    words: 'Sends all collections of a message at once.',
    violates: ['EMP-REL-015'],
    make: withEmpParts({ sender: NoWindow }),
  },
  {
    name: 'emp-short-tail-forgotten',
    words: 'Never times a last collection that has fewer frames than the others.',
    violates: ['EMP-REL-014', 'EMP-REL-001', 'EMP-REL-006'],
    make: withEmpParts({ sender: FullCollectionsTimed }),
  },
  {
    name: 'emp-sends-hidden-copy',
    words: 'Sends from a copy that it took of the message at posting, not from the memory of the host.',
    violates: ['EMP-MEM-002'],
    make: withEmpParts({ sender: HiddenCopy }),
  },
  {
    name: 'emp-ids-global',
    words: 'Counts message IDs once for all peers together.',
    violates: ['EMP-STATE-002', 'EMP-REL-018'],
    make: withEmpParts({ sender: OneCounter }),
  },
  {
    name: 'emp-plain-id-compare',
    words: 'Compares message IDs as plain numbers, so that after the largest every message counts as done.',
    violates: ['EMP-REL-019'],
    make: withEmpParts({ receiver: PlainComparison }),
  },
])
