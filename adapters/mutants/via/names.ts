// Mutants of the VIA reference whose name service starts, ends or answers wrongly.
import { answer, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { NameCalls } from '../../../reference/via/name-calls.ts'
import type { Nic } from '../../../reference/via/objects.ts'
import type { HostAddress } from '../../../spec/vocabulary/endpoint.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class StartsOnce extends NameCalls {
  private readonly ended = new WeakSet<Nic>()

  override init(call: Call<'VipNSInit'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    return nic && this.ended.has(nic) ? answer('VIP_ERROR_RESOURCE') : super.init(call)
  }

  protected override stop(nic: Nic): void {
    super.stop(nic)
    this.ended.add(nic)
  }
}

class AlwaysStarted extends NameCalls {
  override init(call: Call<'VipNSInit'>): ViaAnswer {
    return this.board.names.find('nic', call.nic) ? success : super.init(call)
  }

  protected override isStarted(): boolean {
    return true
  }
}

/** Shutting down is answered well, and does nothing. */
class StaysStarted extends NameCalls {
  private readonly ended = new WeakSet<Nic>()

  override init(call: Call<'VipNSInit'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    return nic && this.ended.delete(nic) ? success : super.init(call)
  }

  protected override stop(nic: Nic): void {
    this.ended.add(nic)
  }
}

class StartToggles extends NameCalls {
  override init(call: Call<'VipNSInit'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    if (nic && this.isStarted(nic)) this.stop(nic)
    else return super.init(call)
    return success
  }
}

class EndTogether extends NameCalls {
  protected override stop(): void {
    for (const nic of this.board.names.all('nic')) super.stop(nic)
  }
}

/** Answers with an address other than the one that was asked for. */
class LeadHome extends NameCalls {
  override hostByName(call: Call<'VipNSGetHostByName'>): ViaAnswer {
    const given = super.hostByName(call)
    const { node } = this.board.setting
    return given.vip?.address ? answer('VIP_SUCCESS', { address: { host: node, discriminator: '' } }) : given
  }
}

class WithDiscriminator extends NameCalls {
  override hostByName(call: Call<'VipNSGetHostByName'>): ViaAnswer {
    const given = super.hostByName(call)
    const address = given.vip?.address
    return address ? answer('VIP_SUCCESS', { address: { ...address, discriminator: '00' } }) : given
  }
}

class UnknownIsHome extends NameCalls {
  protected override named(name: string): HostAddress | undefined {
    return super.named(name) ?? this.board.setting.hosts[this.board.setting.node]
  }
}

class ByBeginning extends NameCalls {
  protected override named(name: string): HostAddress | undefined {
    return this.board.setting.hosts.find((host) => name !== '' && host.name.startsWith(name))
  }
}

class NoParameter extends NameCalls {
  override hostByName(call: Call<'VipNSGetHostByName'>): ViaAnswer {
    return call.name !== null && !this.named(call.name) ? answer('VIP_INVALID_PARAMETER') : super.hostByName(call)
  }
}

class AnyIndex extends NameCalls {
  protected override hasAddress(): boolean {
    return true
  }
}

class OneAddressMore extends NameCalls {
  protected override hasAddress(_host: HostAddress, index: number): boolean {
    return index <= 1
  }
}

class NextHost extends NameCalls {
  protected override at(node: number): HostAddress | undefined {
    const { hosts } = this.board.setting
    return node < 0 ? undefined : hosts[(node + 1) % hosts.length]
  }
}

class Strangers extends NameCalls {
  protected override at(node: number): HostAddress | undefined {
    return super.at(Math.max(0, node))
  }
}

/** NameLen says how long the buffer is. */
class LengthOfBuffer extends NameCalls {
  protected override tell(name: string, room: number): ViaAnswer {
    const given = super.tell(name, room)
    return given.vip?.name === undefined ? given : answer('VIP_SUCCESS', { name, nameLen: room })
  }
}

class RoomUntold extends NameCalls {
  protected override tell(name: string, room: number): ViaAnswer {
    const given = super.tell(name, room)
    return given.vip?.name === undefined ? answer('VIP_ERROR_RESOURCE', { nameLen: room }) : given
  }
}

class CutOff extends NameCalls {
  protected override tell(name: string, room: number): ViaAnswer {
    const part = name.slice(0, Math.max(0, room - 1))
    return answer('VIP_SUCCESS', { name: part, nameLen: part.length })
  }
}

class NullIsHome extends NameCalls {
  override hostByName(call: Call<'VipNSGetHostByName'>): ViaAnswer {
    const { hosts, node } = this.board.setting
    return super.hostByName({ ...call, name: call.name ?? hosts[node]?.name ?? null })
  }
}

