// Mutants of the VIA reference that let RDMA touch what it may not, or say wrongly that it may not.
import type { Channel } from '../../../reference/via/channel.ts'
import { frameFlag, frameKind, reasons } from '../../../reference/via/frame.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import type { Posting, Region, Segment, Vi } from '../../../reference/via/objects.ts'
import { Protection } from '../../../reference/via/protection.ts'
import type { RdmaRight } from '../../../reference/via/protection.ts'
import { RdmaTarget } from '../../../reference/via/rdma-target.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import { viaStatusBits } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

class ViRightIgnored extends Protection {
  override permits(vi: Vi, span: Segment, right: RdmaRight): boolean {
    return super.permits({ ...vi, attributes: { ...vi.attributes, [right]: true } }, span, right)
  }
}

/** What `permits` looks at is another region than the one that is named. */
abstract class OtherRegion extends Protection {
  private vi: Vi | undefined
  private right: RdmaRight = 'enableRdmaWrite'

  override permits(vi: Vi, span: Segment, right: RdmaRight): boolean {
    this.vi = vi
    this.right = right
    const permitted = super.permits(vi, span, right)
    this.vi = undefined
    return permitted
  }

  override region(nic: Parameters<Protection['region']>[0], value: number): Region | undefined {
    const region = super.region(nic, value)
    return region && this.vi ? this.instead(region, this.vi, this.right) : region
  }

  protected abstract instead(region: Region, vi: Vi, right: RdmaRight): Region
}

class RegionRightIgnored extends OtherRegion {
  protected instead(region: Region, _vi: Vi, right: RdmaRight): Region {
    return { ...region, [right]: true }
  }
}

class TagIgnored extends OtherRegion {
  protected instead(region: Region, vi: Vi): Region {
    return { ...region, ptag: vi.attributes.ptag }
  }
}

class BoundsIgnored extends OtherRegion {
  protected instead(region: Region): Region {
    return { ...region, address: 0, bytes: Number.MAX_SAFE_INTEGER }
  }
}

class ReadsByWritingRight extends Protection {
  override permits(vi: Vi, span: Segment, right: RdmaRight): boolean {
    const region = this.region(vi.nic, span.handle)
    if (right !== 'enableRdmaRead' || !region?.enableRdmaWrite) return super.permits(vi, span, right)
    return vi.attributes.enableRdmaRead && this.allows(vi, span)
  }
}

/** A region that was deregistered stays open to the peer. */
class DeregisteredOpen extends Protection {
  private removed: Map<number, Region> | undefined

  override reset(seed: number): void {
    super.reset(seed)
    this.removed = undefined
  }

  override remove(region: Region): void {
    this.removed ??= new Map()
    this.removed.set(region.value, region)
    super.remove(region)
  }

  override permits(vi: Vi, span: Segment, right: RdmaRight): boolean {
    const region = this.removed?.get(span.handle)
    if (!region) return super.permits(vi, span, right)
    return region[right] && this.sameTag(region, vi) && this.within(region, span.address, span.bytes)
  }
}

class WrittenPartly extends RdmaTarget {
  override admits(): boolean {
    return true
  }

  override write(landing: Landing, from: number): boolean {
    const { address, handle, offset, bytes, channel } = landing
    const part = { address: address + offset, handle, bytes }
    return this.board.protection.permits(channel.vi, part, 'enableRdmaWrite') && super.write(landing, from)
  }
}

class RefusalUntold extends RdmaTarget {
  protected override refuseWrite(landing: Landing): void {
    const { channel, message } = landing
    channel.placing = 0
    channel.refused = message
    if (channel.reliable) this.board.lifecycle.break(channel, reasons.badWrite, message)
  }
}

class RefusalTwice extends RdmaTarget {
  protected override refuseWrite(landing: Landing): void {
    this.board.reports.vi(landing.channel.vi, 'rdma-write-protection')
    super.refuseWrite(landing)
  }
}

class RefusalBreaks extends RdmaTarget {
  protected override refuseWrite(landing: Landing): void {
    super.refuseWrite(landing)
    this.board.lifecycle.break(landing.channel, reasons.badWrite, landing.message)
  }
}

class RefusalHolds extends RdmaTarget {
  protected override refuseWrite(landing: Landing): void {
    const { channel } = landing
    channel.refused = landing.message
    channel.refusing = false
    channel.placing = 0
    this.board.reports.vi(channel.vi, 'rdma-write-protection')
    this.board.receiver.placed(landing)
  }
}

class RefusalUnsaid extends Lifecycle {
  protected override faultOf(channel: Channel, reason: number): number {
    return reason === reasons.badWrite ? 0 : super.faultOf(channel, reason)
  }
}

class ReadRefusedOtherwise extends Lifecycle {
  protected override faultOf(channel: Channel, reason: number): number {
    return reason === reasons.badRead ? viaStatusBits['remote-descriptor-error'] : super.faultOf(channel, reason)
  }
}

class ReadRefusalUntold extends RdmaTarget {
  override refuseRead(channel: Channel, message: number): void {
    this.board.lifecycle.break(channel, reasons.badRead, message)
  }
}

class ToldBesides extends Receiver {
  protected override fail(landing: Landing, posting: Posting): void {
    if (landing.kind === frameKind.write) this.board.reports.vi(landing.channel.vi, 'rdma-write-protection')
    super.fail(landing, posting)
  }
}

