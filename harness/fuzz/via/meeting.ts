// How VIs of a drawn program are connected, or are not: servers that wait, clients that ask, and what comes in between.
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'
import type { ViaNetAddress } from '../../../spec/vocabulary/via-attributes.ts'
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import { ownDiscriminator } from '../../plan/via/calls.ts'
import { pick } from '../drawn.ts'
import { answers } from './answering.ts'
import type { Link, LinkEnd, Links } from './links.ts'
import { plainly, post } from './posting.ts'
import type { Script } from './script.ts'
import {
  connectAccept,
  connectPeerDone,
  connectPeerRequest,
  connectPeerWait,
  destroyVi,
  disconnect,
  queryVi,
  taking,
} from './vipl-calls.ts'

/** What a move says of a meeting; nothing but zeros is the usual one. */
export type Meeting = {
  /** What is posted before. */
  readonly before: number
  /** Who is there when the client asks. */
  readonly crowd: number
  /** How the address that is asked for differs from the one that is waited at. */
  readonly place: number
  /** How long the two have patience. */
  readonly patience: number
  /** What happens while the client waits for an answer. */
  readonly meanwhile: number
  readonly answer: number
  /** What is sent then. */
  readonly after: number
}

export const usualMeeting: Meeting = { before: 0, crowd: 0, place: 0, patience: 0, meanwhile: 0, answer: 0, after: 0 }

/** Milliseconds that whoever connects, or waits for it, has patience. */
export const connectTimeout = 40

/** Milliseconds in which two requests for peers that are for each other meet for certain, as the model sees it. */
export const peerTimeout = 3_000

type Waiting = Extract<ViplCall, { operation: 'VipConnectWait' }>
type Asking = Extract<ViplCall, { operation: 'VipConnectRequest' }>

/** The last of the places: nobody waits there, and the two ask for each other, as equals. */
export const asPeers = 13

/** Two ends, where they meet, and how. */
export interface Story {
  readonly script: Script
  readonly links: Links
  readonly link: Link
  readonly meeting: Meeting
  readonly waits: Waiting
  readonly asks: Asking
  /** The connection handle that the server gets. */
  readonly as: string
  /** Connects other VIs in the usual way. */
  readonly connects: (link: Link) => void
}

export function meet(script: Script, links: Links, link: Link, meeting: Meeting = usualMeeting): void {
  before(script, link, meeting.before)
  if (meeting.place === asPeers) {
    pairUp(script, link, meeting)
    return
  }
  const addresses = addressesOf(script, link, meeting.place)
  const story = storyOf(script, links, { link, meeting, addresses })
  if (addresses.isOther) {
    missed(story)
    return
  }
  crowd(story)
  // Whoever has no patience does not come far.
  const waiting = script.start(link.server.node, story.waits)
  if (meeting.patience % 8 === 2) script.join(waiting)
  const asked = script.start(link.client.node, story.asks)
  if (waitTimeouts[meeting.patience % 8] === viaInfinite) script.pause(millisecond)
  else script.join(waiting)
  meanwhile(story)
  answers(story)
  script.join(asked)
  after(script, link, meeting.after)
}

/** The two ask for each other, as equals, and look how that went. */
function pairUp(script: Script, { client, server }: Link, { patience, after: what }: Meeting): void {
  const discriminator = anotherPlace(script)
  const address = ({ node }: LinkEnd): ViaNetAddress => ({ host: node, discriminator })
  const ask = (from: LinkEnd, to: LinkEnd): void => {
    const asked = { vi: from.vi, local: address(from), remote: address(to) }
    script.call(from.node, connectPeerRequest(asked, peerTimeout))
  }
  ask(client, server)
  if (patience > 3) script.pause(millisecond)
  ask(server, client)
  const waiting = script.start(client.node, connectPeerWait(client.vi))
  script.pause(millisecond)
  script.call(server.node, connectPeerDone(server.vi))
  script.join(waiting)
  after(script, { client, server, number: 0 }, what)
}

const requestTimeouts = [connectTimeout, connectTimeout, connectTimeout, 0, 2, connectTimeout, 2, 1] as const
const waitTimeouts = [connectTimeout, connectTimeout, 2, connectTimeout, connectTimeout, viaInfinite, 2, 0] as const

interface Addresses {
  readonly waited: ViaNetAddress | null
  readonly asked: ViaNetAddress | null
  readonly own: ViaNetAddress | null
  /** The client does not find the server. */
  readonly isOther: boolean
}

function storyOf(
  script: Script,
  links: Links,
  { link, meeting, addresses }: { link: Link; meeting: Meeting; addresses: Addresses },
): Story {
  const as = script.fresh('c')
  const { waited: local, asked: remote, own } = addresses
  const { client, server } = link
  return {
    script,
    links,
    link,
    meeting,
    as,
    connects: (other) => meet(script, links, other),
    waits: {
      operation: 'VipConnectWait',
      nic: server.nic.nic,
      local,
      timeout: pick(waitTimeouts, meeting.patience),
      as,
    },
    asks: {
      operation: 'VipConnectRequest',
      vi: client.vi,
      local: own,
      remote,
      timeout: pick(requestTimeouts, meeting.patience),
    },
  }
}

