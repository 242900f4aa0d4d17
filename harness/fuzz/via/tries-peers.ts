// What a drawn program tries with requests for peers: pairs that find each other, or must not, and what each is told.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { millisecond, type NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { ViaNetAddress, ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { firstNic } from './host.ts'
import { otherLevel, type LinkEnd } from './links.ts'
import { peerTimeout } from './meeting.ts'
import type { Script } from './script.ts'
import { makeVi, type Try } from './try.ts'
import { connectPeerDone, connectPeerRequest, connectPeerWait, destroyVi, disconnect, queryVi } from './vipl-calls.ts'

export interface Side {
  readonly node: NodeIndex
  readonly vi: string
  readonly discriminator: string
}

/** A fresh VI on either of two hosts, and discriminators that nobody else has. `changed`: how the second one differs. */
export function sidesOf(
  script: Script,
  end: LinkEnd,
  changed: Partial<ViaViAttributes> = {},
): readonly [one: Side, two: Side] {
  const make = (node: NodeIndex, attributes: Partial<ViaViAttributes>): Side => {
    const side = { node, vi: script.fresh('v'), discriminator: script.next().toString(16).padStart(8, '0') }
    const made = { ...end.attributes, ...attributes, ptag: firstNic.ptag }
    script.call(node, makeVi(end, side.vi, { attributes: made }))
    return side
  }
  return [make(end.node, {}), make((end.node + 1) % script.hosts.length, changed)]
}

const addressOf = ({ node, discriminator }: Side): ViaNetAddress => ({ host: node, discriminator })

/** Milliseconds that whoever looks for a peer has patience. */
const patience = 20

/** `one` looks for `two`. */
export function seeking(one: Side, two: Side, timeout = patience): CallBody {
  return connectPeerRequest({ vi: one.vi, local: addressOf(one), remote: addressOf(two) }, timeout)
}

/** Either end is asked how it went, twice, and looked at; then both are taken apart. */
function conclude(script: Script, sides: readonly Side[]): void {
  for (const bodies of [
    [connectPeerDone, connectPeerDone, queryVi],
    [disconnect, destroyVi],
  ]) {
    for (const { node, vi } of sides) for (const body of bodies) script.call(node, body(vi))
  }
}

/** The same side at a discriminator that is as long as may be. */
function inFull(script: Script, side: Side): Side {
  return { ...side, discriminator: side.discriminator.padStart(2 * script.value('via.max-discriminator'), '0') }
}

interface Pairing {
  /** Milliseconds that either has patience, and after which they are asked how it went. */
  readonly timeout?: number
  readonly until?: number
  readonly changed?: (end: LinkEnd) => Partial<ViaViAttributes>
  readonly cancels?: boolean
  /** Their discriminators are as long as may be, and differ in the last octets. */
  readonly isFull?: boolean
}

/** They have met by then, as the model sees it. */
const forCertain = { timeout: peerTimeout, until: 2_100 }

/** Two requests, the second after a while. */
function pairing(pause: number, how: Pairing = {}): Try {
  const { timeout = patience, until = 3, changed, cancels = false, isFull = false } = how
  return (script, end) => {
    const sides = sidesOf(script, end, changed?.(end))
    const [one, two] = isFull ? [inFull(script, sides[0]), inFull(script, sides[1])] : sides
    script.call(one.node, seeking(one, two, timeout))
    if (pause > 0) script.pause(pause)
    if (cancels) script.call(one.node, disconnect(one.vi))
    script.call(two.node, seeking(two, one, timeout))
    script.pause(until * millisecond)
    conclude(script, [one, two])
  }
}

const smaller = ({ attributes: { maxTransferSize } }: LinkEnd): Partial<ViaViAttributes> => ({
  maxTransferSize: maxTransferSize - 16,
})
const anotherLevel = ({ attributes: { reliabilityLevel } }: LinkEnd): Partial<ViaViAttributes> => ({
  reliabilityLevel: otherLevel(reliabilityLevel),
})
const otherRights = ({ attributes: { enableRdmaWrite } }: LinkEnd): Partial<ViaViAttributes> => ({
  enableRdmaWrite: !enableRdmaWrite,
})

