// Mutants of the VIA reference that tell the attributes of memory wrongly, or set them wrongly.
import { answer, badParameter, noResource, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { MemoryCalls } from '../../../reference/via/memory-calls.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { Ptag, Region, Vi } from '../../../reference/via/objects.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { ViaMemoryAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'
import { optionsWithoutReads, withoutReads } from './without-reads.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class RightsSwapped extends MemoryCalls {
  override query(call: Call<'VipQueryMem'>): ViaAnswer {
    const told = super.query(call).vip?.memoryAttributes
    if (!told) return badParameter
    const { enableRdmaWrite: enableRdmaRead, enableRdmaRead: enableRdmaWrite } = told
    return answer('VIP_SUCCESS', { memoryAttributes: { ptag: told.ptag, enableRdmaWrite, enableRdmaRead } })
  }
}

class AtStartOnly extends MemoryCalls {
  override query(call: Call<'VipQueryMem'>): ViaAnswer {
    const isStart = this.find(call)?.address === this.board.written.addressOf(call.at)
    return isStart ? super.query(call) : badParameter
  }
}

class ByHandleAlone extends MemoryCalls {
  protected override find(call: Call<'VipQueryMem'>): Region | undefined {
    const nic = this.board.names.find('nic', call.nic)
    const value = this.board.written.handleOf(call.memory)
    return nic && value !== undefined ? this.board.protection.region(nic, value) : undefined
  }
}

/** Remembers the regions that were given up. */
class GoneMemory extends MemoryCalls {
  private readonly gone = new Map<string, Region>()

  override deregister(call: Call<'VipDeregisterMem'>): ViaAnswer {
    const region = this.find(call)
    const given = super.deregister(call)
    if (region && given === success) this.gone.set(region.name, region)
    return given
  }

  override query(call: Call<'VipQueryMem'>): ViaAnswer {
    const region = this.goneBy(call)
    if (!region) return super.query(call)
    const { ptag, enableRdmaWrite } = region
    return answer('VIP_SUCCESS', { memoryAttributes: { ptag: ptag.name, enableRdmaWrite, enableRdmaRead: false } })
  }

  override change(call: Call<'VipSetMemAttributes'>): ViaAnswer {
    return this.goneBy(call) ? success : super.change(call)
  }

  private goneBy({ nic, memory }: Call<'VipQueryMem' | 'VipSetMemAttributes'>): Region | undefined {
    const region = typeof memory === 'string' ? this.gone.get(memory) : undefined
    return region?.nic.name === nic ? region : undefined
  }
}

class MemoryStays extends MemoryCalls {
  override change(call: Call<'VipSetMemAttributes'>): ViaAnswer {
    const region = this.find(call)
    if (!region) return badParameter
    const granted = this.grant(region.nic, call.attributes)
    return typeof granted === 'string' ? answer(granted) : success
  }
}

class TagOfMemoryStays extends MemoryCalls {
  override change(call: Call<'VipSetMemAttributes'>): ViaAnswer {
    const region = this.find(call)
    const ptag = region?.ptag
    const given = super.change(call)
    if (region && ptag) region.ptag = ptag
    return given
  }
}

class BadTagForMemory extends MemoryCalls {
  override change(call: Call<'VipSetMemAttributes'>): ViaAnswer {
    const given = super.change(call)
    return given.vip?.code === 'VIP_INVALID_PTAG' ? success : given
  }
}

/** What a refused call was to set is set as far as it can be. */
class MemoryHalfSet extends MemoryCalls {
  override change(call: Call<'VipSetMemAttributes'>): ViaAnswer {
    const given = super.change(call)
    const region = this.find(call)
    if (given === success || !region || !call.attributes) return given
    region.enableRdmaWrite = call.attributes.enableRdmaWrite
    region.ptag = this.board.protection.tag(region.nic, call.attributes.ptag) ?? region.ptag
    return given
  }
}

/** Grants all but RDMA read, and does not say so; when attributes are set. */
class ReadIgnoredForMemory extends MemoryCalls {
  override change(call: Call<'VipSetMemAttributes'>): ViaAnswer {
    const attributes: ViaMemoryAttributes | null = call.attributes && { ...call.attributes, enableRdmaRead: false }
    return super.change({ ...call, attributes })
  }
}

class ReadIgnoredForVis extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    return super.change({ ...call, attributes: call.attributes && { ...call.attributes, enableRdmaRead: false } })
  }
}

