// Mutants of the VIA reference that tell wrongly what it knows of hosts.
import { answer, badParameter } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { ViaNetAddress } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaInfoTypes } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class NoRoom extends NicCalls {
  override manage(call: Call<'VipQuerySystemManagementInfo'>): ViaAnswer {
    const given = super.manage(call)
    return given === badParameter ? given : answer('VIP_ERROR_RESOURCE')
  }
}

class EmptyHanded extends NicCalls {
  override manage(call: Call<'VipQuerySystemManagementInfo'>): ViaAnswer {
    const given = super.manage(call)
    return given === badParameter ? given : answer('VIP_SUCCESS')
  }
}

/** Adds to its list what it finds each time. */
class Grows extends NicCalls {
  private readonly known: ViaNetAddress[] = []

  protected override discover(): ViaNetAddress[] {
    this.known.push(...super.discover())
    return [...this.known]
  }
}

class WithDiscriminator extends NicCalls {
  protected override discover(): ViaNetAddress[] {
    return super.discover().map(({ host }) => ({ host, discriminator: '00' }))
  }
}

class Strangers extends NicCalls {
  protected override discover(): ViaNetAddress[] {
    return [...super.discover(), { host: 'ffffffffffff', discriminator: '' }]
  }
}

class AnyType extends NicCalls {
  override manage(call: Call<'VipQuerySystemManagementInfo'>): ViaAnswer {
    return super.manage({ ...call, infoType: viaInfoTypes.autodiscovery })
  }
}

class WithoutHandle extends NicCalls {
  override manage(call: Call<'VipQuerySystemManagementInfo'>): ViaAnswer {
    const [first] = this.board.names.all('nic')
    const isGood = this.board.names.find('nic', call.nic) !== undefined
    return super.manage(isGood || !first ? call : { ...call, nic: first.name })
  }
}

export const managementMutants = mutantsOf('via', [
  {
    name: 'via-mgt-for-want-of-room',
    words: 'Answers VIP_ERROR_RESOURCE when hosts are to be discovered.',
    violates: ['VIA-MGT-001'],
    make: withViaParts({ nicCalls: NoRoom }),
  },
  {
    name: 'via-mgt-empty-handed',
    words: 'Answers well when hosts are to be discovered, and hands out nothing.',
    violates: ['VIA-MGT-001'],
    make: withViaParts({ nicCalls: EmptyHanded }),
  },
  {
    name: 'via-mgt-grows',
    words: 'Lists each host as often as hosts were discovered.',
    violates: ['VIA-MGT-003'],
    make: withViaParts({ nicCalls: Grows }),
  },
  {
    name: 'via-mgt-with-discriminator',
    words: 'Appends a discriminator to the addresses that it discovers.',
    violates: ['VIA-MGT-003'],
    make: withViaParts({ nicCalls: WithDiscriminator }),
  },
  {
    name: 'via-mgt-strangers',
    words: 'Lists the broadcast address among those of hosts.',
    violates: ['VIA-MGT-003'],
    make: withViaParts({ nicCalls: Strangers }),
  },
  {
    name: 'via-mgt-any-type',
    words: 'Takes every type of system management information for discovery.',
    violates: ['VIA-MGT-002'],
    make: withViaParts({ nicCalls: AnyType }),
  },
  {
    name: 'via-mgt-without-handle',
    words: 'Tells system management information through NIC handles that are not valid.',
    violates: ['VIA-NIC-011'],
    make: withViaParts({ nicCalls: WithoutHandle }),
  },
])
