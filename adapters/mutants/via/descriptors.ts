// Mutants of the VIA reference that read descriptors wrongly, or take what is malformed.
import { writeU32le } from '../../../reference/core/little-endian.ts'
import { success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import type { Posting } from '../../../reference/via/objects.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import {
  viaControl,
  viaDescriptorOffsets,
  viaDescriptorOperations,
  viaStatusBits,
  viaStatusOperations,
} from '../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../../spec/vocabulary/via-descriptor.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

const {
  done,
  'format-error': formatError,
  'length-error': lengthError,
  'protection-error': protectionError,
} = viaStatusBits

class NotAligned extends DescriptorAccess {
  protected override isAligned(): boolean {
    return true
  }
}

class NullPosted extends CompletionCalls {
  override post(call: Call<'VipPostSend' | 'VipPostRecv'>): ViaAnswer {
    return call.descriptor === null && this.board.names.find('vi', call.vi) ? success : super.post(call)
  }
}

class AnyDescriptorMemory extends DescriptorAccess {
  protected override reaches({ address }: Posting, bytes: number): boolean {
    return this.board.memory.holds(this.board.protection.place(address), bytes)
  }
}

/** Whatever is wrong with a descriptor, with one thing overlooked or another told. */
class MostSegmentsRefused extends DescriptorAccess {
  protected override isMalformed(posting: Posting, fields: ViaControlFields): boolean {
    return fields.segmentCount >= this.board.configuration.segments || super.isMalformed(posting, fields)
  }
}

class SegmentsUncounted extends DescriptorAccess {
  protected override isMalformed(posting: Posting, fields: ViaControlFields): boolean {
    return super.isMalformed(posting, { ...fields, segmentCount: 0 })
  }
}

class NoSegmentsRefused extends DescriptorAccess {
  protected override isMalformed(posting: Posting, fields: ViaControlFields): boolean {
    return fields.segmentCount === 0 || super.isMalformed(posting, fields)
  }
}

class ReservedOperation extends DescriptorAccess {
  protected override isKnown(posting: Posting, operation: number): boolean {
    return operation === viaDescriptorOperations.reserved || super.isKnown(posting, operation)
  }
}

class TransferUnchecked extends DescriptorAccess {
  protected override isTooLong(posting: Posting, fields: ViaControlFields): boolean {
    return posting.queue.queue === 'send' && fields.length !== posting.total
  }
}

class FullTransferRefused extends DescriptorAccess {
  protected override isTooLong(posting: Posting, fields: ViaControlFields): boolean {
    const full = posting.queue.queue === 'send' && posting.total >= posting.vi.attributes.maxTransferSize
    return full || super.isTooLong(posting, fields)
  }
}

/** Tells another error than the one that there is. */
class WrongLengthIsForm extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    const short = posting.total <= posting.vi.attributes.maxTransferSize
    return failure === lengthError && short ? formatError : failure
  }
}

class OutOfBoundsIsLength extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    return failure === protectionError && posting.queue.queue === 'send' ? lengthError : failure
  }
}

class ReceiveErrorsAlike extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    return failure === protectionError && posting.queue.queue === 'recv' ? lengthError : failure
  }
}

/** Keeps what it has once read of a descriptor, by its address. */
class DescriptorsCached extends DescriptorAccess {
  private readonly cached = new WeakMap<Posting['vi'], Map<number, Posting>>()

  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    const known = this.cached.get(posting.vi) ?? new Map<number, Posting>()
    this.cached.set(posting.vi, known)
    const before = known.get(posting.address)
    if (before) Object.assign(posting, { segments: before.segments, total: before.total, control: before.control })
    else if (!failure) known.set(posting.address, posting)
    return failure
  }
}

/** Marks a descriptor that it has begun to work on. */
class MarkedBegun extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    const place = this.board.protection.place(posting.address)
    writeU32le(this.board.memory.octets, place + viaDescriptorOffsets.status, viaStatusOperations.receive)
    return failure
  }
}

class DoneOnPosting extends CompletionCalls {
  override post(call: Call<'VipPostSend' | 'VipPostRecv'>): ViaAnswer {
    const given = super.post(call)
    const address = call.descriptor === null ? undefined : this.board.written.address(call.descriptor)
    if (given !== success || address === undefined) return given
    const place = this.board.protection.place(address) + viaDescriptorOffsets.status
    writeU32le(this.board.memory.octets, place, done)
    return given
  }
}

/** Knows a fence only where there may be reads. */
class FenceMalformed extends DescriptorAccess {
  protected override isMalformed(posting: Posting, fields: ViaControlFields): boolean {
    const { queue, vi } = posting
    const isOfNoUse = queue.queue === 'recv' || !this.board.reads.worksAt(vi.attributes.reliabilityLevel)
    return ((fields.control & viaControl.queueFence) !== 0 && isOfNoUse) || super.isMalformed(posting, fields)
  }
}

