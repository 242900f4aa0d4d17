// Mutants of the VIA reference that do RDMA writes wrongly.
import { Completions } from '../../../reference/via/completions.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import { frameFlag, frameKind } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import type { Posting } from '../../../reference/via/objects.ts'
import { RdmaTarget } from '../../../reference/via/rdma-target.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import { Sender } from '../../../reference/via/sender.ts'
import { serialAdd, serialDistance } from '../../../reference/core/serial.ts'
import { viaDescriptorOperations, viaReliabilityLevels, viaStatusBits } from '../../../spec/vocabulary/via-constants.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

class WritesUnknown extends DescriptorAccess {
  protected override isKnown(posting: Posting, operation: number): boolean {
    return operation !== viaDescriptorOperations['rdma-write'] && super.isKnown(posting, operation)
  }
}

class WritesAsSends extends Completions {
  override complete(posting: Posting, bits: number, length: number): void {
    if (posting.operation === 'rdma-write') posting.operation = 'send'
    super.complete(posting, bits, length)
  }
}

class WritesWithoutLength extends Completions {
  override complete(posting: Posting, bits: number, length: number): void {
    super.complete(posting, bits, posting.operation === 'rdma-write' ? 0 : length)
  }
}

class OctetFurther extends RdmaTarget {
  override write(landing: Landing, from: number): boolean {
    return super.write({ ...landing, address: landing.address + 1 }, from)
  }
}

class FirstPlaceOnly extends RdmaTarget {
  override write(landing: Landing, from: number): boolean {
    return super.write({ ...landing, offset: 0 }, from)
  }
}

class LastFrameLeft extends RdmaTarget {
  override write(landing: Landing, from: number): boolean {
    const isLast = (landing.flags & frameFlag.last) !== 0 && landing.offset > 0
    return super.write({ ...landing, bytes: isLast ? 0 : landing.bytes }, from)
  }
}

class WholeWordsOnly extends RdmaTarget {
  override write(landing: Landing, from: number): boolean {
    return super.write({ ...landing, address: landing.address - (landing.address % 4) }, from)
  }
}

class WritesBackwards extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    if (posting.kind === frameKind.write) posting.segments = posting.segments.toReversed()
    return failure
  }
}

class EveryWriteTakes extends Receiver {
  protected override takesReceive(header: Pick<ViaHeader, 'kind' | 'flags'>): boolean {
    return header.kind === frameKind.write || super.takesReceive(header)
  }
}

class WritesWantReceive extends RdmaTarget {
  override writeAlone(landing: Landing, from: number): void {
    if (landing.channel.vi.recv.postings.length > 0) super.writeAlone(landing, from)
    else this.board.receiver.placed(landing)
  }
}

class NoWriteTakes extends Receiver {
  protected override takesReceive(header: Pick<ViaHeader, 'kind' | 'flags'>): boolean {
    return header.kind !== frameKind.write && super.takesReceive(header)
  }
}

class ImmediateDropped extends Receiver {
  protected override finish(landing: Landing, posting: Posting): void {
    const isWrite = landing.kind === frameKind.write
    super.finish(isWrite ? { ...landing, flags: landing.flags & ~frameFlag.immediate } : landing, posting)
  }
}

class ImmediateScattered extends Receiver {
  protected override place(landing: Landing, posting: Posting, from: number): void {
    const { operation, control } = posting
    if (landing.kind === frameKind.write && this.board.descriptors.fetch(posting) === 0) {
      this.scatter(posting, landing, from)
    }
    Object.assign(posting, { operation, control })
    super.place(landing, posting, from)
  }
}

class ImmediateAsReceive extends Completions {
  override complete(posting: Posting, bits: number, length: number): void {
    if (posting.operation === 'remote-rdma-write') posting.operation = 'receive'
    super.complete(posting, bits, length)
  }
}

class ImmediateWantsRoom extends Receiver {
  protected override finish(landing: Landing, posting: Posting): void {
    const isWrite = landing.kind === frameKind.write
    if (isWrite && (this.board.descriptors.fetch(posting) !== 0 || !this.fits(posting, landing.total))) {
      this.fail({ ...landing, failure: viaStatusBits['length-error'] }, posting)
    } else super.finish(landing, posting)
  }
}

