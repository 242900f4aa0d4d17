// Mutants of the VIA reference in which RDMA has no part in something that all descriptors share.
import { Completions } from '../../../reference/via/completions.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { DescriptorAccess, readControl } from '../../../reference/via/descriptor-access.ts'
import { frameKind } from '../../../reference/via/frame.ts'
import { Handlers } from '../../../reference/via/handlers.ts'
import type { Armed, Due } from '../../../reference/via/handlers.ts'
import type { Posting } from '../../../reference/via/objects.ts'
import { Sender } from '../../../reference/via/sender.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { OpenWait } from '../../../reference/via/waits.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaControl, viaDescriptorOperations, viaStatusBits } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaStatusOperation } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../../spec/vocabulary/via-descriptor.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>
type Source = OpenWait['source']

/** Whether the first descriptor of a work queue is of that operation. */
function begins(source: Source, operation: ViaStatusOperation): boolean {
  return 'postings' in source && source.postings[0]?.operation === operation
}

class HandsNoReads extends Handlers {
  protected override take(armed: Armed): Due | undefined {
    return begins(armed.source, 'rdma-read') ? undefined : super.take(armed)
  }
}

class HandsNoRemoteWrites extends Handlers {
  protected override take(armed: Armed): Due | undefined {
    return begins(armed.source, 'remote-rdma-write') ? undefined : super.take(armed)
  }
}

class WritesWithoutEntry extends Completions {
  protected override enter(posting: Posting): void {
    if (posting.operation !== 'rdma-write') super.enter(posting)
  }
}

class FlushedReadsWithoutEntry extends Completions {
  protected override enter(posting: Posting): void {
    const isFlushed = (posting.status & viaStatusBits['descriptor-flushed']) !== 0
    if (posting.operation !== 'rdma-read' || !isFlushed) super.enter(posting)
  }
}

/** Counts data segments alone, where there must be an address segment. */
class AddressUncounted extends DescriptorAccess {
  protected override isMalformed(posting: Posting, fields: ViaControlFields): boolean {
    const isRdma = posting.operation === 'rdma-write' || posting.operation === 'rdma-read'
    const segmentCount = isRdma ? Math.min(fields.segmentCount, 1) + Math.max(0, fields.segmentCount - 2) : 0
    return super.isMalformed(posting, isRdma ? { ...fields, segmentCount } : fields)
  }
}

/** Has reads that are under way in a list of their own. */
class ReadsOffQueue extends ViCalls {
  override query(call: Call<'VipQueryVi'>): ViaAnswer {
    const given = super.query(call)
    const vi = this.board.names.find('vi', call.vi)
    if (!vi || given.vip?.code !== 'VIP_SUCCESS') return given
    const sendQueueEmpty = vi.send.postings.every(({ kind, state }) => kind === frameKind.read && state === 'active')
    return { ...given, vip: { ...given.vip, sendQueueEmpty } }
  }
}

class ReadsUnfenced extends Sender {
  protected override isFenced(channel: Channel, posting: Posting): boolean {
    const { memory, protection } = this.board
    const { control } = readControl(memory.octets, protection.place(posting.address))
    const isRead = (control & viaControl.operationMask) === viaDescriptorOperations['rdma-read']
    return !isRead && super.isFenced(channel, posting)
  }
}

export const meetingRdmaMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-rdma-notify-misses-reads',
    words: 'Gives no handler an RDMA read that completes.',
    violates: ['VIA-NTFY-004'],
    make: withViaParts({ handlers: HandsNoReads }),
  },
  {
    name: 'via-rdma-notify-misses-writes',
    words: 'Gives no handler a receive that was taken by an RDMA write.',
    violates: ['VIA-NTFY-004'],
    make: withViaParts({ handlers: HandsNoRemoteWrites }),
  },
  {
    name: 'via-rdma-write-without-entry',
    words: 'Puts no entry on a completion queue for an RDMA write.',
    violates: ['VIA-CQ-004'],
    make: withViaParts({ completions: WritesWithoutEntry }),
  },
  {
    name: 'via-rdma-flushed-read-without-entry',
    words: 'Puts no entry on a completion queue for an RDMA read that is flushed.',
    violates: ['VIA-CQ-004', 'VIA-FLUSH-004'],
    make: withViaParts({ completions: FlushedReadsWithoutEntry }),
  },
  {
    name: 'via-rdma-address-uncounted',
    words: 'Does not count the address segment of an RDMA descriptor among its segments.',
    violates: ['VIA-DESC-003', 'VIA-DESC-008'],
    make: withViaParts({ descriptors: AddressUncounted }),
  },
  {
    name: 'via-rdma-reads-off-queue',
    words: 'Tells that a send queue is empty while all that is on it are RDMA reads under way.',
    violates: ['VIA-VI-013'],
    make: withViaParts({ viCalls: ReadsOffQueue }),
  },
  {
    name: 'via-rdma-reads-unfenced',
    words: 'Starts an RDMA read that has a fence while reads before it are outstanding.',
    violates: ['VIA-RDMA-011'],
    make: withViaParts({ sender: ReadsUnfenced }),
  },
])
