// Mutants of the VIA reference that write what came of a descriptor wrongly, too often or too early.
import { writeU32le } from '../../../reference/core/little-endian.ts'
import { writeU32 } from '../../../reference/core/octets.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { Completions } from '../../../reference/via/completions.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import { frameFlag } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import type { Posting, WorkQueue } from '../../../reference/via/objects.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import { Sender } from '../../../reference/via/sender.ts'
import { Waits } from '../../../reference/via/waits.ts'
import {
  viaControl,
  viaDescriptorOffsets,
  viaDescriptorShape,
  viaStatusBits,
  viaStatusMasks,
} from '../../../spec/vocabulary/via-constants.ts'
import type { VipReturn } from '../../../spec/vocabulary/via-returns.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

const { done } = viaStatusBits
const { errors, operation } = viaStatusMasks

class LengthUnwritten extends DescriptorAccess {
  protected override writeLength(): void {}
}

class LengthMisplaced extends DescriptorAccess {
  protected override writeLength(place: number, posting: Posting): void {
    super.writeLength(place + viaDescriptorOffsets.immediate - viaDescriptorOffsets.length, posting)
  }
}

class ImmediateSwapped extends DescriptorAccess {
  protected override writeImmediate(place: number, posting: Posting): void {
    super.writeImmediate(place, posting)
    if (posting.status & viaStatusBits.immediate) {
      writeU32(this.board.memory.octets, place + viaDescriptorOffsets.immediate, posting.immediate)
    }
  }
}

class LengthBigEndian extends DescriptorAccess {
  protected override writeLength(place: number, posting: Posting): void {
    writeU32(this.board.memory.octets, place + viaDescriptorOffsets.length, posting.length)
  }
}

class ImmediateUnwritten extends DescriptorAccess {
  protected override writeImmediate(): void {}
}

/** Hands out the immediate data of the message before. */
class ImmediateStale extends DescriptorAccess {
  private readonly before = new WeakMap<Posting['vi'], number>()

  protected override writeImmediate(place: number, posting: Posting): void {
    if ((posting.status & viaStatusBits.immediate) === 0) return
    const { immediate, vi } = posting
    super.writeImmediate(place, { ...posting, immediate: this.before.get(vi) ?? 0 })
    this.before.set(vi, immediate)
  }
}

/** Clears the descriptor that it hands back for the next use. */
class SegmentsCleared extends DescriptorAccess {
  override writeBack(posting: Posting): boolean {
    const written = super.writeBack(posting)
    const place = this.board.protection.place(posting.address) + viaDescriptorShape.controlOctets
    if (written && posting.segments.length > 0) writeU32le(this.board.memory.octets, place + 12, 0)
    return written
  }
}

/** Says something else of a descriptor than what came of it. */
abstract class OtherResults extends Completions {
  override complete(posting: Posting, bits: number, length: number): void {
    super.complete(posting, bits, length)
    this.spoil(posting)
  }

  protected abstract spoil(posting: Posting): void
}

class CapacityTold extends OtherResults {
  protected override spoil(posting: Posting): void {
    const { queue, status, total } = posting
    if (queue.queue === 'recv' && (status & errors) === 0) posting.length = total
  }
}

class SendLengthCleared extends OtherResults {
  protected override spoil(posting: Posting): void {
    if (posting.queue.queue === 'send') posting.length = 0
  }
}

class DoneMissing extends OtherResults {
  protected override spoil(posting: Posting): void {
    if (posting.status & errors) posting.status &= ~done
  }
}

class OperationMissing extends OtherResults {
  protected override spoil(posting: Posting): void {
    posting.status &= ~operation
  }
}

class ReservedUsed extends OtherResults {
  protected override spoil(posting: Posting): void {
    posting.status |= 0x1000_0000
  }
}

class ImmediateAlways extends OtherResults {
  protected override spoil(posting: Posting): void {
    if (posting.queue.queue === 'recv') posting.status |= viaStatusBits.immediate
  }
}

class ImmediateNever extends OtherResults {
  protected override spoil(posting: Posting): void {
    posting.status &= ~viaStatusBits.immediate
  }
}

