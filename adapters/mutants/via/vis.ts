// Mutants of the VIA reference that make VIs wrongly, or out of what they should not.
import { success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { CompletionQueue, Granted, Nic, Ptag, Region, Vi } from '../../../reference/via/objects.ts'
import { Protection } from '../../../reference/via/protection.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import type { VipReturn } from '../../../spec/vocabulary/via-returns.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'
import { optionsWithoutReads, withoutReads } from './without-reads.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** All handles of one NIC are one. */
class AnyHandle extends Protection {
  override tag(_nic: Nic, name: string | null): Ptag | undefined {
    return this.board.names.find('ptag', name)
  }

  override region(_nic: Nic, value: number): Region | undefined {
    return this.board.names.all('region').find((region) => region.value === value)
  }
}

class AnyHandleOfQueue extends ViCalls {
  protected override queueOf(_nic: Nic, name: string | null): CompletionQueue | undefined | 'bad' {
    return name === null ? undefined : (this.board.names.find('cq', name) ?? 'bad')
  }
}

/** Memory under any handle will do; what is made still belongs to its own. */
class AnyHandleOfMemory extends Protection {
  override region(_nic: Nic, value: number): Region | undefined {
    return this.board.names.all('region').find((region) => region.value === value)
  }

  protected override sameTag(region: Region, vi: Vi): boolean {
    return region.nic !== vi.nic || super.sameTag(region, vi)
  }
}

/** All VIs of a NIC handle have the receive queue of the first. */
class SharedReceives extends ViCalls {
  override create(call: Call<'VipCreateVi'>): ViaAnswer {
    const given = super.create(call)
    const made = this.board.names.find('vi', call.as)
    const first = this.board.names.all('vi').find(({ nic }) => nic === made?.nic)
    if (given === success && made && first) Object.assign(made, { recv: first.recv })
    return given
  }
}

/** Grants something else than what was asked for. */
abstract class OtherGrants extends ViCalls {
  protected override grant(nic: Nic, attributes: ViaViAttributes | null): Granted | VipReturn {
    const asked = attributes && this.asked(attributes)
    const granted = super.grant(nic, asked)
    return typeof granted === 'string' || !attributes ? granted : { ...granted, ...this.instead(attributes) }
  }

  /** What is looked at in the place of what was asked for. */
  protected asked(attributes: ViaViAttributes): ViaViAttributes {
    return attributes
  }

  protected instead(_attributes: ViaViAttributes): Partial<Granted> {
    return {}
  }
}

class SizesRounded extends OtherGrants {
  protected override instead({ maxTransferSize }: ViaViAttributes): Partial<Granted> {
    return { maxTransferSize: 2 ** Math.floor(Math.log2(maxTransferSize)) }
  }
}

class RightsDropped extends OtherGrants {
  protected override instead(): Partial<Granted> {
    return { enableRdmaWrite: false }
  }
}

class UnknownLevel extends OtherGrants {
  protected override asked(attributes: ViaViAttributes): ViaViAttributes {
    const { reliabilityLevel: level } = attributes
    return { ...attributes, reliabilityLevel: level > 4 ? 1 : level }
  }
}

class LowestLevel extends OtherGrants {
  protected override asked(attributes: ViaViAttributes): ViaViAttributes {
    const { reliabilityLevel: level } = attributes
    return { ...attributes, reliabilityLevel: level & -level }
  }
}

class NoLevel extends OtherGrants {
  protected override asked(attributes: ViaViAttributes): ViaViAttributes {
    return { ...attributes, reliabilityLevel: attributes.reliabilityLevel || 1 }
  }
}

class AnySize extends OtherGrants {
  protected override asked(attributes: ViaViAttributes): ViaViAttributes {
    return { ...attributes, maxTransferSize: 1 }
  }

  protected override instead({ maxTransferSize }: ViaViAttributes): Partial<Granted> {
    return { maxTransferSize }
  }
}

class SizeZero extends OtherGrants {
  protected override asked(attributes: ViaViAttributes): ViaViAttributes {
    return { ...attributes, maxTransferSize: attributes.maxTransferSize || this.board.configuration.transfer }
  }
}

class ReadGranted extends OtherGrants {
  protected override asked(attributes: ViaViAttributes): ViaViAttributes {
    return { ...attributes, enableRdmaRead: false }
  }
}

class ServiceWanted extends OtherGrants {
  protected override grant(nic: Nic, attributes: ViaViAttributes | null): Granted | VipReturn {
    return attributes?.qos === 0 ? 'VIP_INVALID_QOS' : super.grant(nic, attributes)
  }
}

class OneViMore extends ViCalls {
  protected override hasRoom(): boolean {
    return this.board.names.all('vi').length <= this.board.configuration.vis
  }
}

class OneQueueForBoth extends ViCalls {
  override create(call: Call<'VipCreateVi'>): ViaAnswer {
    const cq = call.recvCq ?? call.sendCq
    return super.create({ ...call, sendCq: cq, recvCq: cq })
  }
}

export const viMutants = mutantsOf('via', [
  {
    name: 'via-handles-shared',
    words: 'Takes tags and memory of any NIC handle of the process for those of every other.',
    violates: ['VIA-NIC-012'],
    make: withViaParts({ protection: AnyHandle }),
  },
  {
    name: 'via-foreign-queue-accepted',
    words: 'Makes a VI with a completion queue of another NIC handle.',
    violates: ['VIA-NIC-012'],
    make: withViaParts({ viCalls: AnyHandleOfQueue }),
  },
  {
    name: 'via-foreign-memory-used',
    words: 'Uses memory that was registered through another NIC handle.',
    violates: ['VIA-NIC-012'],
    make: withViaParts({ protection: AnyHandleOfMemory }),
  },
  {
    name: 'via-receives-shared',
    words: 'Has one receive queue for all VIs of a NIC handle.',
    violates: ['VIA-VI-001', 'VIA-RECV-006', 'VIA-DONE-007'],
    make: withViaParts({ viCalls: SharedReceives }),
  },
  {
    name: 'via-transfer-size-rounded',
    words: 'Grants a power of two as MaxTransferSize.',
    violates: ['VIA-VI-002'],
    make: withViaParts({ viCalls: SizesRounded }),
  },
  {
    name: 'via-rdma-right-dropped',
    words: 'Makes a VI without the right of RDMA write that was asked for.',
    violates: ['VIA-VI-002'],
    make: withViaParts({ viCalls: RightsDropped }),
  },
  {
    name: 'via-unknown-level-accepted',
    words: 'Makes a VI of a reliability level that there is not.',
    violates: ['VIA-VI-003'],
    make: withViaParts({ viCalls: UnknownLevel }),
  },
  {
    name: 'via-several-levels-accepted',
    words: 'Takes the lowest of several reliability levels.',
    violates: ['VIA-VI-004'],
    make: withViaParts({ viCalls: LowestLevel }),
  },
  {
    name: 'via-no-level-accepted',
    words: 'Takes no reliability level for the unreliable one.',
    violates: ['VIA-VI-004'],
    make: withViaParts({ viCalls: NoLevel }),
  },
  {
    name: 'via-transfer-size-unchecked',
    words: 'Makes VIs of any MaxTransferSize.',
    violates: ['VIA-VI-005'],
    make: withViaParts({ viCalls: AnySize }),
  },
  {
    name: 'via-transfer-size-of-zero',
    words: 'Takes a MaxTransferSize of zero for the most that the NIC has.',
    violates: ['VIA-VI-005'],
    make: withViaParts({ viCalls: SizeZero }),
  },
  {
    name: 'via-rdma-read-granted',
    words: 'Makes VIs with RDMA read, which the NIC does not have.',
    violates: ['VIA-MEM-014'],
    options: optionsWithoutReads,
    make: withViaParts({ ...withoutReads, viCalls: ReadGranted }),
  },
  {
    name: 'via-qos-wanted',
    words: 'Makes no VI without a quality of service.',
    violates: ['VIA-VI-018'],
    make: withViaParts({ viCalls: ServiceWanted }),
  },
  {
    name: 'via-vi-limit-off-by-one',
    words: 'Makes one VI more than it says that it can.',
    violates: ['VIA-VI-007'],
    make: withViaParts({ viCalls: OneViMore }),
  },
  {
    name: 'via-one-queue-for-both',
    words: 'Gives both work queues of a VI the same completion queue.',
    violates: ['VIA-VI-008', 'VIA-CQ-017'],
    make: withViaParts({ viCalls: OneQueueForBoth }),
  },
])