class WrittenLate extends RdmaTarget {
  override write(landing: Landing, from: number): boolean {
    const { channel, address, offset, bytes } = landing
    if (!this.admits(channel.vi, landing)) return false
    const { alarms, memory, protection, now } = this.board
    const octets = memory.octets.slice(from, from + bytes)
    const alarm = alarms.make(() => {
      memory.octets.set(octets, protection.place(address) + offset)
      alarms.release(alarm)
    })
    alarms.set(alarm, now + 5 * millisecond)
    return true
  }
}

/** Does not wait until the peer has what was written. */
class CompletesWhenSent extends Sender {
  protected override isFinished(channel: Channel, posting: Posting): boolean {
    const isReception = channel.level === viaReliabilityLevels['reliable-reception']
    if (!isReception || posting.kind !== frameKind.write) return super.isFinished(channel, posting)
    return serialDistance(serialAdd(posting.firstSequence, posting.frames), channel.next) >= 0
  }

  /** What is complete is not there to be sent again. */
  protected override retransmit(channel: Channel): void {
    super.retransmit(channel)
    const places = [...channel.started, ...channel.answers].map(({ firstSequence }) => firstSequence)
    const first = places.reduce((one, other) => (serialDistance(one, other) < 0 ? other : one), channel.end)
    if (serialDistance(channel.next, first) > 0) channel.next = first
  }

  override transmit(): void {
    super.transmit()
    for (const { channel } of this.board.names.all('vi')) if (channel?.open === true) this.goOn(channel)
  }
}

class WantsOwnRight extends DescriptorAccess {
  protected override mayUse(posting: Posting): boolean {
    const isWilling = posting.kind !== frameKind.write || posting.vi.attributes.enableRdmaWrite
    return isWilling && super.mayUse(posting)
  }
}

class NoAddressNeeded extends DescriptorAccess {
  protected override lacksAddress(): boolean {
    return false
  }
}

/** Reliable: takes frames of writes as they come. */
class WritesAsTheyCome extends Receiver {
  protected override acceptsNext(channel: Channel, header: ViaHeader): boolean {
    const isLater = header.kind === frameKind.write && serialDistance(channel.expected, header.sequence) > 0
    if (isLater && !channel.refusing) channel.expected = header.sequence
    return super.acceptsNext(channel, header)
  }
}

/** Does not send frames of writes again. */
class WritesUnrepaired extends Sender {
  protected override retransmit(channel: Channel): void {
    const isWrite = channel.started.some(({ kind }) => kind === frameKind.write)
    if (!isWrite || channel.base === channel.high) super.retransmit(channel)
  }
}

/** Unreliable: goes on with a write although frames of it are missing. */
class WritesWithGaps extends Receiver {
  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    const isRest = header.kind === frameKind.write && header.message === channel.message
    if (isRest && header.offset > channel.offset) channel.offset = header.offset
    return super.acceptsSome(channel, header)
  }
}