/** A handle that is no more stands for the NIC all the same. */
class ClosedHandle extends NameCalls {
  override init(call: Call<'VipNSInit'>): ViaAnswer {
    return call.nic === null || this.board.names.isAlive(call.nic) ? super.init(call) : success
  }

  override hostByName(call: Call<'VipNSGetHostByName'>): ViaAnswer {
    if (call.nic === null || this.board.names.isAlive(call.nic)) return super.hostByName(call)
    const [first] = this.board.names.all('nic')
    return super.hostByName({ ...call, nic: first?.name ?? null })
  }
}

export const nameMutants = mutantsOf('via', [
  {
    name: 'via-names-start-once',
    words: 'Refuses to start the name service of a NIC handle that was shut down.',
    violates: ['VIA-NS-001'],
    make: withViaParts({ nameCalls: StartsOnce }),
  },
  {
    name: 'via-names-without-start',
    words: 'Finds names and addresses whether the name service is started or not.',
    violates: ['VIA-NS-001'],
    make: withViaParts({ nameCalls: AlwaysStarted }),
  },
  {
    name: 'via-names-stay-started',
    words: 'Goes on finding names and addresses when the name service was shut down.',
    violates: ['VIA-NS-001'],
    make: withViaParts({ nameCalls: StaysStarted }),
  },
  {
    name: 'via-names-start-toggles',
    words: 'Ends the name service when it is started a second time.',
    violates: ['VIA-NS-001'],
    make: withViaParts({ nameCalls: StartToggles }),
  },
  {
    name: 'via-names-end-together',
    words: 'Shuts the name service down on all NIC handles with that of one.',
    violates: ['VIA-NS-001'],
    make: withViaParts({ nameCalls: EndTogether }),
  },
  {
    name: 'via-names-lead-home',
    words: 'Hands out its own address for the name of any host.',
    violates: ['VIA-NS-002'],
    make: withViaParts({ nameCalls: LeadHome }),
  },
  {
    name: 'via-names-with-discriminator',
    words: 'Appends a discriminator of its own to the addresses that it finds.',
    violates: ['VIA-NS-002'],
    make: withViaParts({ nameCalls: WithDiscriminator }),
  },
  {
    name: 'via-names-anything',
    words: 'Takes a name that nobody has for its own.',
    violates: ['VIA-NS-003'],
    make: withViaParts({ nameCalls: UnknownIsHome }),
  },
  {
    name: 'via-names-by-beginning',
    words: 'Takes the beginning of a name for the name.',
    violates: ['VIA-NS-003'],
    make: withViaParts({ nameCalls: ByBeginning }),
  },
  {
    name: 'via-names-unknown-is-no-parameter',
    words: 'Answers VIP_INVALID_PARAMETER for a name that nobody has.',
    violates: ['VIA-NS-003'],
    make: withViaParts({ nameCalls: NoParameter }),
  },
  {
    name: 'via-names-any-index',
    words: 'Hands out the one address of a host for every index.',
    violates: ['VIA-NS-003'],
    make: withViaParts({ nameCalls: AnyIndex }),
  },
  {
    name: 'via-names-one-address-more',
    words: 'Hands out one address more than a host has.',
    violates: ['VIA-NS-003'],
    make: withViaParts({ nameCalls: OneAddressMore }),
  },
  {
    name: 'via-names-of-next-host',
    words: 'Tells the name of the next host in its list for an address.',
    violates: ['VIA-NS-004'],
    make: withViaParts({ nameCalls: NextHost }),
  },
  {
    name: 'via-names-of-strangers',
    words: 'Tells the name of the first host in its list for an address that nobody has.',
    violates: ['VIA-NS-004'],
    make: withViaParts({ nameCalls: Strangers }),
  },
  {
    name: 'via-names-length-of-buffer',
    words: 'Tells how long the buffer is for the length of a name.',
    violates: ['VIA-NS-004'],
    make: withViaParts({ nameCalls: LengthOfBuffer }),
  },
  {
    name: 'via-names-room-untold',
    words: 'Does not tell how much room a name needs that does not fit.',
    violates: ['VIA-NS-005'],
    make: withViaParts({ nameCalls: RoomUntold }),
  },
  {
    name: 'via-names-cut-off',
    words: 'Hands out as much of a name as there is room for, with success.',
    violates: ['VIA-NS-005', 'VIA-NS-006'],
    make: withViaParts({ nameCalls: CutOff }),
  },
  {
    name: 'via-names-null-is-home',
    words: 'Takes NULL for its own name.',
    violates: ['VIA-NS-007'],
    make: withViaParts({ nameCalls: NullIsHome }),
  },
  {
    name: 'via-names-on-closed-handle',
    words: 'Starts and asks the name service through a NIC handle that was closed.',
    violates: ['VIA-NIC-011'],
    make: withViaParts({ nameCalls: ClosedHandle }),
  },
])
