// Mutants of the VIA reference whose tables of pages, and registers for what is under way, hold too little or too long.
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Introduction } from '../../../reference/via/addresses.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { pageOctets } from '../../../reference/via/configuration.ts'
import { Connector } from '../../../reference/via/connector.ts'
import type { Attempt } from '../../../reference/via/connector.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import { frameFlag, frameKind } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { MemoryCalls } from '../../../reference/via/memory-calls.ts'
import type { Posting, Region, Segment } from '../../../reference/via/objects.ts'
import { Protection } from '../../../reference/via/protection.ts'
import { RdmaReads } from '../../../reference/via/rdma-reads.ts'
import { RdmaTarget } from '../../../reference/via/rdma-target.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import type { ViaRemoteAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaDescriptorShape } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

const { controlOctets, segmentOctets } = viaDescriptorShape
/** What is written from one place, whatever its segments, because it is so short. */
const inlineOctets = 64

/** Fetches the page of a descriptor, and begins it anew where the descriptor goes on in the next one. */
class WithinPage extends DescriptorAccess {
  protected override readSegments(place: number, count: number): Segment[] {
    const start = place % pageOctets
    const segments: Segment[] = []
    for (let i = 0; i < count; i++) {
      const at = (start + controlOctets + i * segmentOctets) % pageOctets
      segments.push(...super.readSegments(place - start + at - controlOctets, 1))
    }
    return segments
  }
}

/** A region ends where the last of those ends that follow it without a gap. */
class BoundsOfNeighbours extends Protection {
  protected override within(region: Region, address: number, bytes: number): boolean {
    const end = region.address + region.bytes
    const isRest = address >= region.address && address <= end && address + bytes > end
    const next = isRest ? this.behind(region) : undefined
    return next ? this.within(next, end, address + bytes - end) : super.within(region, address, bytes)
  }

  private behind({ nic, ptag, address, bytes }: Region): Region | undefined {
    const regions = this.board.names.all('region').filter((one) => one.nic === nic && one.ptag === ptag)
    return regions.find((one) => one.address === address + bytes)
  }
}

/** Takes the pages of a region out of the table, whoever else has registered them. */
class TakesInner extends MemoryCalls {
  override deregister(call: Extract<ViplCall, { operation: 'VipDeregisterMem' }>): ViaAnswer {
    const region = this.find(call)
    const given = super.deregister(call)
    if (region?.alive !== false) return given
    const { address, bytes } = region
    const isInner = (one: Region): boolean =>
      one.address > address && one.address + one.bytes <= address + bytes && one.nic === region.nic
    for (const one of this.board.names.all('region').filter(isInner)) this.board.protection.remove(one)
    return given
  }
}

class ShortWritesInOne extends DescriptorAccess {
  override fetch(posting: Posting): number {
    const failure = super.fetch(posting)
    const [first] = posting.segments
    const isShort = posting.kind === frameKind.write && posting.total <= inlineOctets
    if (failure === 0 && first && isShort) posting.segments = [{ ...first, bytes: posting.total }]
    return failure
  }
}

/** How far a message has come, in 16 bits. */
function cut(landing: Landing): Landing {
  return { ...landing, offset: landing.offset & 0xffff }
}

class WritesOf16 extends RdmaTarget {
  override write(landing: Landing, from: number): boolean {
    return super.write(cut(landing), from)
  }
}

class ReadsOf16 extends RdmaReads {
  override take(landing: Landing, from: number): void {
    super.take(cut(landing), from)
  }
}

/** Keeps one address of what is written, with the first frame of each RDMA write. */
class OneAddress extends RdmaTarget {
  private address = 0

  override write(landing: Landing, from: number): boolean {
    if (landing.flags & frameFlag.first) this.address = landing.address
    return super.write({ ...landing, address: this.address }, from)
  }
}

