// What all parts of one VIA endpoint share: its memory, its way out, its clock, its names, and each other.
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'
import { Alarms } from '../core/alarms.ts'
import { Buffers } from '../core/buffers.ts'
import { Memory } from '../core/memory.ts'
import { Output } from '../core/output.ts'
import { ReceiveRing } from '../core/receive-ring.ts'
import { stagingOctets } from '../core/staging.ts'
import type { ViaAnswer } from './answers.ts'
import { pageOctets, readConfiguration } from './configuration.ts'
import type { ViaConfiguration } from './configuration.ts'
import type { Completions } from './completions.ts'
import type { Connector } from './connector.ts'
import type { DescriptorAccess } from './descriptor-access.ts'
import type { Farewells } from './farewells.ts'
import type { Device } from './devices/device.ts'
import { ethernetOctets } from './frame.ts'
import type { Handlers } from './handlers.ts'
import type { Lifecycle } from './lifecycle.ts'
import { Names } from './names.ts'
import { Outbox } from './outbox.ts'
import type { ViaOffer } from './offer.ts'
import type { ViaParts } from './parts.ts'
import type { Peers } from './peers.ts'
import type { Protection } from './protection.ts'
import type { RdmaReads } from './rdma-reads.ts'
import type { RdmaTarget } from './rdma-target.ts'
import type { Receiver } from './receiver.ts'
import type { Reports } from './reports.ts'
import type { Sender } from './sender.ts'
import type { Waits } from './waits.ts'
import type { WorkQueues } from './work-queues.ts'
import { WrittenDescriptors } from './written-descriptors.ts'

/** `now` is the last instant that the endpoint was told. */
export class Board {
  readonly setting: EndpointSetting
  readonly configuration: ViaConfiguration
  readonly offer: ViaOffer
  readonly memory: Memory
  readonly buffers: Buffers
  readonly output: Output
  readonly ring: ReceiveRing
  readonly link: Device
  /** Octets that a frame takes after its Ethernet header. */
  readonly mtu: number
  readonly alarms = new Alarms()
  readonly names = new Names()
  readonly outbox: Outbox
  readonly written: WrittenDescriptors
  readonly protection: Protection
  readonly descriptors: DescriptorAccess
  readonly reports: Reports
  readonly waits: Waits
  readonly handlers: Handlers
  readonly completions: Completions
  readonly queues: WorkQueues
  readonly sender: Sender
  readonly receiver: Receiver
  readonly target: RdmaTarget
  readonly reads: RdmaReads
  readonly farewells: Farewells
  readonly lifecycle: Lifecycle
  readonly connector: Connector
  readonly peers: Peers
  now: Instant = 0

  constructor(setting: EndpointSetting, parts: ViaParts, offer: ViaOffer) {
    this.setting = setting
    this.offer = offer
    this.configuration = readConfiguration(setting.configuration)
    this.mtu = parts.device.mtu(this.configuration.mtu)
    const frameOctets = this.mtu + ethernetOctets
    this.memory = new Memory(pageOctets, stagingOctets(frameOctets), setting.seed)
    this.buffers = new Buffers(this.memory)
    this.output = new Output(this.memory, frameOctets)
    this.ring = new ReceiveRing(this.memory, frameOctets)
    const { memory, output, ring } = this
    this.link = new parts.device({ memory, output, ring, hosts: setting.hosts, node: setting.node })
    this.outbox = new Outbox(this)
    this.protection = new parts.protection(this)
    this.written = new WrittenDescriptors(this)
    this.descriptors = new parts.descriptors(this)
    this.reports = new parts.reports(this)
    this.waits = new parts.waits(this)
    this.handlers = new parts.handlers(this)
    this.completions = new parts.completions(this)
    this.queues = new parts.queues(this)
    this.sender = new parts.sender(this)
    this.receiver = new parts.receiver(this)
    this.target = new parts.target(this)
    this.reads = new parts.reads(this)
    this.farewells = new parts.farewells(this)
    this.lifecycle = new parts.lifecycle(this)
    this.connector = new parts.connector(this)
    this.peers = new parts.peers(this)
  }

  reset(seed: number): void {
    this.now = 0
    this.memory.reset(seed)
    const { buffers, output, ring, link, alarms, names, outbox, written } = this
    for (const one of [buffers, output, ring, link, alarms, names, outbox, written]) one.clear()
    this.protection.reset(seed)
    const { waits, handlers, completions, queues, sender, receiver, farewells, connector, peers } = this
    for (const one of [waits, handlers, completions, queues, sender, receiver, farewells, connector, peers]) one.clear()
  }

  /** The open call `id` returns. */
  returns(id: number, answer: ViaAnswer): void {
    this.output.returned({ id, ...answer })
  }
}
