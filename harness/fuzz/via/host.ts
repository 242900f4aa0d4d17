// One host while its program of VIA is written: what it needs from the beginning, and where its messages and descriptors lie.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Pattern, Range } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { viaDeviceUnderTest } from '../../../spec/vocabulary/via-calls.ts'
import { viaDescriptorShape } from '../../../spec/vocabulary/via-constants.ts'
import type { BufferPlan } from '../../plan/permutation.ts'
import { usualHandles } from '../../plan/handles.ts'
import { allocationUsual, descriptorPool } from '../../plan/usual.ts'

/** Where messages are sent from, and where they are received. Each is one region, registered under its own name. */
export type DataBuffer = 'out' | 'in'

/** What a host has through one handle of its NIC: everything of the second has a name that ends otherwise. */
export interface NicHandles {
  readonly nic: string
  readonly ptag: string
  readonly handler: string
  readonly suffix: '' | '2'
}

export const firstNic: NicHandles = { ...usualHandles, handler: 'hears', suffix: '' }
export const secondNic: NicHandles = { nic: 'nic2', ptag: 'tag2', handler: 'hears2', suffix: '2' }

/** A buffer that is not registered. */
export const bareBuffer = 'bare'
const bareOctets = 256

/** Octets between the places of two messages. */
const gap = 8
/** Where messages are received, before any was. */
const blank: Pattern = { kind: 'const', seed: 0xa5 }
/** Written over the link of a descriptor that is posted, and over memory that is used for something else before its message came. */
export const strangeLink: Pattern = { kind: 'const', seed: 0x5a }
export const usedAnew: Pattern = { kind: 'const', seed: 0x3c }
/** Of the pattern that is sent. */
const sentSeed = 0x51ed

const { alignment, controlOctets, segmentOctets } = viaDescriptorShape

export class ViaHost {
  readonly node: NodeIndex
  /** Whether it calls anything: one that does not needs no NIC. */
  takesPart = false
  /** Whether it has another handle of its NIC. */
  hasSecond = false
  /** A tag that memory has and VIs have not. */
  hasOtherTag = false
  hasBare = false
  /** Octets of a buffer that is there to be too large; 0: there is none. */
  large = 0
  /** Descriptors that were written, in order. */
  readonly written: string[] = []
  /** Threads that wait, so far. */
  waiting = 0
  private readonly used: Record<DataBuffer, number> = { out: 0, in: 0 }
  private pool = 0

  constructor(node: NodeIndex) {
    this.node = node
  }

  /** Octets of a buffer that nothing else uses. */
  take(buffer: DataBuffer, bytes: number): Range {
    const offset = this.used[buffer]
    this.used[buffer] = offset + bytes + gap
    return { buffer, offset, bytes }
  }

  /** Where a descriptor of so many segments is to lie. */
  slot(segments: number): { readonly buffer: string; readonly offset: number } {
    const offset = this.pool
    this.pool += Math.ceil((controlOctets + segmentOctets * segments) / alignment) * alignment
    return { buffer: descriptorPool, offset }
  }

  /** The buffer is there, whether something lies in it or not. */
  needs(buffer: DataBuffer | typeof descriptorPool): void {
    if (this.inUse.includes(buffer)) return
    if (buffer === descriptorPool) this.slot(0)
    else this.take(buffer, gap)
  }

  /** Buffers that something lies in so far. */
  get inUse(): readonly (DataBuffer | typeof descriptorPool)[] {
    const all = [descriptorPool, 'out', 'in'] as const
    return all.filter((buffer) => (buffer === descriptorPool ? this.pool : this.used[buffer]) > 0)
  }

  buffers(): BufferPlan[] {
    const sizes = { ...this.regions(), ...(this.hasBare ? { [bareBuffer]: bareOctets } : {}) }
    const all = this.large > 0 ? { ...sizes, large: this.large } : sizes
    return Object.entries(all).map(([as, bytes]) => ({ node: this.node, allocate: this.allocation(as, bytes) }))
  }

  /** What the host does first: its NIC, its tag, its handler of errors, its memory. */
  beginning(): CallBody[] {
    if (!this.takesPart) return []
    return [...this.opening(firstNic), ...(this.hasSecond ? this.opening(secondNic) : [])]
  }

  private opening({ nic, ptag, handler, suffix }: NicHandles): CallBody[] {
    const attributes = { ptag, enableRdmaWrite: false, enableRdmaRead: false }
    return [
      { operation: 'VipOpenNic', device: viaDeviceUnderTest, as: nic },
      { operation: 'VipErrorCallback', nic, handler, context: this.node },
      { operation: 'VipCreatePtag', nic, as: ptag },
      ...(this.hasOtherTag && suffix === '' ? [{ operation: 'VipCreatePtag' as const, nic, as: otherTag }] : []),
      ...Object.entries(this.regions()).map(([buffer, bytes]) => ({
        operation: 'VipRegisterMem' as const,
        nic,
        at: { buffer, offset: 0, bytes },
        attributes,
        as: `${buffer}${suffix}`,
      })),
    ]
  }

  /** Buffers that something lies in, with their sizes: they are registered as a whole. */
  private regions(): Record<string, number> {
    const sizes: Record<string, number> = { [descriptorPool]: this.pool, ...this.used }
    return Object.fromEntries(this.inUse.map((buffer) => [buffer, sizes[buffer] ?? 0]))
  }

  private allocation(as: string, bytes: number): BufferPlan['allocate'] {
    const fill: Pattern =
      as === 'out' ? { kind: 'prng', seed: sentSeed * (this.node + 1) } : as === 'in' ? blank : allocationUsual.fill
    return { ...allocationUsual, operation: 'memory.allocate', as, bytes, fill, guard: gap }
  }
}

/** The name of the tag that VIs do not have. */
export const otherTag = 'tag-other'
