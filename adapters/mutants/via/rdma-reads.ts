// Mutants of the VIA reference that do RDMA reads, and fences, wrongly.
import type { Channel } from '../../../reference/via/channel.ts'
import { Completions } from '../../../reference/via/completions.ts'
import { Connector } from '../../../reference/via/connector.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import { frameFlag, frameKind } from '../../../reference/via/frame.ts'
import { Intake } from '../../../reference/via/intake.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { Posting, Segment, Shipment, Vi } from '../../../reference/via/objects.ts'
import { Protection } from '../../../reference/via/protection.ts'
import type { RdmaRight } from '../../../reference/via/protection.ts'
import { RdmaReads } from '../../../reference/via/rdma-reads.ts'
import { RdmaTarget } from '../../../reference/via/rdma-target.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import { Sender } from '../../../reference/via/sender.ts'
import { WorkQueues } from '../../../reference/via/work-queues.ts'
import { viaReliabilityLevels } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

class ReadsFurther extends RdmaTarget {
  override read(landing: Landing): void {
    super.read({ ...landing, address: landing.address + 1 })
  }
}

class ReadsAsSends extends Completions {
  override complete(posting: Posting, bits: number, length: number): void {
    if (posting.operation === 'rdma-read') posting.operation = 'send'
    super.complete(posting, bits, length)
  }
}

class ReadsWithoutLength extends Completions {
  override complete(posting: Posting, bits: number, length: number): void {
    super.complete(posting, bits, posting.operation === 'rdma-read' ? 0 : length)
  }
}

/** Takes the first frame of an answer for all of it. */
class FirstFrameIsAll extends RdmaReads {
  override take(landing: Landing, from: number): void {
    const read = this.readOf(landing.channel, landing)
    if (read && landing.offset === 0) super.take({ ...landing, flags: landing.flags | frameFlag.last }, from)
    else if ((landing.flags & frameFlag.last) !== 0) this.board.receiver.placed(landing)
  }
}

/** A read is through for it when the peer knows of it. */
class CompletesUnanswered extends Sender {
  protected override isFinished(channel: Channel, posting: Posting): boolean {
    return super.isFinished(channel, posting.kind === frameKind.read ? { ...posting, isAnswered: true } : posting)
  }
}

class ReadsBackwards extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    if (posting.kind === frameKind.read) posting.segments = posting.segments.toReversed()
    return failure
  }
}

class ReadTakesReceive extends RdmaTarget {
  override read(landing: Landing): void {
    const receive = this.board.queues.takeReceive(landing.channel.vi)
    if (receive) this.board.completions.complete(receive, 0, 0)
    super.read(landing)
  }
}

class ReadWantsOwnRight extends DescriptorAccess {
  protected override mayUse(posting: Posting): boolean {
    const isWilling = posting.kind !== frameKind.read || posting.vi.attributes.enableRdmaRead
    return isWilling && super.mayUse(posting)
  }
}

class ReadsThroughUnreliable extends Protection {
  override permits(vi: Vi, span: Segment, right: RdmaRight): boolean {
    const isRead = vi.attributes.reliabilityLevel === viaReliabilityLevels.unreliable && right === 'enableRdmaRead'
    return isRead ? this.allows(vi, span) : super.permits(vi, span, right)
  }
}

class ReadsEverywhere extends RdmaReads {
  override worksAt(): boolean {
    return true
  }
}

class SupportUntold extends NicCalls {
  override query(call: Parameters<NicCalls['query']>[0]): ReturnType<NicCalls['query']> {
    const answer = super.query(call)
    const nicAttributes = answer.vip?.nicAttributes
    return answer.vip && nicAttributes
      ? { ...answer, vip: { ...answer.vip, nicAttributes: { ...nicAttributes, rdmaReadSupport: 0 } } }
      : answer
  }
}

class AnswersMixed extends RdmaReads {
  protected override readOf({ started }: Channel): Posting | undefined {
    return started.findLast(({ kind, isAnswered }) => kind === frameKind.read && !isAnswered)
  }
}

class FenceIgnored extends Sender {
  protected override isFenced(): boolean {
    return false
  }
}

/** Waits at a fence for a read that never was. */
class FenceForGood extends Sender {
  protected override isFenced(channel: Channel, posting: Posting): boolean {
    return this.board.descriptors.hasFence(posting) || super.isFenced(channel, posting)
  }
}

/** Frames still find connections that are over. */
class ClosedChannels extends Connector {
  private readonly closed = new Map<number, Channel>()

  override clear(): void {
    super.clear()
    this.closed.clear()
  }

  override close(channel: Channel): void {
    super.close(channel)
    this.closed.set(channel.number, channel)
  }

  override channel(number: number, node: number, remote: number): Channel | undefined {
    const closed = this.closed.get(number)
    return super.channel(number, node, remote) ?? (closed?.node === node ? closed : undefined)
  }
}

class ClosedIntake extends Intake {
  protected override isConnected(): boolean {
    return true
  }
}

class WrittenAfterFlush extends Receiver {
  protected override isLive(landing: Landing): boolean {
    return landing.kind === frameKind.answer || super.isLive(landing)
  }
}

class TakesForFlushed extends RdmaReads {
  override take(landing: Landing, from: number): void {
    if (landing.channel.open) super.take(landing, from)
    else {
      const read = this.readOf(landing.channel, landing)
      if (read) this.board.receiver.scatter(read, landing, from)
    }
  }
}

class ReadsUnflushed extends WorkQueues {
  protected override flushOne(posting: Posting): void {
    if (posting.kind !== frameKind.read) super.flushOne(posting)
  }
}

