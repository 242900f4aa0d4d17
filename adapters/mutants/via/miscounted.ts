// Mutants of the VIA reference that lose count where a call is refused, or where a handler takes what Done would have taken.
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { CompletionCalls } from '../../../reference/via/completion-calls.ts'
import { Handlers } from '../../../reference/via/handlers.ts'
import type { Armed, Due } from '../../../reference/via/handlers.ts'
import { MemoryCalls } from '../../../reference/via/memory-calls.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { Nic, ViaObject, WorkQueue } from '../../../reference/via/objects.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import { WorkQueues } from '../../../reference/via/work-queues.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

function succeeded(given: ViaAnswer): boolean {
  return given.vip?.code === 'VIP_SUCCESS'
}

/** What still lives, and does not count any more: it was to be destroyed, and the count went down before that was refused. */
const uncounted = new WeakSet<ViaObject>()

function uncountRefused(object: ViaObject | undefined, given: ViaAnswer): ViaAnswer {
  if (object && !succeeded(given)) uncounted.add(object)
  return given
}

function counted(objects: readonly ViaObject[]): number {
  return objects.filter((object) => !uncounted.has(object)).length
}

class UncountsVis extends ViCalls {
  override destroy(call: Call<'VipDestroyVi'>): ViaAnswer {
    return uncountRefused(this.board.names.find('vi', call.vi), super.destroy(call))
  }

  protected override hasRoom(): boolean {
    return counted(this.board.names.all('vi')) < this.board.configuration.vis
  }
}

class UncountsTags extends NicCalls {
  override destroyPtag(call: Call<'VipDestroyPtag'>): ViaAnswer {
    return uncountRefused(this.board.names.find('ptag', call.ptag), super.destroyPtag(call))
  }

  protected override hasTagRoom(): boolean {
    return counted(this.board.names.all('ptag')) < this.board.configuration.ptags
  }
}

class UncountsQueues extends CompletionCalls {
  override destroyCq(call: Call<'VipDestroyCQ'>): ViaAnswer {
    return uncountRefused(this.board.names.find('cq', call.cq), super.destroyCq(call))
  }

  protected override hasRoom(): boolean {
    return counted(this.board.names.all('cq')) < this.board.configuration.cqs
  }
}

class UncountsRegions extends MemoryCalls {
  override deregister(call: Call<'VipDeregisterMem'>): ViaAnswer {
    return uncountRefused(this.find(call), super.deregister(call))
  }

  protected override hasRoom(bytes: number): boolean {
    const { configuration: limits, names } = this.board
    const regions = names.all('region').filter((region) => !uncounted.has(region))
    const used = regions.reduce((sum, region) => sum + region.bytes, 0)
    return regions.length < limits.regions && bytes <= limits.regionOctets && used + bytes <= limits.registerOctets
  }
}

/** Places in the table of regions that registrations have taken which were then refused. */
const spent = new WeakMap<Nic, number>()

class SpendsPlaces extends MemoryCalls {
  override register(call: Call<'VipRegisterMem'>): ViaAnswer {
    const given = super.register(call)
    const nic = this.board.names.find('nic', call.nic)
    if (nic && given.vip && !succeeded(given)) spent.set(nic, (spent.get(nic) ?? 0) + 1)
    return given
  }

  protected override hasRoom(bytes: number): boolean {
    const { configuration, names } = this.board
    const lost = names.all('nic').reduce((sum, nic) => sum + (spent.get(nic) ?? 0), 0)
    return names.all('region').length + lost < configuration.regions && super.hasRoom(bytes)
  }
}

/** Places on work queues that are never free again. */
const lost = new WeakMap<WorkQueue, number>()

function lose(queue: WorkQueue): void {
  lost.set(queue, (lost.get(queue) ?? 0) + 1)
}

class LosesPlaces extends WorkQueues {
  protected override isFull(queue: WorkQueue): boolean {
    return queue.postings.length + (lost.get(queue) ?? 0) >= this.board.configuration.descriptors
  }
}

class CountsNull extends CompletionCalls {
  override post(call: Call<'VipPostSend' | 'VipPostRecv'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    if (vi && call.descriptor === null) lose(call.operation === 'VipPostSend' ? vi.send : vi.recv)
    return super.post(call)
  }
}

class CountsHandedOut extends Handlers {
  protected override take(armed: Armed): Due | undefined {
    const due = super.take(armed)
    if (due && 'postings' in armed.source) lose(armed.source)
    return due
  }
}

export const miscountedMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-refused-vis-uncounted',
    words: 'Does not count a VI any more that it has refused to destroy, and makes one more in its place.',
    violates: ['VIA-VI-007', 'VIA-VI-009', 'VIA-VI-010'],
    make: withViaParts({ viCalls: UncountsVis }),
  },
  {
    name: 'via-refused-tags-uncounted',
    words: 'Does not count a protection tag any more that it has refused to destroy.',
    violates: ['VIA-PTAG-002', 'VIA-PTAG-004'],
    make: withViaParts({ nicCalls: UncountsTags }),
  },
  {
    name: 'via-refused-queues-uncounted',
    words: 'Does not count a completion queue any more that it has refused to destroy.',
    violates: ['VIA-CQ-003', 'VIA-CQ-012'],
    make: withViaParts({ completionCalls: UncountsQueues }),
  },
  {
    name: 'via-refused-regions-uncounted',
    words: 'Does not count a region any more that it has refused to deregister.',
    violates: ['VIA-MEM-005', 'VIA-MEM-007'],
    make: withViaParts({ memoryCalls: UncountsRegions }),
  },
  {
    name: 'via-refused-regions-counted',
    words: 'Counts registrations that were refused against the limit.',
    violates: ['VIA-MEM-003', 'VIA-MEM-004', 'VIA-MEM-005'],
    make: withViaParts({ memoryCalls: SpendsPlaces }),
  },
  {
    name: 'via-null-takes-room',
    words: 'Counts descriptors of NULL that were refused against the room of their work queue for ever.',
    violates: ['VIA-DESC-005', 'VIA-POST-005'],
    make: withViaParts({ queues: LosesPlaces, completionCalls: CountsNull }),
  },
  {
    name: 'via-notified-takes-room',
    words: 'Counts descriptors that a handler was given against the room of their work queue for ever.',
    violates: ['VIA-NTFY-004', 'VIA-POST-005'],
    make: withViaParts({ queues: LosesPlaces, handlers: CountsHandedOut }),
  },
])
