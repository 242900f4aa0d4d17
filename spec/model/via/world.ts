// The state of the abstract machine: hosts, the requests for connections, and what is known of the wire.
import type { Configuration } from '../../vocabulary/endpoint.ts'
import type { Instant, NodeIndex } from '../../vocabulary/units.ts'
import type { ViaNetAddress } from '../../vocabulary/via-attributes.ts'
import { viaReliabilityLevels } from '../../vocabulary/via-constants.ts'
import { Affirmed } from '../affirmed.ts'
import { Canvas } from '../memory.ts'
import { causes, type ConnectionRequest } from './connection.ts'
import { Host } from './host.ts'
import type { PeerRequest } from './pairs.ts'
import type { Transfer } from './rdma.ts'
import { Ruling } from './ruling.ts'
import type { Waiting } from './waiting.ts'

/** What a model is made for: the hosts by node, and what their implementations declare. */
export interface ViaModelSetting {
  /** Keys that a configuration leaves out have the project's defaults. */
  readonly hosts: readonly { readonly name: string; readonly configuration: Configuration }[]
  /** Options `via.reliable-delivery`, `via.reliable-reception` and `via.rdma-read`. */
  readonly reliableDelivery: boolean
  readonly reliableReception: boolean
  readonly rdmaRead: boolean
  /** Option `via.thread-safe`: several calls may wait at one queue. */
  readonly threadSafe: boolean
  /** The wire does nothing to frames but what the model is told of; false: frames may be lost unseen. */
  readonly calm: boolean
}

export class World {
  readonly setting: ViaModelSetting
  readonly hosts: readonly Host[]
  readonly affirmed = new Affirmed(() => this.isSure)
  readonly ruling = new Ruling(this.affirmed)
  readonly canvas = new Canvas()
  /** Digests of patterns, which no reset makes wrong. */
  readonly digests = new Map<string, number>()
  /** Requests for connections, in the order of asking. */
  readonly requests: ConnectionRequest[] = []
  readonly waits: Waiting[] = []
  /** RDMA that is under way, in the order of posting. */
  transfers: Transfer[] = []
  /** There has been some. */
  hadRdma = false
  /** Requests for peers, and how often these were made or ended. */
  readonly peers: PeerRequest[] = []
  peerSerial = 0
  /** Requests that could not start, and by which requirements. */
  readonly refused: { readonly remote: ViaNetAddress | null; readonly requirement: string }[] = []
  /** Mask of the levels that a NIC has. */
  readonly levels: number
  /** By the names of hosts, octets that were told to be their address. */
  readonly named = new Map<string, string>()
  now: Instant = 0
  /** Nothing has happened to any frame so far. */
  isCalm: boolean
  /** Something has happened to some frame. */
  wasDisturbed = false
  postings = 0
  /** Postings that had been made when the world last came to rest. */
  restedAt = 0
  /** Grows with all that may change memory, or what is known of it. */
  changes = 0

  constructor(setting: ViaModelSetting) {
    this.setting = setting
    this.hosts = setting.hosts.map(({ name, configuration }, node) => new Host(node, name, configuration))
    this.levels =
      viaReliabilityLevels.unreliable |
      (setting.reliableDelivery ? viaReliabilityLevels['reliable-delivery'] : 0) |
      (setting.reliableReception ? viaReliabilityLevels['reliable-reception'] : 0)
    this.isCalm = setting.calm
  }

  reset(): void {
    this.affirmed.take()
    for (const host of this.hosts) host.reset()
    this.requests.length = 0
    this.waits.length = 0
    this.transfers = []
    this.hadRdma = false
    this.peers.length = 0
    this.peerSerial = 0
    this.refused.length = 0
    this.named.clear()
    this.now = 0
    this.isCalm = this.setting.calm
    this.wasDisturbed = false
    this.postings = 0
    this.restedAt = 0
    this.changes = 0
  }

  /** No frame has suffered, and nothing was let go. */
  private get isSure(): boolean {
    if (this.wasDisturbed || !this.setting.calm) return false
    return this.hosts.every(
      ({ isLoose, isMemoryLoose, vis }) =>
        !isLoose && !isMemoryLoose && [...vis.values()].every((vi) => !vi.isLoose && !vi.hadOpaque),
    )
  }

  /** From now on frames may suffer, and with them connections at reliable levels. */
  disturb(): void {
    this.wasDisturbed = true
    if (!this.isCalm) return
    this.isCalm = false
    for (const { liveVis } of this.hosts) {
      for (const { connection, isReliable } of liveVis) {
        connection?.expose()
        if (isReliable) connection?.trouble(causes.weather)
      }
    }
  }

  /** The host `node`. Throws a RangeError if there is none: then the feeder is wrong, not what it saw. */
  host(node: NodeIndex): Host {
    const host = this.hosts[node]
    if (!host) throw new RangeError(`the model has no host ${node}`)
    return host
  }
}
