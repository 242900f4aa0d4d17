// Pairs of VIs of a drawn program: made when a move needs them, connected or not.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { viaReliabilityLevels } from '../../../spec/vocabulary/via-constants.ts'
import { pick } from '../drawn.ts'
import { firstNic, secondNic, type NicHandles } from './host.ts'
import type { Script } from './script.ts'
import { createCq, createVi, setViAttributes } from './vipl-calls.ts'

/** One end of a link. */
export interface LinkEnd {
  readonly node: NodeIndex
  readonly vi: string
  readonly nic: NicHandles
  /** The completion queues of its work queues, if they have some. */
  readonly sendCq: string | null
  readonly recvCq: string | null
  readonly attributes: ViaViAttributes
  /** It is made with other attributes, which are set before it is used. */
  readonly isSet: boolean
}

/** Two VIs; the first is the client unless a move says otherwise. */
export interface Link {
  readonly client: LinkEnd
  readonly server: LinkEnd
  readonly number: number
}

/** What a move says of a link. */
export type OfLink = { readonly host: number; readonly peer: number; readonly link: number }

/** How links of one number differ from the simplest, besides in their level. */
interface Variant {
  readonly queues: 'none' | 'both' | 'recv' | 'send' | 'two' | 'shared'
  /** Octets of a message; `most`: as many as the NIC allows. */
  readonly transfer: number | 'most'
  /** Who lets the peer write, and whether either end lets it read as well, which no unreliable VI does. */
  readonly rights: 'none' | 'client' | 'both' | 'open'
  /** Whether the client's end is made through the second handle of its NIC. */
  readonly second: boolean
  /** Whether its VIs are made with another level and no rights, and are given what they should have afterwards. */
  readonly isSet: boolean
}

const levels: readonly number[] = Object.values(viaReliabilityLevels)

/** The most that a message over a link may have: no power of two. */
export const transferMax = 2_000
const transferLarge = 9_000

const plain: Variant = { queues: 'none', transfer: transferMax, rights: 'none', second: false, isSet: false }
const variants: readonly Variant[] = [
  plain,
  { ...plain, queues: 'shared' },
  { ...plain, queues: 'two' },
  { ...plain, queues: 'both' },
  { ...plain, transfer: transferLarge },
  { ...plain, transfer: 'most' },
  { ...plain, queues: 'recv', isSet: true },
  { ...plain, queues: 'send' },
  { ...plain, rights: 'client', isSet: true },
  { ...plain, rights: 'both', second: true },
  { ...plain, rights: 'open' },
  { ...plain, rights: 'open', queues: 'shared' },
  { ...plain, rights: 'open', transfer: transferLarge, isSet: true },
  { ...plain, rights: 'open', transfer: 'most' },
]

/** How many links two hosts can have that differ. */
export const linkKinds = levels.length * variants.length

/** How many of them, the last ones, let either end write and read. */
export const openLinkKinds = levels.length * variants.filter(({ rights }) => rights === 'open').length

const cqEntries = 8

/** Completion queues that all links of a host share which share any. */
const sharedCq = 'cq'

/** The links of a program. */
export class Links {
  private readonly script: Script
  private readonly made = new Set<string>()
  private readonly queues = new Set<string>()

  constructor(script: Script) {
    this.script = script
  }

  /** The VIs of a link, made if it is the first that is heard of them; `met`: what is done then. */
  of(move: OfLink, met?: (link: Link) => void): Link {
    const count = this.script.hosts.length
    const one = move.host % count
    const other = move.peer % count === one ? (one + 1) % count : move.peer % count
    return this.between(one, other, { number: move.link % linkKinds, copy: '' }, met)
  }

  /** Another pair of VIs like these, with the same end as client. */
  copy({ client, server, number }: Link): Link {
    const made = this.between(client.node, server.node, { number, copy: `-${this.script.next()}` })
    return made.client.node === client.node ? made : turned(made)
  }

  /** The end of a link that the move is about. */
  end({ client, server }: Link, { host }: Pick<OfLink, 'host'>): LinkEnd {
    return host % this.script.hosts.length === client.node ? client : server
  }