class ImmediateAsPosted extends OtherResults {
  protected override spoil(posting: Posting): void {
    if (posting.queue.queue === 'recv' && posting.control & viaControl.immediate)
      posting.status |= viaStatusBits.immediate
  }
}

class FlushedWell extends OtherResults {
  protected override spoil(posting: Posting): void {
    posting.status &= ~viaStatusBits['descriptor-flushed']
  }
}

class ErrorsReported extends OtherResults {
  protected override spoil(posting: Posting): void {
    if (posting.status & errors & ~viaStatusBits['descriptor-flushed']) {
      this.board.reports.descriptor(posting, 'post-descriptor')
    }
  }
}

/** Writes the status of a descriptor again when the next one of its queue is handed back. */
class StatusAgain extends Completions {
  private readonly before = new WeakMap<WorkQueue, Posting>()

  override complete(posting: Posting, bits: number, length: number): void {
    const before = this.before.get(posting.queue)
    if (before) this.board.descriptors.writeBack(before)
    super.complete(posting, bits, length)
    this.before.set(posting.queue, posting)
  }
}

/** Says that a message is there when its last frame has come; its data is moved afterwards. */
class StatusBeforeData extends Receiver {
  protected override land(channel: Channel, header: ViaHeader, failure: number): void {
    const posting = channel.receiving
    super.land(channel, header, failure)
    if (!posting || failure || (header.flags & frameFlag.last) === 0) return
    const immediate = header.flags & frameFlag.immediate ? viaStatusBits.immediate : 0
    posting.immediate = header.immediate
    this.board.completions.complete(posting, immediate, header.total)
  }

  protected override finish({ channel, message }: Landing, _posting: Posting): void {
    channel.placed = message + 1
    if (channel.reliable) this.owe(channel)
  }

  protected override isOurs(): boolean {
    return true
  }
}

class EmptyWithoutImmediate extends Sender {
  protected override flags(posting: Posting, fragment: number): number {
    return super.flags(posting, fragment) & (posting.total === 0 ? ~frameFlag.immediate : ~0)
  }
}

class ErrorsSucceed extends Waits {
  protected override codeOf(): VipReturn {
    return 'VIP_SUCCESS'
  }
}

class FlushedSucceed extends Waits {
  protected override codeOf(posting: Posting): VipReturn {
    return posting.status & viaStatusBits['descriptor-flushed'] ? 'VIP_SUCCESS' : super.codeOf(posting)
  }
}