/** Gives the receive of a refused write back as if nothing had taken it. */
class RefusedImmediateLost extends Receiver {
  protected override fail(landing: Landing, posting: Posting): void {
    if (landing.kind === frameKind.write && !landing.channel.reliable) posting.state = 'posted'
    else super.fail(landing, posting)
  }
}

class LoneImmediateUntold extends Receiver {
  protected override noReceive(landing: Landing): void {
    const { channel, kind, message, flags } = landing
    if (kind !== frameKind.write || (flags & frameFlag.immediate) === 0) super.noReceive(landing)
    else if (channel.reliable) this.board.lifecycle.break(channel, reasons.badReceive, message)
  }
}

export const rdmaRightMutants = mutantsOf('via', [
  {
    name: 'via-rdma-vi-right-ignored',
    words: 'Lets the peer write and read by RDMA through a VI that does not permit it.',
    violates: ['VIA-RDMA-003', 'VIA-RDMA-010'],
    make: withViaParts({ protection: ViRightIgnored }),
  },
  {
    name: 'via-rdma-region-right-ignored',
    words: 'Lets the peer write and read by RDMA in memory that does not permit it.',
    violates: ['VIA-RDMA-003', 'VIA-RDMA-010'],
    make: withViaParts({ protection: RegionRightIgnored }),
  },
  {
    name: 'via-rdma-tag-ignored',
    words: 'Lets the peer write and read by RDMA in memory of another protection tag.',
    violates: ['VIA-RDMA-003', 'VIA-RDMA-010', 'VIA-PTAG-005'],
    make: withViaParts({ protection: TagIgnored }),
  },
  {
    name: 'via-rdma-bounds-ignored',
    words: 'Lets the peer write and read by RDMA outside the region.',
    violates: ['VIA-RDMA-003', 'VIA-RDMA-010', 'VIA-MEM-009'],
    make: withViaParts({ protection: BoundsIgnored }),
  },
  {
    name: 'via-rdma-read-by-writing-right',
    words: 'Lets the peer read memory that it may only write to.',
    violates: ['VIA-RDMA-010'],
    make: withViaParts({ protection: ReadsByWritingRight }),
  },
  {
    name: 'via-rdma-writes-deregistered',
    words: 'Lets the peer write and read by RDMA in memory that was deregistered.',
    violates: ['VIA-RDMA-003', 'VIA-RDMA-010', 'VIA-MEM-008'],
    make: withViaParts({ protection: DeregisteredOpen }),
  },
  {
    name: 'via-rdma-write-partly',
    words: 'Writes of an RDMA write that leaves the region what lies in it.',
    violates: ['VIA-RDMA-003'],
    make: withViaParts({ target: WrittenPartly }),
  },
  {
    name: 'via-rdma-refusal-untold',
    words: 'Tells nobody at the target of an RDMA write that was refused.',
    violates: ['VIA-RDMA-007'],
    make: withViaParts({ target: RefusalUntold }),
  },
  {
    name: 'via-rdma-refusal-told-often',
    words: 'Tells the target twice of an RDMA write that was refused.',
    violates: ['VIA-RDMA-007'],
    make: withViaParts({ target: RefusalTwice }),
  },
  {
    name: 'via-rdma-refusal-breaks-unreliable',
    words: 'Breaks an unreliable connection over an RDMA write that was refused.',
    violates: ['VIA-RDMA-014'],
    make: withViaParts({ target: RefusalBreaks }),
  },
  {
    name: 'via-rdma-refusal-holds',
    words: 'Keeps a reliable connection after an RDMA write that was refused.',
    violates: ['VIA-RDMA-015'],
    make: withViaParts({ target: RefusalHolds }),
  },
  {
    name: 'via-rdma-refusal-unsaid',
    words: 'Does not say in the descriptor of an RDMA write at Reliable Reception that it was refused.',
    violates: ['VIA-RDMA-007', 'VIA-RDMA-008'],
    make: withViaParts({ lifecycle: RefusalUnsaid }),
  },
  {
    name: 'via-rdma-refusal-told-twice',
    words: 'Tells the handler of a refused RDMA write with immediate data, besides its receive.',
    violates: ['VIA-RDMA-008'],
    make: withViaParts({ receiver: ToldBesides }),
  },
  {
    name: 'via-rdma-refused-immediate-lost',
    words: 'Uses up no receive for an RDMA write with immediate data that was refused.',
    violates: ['VIA-RDMA-008'],
    make: withViaParts({ receiver: RefusedImmediateLost }),
  },
  {
    name: 'via-rdma-immediate-alone-untold',
    words: 'Tells nobody of an RDMA write with immediate data that found no receive.',
    violates: ['VIA-RDMA-016'],
    make: withViaParts({ receiver: LoneImmediateUntold }),
  },
  {
    name: 'via-rdma-read-refusal-untold',
    words: 'Tells nobody where it should have read of an RDMA read that was refused.',
    violates: ['VIA-RDMA-018'],
    make: withViaParts({ target: ReadRefusalUntold }),
  },
  {
    name: 'via-rdma-read-refused-otherwise',
    words: 'Says of an RDMA read that was refused that the remote receive was bad.',
    violates: ['VIA-RDMA-010'],
    make: withViaParts({ lifecycle: ReadRefusedOtherwise }),
  },
])