export const rdmaWriteMutants = mutantsOf('via', [
  {
    name: 'via-rdma-write-unknown',
    words: 'Knows no RDMA writes: they are format errors.',
    violates: ['VIA-RDMA-001'],
    make: withViaParts({ descriptors: WritesUnknown }),
  },
  {
    name: 'via-rdma-write-as-send',
    words: 'Says of an RDMA write that completes that it was a send.',
    violates: ['VIA-RDMA-013'],
    make: withViaParts({ completions: WritesAsSends }),
  },
  {
    name: 'via-rdma-write-length',
    words: 'Says in Length of an RDMA write that nothing was written.',
    violates: ['VIA-RDMA-013'],
    make: withViaParts({ completions: WritesWithoutLength }),
  },
  {
    name: 'via-rdma-write-offset',
    words: 'Writes one octet further than the address segment says.',
    violates: ['VIA-RDMA-001', 'VIA-RDMA-002'],
    make: withViaParts({ target: OctetFurther }),
  },
  {
    name: 'via-rdma-write-first-place',
    words: 'Writes each frame of an RDMA write where the first begins.',
    violates: ['VIA-RDMA-002'],
    make: withViaParts({ target: FirstPlaceOnly }),
  },
  {
    name: 'via-rdma-write-last-frame',
    words: 'Leaves the last of several frames of an RDMA write out.',
    violates: ['VIA-RDMA-002'],
    make: withViaParts({ target: LastFrameLeft }),
  },
  {
    name: 'via-rdma-write-aligned',
    words: 'Rounds the remote address of an RDMA write down to whole words.',
    violates: ['VIA-RDMA-002'],
    make: withViaParts({ target: WholeWordsOnly }),
  },
  {
    name: 'via-rdma-write-backwards',
    words: 'Gathers the segments of an RDMA write from last to first.',
    violates: ['VIA-RDMA-002'],
    make: withViaParts({ descriptors: WritesBackwards }),
  },
  {
    name: 'via-rdma-write-takes-receive',
    words: 'Uses up a receive for every RDMA write.',
    violates: ['VIA-RDMA-004'],
    make: withViaParts({ receiver: EveryWriteTakes }),
  },
  {
    name: 'via-rdma-write-wants-receive',
    words: 'Drops an RDMA write if no receive is posted.',
    violates: ['VIA-RDMA-004'],
    make: withViaParts({ target: WritesWantReceive }),
  },
  {
    name: 'via-rdma-immediate-takes-none',
    words: 'Uses up no receive for an RDMA write with immediate data.',
    violates: ['VIA-RDMA-005'],
    make: withViaParts({ receiver: NoWriteTakes }),
  },
  {
    name: 'via-rdma-immediate-dropped',
    words: 'Completes the receive of an RDMA write without its immediate data.',
    violates: ['VIA-RDMA-005'],
    make: withViaParts({ receiver: ImmediateDropped }),
  },
  {
    name: 'via-rdma-immediate-scattered',
    words: 'Writes the data of an RDMA write into the receive that it takes as well.',
    violates: ['VIA-RDMA-005'],
    make: withViaParts({ receiver: ImmediateScattered }),
  },
  {
    name: 'via-rdma-immediate-as-receive',
    words: 'Says of a receive that an RDMA write took that a message was received.',
    violates: ['VIA-RDMA-005'],
    make: withViaParts({ completions: ImmediateAsReceive }),
  },
  {
    name: 'via-rdma-immediate-wants-room',
    words: 'Takes a receive that has less room than was written by RDMA for too small.',
    violates: ['VIA-RDMA-017'],
    make: withViaParts({ receiver: ImmediateWantsRoom }),
  },
  {
    name: 'via-rdma-write-late',
    words: 'Puts what is written by RDMA into memory some milliseconds later.',
    violates: ['VIA-RDMA-006', 'VIA-RDMA-022'],
    make: withViaParts({ target: WrittenLate }),
  },
  {
    name: 'via-rdma-write-completes-early',
    words: 'Completes an RDMA write at Reliable Reception when it is on its way.',
    violates: ['VIA-RDMA-022'],
    make: withViaParts({ sender: CompletesWhenSent }),
  },
  {
    name: 'via-rdma-write-wants-own-right',
    words: 'Lets only a VI write that permits RDMA writes itself.',
    violates: ['VIA-RDMA-023'],
    make: withViaParts({ descriptors: WantsOwnRight }),
  },
  {
    name: 'via-rdma-writes-out-of-order',
    words: 'Takes frames of RDMA writes of a reliable VI as they come, and does not miss any.',
    violates: ['VIA-RDMA-020', 'VIA-RDMA-006'],
    make: withViaParts({ receiver: WritesAsTheyCome }),
  },
  {
    name: 'via-rdma-writes-unrepaired',
    words: 'Neither sends frames of RDMA writes again nor breaks the connection.',
    violates: ['VIA-RDMA-020'],
    make: withViaParts({ sender: WritesUnrepaired }),
  },
  {
    name: 'via-rdma-write-with-gaps',
    words: 'Goes on with an unreliable RDMA write of which frames are missing.',
    violates: ['VIA-RDMA-021'],
    make: withViaParts({ receiver: WritesWithGaps }),
  },
  {
    name: 'via-rdma-no-address',
    words: 'Takes an RDMA write without an address segment for one of no octets.',
    violates: ['VIA-RDMA-012'],
    make: withViaParts({ descriptors: NoAddressNeeded }),
  },
])
