// Where the two of a drawn meeting look for each other: at one place, or at two that differ in this or that.
import type { ViaNetAddress } from '../../../spec/vocabulary/via-attributes.ts'
import { ownDiscriminator } from '../../plan/usual.ts'
import { pick } from '../drawn.ts'
import type { Link } from './links.ts'
import type { Script } from './script.ts'

export interface Addresses {
  readonly waited: ViaNetAddress | null
  readonly asked: ViaNetAddress | null
  readonly own: ViaNetAddress | null
  /** The client does not find the server. */
  readonly isOther: boolean
}

/** What addresses of a meeting are made from. */
interface Means {
  /** Discriminators that nothing else has, of one octet and of six. */
  readonly short: string
  readonly long: string
  /** The most octets that a discriminator may have. */
  readonly most: number
  /** At the server. */
  readonly at: (discriminator: string) => ViaNetAddress
  /** Of the client, as usual. */
  readonly own: ViaNetAddress
}

/** What the two say, and who the client says that it is where that is not the usual. */
type Said = Pick<Addresses, 'waited' | 'asked'> & { readonly own?: ViaNetAddress | null }

const found = (say: (means: Means) => Said) => (means: Means) => addresses(means, say(means), false)
const missed = (say: (means: Means) => Said) => (means: Means) => addresses(means, say(means), true)

function addresses({ own }: Means, said: Said, isOther: boolean): Addresses {
  return { own, isOther, ...said }
}

const places: readonly ((means: Means) => Addresses)[] = [
  found(({ at, short }) => ({ waited: at(short), asked: at(short) })),
  found(({ at, long }) => ({ waited: at(long), asked: at(long) })),
  // The beginning of what is waited at, and more than it.
  missed(({ at, long }) => ({ waited: at(long), asked: at(long.slice(0, 8)) })),
  missed(({ at, short, long }) => ({ waited: at(short), asked: at(long) })),
  // Another last octet.
  missed(({ at, long }) => ({ waited: at(long), asked: at(`${long.slice(0, -2)}ff`) })),
  // One octet more than there may be, asked for and waited at.
  missed(({ at, short, most }) => ({ waited: at(short.repeat(most)), asked: at(short.repeat(most + 1)) })),
  missed(({ at, short, most }) => ({ waited: at(short.repeat(most + 1)), asked: at(short.repeat(most)) })),
  // No address: asked for, of the client, and waited at.
  missed(({ at, short }) => ({ waited: at(short), asked: null })),
  missed(({ at, short }) => ({ waited: at(short), asked: at(short), own: null })),
  missed(({ at, short }) => ({ waited: null, asked: at(short) })),
  // The server waits where the client says that it is itself.
  missed(({ at, short, own }) => ({
    waited: at(short),
    asked: at(`${short}aa`),
    own: { ...own, discriminator: short },
  })),
  // The client has one octet more than there may be.
  missed(({ at, short, most, own }) => ({
    waited: at(short),
    asked: at(short),
    own: { ...own, discriminator: short.repeat(most + 1) },
  })),
  // As many octets as there may be.
  found(({ at, short, long, most, own }) => ({
    waited: at(short.repeat(most)),
    asked: at(short.repeat(most)),
    own: { ...own, discriminator: long },
  })),
  // The client says that it is at one that is as long as may be.
  found(({ at, short, most, own }) => ({
    waited: at(short),
    asked: at(short),
    own: { ...own, discriminator: short.repeat(most) },
  })),
  // As long as may be, and another last octet.
  missed(({ at, short, most }) => ({
    waited: at(short.repeat(most)),
    asked: at(`${short.repeat(most - 1)}ff`),
  })),
]

/** The number behind the last of the places: nobody waits there, and the two ask for each other, as equals. */
export const asPeers = places.length

/** No two meetings are at one place, except where a move says so. */
export function addressesOf(script: Script, { client, server }: Link, place: number): Addresses {
  const short = anotherPlace(script)
  const means: Means = {
    short,
    long: `${short}0102030405`,
    most: script.value('via.max-discriminator'),
    at: (discriminator) => ({ host: server.node, discriminator }),
    own: { host: client.node, discriminator: ownDiscriminator },
  }
  return pick(places, place)(means)
}

/** A discriminator of one octet, from 10 to ef: never the one that clients have. */
export function anotherPlace(script: Script): string {
  return (0x10 + (script.next() % 0xe0)).toString(16)
}
