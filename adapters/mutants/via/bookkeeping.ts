// Mutants of the VIA reference that keep books of what is gone, or one for several: counts, places, rights, numbers.
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Channel } from '../../../reference/via/channel.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { Completions } from '../../../reference/via/completions.ts'
import { Connector } from '../../../reference/via/connector.ts'
import { frameFlag } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import type { CompletionQueue, Nic, Posting, Region, Segment, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { Protection } from '../../../reference/via/protection.ts'
import type { RdmaRight } from '../../../reference/via/protection.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import { WorkQueues } from '../../../reference/via/work-queues.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class FlushedTakeRoom extends WorkQueues {
  private readonly flushed = new WeakMap<WorkQueue, number>()

  protected override flushOne(posting: Posting): void {
    this.flushed.set(posting.queue, (this.flushed.get(posting.queue) ?? 0) + 1)
    super.flushOne(posting)
  }

  protected override isFull(queue: WorkQueue): boolean {
    return queue.postings.length + (this.flushed.get(queue) ?? 0) >= this.board.configuration.descriptors
  }
}

/** Takes a place for a VI before it looks at what is asked for. */
class RefusedTakePlaces extends ViCalls {
  private readonly refused = new WeakMap<Nic, number>()

  override create(call: Call<'VipCreateVi'>): ViaAnswer {
    const given = super.create(call)
    const nic = this.board.names.find('nic', call.nic)
    const code = given.vip?.code
    const isRefused = code !== 'VIP_SUCCESS' && code !== 'VIP_ERROR_RESOURCE'
    if (nic && isRefused) this.refused.set(nic, (this.refused.get(nic) ?? 0) + 1)
    return given
  }

  protected override hasRoom(): boolean {
    const refused = this.board.names.all('nic').reduce((sum, nic) => sum + (this.refused.get(nic) ?? 0), 0)
    return this.board.names.all('vi').length + refused < this.board.configuration.vis
  }
}

/** How often a completion queue is used. */
const uses = new WeakMap<CompletionQueue, number>()

function count(cq: CompletionQueue | undefined, change: number): void {
  if (cq) uses.set(cq, (uses.get(cq) ?? 0) + change)
}

/** Counts a completion queue once for a VI that comes, and for each queue of one that goes. */
class CountsUses extends ViCalls {
  override create(call: Call<'VipCreateVi'>): ViaAnswer {
    const given = super.create(call)
    const vi = given.vip?.code === 'VIP_SUCCESS' ? this.board.names.find('vi', call.as) : undefined
    for (const cq of new Set([vi?.send.cq, vi?.recv.cq])) count(cq, 1)
    return given
  }

  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const given = super.destroy(call)
    if (vi?.alive === false) for (const { cq } of [vi.send, vi.recv]) count(cq, -1)
    return given
  }
}

class GoesByUses extends CompletionCalls {
  protected override isUsed(cq: CompletionQueue): boolean {
    return (uses.get(cq) ?? 0) > 0
  }
}

/** Entries of a ring: how many have been put there since it was made. */
class Rings extends Completions {
  readonly put = new WeakMap<CompletionQueue, number>()

  protected override putEntry(posting: Posting): void {
    const { cq } = posting.queue
    if (cq) this.put.set(cq, (this.put.get(cq) ?? 0) + 1)
    super.putEntry(posting)
  }
}

/** Copies of a ring what stands before its end. */
class ResizesRing extends CompletionCalls {
  override resizeCq(call: Call<'VipResizeCQ'>): ViaAnswer {
    const cq = this.board.names.find('cq', call.cq)
    const before = cq?.capacity ?? 0
    const given = super.resizeCq(call)
    const { completions } = this.board
    if (!cq || given.vip?.code !== 'VIP_SUCCESS' || !(completions instanceof Rings)) return given
    const first = ((completions.put.get(cq) ?? 0) - cq.entries.length) % before
    cq.entries.length = Math.min(cq.entries.length, before - first)
    completions.put.set(cq, cq.entries.length)
    return given
  }
}

/** What the peer may do to a region is looked up once. */
class RightsOnce extends Protection {
  private readonly known = new WeakMap<Region, Set<RdmaRight>>()