class InUseRefused extends MemoryCalls {
  override change(call: Call<'VipSetMemAttributes'>): ViaAnswer {
    const vis = this.board.names.all('vi')
    const isInUse = vis.some(({ send, recv }) => send.postings.length + recv.postings.length > 0)
    return isInUse ? noResource : super.change(call)
  }
}

/** The tag that something was made with counts as in use, and the one that it has now does not. */
class OldTagInUse extends NicCalls {
  private readonly first = new WeakMap<Region | Vi, Ptag>()

  override destroyPtag(call: Call<'VipDestroyPtag'>): ViaAnswer {
    const { names } = this.board
    for (const region of names.all('region')) this.tagOf(region, region.ptag)
    for (const vi of names.all('vi')) this.tagOf(vi, vi.attributes.ptag)
    return super.destroyPtag(call)
  }

  protected override isTagUsed(ptag: Ptag): boolean {
    const { names } = this.board
    const users = [...names.all('region'), ...names.all('vi')]
    return users.some((user) => this.first.get(user) === ptag)
  }

  private tagOf(user: Region | Vi, ptag: Ptag): void {
    if (!this.first.has(user)) this.first.set(user, ptag)
  }
}

export const memoryAttributeMutants = mutantsOf('via', [
  {
    name: 'via-attributes-of-memory-swapped',
    words: 'Tells the right of RDMA write for that of RDMA read, when asked for the attributes of memory.',
    violates: ['VIA-MEM-011'],
    make: withViaParts({ memoryCalls: RightsSwapped }),
  },
  {
    name: 'via-attributes-at-start-only',
    words: 'Knows the attributes of memory only at the address that was registered.',
    violates: ['VIA-MEM-011'],
    make: withViaParts({ memoryCalls: AtStartOnly }),
  },
  {
    name: 'via-attributes-by-handle-alone',
    words: 'Looks for the attributes of memory by the handle, whatever the address.',
    violates: ['VIA-MEM-011', 'VIA-MEM-012'],
    make: withViaParts({ memoryCalls: ByHandleAlone }),
  },
  {
    name: 'via-attributes-of-gone-memory',
    words: 'Tells the attributes of memory that was deregistered, and answers well when they are set.',
    violates: ['VIA-MEM-011', 'VIA-MEM-012'],
    make: withViaParts({ memoryCalls: GoneMemory }),
  },
  {
    name: 'via-attributes-of-memory-stay',
    words: 'Answers well when the attributes of memory are set, and sets none.',
    violates: ['VIA-MEM-012', 'VIA-PTAG-006'],
    make: withViaParts({ memoryCalls: MemoryStays }),
  },
  {
    name: 'via-attributes-tag-of-memory-stays',
    words: 'Sets the rights of memory, and not its protection tag.',
    violates: ['VIA-MEM-012', 'VIA-PTAG-006'],
    make: withViaParts({ memoryCalls: TagOfMemoryStays }),
  },
  {
    name: 'via-attributes-bad-tag-for-memory',
    words: 'Answers well when memory is to have a protection tag that is not valid.',
    violates: ['VIA-MEM-012'],
    make: withViaParts({ memoryCalls: BadTagForMemory }),
  },
  {
    name: 'via-attributes-of-memory-half-set',
    words: 'Sets what is good of the attributes of memory that it refuses.',
    violates: ['VIA-MEM-012'],
    make: withViaParts({ memoryCalls: MemoryHalfSet }),
  },
  {
    name: 'via-attributes-rdma-read-ignored',
    words: 'Leaves RDMA read out of attributes that are set, without a word.',
    violates: ['VIA-MEM-012', 'VIA-VI-016'],
    options: optionsWithoutReads,
    make: withViaParts({ ...withoutReads, memoryCalls: ReadIgnoredForMemory, viCalls: ReadIgnoredForVis }),
  },
  {
    name: 'via-attributes-in-use-refused',
    words: 'Refuses to set the attributes of memory while anything is posted.',
    violates: ['VIA-MEM-013'],
    make: withViaParts({ memoryCalls: InUseRefused }),
  },
  {
    name: 'via-attributes-old-tag-in-use',
    words: 'Counts a protection tag as in use by what was made with it, whatever that has now.',
    violates: ['VIA-PTAG-004', 'VIA-PTAG-006'],
    make: withViaParts({ nicCalls: OldTagInUse }),
  },
])
