// Many messages between two hosts at once, as the moves that they are made of: tables, fields and pools may be too small for them.
import { integer, nat, oneof, type Arbitrary } from 'fast-check'
import { pick } from '../drawn.ts'
import type { EmpMove } from './moves.ts'

export type Crowding = Extract<EmpMove, { act: 'crowd' }>
type Sending = Extract<EmpMove, { act: 'send' | 'receive' }>

/** How many there are most often, and more than a table of a usual size holds; twice the most are more than an octet counts. */
const few = [2, 3, 5, 8] as const
const counts = [...few, 17, 33, 65, 130] as const

/** Which count: large ones are dear. */
export const crowdCount: Arbitrary<number> = oneof(
  { weight: 24, arbitrary: nat(few.length - 1) },
  { weight: 3, arbitrary: integer({ min: few.length, max: counts.length - 3 }) },
  { weight: 2, arbitrary: integer({ min: counts.length - 2, max: counts.length - 1 }) },
)

/** A message of one octet, which is dear enough so often. */
const short = { size: 0, shape: 0, aim: 0 }

/** Of a receive that is withdrawn: nobody sends to it, and it is asked for when its descriptor has been looked at. */
const alone = { order: 0, span: 2, delay: 0 }

/** Of the last messages of two crowds this many differ in length, each from all others: by that it shows which receive took them. */
const toldApart = 7

/** More requests than a host has. */
const everything = 1_000

/** So many pieces that a list of addresses is needed. */
const listed = 7

/** In what order a crowd is posted, and what it is of. */
export const crowdKinds = [
  'received-first',
  'sent-first',
  'in-turn',
  'listed',
  'wild-between',
  'left-alone',
  'awaited',
  'in-the-way',
  'unmet',
  'withdrawn',
] as const

/**
 * The moves of a crowd. Of what a host has so many descriptors for, twice as many show as much as more do, since the rest is refused;
 * what is withdrawn gives its descriptors back.
 */
export function crowd({ host, peer, tag, count, kind }: Crowding, descriptors: number): readonly EmpMove[] {
  const wanted = pick(counts, count)
  const length = pick(crowdKinds, kind) === 'withdrawn' ? wanted : Math.min(wanted, 2 * descriptors)
  const many = <Made>(make: () => Made): Made[] => Array.from({ length }, make)
  const sends = (): Sending[] => many(() => ({ act: 'send', host, peer, tag, ...short }))
  const receives = (): EmpMove[] => many(() => ({ act: 'receive', host: peer, peer: host, tag, ...short }))
  const transfer = (of: number) => ({ act: 'transfer', host, peer, tag: of, ...short, order: 0, room: 0 }) as const
  const withdrawal = { act: 'withdraw', host: peer, peer: host, tag, ...short, ...alone } as const
  switch (pick(crowdKinds, kind)) {
    case 'received-first':
      return [...receives(), ...sends()]
    case 'sent-first':
      return [...sends(), ...receives()]
    case 'in-turn':
      return many(() => transfer(tag))
    case 'listed':
      return many(() => ({ act: 'scatter', host, peer, tag, pieces: listed, again: 0 }))
    case 'wild-between': {
      const wild: EmpMove = { act: 'receive-any', host: peer, peer: host, tag, ...short, any: 0 }
      return [...receives().flatMap((receive) => [wild, receive]), ...endingApart([...sends(), ...sends()])]
    }
    case 'left-alone':
      // Nobody receives them, but for one that comes behind them.
      return [...sends(), ...sends(), transfer(tag + 1)]
    case 'awaited':
      // One thread waits for all of them, and the last one never comes.
      return [...receives(), { act: 'wait', host: peer, request: 0, count: everything }, ...sends().slice(1)]
    case 'in-the-way':
      // Nobody receives them, and then there is a message of another host.
      return [...sends(), { ...transfer(tag + 1), host: host + 1 }]
    case 'unmet':
      // Nobody sends to them, and then there is a message for a receive that comes behind them.
      return [...receives(), ...receives(), transfer(tag + 1)]
    case 'withdrawn':
      // Each is asked back before the next one is posted, and then there is a message for one that stays.
      return [...many(() => withdrawal), transfer(tag)]
  }
}

/** The last sends get the sizes behind that of all others. */
function endingApart(sends: readonly Sending[]): readonly Sending[] {
  const first = sends.length - toldApart
  return sends.map((send, place) => (place < first ? send : { ...send, size: 1 + place - Math.max(0, first) }))
}
