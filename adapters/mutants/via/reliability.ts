// Mutants of the VIA reference that repair losses wrongly, or keep the promises of another reliability level.
import { serialAdd, serialDistance } from '../../../reference/core/serial.ts'
import { Channel } from '../../../reference/via/channel.ts'
import { Connector } from '../../../reference/via/connector.ts'
import { frameFlag, frameKind, reasons } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import type { Posting, Segment, Shipment, Vi } from '../../../reference/via/objects.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import { Sender } from '../../../reference/via/sender.ts'
import { viaReliabilityLevels } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

const { unreliable, 'reliable-delivery': delivery, 'reliable-reception': reception } = viaReliabilityLevels

class TakesTwice extends Receiver {
  protected override acceptsNext(channel: Channel, header: ViaHeader): boolean {
    return super.acceptsNext(channel, header) || (!channel.refusing && header.sequence < channel.expected)
  }
}

class TakesDuplicates extends Receiver {
  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    return (header.flags & frameFlag.first) !== 0 || super.acceptsSome(channel, header)
  }
}

class GapUnnoticed extends Receiver {
  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    return super.acceptsSome(channel, header) || (header.message === channel.message && header.offset > channel.offset)
  }
}

/** Takes any later frame for the next one. */
class TakesLater extends Receiver {
  protected override acceptsNext(channel: Channel, header: ViaHeader): boolean {
    const later = serialDistance(channel.expected, header.sequence) > 0
    if (later && !channel.refusing) channel.expected = header.sequence
    return super.acceptsNext(channel, header)
  }
}

/** Octets for which its buffers would do, if it had any. */
const longest = 6000

class LosesLong extends Receiver {
  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    return header.total <= longest && super.acceptsSome(channel, header)
  }
}

class StopsAtGap extends Receiver {
  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    const next = channel.message < 0 || header.message <= channel.message + 1
    return next && super.acceptsSome(channel, header)
  }
}

class GapBreaks extends Receiver {
  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    const inOrder = channel.message < 0 || header.message === channel.message || header.message === channel.message + 1
    if (!inOrder) this.board.lifecycle.break(channel, reasons.broken, 0)
    return inOrder && super.acceptsSome(channel, header)
  }
}

/** A message that fails in its receive, or finds none, is skipped. */
class SkipsBadReceive extends Lifecycle {
  override break(channel: Channel, reason: number, message: number): void {
    if (reason === reasons.badReceive) channel.refusing = false
    else super.break(channel, reason, message)
  }
}

class SkipsBadSend extends Lifecycle {
  override descriptorFailed(): void {}
}

class BadSendBreaks extends Lifecycle {
  override descriptorFailed(channel: Channel): void {
    this.break(channel, reasons.broken, 0)
  }
}

class NeverAgain extends Sender {
  protected override retransmit(): void {}
}

class OneAgainOnly extends Sender {
  protected override retransmit(channel: Channel): void {
    super.retransmit(channel)
    channel.next = serialAdd(channel.high, -1)
  }
}

class CompletesOnWire extends Sender {
  protected override isFinished(channel: Channel, posting: Posting): boolean {
    const end = serialAdd(posting.firstSequence, posting.frames)
    return channel.level === reception ? serialDistance(end, channel.next) >= 0 : super.isFinished(channel, posting)
  }
}

class CompletesOnReceipt extends Sender {
  protected override isFinished(channel: Channel, posting: Posting): boolean {
    const end = serialAdd(posting.firstSequence, posting.frames)
    return channel.level === reception ? serialDistance(end, channel.base) >= 0 : super.isFinished(channel, posting)
  }
}

class SilenceUnnoticed extends Lifecycle {
  override silent(): void {}
}

class SilenceUnreported extends Lifecycle {
  protected override lose(channel: Channel): void {
    this.enterError(channel.vi, 'lost')
    this.board.connector.close(channel)
    this.flush(channel.vi)
  }
}

class SilenceFlushes extends Lifecycle {
  protected override failTransport(): void {}
}

/** A channel of an unreliable VI that keeps what Reliable Delivery promises. */
class DeliveringChannel extends Channel {
  override get level(): number {
    return super.level === unreliable ? delivery : super.level
  }
}

class AlwaysReliable extends Connector {
  protected override channelOf(vi: Vi, number: number, node: number): Channel {
    return new DeliveringChannel(vi, number, node)
  }
}

/** A channel of a reliable VI that keeps what no level promises. */
class CarelessChannel extends Channel {
  override get level(): number {
    return unreliable
  }
}

