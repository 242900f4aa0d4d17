// VIA's part of the endpoint that says yes: every call succeeds at once, with outputs that could be true.
import type { Return } from '../../spec/vocabulary/calls.ts'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { viaDefaults } from '../../spec/vocabulary/via-attributes.ts'
import type {
  ViaHandle,
  ViaMemoryAttributes,
  ViaNicAttributes,
  ViaRemoteAttributes,
  ViaViAttributes,
} from '../../spec/vocabulary/via-attributes.ts'
import type { ViaCall, ViplCall } from '../../spec/vocabulary/via-calls.ts'
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import type { ViaMemory } from '../../spec/vocabulary/via-descriptor.ts'
import type { ViaCompletionEntry, ViaQueue, ViaReturn } from '../../spec/vocabulary/via-returns.ts'
import type { HonestMemory } from './honest-memory.ts'
import { ViaDescriptors } from './via-descriptors.ts'

/** What a call hands out; the code is VIP_SUCCESS unless it says another. */
type Outputs = Partial<ViaReturn>
type CallOf<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

interface Region {
  readonly handle: number
  attributes: ViaMemoryAttributes
}

interface Vi {
  attributes: ViaViAttributes
  readonly completionQueues: Readonly<Record<ViaQueue, ViaHandle>>
  /** Names of the descriptors that were posted and not taken yet. */
  readonly posted: Readonly<Record<ViaQueue, string[]>>
}

const { unreliable, 'reliable-delivery': delivery, 'reliable-reception': reception } = viaReliabilityLevels

const usualVi: ViaViAttributes = {
  reliabilityLevel: delivery,
  maxTransferSize: viaDefaults['via.max-transfer'],
  qos: 0,
  ptag: null,
  enableRdmaWrite: false,
  enableRdmaRead: false,
}
const usualMemory: ViaMemoryAttributes = { ptag: null, enableRdmaWrite: false, enableRdmaRead: false }

export class ViaYes {
  private readonly setting: EndpointSetting
  private readonly memory: HonestMemory
  private readonly descriptors: ViaDescriptors
  private readonly devices = new Map<ViaHandle, string>()
  private readonly regions = new Map<string, Region>()
  private readonly vis = new Map<ViaHandle, Vi>()
  /** Entries not taken yet, by completion queue. */
  private readonly entries = new Map<ViaHandle, ViaCompletionEntry[]>()

  constructor(setting: EndpointSetting, memory: HonestMemory) {
    this.setting = setting
    this.memory = memory
    this.descriptors = new ViaDescriptors(memory, (named) => this.handleOf(named))
  }

  clear(): void {
    for (const one of [this.descriptors, this.devices, this.regions, this.vis, this.entries]) one.clear()
  }

  answer(call: ViaCall): Omit<Return, 'id' | 'status'> {
    if (call.operation === 'descriptor.read') return { control: this.descriptors.fields(call.descriptor) }
    if (call.operation !== 'descriptor.write') return { vip: { code: 'VIP_SUCCESS', ...this.outputs(call) } }
    this.descriptors.write(call)
    return {}
  }

  private outputs(call: ViplCall): Outputs {
    return this.ofNics(call) ?? this.ofQueues(call) ?? this.ofVis(call) ?? this.ofNames(call) ?? {}
  }

  /** Of calls about NICs and memory. */
  private ofNics(call: ViplCall): Outputs | undefined {
    const { operation } = call
    if (operation === 'VipOpenNic') this.devices.set(call.as, call.device ?? '')
    if (operation === 'VipQueryNic') return { nicAttributes: this.nicAttributes(call.nic) }
    if (operation === 'VipRegisterMem') return this.register(call)
    if (operation === 'VipQueryMem') return { memoryAttributes: this.region(call.memory)?.attributes ?? usualMemory }
    if (operation === 'VipSetMemAttributes') {
      const region = this.region(call.memory)
      if (region) region.attributes = call.attributes ?? region.attributes
    }
    return undefined
  }

  private ofQueues(call: ViplCall): Outputs | undefined {
    const { operation } = call
    if (operation === 'VipPostSend') return this.post('send', call)
    if (operation === 'VipPostRecv') return this.post('recv', call)
    if (operation === 'VipSendDone' || operation === 'VipSendWait') return this.take('send', call.vi)
    if (operation === 'VipRecvDone' || operation === 'VipRecvWait') return this.take('recv', call.vi)
    if (operation === 'VipCQDone') return this.takeEntry(call.cq, 'VIP_NOT_DONE')
    if (operation === 'VipCQWait') return this.takeEntry(call.cq, 'VIP_TIMEOUT')
    return undefined
  }

  private ofVis(call: ViplCall): Outputs | undefined {
    const { operation } = call
    if (operation === 'VipCreateVi') this.vis.set(call.as, makeVi(call))
    if (operation === 'VipSetViAttributes') {
      const vi = this.vi(call.vi)
      vi.attributes = call.attributes ?? vi.attributes
    }
    if (operation === 'VipQueryVi') {
      const { attributes: viAttributes } = this.vi(call.vi)
      return { state: 'connected', viAttributes, sendQueueEmpty: true, recvQueueEmpty: true }
    }
    if (operation === 'VipConnectWait') {
      const remoteAddress = { host: this.other(), discriminator: call.local?.discriminator ?? '' }
      return { remoteAddress, remoteAttributes: remoteOf([...this.vis.values()].at(-1)) }
    }
    if (operation === 'VipConnectRequest') return { remoteAttributes: remoteOf(this.vi(call.vi)) }
    if (operation === 'VipConnectPeerDone' || operation === 'VipConnectPeerWait') {
      return { remoteAttributes: remoteOf(this.vi(call.vi)) }
    }
    return undefined
  }