/**
 * Two requests that are not for each other, asked for from either host: `as` says who the second one is, and whom it seeks, by
 * what the first one means.
 */
function missing(as: (two: Side, one: Side) => readonly [own: Side, sought: Side], isFull = false): Try {
  return (script, end) => {
    const other = { ...end, node: (end.node + 1) % script.hosts.length }
    const asked = [end, other].flatMap((from) => {
      const sides = sidesOf(script, from)
      const [one, two] = isFull ? [inFull(script, sides[0]), inFull(script, sides[1])] : sides
      const [own, sought] = as(two, one)
      script.call(one.node, seeking(one, two))
      script.call(own.node, seeking(own, sought))
      return [one, own]
    })
    script.pause(3 * millisecond)
    conclude(script, asked)
  }
}

const longer = (side: Side): Side => ({ ...side, discriminator: `${side.discriminator}ff` })
const lastOther = (side: Side): Side => ({ ...side, discriminator: `${side.discriminator.slice(0, -2)}ff` })

export const peerTries: readonly Try[] = [
  pairing(6 * millisecond, forCertain),
  pairing(6 * millisecond),
  pairing(6 * millisecond, { timeout: 2 }),
  pairing(0, { cancels: true }),
  (script, end) => {
    const [one, two] = sidesOf(script, end)
    script.call(one.node, seeking(one, two, 2))
    const waiting = script.start(one.node, connectPeerWait(one.vi))
    script.join(waiting)
    script.call(two.node, connectPeerDone(two.vi))
    conclude(script, [one, two])
  },
  (script, { node }) => {
    const nobody = connectPeerRequest({ vi: null, local: null, remote: null }, patience)
    for (const body of [nobody, connectPeerDone(null)]) script.call(node, body)
  },
  pairing(millisecond, forCertain),
  // Once more, and for longer than was left of the first time.
  (script, end) => {
    const [one, two] = sidesOf(script, end)
    for (const pause of [0, patience * millisecond]) {
      script.call(one.node, seeking(one, two, pause === 0 ? patience : peerTimeout))
      if (pause > 0) script.pause(pause)
      script.call(two.node, seeking(two, one, peerTimeout))
      script.pause(3 * millisecond)
      for (const { node, vi } of [one, two]) {
        for (const body of [connectPeerDone, queryVi, disconnect]) script.call(node, body(vi))
      }
    }
  },
  pairing(0, { ...forCertain, changed: smaller }),
  pairing(0, { ...forCertain, changed: anotherLevel }),
  pairing(0, { changed: otherRights }),
  missing((two, one) => [longer(two), one]),
  missing((two, one) => [two, longer(one)]),
  // As long as may be, well and with another last octet.
  pairing(millisecond, { ...forCertain, isFull: true }),
  missing((two, one) => [lastOther(two), one], true),
  missing((two, one) => [two, lastOther(one)], true),
  // A server waits at the address that is looked for.
  (script, end) => {
    const [one, two] = sidesOf(script, end)
    const { nic } = firstNic
    const as = script.fresh('c')
    script.call(one.node, seeking(one, two))
    const waiting = script.start(two.node, {
      operation: 'VipConnectWait',
      nic,
      local: addressOf(two),
      timeout: 5,
      as,
    })
    script.join(waiting)
    conclude(script, [one])
  },
  // Without an address, and with such that are too long.
  (script, end) => {
    const [one, two] = sidesOf(script, end)
    const [local, remote] = [addressOf(one), addressOf(two)]
    const discriminator = '5a'.repeat(script.value('via.max-discriminator') + 1)
    const { vi } = one
    const all = [
      { vi, local, remote: null },
      { vi, local: null, remote },
      { vi, local, remote: { ...remote, discriminator } },
      { vi, local: { ...local, discriminator }, remote },
    ]
    for (const asked of all) script.call(one.node, connectPeerRequest(asked, patience))
    conclude(script, [one])
  },
]