class NeverReliable extends Connector {
  protected override channelOf(vi: Vi, number: number, node: number): Channel {
    return new CarelessChannel(vi, number, node)
  }
}

/** A message that is damaged on its way to memory is as good as another. */
class LastOctetLost extends Receiver {
  override scatter(posting: Posting, landing: Landing, frame: number): boolean {
    const whole = (landing.flags & frameFlag.last) !== 0 && landing.offset === 0
    return super.scatter(posting, whole ? landing : { ...landing, bytes: Math.max(0, landing.bytes - 1) }, frame)
  }
}

/** A send at Reliable Delivery that is complete, and of which frames may have to go again. */
function isKept(shipment: Shipment): boolean {
  return !('queue' in shipment) && shipment.kind !== frameKind.answer
}

/** Completes a send at Reliable Delivery when it is on the wire, and reads its memory again should a frame get lost. */
class MemoryAgain extends Sender {
  override transmit(): void {
    super.transmit()
    for (const { channel } of this.board.names.all('vi')) {
      if (channel?.open && channel.started.length > 0) this.goOn(channel)
    }
  }

  protected override isFinished(channel: Channel, posting: Posting): boolean {
    if (super.isFinished(channel, posting)) return true
    const { kind, firstSequence, frames } = posting
    const isOut = serialDistance(serialAdd(firstSequence, frames), channel.next) >= 0
    if (channel.level !== delivery || kind === frameKind.read || !isOut) return false
    const { vi, segments, total, target, control, immediate, message } = posting
    const kept = { vi, kind, segments, total, target, control, immediate, message, firstSequence, frames, failure: 0 }
    channel.answers.push(kept)
    return true
  }

  protected override mayRead(shipment: Shipment, segment: Segment): boolean {
    return isKept(shipment) || super.mayRead(shipment, segment)
  }
}

/** What is kept to be sent again is no answer to the peer. */
class KeepsNoAnswers extends Lifecycle {
  protected override serves(channel: Channel): boolean {
    return super.serves(channel) && (channel.answers.length === 0 || !channel.answers.every(isKept))
  }
}

