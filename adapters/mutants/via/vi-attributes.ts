// Mutants of the VIA reference that set the attributes of VIs wrongly.
import { answer, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Connector } from '../../../reference/via/connector.ts'
import type { Granted, Nic, Vi } from '../../../reference/via/objects.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class ViStays extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const before = vi?.attributes
    const given = super.change(call)
    if (vi && before) vi.attributes = before
    return given
  }
}

class TagOfViStays extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    const before = vi?.attributes
    const given = super.change(call)
    if (vi && before) vi.attributes = { ...vi.attributes, ptag: before.ptag }
    return given
  }
}

/** Connects by the attributes that a VI was made with. */
class AsMade extends Connector {
  private readonly made = new WeakMap<Vi, Granted>()

  override request(...given: Parameters<Connector['request']>): void {
    const [, vi] = given
    const { attributes } = vi
    vi.attributes = { ...attributes, maxTransferSize: this.sizeOf(vi) }
    super.request(...given)
    vi.attributes = attributes
  }

  private sizeOf(vi: Vi): number {
    const made = this.made.get(vi) ?? vi.attributes
    this.made.set(vi, made)
    return Math.max(made.maxTransferSize, 32_768)
  }
}

/** Sets the attributes of VIs in a state in which that is refused. */
function alsoWhen(state: Vi['state']): typeof ViCalls {
  return class extends ViCalls {
    override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
      const vi = this.board.names.find('vi', call.vi)
      const attributes = vi?.state === state ? this.grant(vi.nic, call.attributes) : undefined
      if (!vi || !attributes || typeof attributes === 'string') return super.change(call)
      vi.attributes = attributes
      return success
    }
  }
}

class RefusedAndSet extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    const given = super.change(call)
    const vi = this.board.names.find('vi', call.vi)
    if (vi && given.vip?.code === 'VIP_INVALID_STATE') {
      const attributes = this.grant(vi.nic, call.attributes)
      if (typeof attributes !== 'string') vi.attributes = attributes
    }
    return given
  }
}

class WithReceivesRefused extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    const posted = this.board.names.find('vi', call.vi)?.recv.postings.length ?? 0
    return posted > 0 ? answer('VIP_INVALID_STATE') : super.change(call)
  }
}

/** Sets attributes that are bad in one way, made good. */
abstract class Mended extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    return super.change(vi && call.attributes ? { ...call, attributes: this.mend(call.attributes, vi) } : call)
  }

  protected abstract mend(attributes: ViaViAttributes, vi: Vi): ViaViAttributes
}

class LevelUnchecked extends Mended {
  protected override mend(attributes: ViaViAttributes): ViaViAttributes {
    const isLevel = [1, 2, 4].includes(attributes.reliabilityLevel)
    return { ...attributes, reliabilityLevel: isLevel ? attributes.reliabilityLevel : 1 }
  }
}

class SizeCut extends Mended {
  protected override mend(attributes: ViaViAttributes): ViaViAttributes {
    const { transfer } = this.board.configuration
    return { ...attributes, maxTransferSize: Math.min(attributes.maxTransferSize, transfer) }
  }
}

class BadTagForVi extends Mended {
  protected override mend(attributes: ViaViAttributes, vi: Vi): ViaViAttributes {
    const isGood = this.board.protection.tag(vi.nic, attributes.ptag) !== undefined
    return isGood ? attributes : { ...attributes, ptag: vi.attributes.ptag.name }
  }
}

class ViHalfSet extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    const given = super.change(call)
    const vi = this.board.names.find('vi', call.vi)
    if (given === success || given.vip?.code === 'VIP_INVALID_STATE' || !vi || !call.attributes) return given
    const { enableRdmaWrite, maxTransferSize } = call.attributes
    const isSize = given.vip?.code !== 'VIP_INVALID_MTU'
    vi.attributes = { ...vi.attributes, enableRdmaWrite, ...(isSize && { maxTransferSize }) }
    return given
  }
}