export const descriptorMutants = mutantsOf('via', [
  {
    name: 'via-alignment-unchecked',
    words: 'Carries out descriptors that are not aligned.',
    violates: ['VIA-DESC-004', 'VIA-ERR-007'],
    make: withViaParts({ descriptors: NotAligned }),
  },
  {
    name: 'via-null-descriptor-accepted',
    words: 'Answers the posting of NULL with success.',
    violates: ['VIA-DESC-005'],
    make: withViaParts({ completionCalls: NullPosted }),
  },
  {
    name: 'via-descriptor-memory-unchecked',
    words: 'Carries out descriptors wherever they lie.',
    violates: ['VIA-DESC-006', 'VIA-ERR-007'],
    make: withViaParts({ descriptors: AnyDescriptorMemory }),
  },
  {
    name: 'via-most-segments-refused',
    words: 'Takes a descriptor with as many segments as there may be for one with too many.',
    violates: ['VIA-DESC-007'],
    make: withViaParts({ descriptors: MostSegmentsRefused }),
  },
  {
    name: 'via-segments-uncounted',
    words: 'Carries out descriptors with more segments than there may be.',
    violates: ['VIA-DESC-008'],
    make: withViaParts({ descriptors: SegmentsUncounted }),
  },
  {
    name: 'via-no-segments-refused',
    words: 'Takes a descriptor without segments for a malformed one.',
    violates: ['VIA-DESC-010', 'VIA-IMM-004', 'VIA-SEND-002'],
    make: withViaParts({ descriptors: NoSegmentsRefused }),
  },
  {
    name: 'via-reserved-operation-sent',
    words: 'Carries out the reserved operation as a send.',
    violates: ['VIA-DESC-018'],
    make: withViaParts({ descriptors: ReservedOperation }),
  },
  {
    name: 'via-transfer-unchecked',
    words: 'Sends messages longer than MaxTransferSize.',
    violates: ['VIA-DESC-019', 'VIA-ERR-019', 'VIA-ERR-020'],
    make: withViaParts({ descriptors: TransferUnchecked }),
  },
  {
    name: 'via-full-transfer-refused',
    words: 'Refuses a message of exactly MaxTransferSize.',
    violates: ['VIA-SEND-002'],
    make: withViaParts({ descriptors: FullTransferRefused }),
  },
  {
    name: 'via-wrong-length-is-form',
    words: 'Answers a send whose Length is not the sum of its segments with a format error.',
    violates: ['VIA-DESC-020'],
    make: withViaParts({ descriptors: WrongLengthIsForm }),
  },
  {
    name: 'via-send-protection-as-length',
    words: 'Answers a send from forbidden memory with a length error.',
    violates: [
      'VIA-PTAG-005',
      'VIA-MEM-008',
      'VIA-MEM-009',
      'VIA-MEM-010',
      'VIA-DESC-016',
      'VIA-ERR-019',
      'VIA-ERR-020',
    ],
    make: withViaParts({ descriptors: OutOfBoundsIsLength }),
  },
  {
    name: 'via-receive-errors-alike',
    words: 'Answers a receive into forbidden memory with a length error.',
    violates: [
      'VIA-ERR-016',
      'VIA-ERR-017',
      'VIA-ERR-018',
      'VIA-PTAG-005',
      'VIA-MEM-008',
      'VIA-MEM-009',
      'VIA-DESC-016',
    ],
    make: withViaParts({ descriptors: ReceiveErrorsAlike }),
  },
  {
    name: 'via-descriptors-cached',
    words: 'Goes by the old segments when a descriptor is filled in anew and posted again.',
    violates: ['VIA-POST-006'],
    make: withViaParts({ descriptors: DescriptorsCached }),
  },
  {
    name: 'via-begun-marked',
    words: 'Writes to Status when it begins to work on a descriptor.',
    violates: ['VIA-DESC-014'],
    make: withViaParts({ descriptors: MarkedBegun }),
  },
  {
    name: 'via-done-on-posting',
    words: 'Sets DONE when a descriptor is posted.',
    violates: ['VIA-DESC-014', 'VIA-DESC-024'],
    make: withViaParts({ completionCalls: DoneOnPosting }),
  },
  {
    name: 'via-fence-malformed',
    words: 'Takes a descriptor for malformed that has a fence where there are no reads to wait for.',
    violates: ['VIA-SEND-001', 'VIA-RECV-001'],
    make: withViaParts({ descriptors: FenceMalformed }),
  },
])
