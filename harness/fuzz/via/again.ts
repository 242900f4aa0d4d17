// How VIs of a drawn program that have parted meet again: each other, or somebody else.
import { pick } from '../drawn.ts'
import type { Link, Links } from './links.ts'
import { meet, usualMeeting } from './meeting.ts'
import { asPeers } from './places.ts'
import { across, plainly, post } from './posting.ts'
import type { Script } from './script.ts'
import { disconnect, setViAttributes } from './vipl-calls.ts'

interface Again {
  readonly script: Script
  readonly links: Links
  readonly link: Link
}

/** Octets that a VI may send at first, and that are more than those. */
const few = 300
const more = 400

const ways: readonly ((again: Again) => void)[] = [
  function never(): void {},
  function once({ script, links, link }): void {
    meet(script, links, link)
  },
  function withDataAtOnce({ script, links, link }): void {
    meet(script, links, link, { ...usualMeeting, before: 3, after: 3 })
  },
  function withAnother({ script, links, link }): void {
    meet(script, links, withOther(links, link))
  },
  /** And with one that has the rights of the first, who is behind it. */
  function withOtherPeers({ script, links, link }): void {
    const other = withOther(links, link)
    for (const each of [other, withOther(links, other)]) {
      meet(script, links, each, { ...usualMeeting, place: asPeers })
      part(script, each)
    }
  },
  /** Twice, for the second time with attributes that allow more, of which use is made. */
  function changed({ script, links, link }): void {
    const { client, server } = link
    for (const maxTransferSize of [few, few + more]) {
      part(script, link)
      for (const { node, vi, attributes } of [client, server])
        script.call(node, setViAttributes(vi, { ...attributes, maxTransferSize }))
      meet(script, links, link)
      post(script, server, 'recv', plainly(maxTransferSize))
      post(script, client, 'send', plainly(maxTransferSize))
      script.pause(across)
    }
  },
]

/** How many ways there are. */
export const waysToMeetAgain = ways.length

/** Two VIs that have parted meet again, if the move says so. */
export function meetAgain(again: Again, how: number): void {
  pick(ways, how)(again)
}

/** Both leave, one as soon as the other has heard of it. */
function part(script: Script, { client, server }: Link): void {
  for (const { node, vi } of [client, server]) {
    script.pause(across)
    script.call(node, disconnect(vi))
  }
}

/** A VI of other rights in the place of the server's. */
function withOther(links: Links, { client, server, number }: Link): Link {
  const other = links.beside(server, { enableRdmaWrite: !server.attributes.enableRdmaWrite })
  return { client, server: other, number }
}
