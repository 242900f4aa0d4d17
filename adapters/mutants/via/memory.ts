// Mutants of the VIA reference that keep protection tags and registered memory wrongly.
import { answer, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { pageOctets } from '../../../reference/via/configuration.ts'
import { MemoryCalls } from '../../../reference/via/memory-calls.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { Nic, Ptag, Region } from '../../../reference/via/objects.ts'
import { Protection } from '../../../reference/via/protection.ts'
import type { ViaMemoryAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { ghostTag } from './ghosts.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'
import { optionsWithoutReads, withoutReads } from './without-reads.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** Gives the same tag again for every tag of a NIC handle. */
class OneTag extends NicCalls {
  override destroyPtag(call: Call<'VipDestroyPtag'>): ViaAnswer {
    const given = super.destroyPtag(call)
    if (given === success) {
      for (const ptag of this.board.names.all('ptag')) if (ptag.nic.name === call.nic) ptag.alive = false
    }
    return given
  }
}

class TagOfHandle extends Protection {
  protected override sameTag(region: Region, vi: Parameters<Protection['allows']>[0]): boolean {
    return region.ptag.nic === vi.nic
  }
}

class OneTagMore extends NicCalls {
  protected override hasTagRoom(): boolean {
    return this.board.names.all('ptag').length <= this.board.configuration.ptags
  }
}

/** A destroyed tag goes on counting. */
class TagsLeak extends NicCalls {
  override destroyPtag(call: Call<'VipDestroyPtag'>): ViaAnswer {
    const given = super.destroyPtag(call)
    if (given === success) this.board.names.bind(ghostTag(`destroyed ${call.ptag}`))
    return given
  }
}

class TagStays extends NicCalls {
  override destroyPtag(call: Call<'VipDestroyPtag'>): ViaAnswer {
    const ptag = this.board.names.find('ptag', call.ptag)
    const given = super.destroyPtag(call)
    if (ptag) ptag.alive = true
    return given
  }
}

class TagAnyway extends NicCalls {
  protected override isTagUsed(_ptag: Ptag): boolean {
    return false
  }
}

class TagOfVisOnly extends NicCalls {
  protected override isTagUsed(ptag: Ptag): boolean {
    return this.board.names.all('vi').some((vi) => vi.attributes.ptag === ptag)
  }
}

class AnyTag extends Protection {
  protected override sameTag(): boolean {
    return true
  }
}

class NullTag extends Protection {
  override tag(nic: Nic, name: string | null): Ptag | undefined {
    return name === null ? this.board.names.all('ptag').find((ptag) => ptag.nic === nic) : super.tag(nic, name)
  }
}

class HalfOpen extends Protection {
  protected override within(region: Region, address: number, bytes: number): boolean {
    return address >= region.address && address + bytes < region.address + region.bytes
  }
}

class WholePages extends MemoryCalls {
  protected override isMemory(address: number, bytes: number): boolean {
    return super.isMemory(address, bytes) && this.board.protection.place(address) % pageOctets === 0
  }
}

/** Registers nothing as if it were one octet. */
class Nothing extends MemoryCalls {
  protected override isMemory(address: number, bytes: number): boolean {
    return super.isMemory(address, Math.max(1, bytes))
  }
}

class Anything extends MemoryCalls {
  protected override isMemory(_address: number, bytes: number): boolean {
    return bytes >= 1
  }
}

class OneRegionMore extends MemoryCalls {
  protected override hasRoom(bytes: number): boolean {
    const { configuration: limits, names } = this.board
    return names.all('region').length <= limits.regions && bytes <= limits.regionOctets
  }
}

/** A deregistered region goes on counting. */
class RegionsLeak extends MemoryCalls {
  override deregister(call: Call<'VipDeregisterMem'>): ViaAnswer {
    const region = this.find(call)
    const given = super.deregister(call)
    if (given === success && region) {
      const ptag = ghostTag('none')
      const name = `deregistered ${region.value}`
      this.board.names.bind({ ...region, name, nic: ptag.nic, ptag, alive: true })
    }
    return given
  }
}

class AnyRegionSize extends MemoryCalls {
  protected override hasRoom(_bytes: number): boolean {
    return this.board.names.all('region').length < this.board.configuration.regions
  }
}

/** A page is registered once: whoever registers it last has it. */
class LastRegistration extends Protection {
  override add(region: Region): void {
    for (const other of this.board.names.all('region')) {
      const apart = other.address + other.bytes <= region.address || region.address + region.bytes <= other.address
      if (other !== region && !apart) this.remove(other)
    }
    super.add(region)
  }
}

class AnyAddressInside extends MemoryCalls {
  override deregister(call: Call<'VipDeregisterMem'>): ViaAnswer {
    const region = this.find(call)
    if (!region) return super.deregister(call)
    return super.deregister({ ...call, at: { address: region.address.toString(16), offset: 0 } })
  }
}

class StillRegistered extends Protection {
  override remove(_region: Region): void {}
}

class Unbounded extends Protection {
  protected override within(): boolean {
    return true
  }
}

class StartOnly extends Protection {
  protected override within(region: Region, address: number, _bytes: number): boolean {
    return address >= region.address && address < region.address + region.bytes
  }
}

class EndOnly extends Protection {
  protected override within(region: Region, address: number, bytes: number): boolean {
    const end = address + bytes
    return end > region.address && end <= region.address + region.bytes
  }
}

class RdmaReadGranted extends MemoryCalls {
  protected override grant(nic: Nic, attributes: ViaMemoryAttributes | null): ReturnType<MemoryCalls['grant']> {
    return super.grant(nic, attributes && { ...attributes, enableRdmaRead: false })
  }
}

class DefaultAttributes extends MemoryCalls {
  protected override grant(nic: Nic, attributes: ViaMemoryAttributes | null): ReturnType<MemoryCalls['grant']> {
    const ptag = this.board.names.all('ptag').find((one) => one.nic === nic)
    const usual = { ptag: ptag?.name ?? null, enableRdmaWrite: false, enableRdmaRead: false }
    return super.grant(nic, attributes ?? usual)
  }
}

class BadTagIsParameter extends MemoryCalls {
  override register(call: Call<'VipRegisterMem'>): ViaAnswer {
    const given = super.register(call)
    return given.vip?.code === 'VIP_INVALID_PTAG' ? answer('VIP_ERROR_RESOURCE') : given
  }
}

export const tagMutants = mutantsOf('via', [
  {
    name: 'via-one-tag-for-all',
    words: 'Hands out one and the same protection tag again and again.',
    violates: ['VIA-PTAG-001', 'VIA-PTAG-005'],
    make: withViaParts({ nicCalls: OneTag, protection: TagOfHandle }),
  },
  {
    name: 'via-tag-limit-off-by-one',
    words: 'Gives one protection tag more than it says that it has.',
    violates: ['VIA-PTAG-002'],
    make: withViaParts({ nicCalls: OneTagMore }),
  },
  {
    name: 'via-tags-leak',
    words: 'Counts destroyed protection tags against the limit for ever.',
    violates: ['VIA-PTAG-002'],
    make: withViaParts({ nicCalls: TagsLeak }),
  },
  {
    name: 'via-destroyed-tag-accepted',
    words: 'Answers well when a protection tag is destroyed, and goes on taking it.',
    violates: ['VIA-PTAG-003', 'VIA-MEM-004', 'VIA-VI-006'],
    make: withViaParts({ nicCalls: TagStays }),
  },
  {
    name: 'via-used-tag-destroyed',
    words: 'Destroys a protection tag that is in use.',
    violates: ['VIA-PTAG-004'],
    make: withViaParts({ nicCalls: TagAnyway }),
  },
  {
    name: 'via-tag-of-memory-destroyed',
    words: 'Destroys a protection tag that no VI has, though memory has it.',
    violates: ['VIA-PTAG-004'],
    make: withViaParts({ nicCalls: TagOfVisOnly }),
  },
  {
    name: 'via-tag-unchecked',
    words: 'Uses memory whatever its protection tag is.',
    violates: ['VIA-PTAG-005', 'VIA-ERR-016', 'VIA-ERR-017', 'VIA-ERR-018'],
    make: withViaParts({ protection: AnyTag }),
  },
  {
    name: 'via-null-tag-accepted',
    words: 'Takes a NULL protection tag for a default one.',
    violates: ['VIA-PTAG-007'],
    make: withViaParts({ protection: NullTag }),
  },
])

export const memoryMutants = mutantsOf('via', [
  {
    name: 'via-last-octet-refused',
    words: 'Refuses an access that ends with the last octet of its region.',
    violates: ['VIA-MEM-001', 'VIA-MEM-002'],
    make: withViaParts({ protection: HalfOpen }),
  },
  {
    name: 'via-regions-of-whole-pages',
    words: 'Refuses to register memory that does not start with a page.',
    violates: ['VIA-MEM-002'],
    make: withViaParts({ memoryCalls: WholePages }),
  },
  {
    name: 'via-registers-no-octets',
    words: 'Registers memory of length zero.',
    violates: ['VIA-MEM-003'],
    make: withViaParts({ memoryCalls: Nothing }),
  },
  {
    name: 'via-registers-absent-memory',
    words: 'Registers addresses where the process has no memory.',
    violates: ['VIA-MEM-003'],
    make: withViaParts({ memoryCalls: Anything }),
  },
  {
    name: 'via-bad-tag-is-no-resource',
    words: 'Answers VIP_ERROR_RESOURCE when memory is registered with a protection tag that is not valid.',
    violates: ['VIA-MEM-004', 'VIA-PTAG-003', 'VIA-PTAG-007'],
    make: withViaParts({ memoryCalls: BadTagIsParameter }),
  },
  {
    name: 'via-region-limit-off-by-one',
    words: 'Registers one region more than it says that it can, and as many octets as one likes.',
    violates: ['VIA-MEM-005'],
    make: withViaParts({ memoryCalls: OneRegionMore }),
  },
  {
    name: 'via-region-size-unchecked',
    words: 'Registers regions of any size.',
    violates: ['VIA-MEM-005'],
    make: withViaParts({ memoryCalls: AnyRegionSize }),
  },
  {
    name: 'via-regions-leak',
    words: 'Counts deregistered regions against the limit for ever.',
    violates: ['VIA-MEM-005'],
    make: withViaParts({ memoryCalls: RegionsLeak }),
  },
  {
    name: 'via-last-registration-wins',
    words: 'Gives up a registration when memory of it is registered again.',
    violates: ['VIA-MEM-006'],
    make: withViaParts({ protection: LastRegistration }),
  },
  {
    name: 'via-deregisters-by-handle',
    words: 'Deregisters a region by its handle and any address inside.',
    violates: ['VIA-MEM-007'],
    make: withViaParts({ memoryCalls: AnyAddressInside }),
  },
  {
    name: 'via-deregistered-accessible',
    words: 'Goes on using memory that was deregistered.',
    violates: ['VIA-MEM-008', 'VIA-MEM-007'],
    make: withViaParts({ protection: StillRegistered }),
  },
  {
    name: 'via-bounds-unchecked',
    words: 'Uses memory outside the region of its handle.',
    violates: ['VIA-MEM-009', 'VIA-DESC-006', 'VIA-ERR-007'],
    make: withViaParts({ protection: Unbounded }),
  },
  {
    name: 'via-bounds-of-start-only',
    words: 'Looks only whether an access starts in its region, not where it ends.',
    violates: ['VIA-MEM-009'],
    make: withViaParts({ protection: StartOnly }),
  },
  {
    name: 'via-bounds-of-end-only',
    words: 'Looks only whether an access ends in its region, not where it starts.',
    violates: ['VIA-MEM-009', 'VIA-RDMA-003', 'VIA-RDMA-010'],
    make: withViaParts({ protection: EndOnly }),
  },
  {
    name: 'via-memory-rdma-read-granted',
    words: 'Registers memory for RDMA read, which the NIC does not have.',
    violates: ['VIA-MEM-014'],
    options: optionsWithoutReads,
    make: withViaParts({ ...withoutReads, memoryCalls: RdmaReadGranted }),
  },
  {
    name: 'via-default-memory-attributes',
    words: 'Registers memory without attributes, with some tag and no rights.',
    violates: ['VIA-MEM-016'],
    make: withViaParts({ memoryCalls: DefaultAttributes }),
  },
])
