// Mutants of the VIA reference that go wrong at an edge: of a number, a length, a list, a buffer.
import type { Introduction } from '../../../reference/via/addresses.ts'
import { Completions } from '../../../reference/via/completions.ts'
import { Connector } from '../../../reference/via/connector.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import { frameFlag } from '../../../reference/via/frame.ts'
import type { Posting, Segment, Shipment, Vi } from '../../../reference/via/objects.ts'
import { Peers } from '../../../reference/via/peers.ts'
import type { PeerAttempt } from '../../../reference/via/peers.ts'
import { Protection } from '../../../reference/via/protection.ts'
import { Sender } from '../../../reference/via/sender.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

/** Sends some messages without the immediate data that goes along. */
abstract class DropsImmediate extends Sender {
  protected abstract drops(shipment: Shipment): boolean

  protected override flags(shipment: Shipment, fragment: number): number {
    const flags = super.flags(shipment, fragment)
    return this.drops(shipment) ? flags & ~frameFlag.immediate : flags
  }
}

class ImmediateOfZero extends DropsImmediate {
  protected override drops({ immediate }: Shipment): boolean {
    return immediate === 0
  }
}

/** A discriminator up to its first octet of zero. */
function asString(discriminator: string): string {
  return /^(?:(?!00)..)*/.exec(discriminator)?.[0] ?? ''
}

class ComparesStrings extends Connector {
  protected override matches(waiting: string, wanted: string): boolean {
    return asString(waiting) === asString(wanted)
  }
}

class PeersCompareStrings extends Peers {
  protected override fits(attempt: PeerAttempt, { own, wanted }: Introduction): boolean {
    return asString(attempt.own) === asString(wanted) && asString(attempt.wanted) === asString(own)
  }
}

/** A ring is full when one place is free. */
class OneEntryLess extends Completions {
  protected override putEntry(posting: Posting): void {
    const { cq } = posting.queue
    if (cq && cq.entries.length === cq.capacity - 1) return
    super.putEntry(posting)
  }
}

/** Segments that are used without a look at whose they are. */
const unchecked = new WeakSet<Segment>()

class ChecksFirst extends DescriptorAccess {
  protected override mayUse(posting: Posting): boolean {
    for (const segment of posting.segments.slice(1)) unchecked.add(segment)
    return super.mayUse(posting)
  }
}

class SkipsUnchecked extends Protection {
  override allows(vi: Vi, span: Segment): boolean {
    if (!unchecked.has(span)) return super.allows(vi, span)
    return this.board.memory.holds(this.place(span.address), span.bytes)
  }
}

class AnyTagOfDescriptor extends DescriptorAccess {
  protected override reaches({ vi, address, handle }: Posting, bytes: number): boolean {
    const region = this.board.protection.region(vi.nic, handle)
    if (!region) return false
    return address >= region.address && address + bytes <= region.address + region.bytes
  }
}

export const edgeMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-immediate-of-zero',
    words: 'Sends no immediate data where that is zero.',
    violates: ['VIA-IMM-001', 'VIA-IMM-004', 'VIA-RDMA-005'],
    make: withViaParts({ sender: ImmediateOfZero }),
  },
  {
    name: 'via-discriminator-as-string',
    words: 'Compares discriminators up to their first octet of zero.',
    violates: ['VIA-CON-005', 'VIA-PEER-009'],
    make: withViaParts({ connector: ComparesStrings, peers: PeersCompareStrings }),
  },
  {
    name: 'via-queue-holds-one-less',
    words: 'Loses an entry that takes the last place of its completion queue.',
    violates: ['VIA-CQ-003', 'VIA-CQ-004'],
    make: withViaParts({ completions: OneEntryLess }),
  },
  {
    name: 'via-first-segment-checked',
    words: 'Looks only at the first segment of a descriptor whether it may use its memory.',
    violates: ['VIA-PTAG-005', 'VIA-MEM-008', 'VIA-MEM-009'],
    make: withViaParts({ descriptors: ChecksFirst, protection: SkipsUnchecked }),
  },
  {
    name: 'via-descriptor-tag-unchecked',
    words: 'Takes descriptors from memory of another protection tag than that of their VI.',
    violates: ['VIA-PTAG-008'],
    make: withViaParts({ descriptors: AnyTagOfDescriptor }),
  },
])
