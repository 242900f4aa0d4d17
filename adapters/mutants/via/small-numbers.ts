// Mutants of the VIA reference whose numbers are too small for what they count: octets, milliseconds, messages, frames.
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { Connector } from '../../../reference/via/connector.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import { frameFlag } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import type { CompletionQueue, Posting, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { Peers } from '../../../reference/via/peers.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import { Waits } from '../../../reference/via/waits.ts'
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../../spec/vocabulary/via-descriptor.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

const most16 = 0xffff

/** Sends what is left in 16 bits of the sum of its segments. */
class SumOf16 extends DescriptorAccess {
  protected override isTooLong(posting: Posting, fields: ViaControlFields): boolean {
    if (posting.queue.queue === 'recv' || posting.total <= most16) return super.isTooLong(posting, fields)
    const isWrong = fields.length !== posting.total
    posting.total &= most16
    return isWrong || posting.total > posting.vi.attributes.maxTransferSize
  }
}

class RoomOf16 extends DescriptorAccess {
  protected override isTooLong(posting: Posting, fields: ViaControlFields): boolean {
    if (posting.queue.queue === 'recv') posting.total &= most16
    return super.isTooLong(posting, fields)
  }
}

/** What is left of a timeout that is made microseconds of 32 bits. */
function cut(timeout: number): number {
  return timeout === viaInfinite ? timeout : Math.floor(((timeout * 1000) % 0x1_0000_0000) / 1000)
}

class WaitsCut extends Waits {
  override wait(call: number, source: WorkQueue | CompletionQueue, timeout: number): ViaAnswer | undefined {
    return super.wait(call, source, cut(timeout))
  }
}

class RequestsCut extends Connector {
  override wait(call: number, server: Parameters<Connector['wait']>[1], timeout: number): ViaAnswer | undefined {
    return super.wait(call, server, cut(timeout))
  }

  override request(call: number, vi: Vi, who: Parameters<Connector['request']>[2], timeout: number): void {
    super.request(call, vi, who, cut(timeout))
  }
}

class PeerRequestsCut extends Peers {
  override request(vi: Vi, who: Parameters<Peers['request']>[1], timeout: number): void {
    super.request(vi, who, cut(timeout))
  }
}

/** Takes a message for old whose number is not above that of the last one, of which it keeps an octet. */
class MessagesOf8 extends Receiver {
  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    const isNew = (header.flags & frameFlag.first) === 0 || channel.message < 0
    return (isNew || (header.message & 0xff) > (channel.message & 0xff)) && super.acceptsSome(channel, header)
  }
}

/** Acknowledges frames above the 256th of a connection as if they had come before. */
class FramesOf8 extends Receiver {
  protected override acceptsNext(channel: Channel, header: ViaHeader): boolean {
    if (header.sequence <= 0xff) return super.acceptsNext(channel, header)
    this.owe(channel)
    return false
  }
}

export const smallNumberMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-sum-of-sixteen-bits',
    words: 'Adds up the segments of a send in 16 bits.',
    violates: ['VIA-DESC-019', 'VIA-SEND-002'],
    make: withViaParts({ descriptors: SumOf16 }),
  },
  {
    name: 'via-room-of-sixteen-bits',
    words: 'Adds up the segments of a receive in 16 bits.',
    violates: ['VIA-DESC-021', 'VIA-SEND-002'],
    make: withViaParts({ descriptors: RoomOf16 }),
  },
  {
    name: 'via-long-waits-hurry',
    words: 'Counts the time of a Wait in microseconds of 32 bits.',
    violates: ['VIA-WAIT-001', 'VIA-WAIT-002', 'VIA-CQ-008', 'VIA-CQ-009'],
    make: withViaParts({ waits: WaitsCut }),
  },
  {
    name: 'via-long-requests-hurry',
    words: 'Counts the time of a request, and of a server that waits, in microseconds of 32 bits.',
    violates: ['VIA-CON-009', 'VIA-CON-012', 'VIA-PEER-003'],
    make: withViaParts({ connector: RequestsCut, peers: PeerRequestsCut }),
  },
  {
    name: 'via-messages-of-eight-bits',
    words: 'Takes unreliable messages for old when their number, of eight bits, begins anew.',
    violates: ['VIA-REL-005', 'VIA-SEND-002'],
    make: withViaParts({ receiver: MessagesOf8 }),
  },
  {
    name: 'via-frames-of-eight-bits',
    words: 'Takes frames of a reliable connection for old when their number, of eight bits, begins anew.',
    violates: ['VIA-REL-007', 'VIA-REL-012', 'VIA-SEND-002'],
    make: withViaParts({ receiver: FramesOf8 }),
  },
])
