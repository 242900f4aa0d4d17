// Mutants of the VIA reference that go through the segments of a descriptor wrongly.
import { readU32le } from '../../../reference/core/little-endian.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import type { Posting, Segment } from '../../../reference/via/objects.ts'
import { viaDescriptorOffsets } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../../spec/vocabulary/via-descriptor.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

/** Goes by what stands behind the last segment, too. */
class OneSegmentMore extends DescriptorAccess {
  protected override readSegments(place: number, count: number): Segment[] {
    const segments = super.readSegments(place, count + 1)
    const extra = segments.at(-1)
    const { regions } = this
    return extra && extra.bytes > 0 && regions.includes(extra.handle) ? segments : segments.slice(0, count)
  }

  private get regions(): readonly number[] {
    return this.board.names.all('region').map(({ value }) => value)
  }
}

class ZeroEnds extends DescriptorAccess {
  protected override readSegments(place: number, count: number): Segment[] {
    const segments = super.readSegments(place, count)
    const end = segments.findIndex(({ bytes }) => bytes === 0)
    return end < 0 ? segments : segments.slice(0, end)
  }

  /** What is left is all that there is. */
  protected override isTooLong(posting: Posting, fields: ViaControlFields): boolean {
    return super.isTooLong(posting, { ...fields, length: posting.total })
  }
}

class ZeroRefused extends DescriptorAccess {
  protected override mayUse(posting: Posting): boolean {
    return posting.segments.every(({ bytes }) => bytes > 0) && super.mayUse(posting)
  }
}

class WordsOnly extends DescriptorAccess {
  protected override readSegments(place: number, count: number): Segment[] {
    return super
      .readSegments(place, count)
      .map((segment) => ({ ...segment, address: segment.address - (segment.address % 4) }))
  }
}

class SendBackwards extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    if (posting.queue.queue === 'send') posting.segments = posting.segments.toReversed()
    return failure
  }
}

class ReceiveBackwards extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    if (posting.queue.queue === 'recv') posting.segments = posting.segments.toReversed()
    return failure
  }
}

class FirstSegmentOnly extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    const [first] = posting.segments
    if (posting.queue.queue === 'recv' && first) posting.segments = posting.segments.map(() => first)
    return failure
  }
}

class LengthTrusted extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    const place = this.board.protection.place(posting.address)
    if (posting.queue.queue === 'recv') {
      posting.total = readU32le(this.board.memory.octets, place + viaDescriptorOffsets.length)
    }
    return failure
  }
}

class ReceivesWantRights extends DescriptorAccess {
  protected override mayUse(posting: Posting): boolean {
    const { protection } = this.board
    const { segments, queue, vi } = posting
    const willing = segments.every(({ handle }) => protection.region(vi.nic, handle)?.enableRdmaWrite === true)
    return (queue.queue === 'send' || willing) && super.mayUse(posting)
  }
}

export const segmentMutants = mutantsOf('via', [
  {
    name: 'via-one-segment-more',
    words: 'Uses what stands behind the last segment of a descriptor if it looks like another one.',
    violates: ['VIA-DESC-003'],
    make: withViaParts({ descriptors: OneSegmentMore }),
  },
  {
    name: 'via-zero-segment-ends',
    words: 'Takes a segment of length zero for the end of the list.',
    violates: ['VIA-DESC-009'],
    make: withViaParts({ descriptors: ZeroEnds }),
  },
  {
    name: 'via-zero-segment-refused',
    words: 'Answers a segment of length zero with a protection error.',
    violates: ['VIA-DESC-009'],
    make: withViaParts({ descriptors: ZeroRefused }),
  },
  {
    name: 'via-data-aligned',
    words: 'Rounds the addresses of data down to whole words.',
    violates: ['VIA-DESC-011', 'VIA-MEM-002'],
    make: withViaParts({ descriptors: WordsOnly }),
  },
  {
    name: 'via-gathers-backwards',
    words: 'Sends the segments of a message in the order from last to first.',
    violates: ['VIA-SEND-001', 'VIA-DESC-007'],
    make: withViaParts({ descriptors: SendBackwards }),
  },
  {
    name: 'via-scatters-backwards',
    words: 'Fills the segments of a receive in the order from last to first.',
    violates: ['VIA-RECV-002', 'VIA-DESC-007'],
    make: withViaParts({ descriptors: ReceiveBackwards }),
  },
  {
    name: 'via-scatters-into-first',
    words: 'Writes all of a message into the first segment of its receive, again and again.',
    violates: ['VIA-RECV-002'],
    make: withViaParts({ descriptors: FirstSegmentOnly }),
  },
  {
    name: 'via-receive-length-trusted',
    words: 'Takes Length of a posted receive for what the receive holds.',
    violates: ['VIA-DESC-021'],
    make: withViaParts({ descriptors: LengthTrusted }),
  },
  {
    name: 'via-receives-want-rights',
    words: 'Receives only into memory that permits RDMA write.',
    violates: ['VIA-MEM-015'],
    make: withViaParts({ descriptors: ReceivesWantRights }),
  },
])
