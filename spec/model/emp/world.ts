// The state of the abstract machine: hosts, lanes, and what the implementation has claimed of itself.
import type { Configuration } from '../../vocabulary/endpoint.ts'
import { empDefaults } from '../../vocabulary/endpoint.ts'
import { ordinal, type NodeIndex } from '../../vocabulary/units.ts'
import { empAny } from '../../vocabulary/emp.ts'
import { Matching } from './matching.ts'
import { Affirmed } from '../affirmed.ts'
import { Canvas } from '../memory.ts'
import { Host, type Request } from './request.ts'

/** What a model is made for: the hosts by node, and what their implementations declare. */
export interface EmpModelSetting {
  /** Keys that a configuration leaves out have the project's defaults. */
  readonly hosts: readonly { readonly name: string; readonly configuration: Configuration }[]
  /** Option `emp.completion-events`: every completion is also told (E43). */
  readonly completionEvents: boolean
  /** Option `emp.wildcards`: a receive may name any peer or tag (R18). */
  readonly wildcards: boolean
  /** Options `emp.mpi`, `emp.cancel` and `emp.probe`: the calls beyond those of the paper's Table 2 (E61, R24). */
  readonly mpi: boolean
  readonly cancel: boolean
  readonly probe: boolean
  /** A limit of retransmissions is configured, so that a send may fail (R23). */
  readonly retryLimit: boolean
}

/** Message IDs have 32 bits. */
const largestMessage = 0xffff_ffff
const largestSigned = 0x7fff_ffff

export class World {
  readonly setting: EmpModelSetting
  readonly hosts: readonly Host[]
  readonly matching = new Matching()
  readonly canvas = new Canvas()
  readonly affirmed = new Affirmed(() => this.hosts.every(({ givenUp }) => givenUp.size === 0))
  private readonly firstMessage: number
  /** Postings so far. */
  postings = 0
  /** How often it has come to rest in calm weather. */
  rests = 0
  /** Grows with all that may change memory, or what is known of it. */
  changes = 0

  constructor(setting: EmpModelSetting) {
    this.setting = setting
    this.firstMessage = setting.hosts[0]?.configuration['emp.first-message'] ?? empDefaults['emp.first-message']
    this.hosts = setting.hosts.map(({ name, configuration }, node) => {
      const limit = (key: keyof typeof empDefaults): number => configuration[key] ?? empDefaults[key]
      const limits = {
        page: limit('emp.page'),
        descriptors: limit('emp.descriptors'),
        collection: limit('emp.collection'),
        translates: limit('emp.translation') > 0,
      }
      return new Host({ node, name }, limits)
    })
  }

  reset(): void {
    this.affirmed.take()
    for (const host of this.hosts) host.reset()
    this.matching.reset()
    this.postings = 0
    this.rests = 0
    this.changes = 0
  }

  /** The host `node`. Throws a RangeError if there is none: then the feeder is wrong, not what it saw. */
  host(node: NodeIndex): Host {
    const host = this.hosts[node]
    if (!host) throw new RangeError(`the model has no host ${node}`)
    return host
  }

  /** Whether its ID, or that of one before it to the same node, is past the largest, of numbers with a sign or without (R22). */
  hasWrapped({ host, peer, serial }: Request): boolean {
    const { firstMessage } = this
    const id = firstMessage + this.matching.countBefore(host, peer, serial)
    return id > largestMessage || (firstMessage <= largestSigned && id > largestSigned)
  }

  nameOf(peer: NodeIndex): string {
    return peer === empAny ? 'any node' : (this.hosts[peer]?.name ?? `node ${peer}`)
  }

  /** "the 2nd message from left to right with tag 5", "the 1st receive of right for left and tag 5". */
  wordsOf({ kind, host, peer, tag, place }: Request): string {
    const which = place < 0 ? 'a' : `the ${ordinal(place + 1)}`
    const tagged = tag === empAny ? 'any tag' : `tag ${tag}`
    return kind === 'send'
      ? `${which} message from ${host.name} to ${this.nameOf(peer)} with ${tagged}`
      : `${which} receive of ${host.name} for ${this.nameOf(peer)} and ${tagged}`
  }
}