/** Knows reads by the numbers of their messages, which begin anew with each connection. */
class ReadsByNumber extends RdmaReads {
  protected override readOf(channel: Channel, landing: Landing): Posting | undefined {
    for (const { channel: other } of this.board.names.all('vi')) {
      const read = other?.node === channel.node ? super.readOf(other, landing) : undefined
      if (read) return read
    }
    return undefined
  }
}

/** Keeps one value of immediate data, with the first frame of each message. */
class OneImmediate extends Receiver {
  private immediate = 0

  override data(channel: Channel, header: ViaHeader): void {
    if (header.flags & frameFlag.first) this.immediate = header.immediate
    super.data(channel, header)
  }

  protected override finish(landing: Landing, posting: Posting): void {
    super.finish({ ...landing, immediate: this.immediate }, posting)
  }
}

/** Places for connections. */
const placesMax = 256

/** Hears no request when it has used up its places, of which none comes back. */
class ConnectionsRunOut extends Connector {
  private made = 0

  override clear(): void {
    super.clear()
    this.made = 0
  }

  override requested(node: number, header: ViaHeader, introduction: Introduction): void {
    if (this.made < placesMax) super.requested(node, header, introduction)
  }

  protected override establish(attempt: Attempt, outputs: { remoteAttributes?: ViaRemoteAttributes } = {}): void {
    super.establish(attempt, outputs)
    this.made++
  }
}

export const tableMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-descriptor-within-page',
    words: 'Reads of a descriptor that goes on in the next page what stands at the start of its own.',
    violates: ['VIA-DESC-001', 'VIA-DESC-007', 'VIA-SEND-001', 'VIA-RECV-002'],
    make: withViaParts({ descriptors: WithinPage }),
  },
  {
    name: 'via-bounds-of-neighbours',
    words: 'Uses memory outside the region of its handle if it is registered with the same tag right behind.',
    violates: ['VIA-MEM-009'],
    make: withViaParts({ protection: BoundsOfNeighbours }),
  },
  {
    name: 'via-deregisters-inner',
    words: 'Takes with a region that is deregistered all regions that lie in it.',
    violates: ['VIA-MEM-006'],
    make: withViaParts({ memoryCalls: TakesInner }),
  },
  {
    name: 'via-rdma-short-write-in-one',
    words: 'Takes all of a short RDMA write from where its first segment begins.',
    violates: ['VIA-RDMA-002'],
    make: withViaParts({ descriptors: ShortWritesInOne }),
  },
  {
    name: 'via-rdma-writes-of-sixteen-bits',
    words: 'Keeps in 16 bits how far an RDMA write has come.',
    violates: ['VIA-RDMA-002'],
    make: withViaParts({ target: WritesOf16 }),
  },
  {
    name: 'via-rdma-reads-of-sixteen-bits',
    words: 'Keeps in 16 bits how far the data of an RDMA read has come.',
    violates: ['VIA-RDMA-009'],
    make: withViaParts({ reads: ReadsOf16 }),
  },
  {
    name: 'via-rdma-one-address',
    words: 'Has one place for the address of RDMA writes under way, however many VIs they come by.',
    violates: ['VIA-RDMA-001', 'VIA-RDMA-002'],
    make: withViaParts({ target: OneAddress }),
  },
  {
    name: 'via-rdma-reads-by-number',
    words: 'Gives what was read to the read of that number of the first VI that has one.',
    violates: ['VIA-RDMA-009', 'VIA-SEND-005'],
    make: withViaParts({ reads: ReadsByNumber }),
  },
  {
    name: 'via-one-immediate',
    words: 'Has one place for the immediate data of messages under way, however many VIs they come by.',
    violates: ['VIA-IMM-001'],
    make: withViaParts({ receiver: OneImmediate }),
  },
  {
    name: 'via-connections-run-out',
    words: 'Keeps a place for each connection that it has had, and has 256 of them.',
    violates: ['VIA-CON-001', 'VIA-CON-006', 'VIA-CON-007', 'VIA-CON-029'],
    make: withViaParts({ connector: ConnectionsRunOut }),
  },
])
