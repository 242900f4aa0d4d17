// How VIs of a drawn program are connected, or are not: servers that wait, clients that ask, and what comes in between.
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'
import type { ViaNetAddress } from '../../../spec/vocabulary/via-attributes.ts'
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import { pick } from '../drawn.ts'
import { answers } from './answering.ts'
import type { Link, LinkEnd, Links } from './links.ts'
import { addressesOf, anotherPlace, asPeers, type Addresses } from './places.ts'
import { plainly, post } from './posting.ts'
import type { Script } from './script.ts'
import {
  connectAccept,
  connectPeerDone,
  connectPeerRequest,
  connectPeerWait,
  destroyVi,
  disconnect,
  isEndless,
  overAnHour,
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
  pick(preludes, meeting.before)(script, link)
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
  pick(crowds, meeting.crowd)(story)
  // Whoever has no patience does not come far.
  const waiting = script.start(link.server.node, story.waits)
  if (meeting.patience % 8 === 2) script.join(waiting)
  const asked = script.start(link.client.node, story.asks)
  if (isEndless(pick(waitTimeouts, meeting.patience))) script.pause(millisecond)
  else script.join(waiting)
  pick(interludes, meeting.meanwhile)(story)
  answers(story)
  script.join(asked)
  pick(sequels, meeting.after)(script, link)
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
  pick(sequels, what)(script, { client, server, number: 0 })
}

const requestTimeouts = [connectTimeout, connectTimeout, connectTimeout, 0, 2, connectTimeout, 2, 1] as const
const waitTimeouts = [connectTimeout, connectTimeout, 2, connectTimeout, overAnHour, viaInfinite, 2, 0] as const

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

/** The client asks for what nobody waits at, or cannot ask at all. */
function missed({ script, link, meeting, waits, asks }: Story): void {
  const isAlone = meeting.crowd === 1
  const waiting = isAlone ? undefined : script.start(link.server.node, waits)
  script.join(script.start(link.client.node, asks))
  if (waiting !== undefined && !isEndless(waits.timeout)) script.join(waiting)
}

type OfEnds = (script: Script, link: Link) => void

const nothing = (): void => undefined
const message = 32
const room = 64

/** What is posted before, and looked at. */
export const preludes: readonly OfEnds[] = [
  nothing,
  function clientReceives(script, { client }): void {
    post(script, client, 'recv', plainly(room))
  },
  function serverReceives(script, { server }): void {
    post(script, server, 'recv', plainly(room))
  },
  function bothReceive(script, { client, server }): void {
    post(script, client, 'recv', plainly(room))
    post(script, client, 'recv', plainly(room + 1))
    post(script, server, 'recv', plainly(room))
  },
  function clientSends(script, { client }): void {
    post(script, client, 'send', plainly(8))
  },
  function serverLooks(script, { server }): void {
    post(script, server, 'recv', plainly(room))
    script.call(server.node, queryVi(server.vi))
    script.call(server.node, taking(server, 'recv'))
  },
]

/** Others at the same place, or nobody at first. */
export const crowds: readonly ((story: Story) => void)[] = [
  nothing,
  function nobodyWaitsYet({ script, link, asks }): void {
    script.join(script.start(link.client.node, asks))
  },
  function nobodyAsksYet({ script, link, waits }): void {
    script.join(script.start(link.server.node, { ...waits, timeout: 1, as: script.fresh('c') }))
  },
  function twoWaitAndOneAsks({ script, link, waits }): void {
    script.start(link.server.node, { ...waits, timeout: 2, as: script.fresh('c') })
  },
  function twoWaitAndTwoAsk({ script, links, link, waits, asks }): void {
    const { client, server } = link
    const other = links.copy(link)
    const as = script.fresh('c')
    const waiting = script.start(server.node, { ...waits, timeout: connectTimeout, as })
    const asked = script.start(client.node, { ...asks, vi: other.client.vi })
    script.join(waiting)
    script.call(server.node, connectAccept(as, other.server.vi))
    script.join(asked)
  },
  function higherWaitsFirst(story): void {
    severalPlaces(story, ['ff'], [])
  },
  function severalWaitInAnyOrder(story): void {
    severalPlaces(story, ['f8', '04', 'fc'], [1, 2])
  },
]

/** Servers that wait at other places of the same host, before the one that is meant: lower and higher ones. */
function othersWait(story: Story, firstOctets: readonly string[]): readonly Waiting[] {
  const { script, link, waits } = story
  return firstOctets.map((first) => {
    const discriminator = `${first}${anotherPlace(script)}`
    const local = { host: link.server.node, discriminator }
    return { ...waits, local, timeout: connectTimeout, as: script.fresh('c') }
  })
}

/** So many servers wait in this order, and clients come for some of them, in this one. */
function severalPlaces(story: Story, firstOctets: readonly string[], asked: readonly number[]): void {
  const { script, links, link, asks } = story
  const { client, server } = link
  const others = othersWait(story, firstOctets)
  const labels = others.map((each) => script.start(server.node, each))
  for (const number of asked) {
    const [other, label] = [others[number], labels[number]]
    if (!other || label === undefined) continue
    const made = links.copy(link)
    const asking = script.start(client.node, { ...asks, vi: made.client.vi, remote: other.local })
    script.join(label)
    script.call(server.node, connectAccept(other.as, made.server.vi))
    script.join(asking)
  }
}

/** What happens while the client waits for an answer. */
export const interludes: readonly ((story: Story) => void)[] = [
  nothing,
  function clientLooks({ script, link }): void {
    look(script, link.client)
  },
  function clientReceives({ script, link }): void {
    post(script, link.client, 'recv', plainly(room))
    look(script, link.client)
  },
  function clientSends({ script, link }): void {
    post(script, link.client, 'send', plainly(8))
  },
  function clientDisconnects({ script, link: { client } }): void {
    post(script, client, 'recv', plainly(room))
    script.call(client.node, disconnect(client.vi))
    look(script, client)
  },
  function clientAsksAgain({ script, link: { client }, asks }): void {
    script.start(client.node, asks)
    look(script, client)
  },
  function clientDestroysVi({ script, link: { client } }): void {
    script.call(client.node, destroyVi(client.vi))
    look(script, client)
  },
  /** So long that a client without patience is gone. */
  function longPause({ script }): void {
    script.pause(3 * millisecond)
  },
  function serverLooks({ script, link }): void {
    look(script, link.server)
  },
]

/** What is sent then. */
export const sequels: readonly OfEnds[] = [
  nothing,
  function serverSends(script, { server }): void {
    post(script, server, 'send', plainly(message))
  },
  function clientSends(script, { client }): void {
    post(script, client, 'send', plainly(message))
  },
  function bothSend(script, { client, server }): void {
    post(script, server, 'send', plainly(message))
    post(script, server, 'send', plainly(message + 1))
    post(script, client, 'send', plainly(message))
  },
  function bothLook(script, { client, server }): void {
    for (const end of [client, server]) look(script, end)
  },
]

function look(script: Script, { node, vi }: LinkEnd): void {
  script.call(node, queryVi(vi))
}
