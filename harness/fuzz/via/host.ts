// One host while its program of VIA is written: what it has made so far, and where its messages and descriptors lie.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Pattern, Range } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { viaDescriptorShape } from '../../../spec/vocabulary/via-constants.ts'
import { viaDeviceUnderTest } from '../../../spec/vocabulary/via-calls.ts'
import type { BufferPlan } from '../../plan/case.ts'
import { usualHandles } from '../../plan/handles.ts'
import { allocationUsual } from '../../plan/settings.ts'
import { descriptorPool } from '../../plan/via/descriptors.ts'

/** Where messages are sent from, and where they are received. Each is one region, registered under its own name. */
export type DataBuffer = 'out' | 'in'

/** Octets between the places of two messages. */
const gap = 8
const blank: Pattern = { kind: 'const', seed: 0xa5 }
const sentSeed = 0x51ed

export class ViaHost {
  readonly node: NodeIndex
  /** Threads that wait, so far. */
  waiting = 0
  private readonly used: Record<DataBuffer, number> = { out: gap, in: gap }
  private pool: number = viaDescriptorShape.alignment

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
    const { alignment, controlOctets, segmentOctets } = viaDescriptorShape
    const offset = this.pool
    this.pool += Math.ceil((controlOctets + segmentOctets * segments) / alignment) * alignment
    return { buffer: descriptorPool, offset }
  }

  buffers(): BufferPlan[] {
    const sizes = { [descriptorPool]: this.pool, ...this.used }
    return Object.entries(sizes).map(([as, bytes]) => ({ node: this.node, allocate: this.allocation(as, bytes) }))
  }

  /** What the host does first: its NIC, its tag, its handler of errors, its memory. */
  beginning(): CallBody[] {
    const { nic, ptag } = usualHandles
    const attributes = { ptag, enableRdmaWrite: false, enableRdmaRead: false }
    return [
      { operation: 'VipOpenNic', device: viaDeviceUnderTest, as: nic },
      { operation: 'VipErrorCallback', nic, handler: 'hears', context: this.node },
      { operation: 'VipCreatePtag', nic, as: ptag },
      ...this.buffers().map(({ allocate: { as, bytes } }) => ({
        operation: 'VipRegisterMem' as const,
        nic,
        at: { buffer: as, offset: 0, bytes },
        attributes,
        as,
      })),
    ]
  }

  private allocation(as: string, bytes: number): BufferPlan['allocate'] {
    const fill: Pattern =
      as === 'out' ? { kind: 'prng', seed: sentSeed * (this.node + 1) } : as === 'in' ? blank : allocationUsual.fill
    return { ...allocationUsual, operation: 'memory.allocate', as, bytes, fill, guard: gap }
  }
}