  /** A VI beside those of a link, at the same host as an end of it. */
  beside(end: LinkEnd, changed: Partial<ViaViAttributes>): LinkEnd {
    const vi = this.script.fresh('v')
    const made = { ...end, vi, sendCq: null, recvCq: null, attributes: { ...end.attributes, ...changed } }
    this.make(made)
    return made
  }

  private between(
    one: NodeIndex,
    other: NodeIndex,
    { number, copy }: { readonly number: number; readonly copy: string },
    met?: (link: Link) => void,
  ): Link {
    const [low, high] = one < other ? [one, other] : [other, one]
    const link = linkBetween(low, high, { number, copy, most: this.script.value('via.max-transfer') })
    const key = `${low} ${link.client.vi}`
    if (this.made.has(key)) return link
    this.made.add(key)
    this.make(link.client)
    this.make(link.server)
    met?.(link)
    return link
  }

  private make({ node, vi, nic, sendCq, recvCq, attributes, isSet }: LinkEnd): void {
    if (nic === secondNic) this.script.host(node).hasSecond = true
    for (const cq of [sendCq, recvCq]) if (cq !== null) this.queue(node, nic.nic, cq)
    const made = isSet ? { ...attributes, ...asMade(attributes) } : attributes
    this.script.call(node, createVi(vi, { attributes: made, sendCq, recvCq }, nic.nic))
    if (isSet) this.script.call(node, setViAttributes(vi, attributes))
  }

  private queue(node: NodeIndex, nic: string, as: string): void {
    const key = `${node} ${as}`
    if (this.queues.has(key)) return
    this.queues.add(key)
    const entryCount = Math.min(cqEntries, this.script.value('via.max-cq-entries'))
    this.script.call(node, createCq(as, entryCount, nic))
  }
}

/** The end of a link that is not this one. */
export function otherEnd({ client, server }: Link, end: LinkEnd): LinkEnd {
  return end === client ? server : client
}

/** Another reliability level than this one. */
export function otherLevel(level: number): number {
  return pick(levels, levels.indexOf(level) + 1)
}

/** With what a VI is made that is to be something else. */
function asMade({ reliabilityLevel }: ViaViAttributes): Partial<ViaViAttributes> {
  return { reliabilityLevel: otherLevel(reliabilityLevel), enableRdmaWrite: false, enableRdmaRead: false }
}

/** The other way round. */
export function turned({ client, server, number }: Link): Link {
  return { client: server, server: client, number }
}

function linkBetween(
  low: NodeIndex,
  high: NodeIndex,
  { number, copy, most }: { readonly number: number; readonly copy: string; readonly most: number },
): Link {
  const variant = pick(variants, Math.floor(number / levels.length))
  const level = pick(levels, number)
  const end = (node: NodeIndex, peer: NodeIndex): LinkEnd => {
    const isClient = node === low
    const nic = variant.second && isClient ? secondNic : firstNic
    const mayWrite = variant.rights === 'both' || variant.rights === 'open' || (variant.rights === 'client' && isClient)
    const attributes: ViaViAttributes = {
      reliabilityLevel: level,
      maxTransferSize: variant.transfer === 'most' ? most : variant.transfer,
      qos: 0,
      ptag: nic.ptag,
      enableRdmaWrite: mayWrite,
      enableRdmaRead: variant.rights === 'open' && level !== viaReliabilityLevels.unreliable,
    }
    const name = `${peer}-${number}${copy}`
    return { node, vi: `v${name}`, nic, attributes, isSet: variant.isSet, ...queuesOf(variant, name) }
  }
  return { client: end(low, high), server: end(high, low), number }
}

function queuesOf({ queues }: Variant, name: string): Pick<LinkEnd, 'sendCq' | 'recvCq'> {
  switch (queues) {
    case 'none':
      return { sendCq: null, recvCq: null }
    case 'both':
      return { sendCq: `cq${name}`, recvCq: `cq${name}` }
    case 'recv':
      return { sendCq: null, recvCq: `cq${name}` }
    case 'send':
      return { sendCq: `cq${name}`, recvCq: null }
    case 'two':
      return { sendCq: `cqs${name}`, recvCq: `cqr${name}` }
    case 'shared':
      return { sendCq: sharedCq, recvCq: sharedCq }
  }
}