export const reliabilityMutants = mutantsOf('via', [
  {
    name: 'via-takes-twice',
    words: 'Delivers frames of a reliable connection again that come again.',
    violates: ['VIA-REL-001', 'VIA-REL-007', 'VIA-REL-008', 'VIA-REL-012'],
    make: withViaParts({ receiver: TakesTwice }),
  },
  {
    name: 'via-takes-duplicates',
    words: 'Delivers an unreliable message again that comes again.',
    violates: ['VIA-REL-001'],
    make: withViaParts({ receiver: TakesDuplicates }),
  },
  {
    name: 'via-gap-unnoticed',
    words: 'Completes a receive well from whose message a frame is missing.',
    violates: ['VIA-REL-004', 'VIA-REL-002'],
    make: withViaParts({ receiver: GapUnnoticed }),
  },
  {
    name: 'via-takes-later',
    words: 'Takes a later frame of a reliable connection for the one that is missing.',
    violates: ['VIA-REL-002', 'VIA-REL-007', 'VIA-REL-008', 'VIA-REL-012'],
    make: withViaParts({ receiver: TakesLater }),
  },
  {
    name: 'via-long-unreliable-lost',
    words: 'Drops unreliable messages of more than 6000 octets without a word.',
    violates: ['VIA-REL-005', 'VIA-SEND-002'],
    make: withViaParts({ receiver: LosesLong }),
  },
  {
    name: 'via-stops-at-gap',
    words: 'Delivers nothing more on an unreliable connection when a message was lost.',
    violates: ['VIA-REL-005', 'VIA-REL-016'],
    make: withViaParts({ receiver: StopsAtGap }),
  },
  {
    name: 'via-gap-breaks',
    words: 'Breaks an unreliable connection when messages are lost or come in another order.',
    violates: ['VIA-REL-003', 'VIA-REL-006', 'VIA-REL-016'],
    make: withViaParts({ receiver: GapBreaks }),
  },
  {
    name: 'via-skips-bad-receive',
    words: 'Goes on with the next message when a reliable one was dropped or failed in its receive.',
    violates: [
      'VIA-ERR-011',
      'VIA-ERR-012',
      'VIA-ERR-014',
      'VIA-ERR-015',
      'VIA-ERR-017',
      'VIA-ERR-018',
      'VIA-REL-008',
      'VIA-REL-014',
      'VIA-REL-015',
    ],
    make: withViaParts({ lifecycle: SkipsBadReceive }),
  },
  {
    name: 'via-skips-bad-send',
    words: 'Goes on with the next send when one of a reliable connection has failed by its own fault.',
    violates: ['VIA-ERR-020', 'VIA-REL-014', 'VIA-REL-015'],
    make: withViaParts({ lifecycle: SkipsBadSend }),
  },
  {
    name: 'via-bad-send-breaks',
    words: 'Breaks an unreliable connection when a send fails by its own fault.',
    violates: ['VIA-ERR-019', 'VIA-REL-016'],
    make: withViaParts({ lifecycle: BadSendBreaks }),
  },
  {
    name: 'via-never-sends-again',
    words: 'Sends no frame again, and never learns that nothing comes back.',
    violates: ['VIA-REL-007', 'VIA-REL-009', 'VIA-REL-012', 'VIA-REL-013', 'VIA-SEND-005'],
    make: withViaParts({ sender: NeverAgain }),
  },
  {
    name: 'via-sends-last-again',
    words: 'Sends only the last of the frames again that are not acknowledged.',
    violates: ['VIA-REL-007', 'VIA-REL-012'],
    make: withViaParts({ sender: OneAgainOnly }),
  },
  {
    name: 'via-rr-completes-on-wire',
    words: 'Completes a send at Reliable Reception when its last frame is on the wire.',
    violates: ['VIA-REL-011', 'VIA-REL-013', 'VIA-ERR-012', 'VIA-ERR-015', 'VIA-ERR-018'],
    make: withViaParts({ sender: CompletesOnWire }),
  },
  {
    name: 'via-rr-completes-on-receipt',
    words: 'Completes a send at Reliable Reception when the peer has its frames, in memory or not.',
    violates: ['VIA-REL-011'],
    make: withViaParts({ sender: CompletesOnReceipt }),
  },
  {
    name: 'via-silence-unnoticed',
    words: 'Gives a dead connection up without saying so to anybody.',
    violates: ['VIA-REL-009', 'VIA-REL-013', 'VIA-SEND-005'],
    make: withViaParts({ lifecycle: SilenceUnnoticed }),
  },
  {
    name: 'via-loss-unreported',
    words: 'Does not tell the error handler that a connection is lost.',
    violates: ['VIA-REL-009', 'VIA-DISC-002', 'VIA-ERR-011', 'VIA-ERR-020'],
    make: withViaParts({ lifecycle: SilenceUnreported }),
  },
  {
    name: 'via-rr-silence-flushes',
    words: 'Flushes the send that could not be brought across, as those behind it.',
    violates: ['VIA-REL-013'],
    make: withViaParts({ lifecycle: SilenceFlushes }),
  },
  {
    name: 'via-unreliable-as-reliable',
    words: 'Treats unreliable connections as Reliable Delivery, and breaks them as such.',
    violates: ['VIA-ERR-010', 'VIA-ERR-013', 'VIA-ERR-016', 'VIA-ERR-019', 'VIA-REL-003', 'VIA-REL-016'],
    make: withViaParts({ connector: AlwaysReliable }),
  },
  {
    name: 'via-reliable-as-unreliable',
    words: 'Treats reliable connections as unreliable ones.',
    violates: [
      'VIA-ERR-011',
      'VIA-ERR-012',
      'VIA-ERR-014',
      'VIA-ERR-015',
      'VIA-ERR-017',
      'VIA-ERR-018',
      'VIA-ERR-020',
      'VIA-REL-007',
      'VIA-REL-008',
      'VIA-REL-009',
      'VIA-REL-011',
      'VIA-REL-012',
      'VIA-REL-013',
      'VIA-REL-014',
      'VIA-REL-015',
    ],
    make: withViaParts({ connector: NeverReliable }),
  },
  {
    name: 'via-last-octet-lost',
    words: 'Writes one octet too few of every frame of a message of several.',
    violates: ['VIA-REL-002', 'VIA-SEND-002', 'VIA-REL-007', 'VIA-REL-012'],
    make: withViaParts({ receiver: LastOctetLost }),
  },
  {
    name: 'via-sends-memory-again',
    words: 'Reads memory again when a frame is lost, though its send at Reliable Delivery has completed.',
    violates: ['VIA-REL-002', 'VIA-REL-007'],
    make: withViaParts({ sender: MemoryAgain, lifecycle: KeepsNoAnswers }),
  },
])