/** No two meetings are at one place, except where a move says so. */
function addressesOf(script: Script, { client, server }: Link, place: number): Addresses {
  const short = anotherPlace(script)
  const long = `${short}0102030405`
  const most = script.value('via.max-discriminator')
  const at = (discriminator: string): ViaNetAddress => ({ host: server.node, discriminator })
  const own = { host: client.node, discriminator: ownDiscriminator }
  const found = { own, isOther: false }
  const missedBy = { own, isOther: true }
  switch (place) {
    case 1:
      return { ...found, waited: at(long), asked: at(long) }
    case 2:
      return { ...missedBy, waited: at(long), asked: at(long.slice(0, 8)) }
    case 3:
      return { ...missedBy, waited: at(short), asked: at(long) }
    case 4:
      return { ...missedBy, waited: at(long), asked: at(`${long.slice(0, -2)}ff`) }
    case 5:
      return { ...missedBy, waited: at(short.repeat(most)), asked: at(short.repeat(most + 1)) }
    case 6:
      return { ...missedBy, waited: at(short.repeat(most + 1)), asked: at(short.repeat(most)) }
    case 7:
      return { ...missedBy, waited: at(short), asked: null }
    case 8:
      return { ...missedBy, waited: at(short), asked: at(short), own: null }
    case 9:
      return { ...missedBy, waited: null, asked: at(short) }
    case 10: // The server waits where the client says that it is itself.
      return { isOther: true, waited: at(short), asked: at(`${short}aa`), own: { ...own, discriminator: short } }
    case 11:
      return {
        ...missedBy,
        own: { ...own, discriminator: short.repeat(most + 1) },
        waited: at(short),
        asked: at(short),
      }
    case 12:
      return {
        ...found,
        waited: at(short.repeat(most)),
        asked: at(short.repeat(most)),
        own: { ...own, discriminator: long },
      }
    default:
      return { ...found, waited: at(short), asked: at(short) }
  }
}

/** A discriminator of one octet, from 10 to ef: never the one that clients have. */
function anotherPlace(script: Script): string {
  return (0x10 + (script.next() % 0xe0)).toString(16)
}

/** The client asks for what nobody waits at, or cannot ask at all. */
function missed({ script, link, meeting, waits, asks }: Story): void {
  const isAlone = meeting.crowd === 1
  const waiting = isAlone ? undefined : script.start(link.server.node, waits)
  script.join(script.start(link.client.node, asks))
  if (waiting !== undefined && waits.timeout !== viaInfinite) script.join(waiting)
}

function before(script: Script, { client, server }: Link, what: number): void {
  switch (what) {
    case 1:
      post(script, client, 'recv', plainly(64))
      break
    case 2:
      post(script, server, 'recv', plainly(64))
      break
    case 3:
      post(script, client, 'recv', plainly(64))
      post(script, client, 'recv', plainly(65))
      post(script, server, 'recv', plainly(64))
      break
    case 4:
      post(script, client, 'send', plainly(8))
      break
    case 5:
      post(script, server, 'recv', plainly(64))
      script.call(server.node, queryVi(server.vi))
      script.call(server.node, taking(server, 'recv'))
  }
}

/** Others at the same place, or nobody at first. */
function crowd(story: Story): void {
  const { script, links, link, meeting, waits, asks } = story
  const { client, server } = link
  switch (meeting.crowd) {
    case 1: // Nobody waits yet.
      script.join(script.start(client.node, asks))
      break
    case 2: // Nobody asks yet.
      script.join(script.start(server.node, { ...waits, timeout: 1, as: script.fresh('c') }))
      break
    case 3: // Two wait, and one asks.
      script.start(server.node, { ...waits, timeout: 2, as: script.fresh('c') })
      break
    case 4: {
      // Two wait and two ask.
      const other = links.copy(link)
      const as = script.fresh('c')
      const waiting = script.start(server.node, { ...waits, timeout: connectTimeout, as })
      const asked = script.start(client.node, { ...asks, vi: other.client.vi })
      script.join(waiting)
      script.call(server.node, connectAccept(as, other.server.vi))
      script.join(asked)
    }
  }
}

function meanwhile({ script, link, meeting, asks }: Story): void {
  const { client, server } = link
  const ask = ({ node, vi }: LinkEnd): void => script.call(node, queryVi(vi))
  switch (meeting.meanwhile) {
    case 1:
      ask(client)
      break
    case 2:
      post(script, client, 'recv', plainly(64))
      ask(client)
      break
    case 3:
      post(script, client, 'send', plainly(8))
      break
    case 4:
      post(script, client, 'recv', plainly(64))
      script.call(client.node, disconnect(client.vi))
      ask(client)
      break
    case 5:
      script.start(client.node, asks)
      ask(client)
      break
    case 6:
      script.call(client.node, destroyVi(client.vi))
      ask(client)
      break
    case 7: // So long that a client without patience is gone.
      script.pause(3 * millisecond)
      break
    case 8:
      ask(server)
  }
}

function after(script: Script, { client, server }: Link, what: number): void {
  switch (what) {
    case 1:
      post(script, server, 'send', plainly(32))
      break
    case 2:
      post(script, client, 'send', plainly(32))
      break
    case 3:
      post(script, server, 'send', plainly(32))
      post(script, server, 'send', plainly(33))
      post(script, client, 'send', plainly(32))
      break
    case 4:
      for (const { node, vi } of [client, server]) script.call(node, queryVi(vi))
  }
}