class AllBadParameters extends ViCalls {
  private isSetting = false

  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    this.isSetting = true
    const given = super.change(call)
    this.isSetting = false
    return given
  }

  protected override grant(nic: Nic, attributes: ViaViAttributes | null): ReturnType<ViCalls['grant']> {
    const granted = super.grant(nic, attributes)
    return this.isSetting && typeof granted === 'string' ? 'VIP_INVALID_PARAMETER' : granted
  }
}

class NoVi extends ViCalls {
  override change(call: Call<'VipSetViAttributes'>): ViaAnswer {
    return this.board.names.find('vi', call.vi) ? super.change(call) : success
  }
}

export const viAttributeMutants = mutantsOf('via', [
  {
    name: 'via-attributes-of-vi-stay',
    words: 'Answers well when the attributes of a VI are set, and sets none.',
    violates: ['VIA-VI-014', 'VIA-PTAG-006'],
    make: withViaParts({ viCalls: ViStays }),
  },
  {
    name: 'via-attributes-tag-of-vi-stays',
    words: 'Sets all attributes of a VI but its protection tag.',
    violates: ['VIA-VI-014', 'VIA-PTAG-006'],
    make: withViaParts({ viCalls: TagOfViStays }),
  },
  {
    name: 'via-attributes-as-made',
    words: 'Asks for a connection with the MaxTransferSize that VIs usually have, whatever was set.',
    violates: ['VIA-VI-014', 'VIA-CON-002'],
    make: withViaParts({ connector: AsMade }),
  },
  {
    name: 'via-attributes-with-receives-refused',
    words: 'Refuses to set the attributes of an idle VI that has receives posted.',
    violates: ['VIA-VI-014'],
    make: withViaParts({ viCalls: WithReceivesRefused }),
  },
  {
    name: 'via-attributes-while-connected',
    words: 'Sets the attributes of a VI that is connected.',
    violates: ['VIA-VI-015'],
    make: withViaParts({ viCalls: alsoWhen('connected') }),
  },
  {
    name: 'via-attributes-while-pending',
    words: 'Sets the attributes of a VI whose request is not answered.',
    violates: ['VIA-VI-015'],
    make: withViaParts({ viCalls: alsoWhen('connect-pending') }),
  },
  {
    name: 'via-attributes-while-broken',
    words: 'Sets the attributes of a VI in the error state.',
    violates: ['VIA-VI-015'],
    make: withViaParts({ viCalls: alsoWhen('error') }),
  },
  {
    name: 'via-attributes-refused-and-set',
    words: 'Sets the attributes of a VI that is not idle, and answers VIP_INVALID_STATE.',
    violates: ['VIA-VI-015'],
    make: withViaParts({ viCalls: RefusedAndSet }),
  },
  {
    name: 'via-attributes-level-unchecked',
    words: 'Takes the unreliable level for one that cannot be, when attributes of a VI are set.',
    violates: ['VIA-VI-016'],
    make: withViaParts({ viCalls: LevelUnchecked }),
  },
  {
    name: 'via-attributes-size-cut',
    words: 'Cuts a MaxTransferSize that is too large, when attributes of a VI are set.',
    violates: ['VIA-VI-016'],
    make: withViaParts({ viCalls: SizeCut }),
  },
  {
    name: 'via-attributes-bad-tag-for-vi',
    words: 'Leaves a VI its protection tag if the one that it is to have is not valid, and answers well.',
    violates: ['VIA-VI-016'],
    make: withViaParts({ viCalls: BadTagForVi }),
  },
  {
    name: 'via-attributes-of-vi-half-set',
    words: 'Sets what is good of the attributes of a VI that it refuses.',
    violates: ['VIA-VI-016'],
    make: withViaParts({ viCalls: ViHalfSet }),
  },
  {
    name: 'via-attributes-all-bad-parameters',
    words: 'Answers VIP_INVALID_PARAMETER for every bad attribute, when those of a VI are set.',
    violates: ['VIA-VI-016'],
    make: withViaParts({ viCalls: AllBadParameters }),
  },
  {
    name: 'via-attributes-of-no-vi',
    words: 'Answers well when attributes are set of a VI that there is not.',
    violates: ['VIA-VI-019'],
    make: withViaParts({ viCalls: NoVi }),
  },
])
