// Calls on the name service: hosts of the world by name, and names by address.
import type { HostAddress } from '../../spec/vocabulary/endpoint.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import { readAddress } from './addresses.ts'
import { answer, badParameter, success } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { Nic } from './objects.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

const notKnown = answer('VIP_ERROR_NAMESERVICE')

/** Every host has one name, which is known before it is asked for, and one address. */
export class NameCalls {
  protected readonly board: Board
  /** NIC handles whose name service is started. */
  protected readonly started = new WeakSet<Nic>()

  constructor(board: Board) {
    this.board = board
  }

  init(call: Call<'VipNSInit'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    if (!nic) return badParameter
    if (this.isStarted(nic)) return notKnown
    this.started.add(nic)
    return success
  }

  shutdown(call: Call<'VipNSShutdown'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    if (!nic) return badParameter
    if (!this.isStarted(nic)) return notKnown
    this.stop(nic)
    return success
  }

  hostByName({ nic: handle, name, nameIndex }: Call<'VipNSGetHostByName'>): ViaAnswer {
    const nic = this.board.names.find('nic', handle)
    if (!nic || name === null) return badParameter
    if (!this.isStarted(nic)) return notKnown
    const host = this.named(name)
    if (!host || !this.hasAddress(host, nameIndex)) return notKnown
    return answer('VIP_SUCCESS', { address: { host: host.node, discriminator: '' } })
  }

  hostByAddr({ nic: handle, address, nameLen }: Call<'VipNSGetHostByAddr'>): ViaAnswer {
    const { names, setting, configuration } = this.board
    const nic = names.find('nic', handle)
    const known = readAddress(address, setting.hosts, configuration.discriminator)
    if (!nic || !known) return badParameter
    if (!this.isStarted(nic)) return notKnown
    const host = this.at(known.node)
    return host ? this.tell(host.name, nameLen) : notKnown
  }

  protected isStarted(nic: Nic): boolean {
    return this.started.has(nic)
  }

  protected stop(nic: Nic): void {
    this.started.delete(nic)
  }

  protected named(name: string): HostAddress | undefined {
    return this.board.setting.hosts.find((host) => host.name === name)
  }

  /** Whether a host has so many addresses and one more. */
  protected hasAddress(_host: HostAddress, index: number): boolean {
    return index === 0
  }

  protected at(node: number): HostAddress | undefined {
    return this.board.setting.hosts[node]
  }

  /**
   * Hands a name out with its length, or the room that it needs, to which the octet that ends it belongs. Names of hosts
   * have one octet for each letter.
   */
  protected tell(name: string, room: number): ViaAnswer {
    const nameLen = name.length
    if (room <= nameLen) return answer('VIP_ERROR_RESOURCE', { nameLen: nameLen + 1 })
    return answer('VIP_SUCCESS', { name, nameLen })
  }
}