  override permits(vi: Vi, span: Segment, right: RdmaRight): boolean {
    const region = this.region(vi.nic, span.handle)
    if (!region) return super.permits(vi, span, right)
    const known = this.known.get(region) ?? new Set()
    if (known.has(right)) return vi.attributes[right] && this.allows(vi, span)
    const isPermitted = super.permits(vi, span, right)
    if (isPermitted) this.known.set(region, known.add(right))
    return isPermitted
  }
}

/** Of all unreliable connections with a host, the number of the message that came last. */
class NumberedTogether extends Receiver {
  private readonly last = new Map<number, number>()

  override clear(): void {
    super.clear()
    this.last.clear()
  }

  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    if ((header.flags & frameFlag.first) === 0) return super.acceptsSome(channel, header)
    const isFirst = channel.message < 0 && header.message === 0
    if (!isFirst && header.message <= (this.last.get(channel.node) ?? -1)) return false
    this.last.set(channel.node, header.message)
    return super.acceptsSome(channel, header)
  }
}

/** Breaks all reliable connections with a host with one of them. */
class BreaksAll extends Lifecycle {
  override break(channel: Channel, reason: number, message: number): void {
    super.break(channel, reason, message)
    for (const { channel: other, state } of this.board.names.all('vi')) {
      const isOther = other?.node === channel.node && other.reliable && state === 'connected'
      if (isOther) super.break(other, reason, -1)
    }
  }
}

/** A channel with the level that its NIC had when it was made. */
class LevelledChannel extends Channel {
  private readonly found: number

  constructor(vi: Vi, number: number, node: number, found: number) {
    super(vi, number, node)
    this.found = found
  }

  override get level(): number {
    return this.found
  }
}

class LevelOfLast extends Connector {
  protected override channelOf(vi: Vi, number: number, node: number): Channel {
    const last = this.board.names.all('vi').at(-1) ?? vi
    return new LevelledChannel(vi, number, node, last.attributes.reliabilityLevel)
  }
}

export const bookkeepingMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-flushed-take-room',
    words: 'Counts descriptors that were flushed against the room of their work queue for ever.',
    violates: ['VIA-POST-005'],
    make: withViaParts({ queues: FlushedTakeRoom }),
  },
  {
    name: 'via-refused-vis-counted',
    words: 'Counts VIs that were refused against the limit.',
    violates: ['VIA-VI-007'],
    make: withViaParts({ viCalls: RefusedTakePlaces }),
  },
  {
    name: 'via-used-queue-miscounted',
    words: 'Takes a completion queue for unused when one of two VIs is destroyed that use it for both of their queues.',
    violates: ['VIA-CQ-012'],
    make: withViaParts({ viCalls: CountsUses, completionCalls: GoesByUses }),
  },
  {
    name: 'via-resize-of-a-ring',
    words: 'A completion queue that is resized loses entries that had begun anew at the start of its ring.',
    violates: ['VIA-CQ-015'],
    make: withViaParts({ completions: Rings, completionCalls: ResizesRing }),
  },
  {
    name: 'via-attributes-rights-once-checked',
    words: 'Goes on letting the peer do to memory by RDMA what it has been let do once.',
    violates: ['VIA-RDMA-003', 'VIA-RDMA-010', 'VIA-MEM-013'],
    make: withViaParts({ protection: RightsOnce }),
  },
  {
    name: 'via-messages-numbered-together',
    words: 'Takes an unreliable message for old whose number is not above that of the last one of any VI of that host.',
    violates: ['VIA-REL-005'],
    make: withViaParts({ receiver: NumberedTogether }),
  },
  {
    name: 'via-break-takes-others',
    words: 'Breaks all reliable connections with a host when an error breaks one of them.',
    violates: ['VIA-VI-020'],
    make: withViaParts({ lifecycle: BreaksAll }),
  },
  {
    name: 'via-level-of-last-vi',
    words: 'Treats all connections as the reliability level of the VI that was made last wants it.',
    violates: ['VIA-REL-015', 'VIA-REL-016'],
    make: withViaParts({ connector: LevelOfLast }),
  },
])