/** Sends an answer once, and not again. */
class AnswersOnce extends Sender {
  override transmit(): void {
    super.transmit()
    for (const { channel } of this.board.names.all('vi')) if (channel) this.forget(channel)
  }

  private forget(channel: Channel): void {
    for (const answer of channel.answers) if (this.isThrough(channel, answer)) answer.frames = 0
  }

  private isThrough({ high }: Channel, { firstSequence, frames }: Shipment): boolean {
    return frames > 0 && high === firstSequence + frames
  }
}

/** Looks for reads only right before a descriptor with a fence. */
class FenceOfNeighbours extends Sender {
  protected override isFenced(channel: Channel, posting: Posting): boolean {
    return channel.started.at(-1)?.kind === frameKind.read && super.isFenced(channel, posting)
  }
}

/** Answers to reads of the peer that there is room for. */
const answersMost = 8

class EightAtMost extends RdmaTarget {
  override read(landing: Landing): void {
    if (landing.channel.answers.length < answersMost) super.read(landing)
    else this.board.receiver.placed(landing)
  }
}

export const rdmaReadMutants = mutantsOf('via', [
  {
    name: 'via-rdma-read-further',
    words: 'Reads one octet further than the address segment says.',
    violates: ['VIA-RDMA-009'],
    make: withViaParts({ target: ReadsFurther }),
  },
  {
    name: 'via-rdma-read-as-send',
    words: 'Says of an RDMA read that completes that it was a send.',
    violates: ['VIA-RDMA-013'],
    make: withViaParts({ completions: ReadsAsSends }),
  },
  {
    name: 'via-rdma-read-length',
    words: 'Says in Length of an RDMA read that nothing was read.',
    violates: ['VIA-RDMA-013'],
    make: withViaParts({ completions: ReadsWithoutLength }),
  },
  {
    name: 'via-rdma-read-ends-early',
    words: 'Takes the first frame of what was read for all of it.',
    violates: ['VIA-RDMA-009'],
    make: withViaParts({ reads: FirstFrameIsAll }),
  },
  {
    name: 'via-rdma-read-completes-early',
    words: 'Completes an RDMA read when the peer knows of it.',
    violates: ['VIA-RDMA-009'],
    make: withViaParts({ sender: CompletesUnanswered }),
  },
  {
    name: 'via-rdma-read-backwards',
    words: 'Fills the segments of an RDMA read from last to first.',
    violates: ['VIA-RDMA-009'],
    make: withViaParts({ descriptors: ReadsBackwards }),
  },
  {
    name: 'via-rdma-read-takes-receive',
    words: 'Uses up a receive where an RDMA read comes.',
    violates: ['VIA-RDMA-009'],
    make: withViaParts({ target: ReadTakesReceive }),
  },
  {
    name: 'via-rdma-read-wants-own-right',
    words: 'Lets only a VI read that permits RDMA reads itself.',
    violates: ['VIA-RDMA-023'],
    make: withViaParts({ descriptors: ReadWantsOwnRight }),
  },
  {
    name: 'via-rdma-read-unreliable',
    words: 'Carries out RDMA reads on unreliable VIs.',
    violates: ['VIA-RDMA-019'],
    make: withViaParts({ reads: ReadsEverywhere, protection: ReadsThroughUnreliable }),
  },
  {
    name: 'via-rdma-read-support-untold',
    words: 'Does not tell that RDMA read works.',
    violates: ['VIA-RDMA-024'],
    make: withViaParts({ nicCalls: SupportUntold }),
  },
  {
    name: 'via-rdma-reads-mixed',
    words: 'Gives what was read to the last read that is outstanding.',
    violates: ['VIA-RDMA-009', 'VIA-RDMA-011'],
    make: withViaParts({ reads: AnswersMixed }),
  },
  {
    name: 'via-rdma-fence-ignored',
    words: 'Starts a descriptor with a fence while reads before it are outstanding.',
    violates: ['VIA-RDMA-011'],
    make: withViaParts({ sender: FenceIgnored }),
  },
  {
    name: 'via-rdma-fence-for-good',
    words: 'Never starts a descriptor with a fence.',
    violates: ['VIA-RDMA-011'],
    make: withViaParts({ sender: FenceForGood }),
  },
  {
    name: 'via-rdma-fence-of-neighbours',
    words: 'Starts a descriptor with a fence if what stands right before it is no read.',
    violates: ['VIA-RDMA-011'],
    make: withViaParts({ sender: FenceOfNeighbours }),
  },
  {
    name: 'via-rdma-read-after-flush',
    words: 'Writes what was read into the memory of a read that was flushed.',
    violates: ['VIA-RDMA-025'],
    make: withViaParts({
      connector: ClosedChannels,
      intake: ClosedIntake,
      receiver: WrittenAfterFlush,
      reads: TakesForFlushed,
    }),
  },
  {
    name: 'via-rdma-read-outlives',
    words: 'Leaves an RDMA read outstanding when its connection is over.',
    violates: ['VIA-RDMA-026'],
    make: withViaParts({ queues: ReadsUnflushed }),
  },
  {
    name: 'via-rdma-answer-once',
    words: 'Does not send again what was read when that gets lost.',
    violates: ['VIA-RDMA-009'],
    make: withViaParts({ sender: AnswersOnce }),
  },
  {
    name: 'via-rdma-reads-eight-at-most',
    words: 'Forgets reads of the peer beyond eight at a time.',
    violates: ['VIA-RDMA-009', 'VIA-RDMA-011', 'VIA-SEND-005'],
    make: withViaParts({ target: EightAtMost }),
  },
])
