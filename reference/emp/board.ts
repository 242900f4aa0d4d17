// What all parts of one NIC share: its memory, its descriptors, its way out, its clock and its counters.
import type { EmpDropReason } from '../../spec/vocabulary/emp.ts'
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Timers } from '../core/timers.ts'
import type { EmpConfiguration } from './configuration.ts'
import type { DescriptorPool } from './descriptors.ts'
import type { Dma } from './dma.ts'
import type { Fragments } from './fragments.ts'
import type { Link } from '../core/link.ts'
import type { Memory } from '../core/memory.ts'
import type { ReceiveRing } from '../core/receive-ring.ts'
import type { StatusWriter } from './status.ts'

/** The parts below sender and receiver. `now` is the last instant that the endpoint was told. */
export interface Board {
  readonly node: NodeIndex
  readonly nodes: number
  readonly configuration: EmpConfiguration
  readonly memory: Memory
  readonly descriptors: DescriptorPool
  readonly dma: Dma
  readonly fragments: Fragments
  readonly link: Link
  readonly ring: ReceiveRing
  readonly timers: Timers
  readonly status: StatusWriter
  readonly dropped: Record<EmpDropReason, number>
  now: Instant
}