export const resultMutants = mutantsOf('via', [
  {
    name: 'via-length-unwritten',
    words: 'Leaves Length as it was posted.',
    violates: ['VIA-DESC-012', 'VIA-IMM-004'],
    make: withViaParts({ descriptors: LengthUnwritten }),
  },
  {
    name: 'via-length-misplaced',
    words: 'Writes Length where ImmediateData stands.',
    violates: ['VIA-DESC-001', 'VIA-DESC-012', 'VIA-DESC-023'],
    make: withViaParts({ descriptors: LengthMisplaced }),
  },
  {
    name: 'via-immediate-swapped',
    words: 'Writes ImmediateData with its most significant octet first.',
    violates: ['VIA-DESC-002', 'VIA-IMM-001'],
    make: withViaParts({ descriptors: ImmediateSwapped }),
  },
  {
    name: 'via-length-big-endian',
    words: 'Writes Length with its most significant octet first.',
    violates: ['VIA-DESC-001', 'VIA-DESC-002', 'VIA-DESC-012', 'VIA-DESC-013'],
    make: withViaParts({ descriptors: LengthBigEndian }),
  },
  {
    name: 'via-immediate-unwritten',
    words: 'Sets the immediate bit of a receive, and leaves ImmediateData as it was posted.',
    violates: ['VIA-IMM-001', 'VIA-IMM-004'],
    make: withViaParts({ descriptors: ImmediateUnwritten }),
  },
  {
    name: 'via-immediate-stale',
    words: 'Hands out the immediate data of the message before.',
    violates: ['VIA-IMM-001', 'VIA-IMM-004'],
    make: withViaParts({ descriptors: ImmediateStale }),
  },
  {
    name: 'via-segments-cleared',
    words: 'Clears the length of the first segment of a descriptor that it hands back.',
    violates: ['VIA-DESC-023'],
    make: withViaParts({ descriptors: SegmentsCleared }),
  },
  {
    name: 'via-capacity-as-length',
    words: 'Says in Length of a receive how much it could have taken.',
    violates: ['VIA-DESC-012'],
    make: withViaParts({ completions: CapacityTold }),
  },
  {
    name: 'via-send-length-cleared',
    words: 'Says in Length of a complete send that nothing was sent.',
    violates: ['VIA-DESC-013'],
    make: withViaParts({ completions: SendLengthCleared }),
  },
  {
    name: 'via-done-missing',
    words: 'Hands failed descriptors back without DONE.',
    violates: ['VIA-DESC-014', 'VIA-DESC-016', 'VIA-FLUSH-002'],
    make: withViaParts({ completions: DoneMissing }),
  },
  {
    name: 'via-operation-missing',
    words: 'Leaves the operation out of Status.',
    violates: ['VIA-DESC-015'],
    make: withViaParts({ completions: OperationMissing }),
  },
  {
    name: 'via-reserved-status-used',
    words: 'Sets a reserved bit of Status for a purpose of its own.',
    violates: ['VIA-DESC-017'],
    make: withViaParts({ completions: ReservedUsed }),
  },
  {
    name: 'via-immediate-always',
    words: 'Sets the immediate bit of every receive.',
    violates: ['VIA-IMM-002', 'VIA-IMM-003'],
    make: withViaParts({ completions: ImmediateAlways }),
  },
  {
    name: 'via-immediate-never',
    words: 'Never sets the immediate bit.',
    violates: ['VIA-IMM-001', 'VIA-IMM-004'],
    make: withViaParts({ completions: ImmediateNever }),
  },
  {
    name: 'via-immediate-as-posted',
    words: 'Sets the immediate bit of a receive that was posted with IMMEDIATE.',
    violates: ['VIA-IMM-003'],
    make: withViaParts({ completions: ImmediateAsPosted }),
  },
  {
    name: 'via-flushed-well',
    words: 'Completes what is flushed as if it were carried out.',
    violates: ['VIA-FLUSH-002', 'VIA-FLUSH-003', 'VIA-POST-003', 'VIA-POST-004'],
    make: withViaParts({ completions: FlushedWell }),
  },
  {
    name: 'via-errors-reported-too',
    words: 'Tells the error handler of errors that stand in a descriptor.',
    violates: ['VIA-ERR-006'],
    make: withViaParts({ completions: ErrorsReported }),
  },
  {
    name: 'via-status-again',
    words: 'Writes a descriptor again that it has handed back, when the next one completes.',
    violates: ['VIA-DESC-023', 'VIA-POST-006'],
    make: withViaParts({ completions: StatusAgain }),
  },
  {
    name: 'via-status-before-data',
    words: 'Hands a receive back when the last frame has come, and moves its data afterwards.',
    violates: ['VIA-DESC-024'],
    make: withViaParts({ receiver: StatusBeforeData }),
  },
  {
    name: 'via-empty-without-immediate',
    words: 'Sends no immediate data with a message of no octets.',
    violates: ['VIA-IMM-004', 'VIA-DESC-010'],
    make: withViaParts({ sender: EmptyWithoutImmediate }),
  },
  {
    name: 'via-errors-succeed',
    words: 'Hands every complete descriptor out with VIP_SUCCESS.',
    violates: ['VIA-DESC-016', 'VIA-DONE-002', 'VIA-DONE-005', 'VIA-FLUSH-003'],
    make: withViaParts({ waits: ErrorsSucceed }),
  },
  {
    name: 'via-flushed-succeed',
    words: 'Hands flushed descriptors out with VIP_SUCCESS.',
    violates: ['VIA-FLUSH-003', 'VIA-FLUSH-007', 'VIA-DESC-016'],
    make: withViaParts({ waits: FlushedSucceed }),
  },
])
