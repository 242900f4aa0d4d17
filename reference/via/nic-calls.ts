// Calls on NIC handles and protection tags.
import { viaInfoTypes } from '../../spec/vocabulary/via-constants.ts'
import { viaDeviceUnderTest } from '../../spec/vocabulary/via-calls.ts'
import type { ViaNetAddress } from '../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../spec/vocabulary/via-calls.ts'
import { answer, badParameter, noResource, success } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { Nic, Ptag } from './objects.ts'

/** The device of every host. */
export const deviceName = 'viaduct0'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

export class NicCalls {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  open({ device, as: name }: Call<'VipOpenNic'>): ViaAnswer {
    if (!this.isDevice(device)) return badParameter
    if (!this.hasRoom()) return noResource
    this.board.names.bind({ kind: 'nic', name, alive: true, handler: null, context: 0 })
    return success
  }

  close(call: Call<'VipCloseNic'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    if (!nic) return badParameter
    if (this.isUsed(nic)) return noResource
    nic.alive = false
    return success
  }

  query(call: Call<'VipQueryNic'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    if (!nic) return badParameter
    const { configuration: limits, setting, offer } = this.board
    const nicAttributes = {
      name: deviceName,
      hardwareVersion: 1,
      providerVersion: 1,
      nicAddressLen: 6,
      localNicAddress: setting.hosts[setting.node]?.mac ?? '',
      threadSafe: offer.threadSafe,
      maxDiscriminatorLen: limits.discriminator,
      maxRegisterBytes: limits.registerOctets,
      maxRegisterRegions: limits.regions,
      maxRegisterBlockBytes: limits.regionOctets,
      maxVI: limits.vis,
      maxDescriptorsPerQueue: limits.descriptors,
      maxSegmentsPerDesc: limits.segments,
      maxCQ: limits.cqs,
      maxCQEntries: limits.cqEntries,
      maxTransferSize: limits.transfer,
      nativeMTU: this.board.mtu,
      maxPtags: limits.ptags,
      reliabilityLevelSupport: offer.levels,
      rdmaReadSupport: this.board.reads.levels,
    }
    return answer('VIP_SUCCESS', { nicAttributes })
  }

  handleErrors({ nic: name, handler, context }: Call<'VipErrorCallback'>): ViaAnswer {
    const nic = this.board.names.find('nic', name)
    if (!nic) return badParameter
    nic.handler = handler
    nic.context = context
    return success
  }

  manage({ nic: name, infoType }: Call<'VipQuerySystemManagementInfo'>): ViaAnswer {
    const nic = this.board.names.find('nic', name)
    if (!nic || infoType !== viaInfoTypes.autodiscovery) return badParameter
    return answer('VIP_SUCCESS', { discovery: { numberOfHops: 1, addresses: this.discover() } })
  }

  createPtag(call: Call<'VipCreatePtag'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    if (!nic) return badParameter
    if (!this.hasTagRoom()) return noResource
    this.board.names.bind({ kind: 'ptag', name: call.as, nic, alive: true })
    return success
  }

  destroyPtag(call: Call<'VipDestroyPtag'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    const ptag = nic && this.board.protection.tag(nic, call.ptag)
    if (!ptag) return badParameter
    if (this.isTagUsed(ptag)) return noResource
    ptag.alive = false
    return success
  }

  /** The other hosts of the world, which one wire joins. */
  protected discover(): ViaNetAddress[] {
    const { hosts, node: own } = this.board.setting
    return hosts.filter(({ node }) => node !== own).map(({ node }) => ({ host: node, discriminator: '' }))
  }

  protected isDevice(device: string | null): boolean {
    return device === deviceName || device === viaDeviceUnderTest
  }

  /** Whether another handle can be given. */
  protected hasRoom(): boolean {
    return this.board.names.all('nic').length < this.board.configuration.nics
  }

  protected hasTagRoom(): boolean {
    return this.board.names.all('ptag').length < this.board.configuration.ptags
  }

  protected isTagUsed(ptag: Ptag): boolean {
    const { names } = this.board
    return names.all('vi').some((vi) => vi.attributes.ptag === ptag) || names.all('region').some((r) => r.ptag === ptag)
  }

  /** Whether something that was made through the handle still lives. */
  protected isUsed(nic: Nic): boolean {
    const { names, connector } = this.board
    const owned = [...names.all('ptag'), ...names.all('region'), ...names.all('cq'), ...names.all('vi')]
    const asked = names.all('connection').filter(({ gone }) => !gone)
    return [...owned, ...asked].some((object) => object.nic === nic) || connector.serves(nic)
  }
}