  /** Of calls about hosts. */
  private ofNames(call: ViplCall): Outputs | undefined {
    const { hosts } = this.setting
    if (call.operation === 'VipNSGetHostByName') {
      const node = hosts.findIndex(({ name }) => name === call.name)
      return { address: { host: Math.max(0, node), discriminator: '' } }
    }
    if (call.operation === 'VipNSGetHostByAddr') {
      const host = call.address?.host
      const name = hosts.find(({ node, mac }) => node === host || mac === host)?.name ?? ''
      return { name, nameLen: Buffer.byteLength(name) }
    }
    if (call.operation !== 'VipQuerySystemManagementInfo') return undefined
    return { discovery: { numberOfHops: 1, addresses: [{ host: this.other(), discriminator: '' }] } }
  }

  private register({ as: name, at, attributes }: CallOf<'VipRegisterMem'>): Outputs {
    const handle = this.regions.size + 1
    this.regions.set(name, { handle, attributes: attributes ?? usualMemory })
    return { region: { address: this.memory.address(at).toString(16).padStart(16, '0'), handle } }
  }

  /** Completes what is posted at once. */
  private post(queue: ViaQueue, call: CallOf<'VipPostSend' | 'VipPostRecv'>): Outputs {
    if (call.descriptor === null || call.vi === null) return {}
    const vi = this.vi(call.vi)
    vi.posted[queue].push(call.descriptor)
    this.descriptors.complete(call.descriptor, queue)
    const cq = vi.completionQueues[queue]
    if (cq !== null) this.entries.set(cq, [...(this.entries.get(cq) ?? []), { vi: call.vi, queue }])
    return {}
  }

  private take(queue: ViaQueue, vi: ViaHandle): Outputs {
    const name = this.vi(vi).posted[queue].shift()
    if (name === undefined) return { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null }
    return { descriptor: { name, ...this.descriptors.fields(name) } }
  }

  private takeEntry(cq: ViaHandle, none: 'VIP_NOT_DONE' | 'VIP_TIMEOUT'): Outputs {
    const entry = this.entries.get(cq)?.shift()
    return entry ? { entry } : { code: none }
  }

  /** A VI that nobody made is one like any other. */
  private vi(name: ViaHandle): Vi {
    return this.vis.get(name) ?? makeVi({ attributes: null, sendCq: null, recvCq: null })
  }

  private region(memory: ViaMemory): Region | undefined {
    if (typeof memory === 'string') return this.regions.get(memory)
    return [...this.regions.values()].find(({ handle }) => handle === memory)
  }

  private handleOf(memory: ViaMemory): number {
    return typeof memory === 'number' ? memory : (this.region(memory)?.handle ?? 0)
  }

  /** The node of another host, if there is one. */
  private other(): number {
    return this.setting.hosts.find(({ node }) => node !== this.setting.node)?.node ?? this.setting.node
  }

  private nicAttributes(nic: ViaHandle): ViaNicAttributes {
    const { hosts, node, configuration } = this.setting
    const value = (key: keyof typeof viaDefaults): number => configuration[key] ?? viaDefaults[key]
    return {
      name: this.devices.get(nic) ?? '',
      hardwareVersion: 1,
      providerVersion: 1,
      nicAddressLen: 6,
      localNicAddress: hosts[node]?.mac ?? '',
      threadSafe: true,
      maxDiscriminatorLen: value('via.max-discriminator'),
      maxRegisterBytes: value('via.max-register-octets'),
      maxRegisterRegions: value('via.max-regions'),
      maxRegisterBlockBytes: value('via.max-region-octets'),
      maxVI: value('via.max-vis'),
      maxDescriptorsPerQueue: value('via.max-descriptors'),
      maxSegmentsPerDesc: value('via.max-segments'),
      maxCQ: value('via.max-cqs'),
      maxCQEntries: value('via.max-cq-entries'),
      maxTransferSize: value('via.max-transfer'),
      nativeMTU: value('wire.mtu'),
      maxPtags: value('via.max-ptags'),
      reliabilityLevelSupport: unreliable | delivery | reception,
      rdmaReadSupport: delivery | reception,
    }
  }
}

function makeVi({ attributes, sendCq, recvCq }: Pick<CallOf<'VipCreateVi'>, 'attributes' | 'sendCq' | 'recvCq'>): Vi {
  return {
    attributes: attributes ?? usualVi,
    completionQueues: { send: sendCq, recv: recvCq },
    posted: { send: [], recv: [] },
  }
}

/** The other end looks just like this one. */
function remoteOf(vi: Vi | undefined): ViaRemoteAttributes {
  const { ptag: _, ...remote } = vi?.attributes ?? usualVi
  return remote
}
