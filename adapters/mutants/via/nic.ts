// Mutants of the VIA reference that open, close and describe the NIC wrongly.
import { answer, badParameter, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { ViaNicAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaReliabilityLevels } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class AnyDevice extends NicCalls {
  protected override isDevice(device: string | null): boolean {
    return device !== null
  }
}

class OneOpen extends NicCalls {
  protected override hasRoom(): boolean {
    return this.board.names.all('nic').length === 0
  }
}

class OneNicMore extends NicCalls {
  protected override hasRoom(): boolean {
    return this.board.names.all('nic').length <= this.board.configuration.nics
  }
}

/** A closed handle goes on counting. */
class HandlesLeak extends NicCalls {
  override close(call: Call<'VipCloseNic'>): ViaAnswer {
    const given = super.close(call)
    if (given === success) {
      this.board.names.bind({ kind: 'nic', name: `closed ${call.nic}`, alive: true, handler: null, context: 0 })
    }
    return given
  }
}

class ClosedStaysOpen extends NicCalls {
  override close(call: Call<'VipCloseNic'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    const given = super.close(call)
    if (nic) nic.alive = true
    return given
  }
}

class ClosesDevice extends NicCalls {
  override close(call: Call<'VipCloseNic'>): ViaAnswer {
    const given = super.close(call)
    if (given === success) for (const other of this.board.names.all('nic')) other.alive = false
    return given
  }
}

class NullIsFirst extends NicCalls {
  override query(call: Call<'VipQueryNic'>): ViaAnswer {
    return super.query(this.named(call))
  }

  override createPtag(call: Call<'VipCreatePtag'>): ViaAnswer {
    return super.createPtag(this.named(call))
  }

  private named<Given extends { readonly nic: string | null }>(call: Given): Given {
    const [first] = this.board.names.all('nic')
    return { ...call, nic: call.nic ?? first?.name ?? null }
  }
}

/** Answers VipCloseNic for a handle that is closed as if there were something to close. */
class ClosesTwice extends NicCalls {
  override close(call: Call<'VipCloseNic'>): ViaAnswer {
    const given = super.close(call)
    return given === badParameter && call.nic !== null ? success : given
  }
}

class QueryMissing extends NicCalls {
  override query(_call: Call<'VipQueryNic'>): ViaAnswer {
    return answer('VIP_ERROR_NOT_SUPPORTED')
  }
}

/** Tells attributes other than the true ones. */
abstract class OtherAttributes extends NicCalls {
  override query(call: Call<'VipQueryNic'>): ViaAnswer {
    const given = super.query(call)
    const told = given.vip?.nicAttributes
    return told ? answer('VIP_SUCCESS', { nicAttributes: { ...told, ...this.instead(told, call.nic) } }) : given
  }

  protected abstract instead(told: ViaNicAttributes, nic: string | null): Partial<ViaNicAttributes>
}

class LeastLimits extends OtherAttributes {
  protected override instead(): Partial<ViaNicAttributes> {
    return { maxVI: 1, maxDescriptorsPerQueue: 16, maxPtags: 1 }
  }
}

class WhatIsLeft extends OtherAttributes {
  protected override instead({ maxVI, maxRegisterRegions }: ViaNicAttributes): Partial<ViaNicAttributes> {
    const { names } = this.board
    return {
      maxVI: maxVI - names.all('vi').length,
      maxRegisterRegions: maxRegisterRegions - names.all('region').length,
    }
  }
}

class OneFrame extends OtherAttributes {
  protected override instead({ nativeMTU }: ViaNicAttributes): Partial<ViaNicAttributes> {
    return { maxTransferSize: nativeMTU }
  }
}

class FewSegments extends OtherAttributes {
  protected override instead(): Partial<ViaNicAttributes> {
    return { maxSegmentsPerDesc: 64 }
  }
}

class ReliableOnly extends OtherAttributes {
  protected override instead({ reliabilityLevelSupport }: ViaNicAttributes): Partial<ViaNicAttributes> {
    return { reliabilityLevelSupport: reliabilityLevelSupport & ~viaReliabilityLevels.unreliable }
  }
}

class HandlesDiffer extends OtherAttributes {
  protected override instead({ hardwareVersion }: ViaNicAttributes, nic: string | null): Partial<ViaNicAttributes> {
    return { hardwareVersion: hardwareVersion + this.board.names.all('nic').findIndex(({ name }) => name === nic) }
  }
}

export const nicMutants = mutantsOf('via', [
  {
    name: 'via-opens-any-device',
    words: 'Opens a NIC whatever the device is called.',
    violates: ['VIA-NIC-003'],
    make: withViaParts({ nicCalls: AnyDevice }),
  },
  {
    name: 'via-device-opened-once',
    words: 'Refuses to open the device while a handle of it is open.',
    violates: ['VIA-NIC-002', 'VIA-NIC-004'],
    make: withViaParts({ nicCalls: OneOpen }),
  },
  {
    name: 'via-nic-limit-off-by-one',
    words: 'Gives one NIC handle more than it says that it has.',
    violates: ['VIA-NIC-004'],
    make: withViaParts({ nicCalls: OneNicMore }),
  },
  {
    name: 'via-nic-handles-leak',
    words: 'Counts closed NIC handles against the limit for ever.',
    violates: ['VIA-NIC-004'],
    make: withViaParts({ nicCalls: HandlesLeak }),
  },
  {
    name: 'via-close-forgotten',
    words: 'Answers well when a NIC handle is closed, and leaves it open.',
    violates: ['VIA-NIC-005', 'VIA-NIC-011'],
    make: withViaParts({ nicCalls: ClosedStaysOpen }),
  },
  {
    name: 'via-close-closes-device',
    words: 'Closes all handles of a device with one of them.',
    violates: ['VIA-NIC-005'],
    make: withViaParts({ nicCalls: ClosesDevice }),
  },
  {
    name: 'via-null-nic-accepted',
    words: 'Takes the NULL handle for that of the first NIC.',
    violates: ['VIA-NIC-011'],
    make: withViaParts({ nicCalls: NullIsFirst }),
  },
  {
    name: 'via-closes-twice',
    words: 'Closes a NIC handle that is closed already with success.',
    violates: ['VIA-NIC-005', 'VIA-NIC-011'],
    make: withViaParts({ nicCalls: ClosesTwice }),
  },
  {
    name: 'via-query-nic-missing',
    words: 'Has no VipQueryNic.',
    violates: ['VIA-NIC-001', 'VIA-NIC-006'],
    make: withViaParts({ nicCalls: QueryMissing }),
  },
  {
    name: 'via-limits-invented',
    words: 'Tells limits of the NIC that are not those it has.',
    violates: ['VIA-NIC-006'],
    make: withViaParts({ nicCalls: LeastLimits }),
  },
  {
    name: 'via-limits-count-down',
    words: 'Tells as limits of the NIC what is left of them.',
    violates: ['VIA-NIC-006', 'VIA-NIC-007'],
    make: withViaParts({ nicCalls: WhatIsLeft }),
  },
  {
    name: 'via-transfer-of-one-frame',
    words: 'Takes the MTU of the wire for the largest transfer, and tells so.',
    violates: ['VIA-NIC-006', 'VIA-NIC-008'],
    make: withViaParts({ nicCalls: OneFrame }),
  },
  {
    name: 'via-few-segments',
    words: 'Tells that a descriptor may have 64 segments.',
    violates: ['VIA-NIC-006', 'VIA-NIC-009'],
    make: withViaParts({ nicCalls: FewSegments }),
  },
  {
    name: 'via-unreliable-unlisted',
    words: 'Leaves Unreliable Delivery out of the levels that the NIC supports.',
    violates: ['VIA-NIC-010'],
    make: withViaParts({ nicCalls: ReliableOnly }),
  },
  {
    name: 'via-handles-differ',
    words: 'Tells of one NIC another hardware version by every handle.',
    violates: ['VIA-NIC-002'],
    make: withViaParts({ nicCalls: HandlesDiffer }),
  },
])
