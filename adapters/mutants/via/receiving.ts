// Mutants of the VIA reference that give a message the wrong receive, or write where it does not belong.
import type { Channel } from '../../../reference/via/channel.ts'
import { Connector } from '../../../reference/via/connector.ts'
import { frameFlag, reasons } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { Intake } from '../../../reference/via/intake.ts'
import type { Posting, Vi } from '../../../reference/via/objects.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

/** Whether a receive of the VI waits for a message. */
function hasReceive({ recv }: Vi): boolean {
  return recv.postings.some(({ state }) => state === 'posted')
}

class EmptyTakesNone extends Receiver {
  override data(channel: Channel, header: ViaHeader): void {
    if (header.total > 0) {
      super.data(channel, header)
      return
    }
    const wanted = channel.reliable ? this.acceptsNext(channel, header) : this.acceptsSome(channel, header)
    if (wanted) channel.placed = header.message + 1
    if (wanted) channel.message = header.message
    this.board.ring.discard()
  }
}

class WholeWords extends Receiver {
  override scatter(posting: Posting, landing: Landing, frame: number): boolean {
    return super.scatter(posting, { ...landing, bytes: Math.ceil(landing.bytes / 8) * 8 }, frame)
  }
}

/** Says that a receive which was too small took a part, and the one behind it the rest. */
class Spans extends Receiver {
  protected override fits(posting: Posting, total: number): boolean {
    if (super.fits(posting, total)) return true
    const next = this.board.queues.takeReceive(posting.vi)
    if (next) this.board.completions.complete(next, 0, total - posting.total)
    return false
  }
}

class Truncates extends Receiver {
  protected override fits(): boolean {
    return true
  }
}

/** Writes what does not fit behind the last segment. */
class Overruns extends Receiver {
  protected override fits(posting: Posting, total: number): boolean {
    const last = posting.segments.at(-1)
    if (last && total > posting.total) {
      const longer = { ...last, bytes: last.bytes + total - posting.total }
      if (!this.board.protection.allows(posting.vi, longer)) return super.fits(posting, total)
      posting.segments = [...posting.segments.slice(0, -1), longer]
    }
    return true
  }
}

/** Lets a reliable sender try until there is a receive. */
class WaitsForReceive extends Receiver {
  protected override acceptsNext(channel: Channel, header: ViaHeader): boolean {
    if (header.flags & frameFlag.first && !channel.receiving && !hasReceive(channel.vi)) {
      return false
    }
    return super.acceptsNext(channel, header)
  }
}

/** Drops what finds no receive, whatever the level. */
class DropsSilently extends Receiver {
  protected override noReceive(): void {}
}

class DropsUnreported extends Receiver {
  protected override noReceive(landing: Landing): void {
    if (landing.channel.reliable) super.noReceive(landing)
  }
}

/** Breaks an unreliable connection, too, when a message finds no receive. */
class NoReceiveBreaks extends Receiver {
  protected override noReceive(landing: Landing): void {
    super.noReceive(landing)
    this.board.lifecycle.break(landing.channel, reasons.badReceive, landing.message)
  }
}

class FailedReceiveBreaks extends Receiver {
  protected override fail(landing: Landing, posting: Posting): void {
    super.fail(landing, posting)
    this.board.lifecycle.break(landing.channel, reasons.badReceive, landing.message)
  }
}

/** Lets frames find their way into a receive whose connection has ended meanwhile. */
class LateChannels extends Connector {
  private readonly late = new Map<number, Channel>()

  override clear(): void {
    super.clear()
    this.late.clear()
  }

  override close(channel: Channel): void {
    super.close(channel)
    if (!channel.receiving) return
    channel.open = true
    this.late.set(channel.number, channel)
  }

  override channel(number: number, node: number, remote: number): Channel | undefined {
    const late = this.late.get(number)
    return super.channel(number, node, remote) ?? (late?.node === node ? late : undefined)
  }
}

class LateIntake extends Intake {
  protected override isConnected(): boolean {
    return true
  }
}

class LateReceiver extends Receiver {
  protected override isOurs(): boolean {
    return true
  }

  protected override finish(landing: Landing, posting: Posting): void {
    if (posting.state === 'active') super.finish(landing, posting)
  }
}

export const receivingMutants = mutantsOf('via', [
  {
    name: 'via-empty-takes-none',
    words: 'Uses no receive for a message without data.',
    violates: ['VIA-RECV-001', 'VIA-DESC-010', 'VIA-IMM-004', 'VIA-SEND-002'],
    make: withViaParts({ receiver: EmptyTakesNone }),
  },
  {
    name: 'via-writes-whole-words',
    words: 'Writes whole words of eight octets, also behind the end of a message.',
    violates: ['VIA-RECV-003'],
    make: withViaParts({ receiver: WholeWords }),
  },
  {
    name: 'via-message-spans-receives',
    words: 'Lets a message that is too long use up the next receive as well.',
    violates: ['VIA-RECV-004'],
    make: withViaParts({ receiver: Spans }),
  },
  {
    name: 'via-truncates',
    words: 'Completes a receive well that was too small for its message.',
    violates: ['VIA-RECV-005', 'VIA-ERR-013', 'VIA-ERR-014', 'VIA-ERR-015'],
    make: withViaParts({ receiver: Truncates }),
  },
  {
    name: 'via-overruns',
    words: 'Writes a message that is too long beyond the segments of its receive.',
    violates: ['VIA-RECV-005', 'VIA-RECV-006', 'VIA-ERR-013', 'VIA-ERR-014', 'VIA-ERR-015'],
    make: withViaParts({ receiver: Overruns }),
  },
  {
    name: 'via-waits-for-receive',
    words: 'Lets a reliable message wait at the sender until a receive is posted.',
    violates: ['VIA-RECV-008', 'VIA-ERR-011', 'VIA-ERR-012'],
    make: withViaParts({ receiver: WaitsForReceive }),
  },
  {
    name: 'via-drops-silently',
    words: 'Drops a message that finds no receive, whatever the level, and tells nobody.',
    violates: ['VIA-ERR-010', 'VIA-ERR-011', 'VIA-ERR-012'],
    make: withViaParts({ receiver: DropsSilently }),
  },
  {
    name: 'via-unreliable-drop-unreported',
    words: 'Does not tell the error handler that an unreliable message found no receive.',
    violates: ['VIA-ERR-010'],
    make: withViaParts({ receiver: DropsUnreported }),
  },
  {
    name: 'via-no-receive-breaks',
    words: 'Breaks an unreliable connection when a message finds no receive.',
    violates: ['VIA-ERR-010', 'VIA-REL-016'],
    make: withViaParts({ receiver: NoReceiveBreaks }),
  },
  {
    name: 'via-failed-receive-breaks',
    words: 'Breaks an unreliable connection when a receive has failed.',
    violates: ['VIA-ERR-013', 'VIA-ERR-016', 'VIA-REL-016'],
    make: withViaParts({ receiver: FailedReceiveBreaks }),
  },
  {
    name: 'via-flushed-receive-written',
    words: 'Writes on into a receive that was flushed while its message came.',
    violates: ['VIA-FLUSH-008', 'VIA-RECV-006'],
    make: withViaParts({ connector: LateChannels, intake: LateIntake, receiver: LateReceiver }),
  },
])
