// What a drawn program of VIA may do. NICs, memory and VIs come about by themselves when a move needs them.
import { constant, nat, oneof, record, type Arbitrary } from 'fast-check'
import { answerings } from './answering.ts'
import { waysBeside } from './beside.ts'
import { blunderKinds } from './blunders.ts'
import { waysToMeetAgain } from './again.ts'
import { partings, withdrawals } from './leaving.ts'
import { linkKinds, openLinkKinds, type OfLink } from './links.ts'
import { crowds, interludes, preludes, sequels, type Meeting } from './meeting.ts'
import { asPeers } from './places.ts'
import { transferOrders, waysToTake, type Posting } from './posting.ts'
import { rdmaOrders, type RdmaMove } from './rdma.ts'
import { targetKinds } from './rdma-places.ts'
import { memoryKinds } from './regions.ts'
import { waysToSpoil, type Spoiling } from './spoiling.ts'
import { streamCount, type Streaming } from './streams.ts'
import { placesOfTries } from './tries.ts'

/**
 * Hosts and peers are counted modulo the hosts of the plan. A link is a pair of VIs, one at each of two hosts: its number says
 * its reliability level, what completion queues are used, how much it carries, and what rights it has.
 */
export type ViaMove =
  /** A receive at the other end and a send to it; `order` says what is posted first, `after` how it is taken. */
  | (OfLink &
      Posting & { readonly act: 'transfer'; readonly order: number; readonly room: number; readonly after: number })
  | (OfLink & Posting & { readonly act: 'send' | 'receive' })
  /** Writes into the memory of the other end, or reads there. */
  | (OfLink & RdmaMove & { readonly act: 'rdma' })
  /** Takes what is complete of a work queue, or of the completion queue: at once, or in a wait on a thread of its own. */
  | (OfLink & { readonly act: 'take'; readonly queue: number; readonly waits: number; readonly patience: number })
  /** Posts as many descriptors as a queue takes; from 2 on, when NULL was refused. */
  | (OfLink & { readonly act: 'fill'; readonly queue: number })
  /** Two links like this one carry messages at the same time, in turn; or RDMA writes, or reads. */
  | (OfLink & { readonly act: 'beside'; readonly size: number; readonly what: number })
  /** Many messages, one after the other. */
  | (OfLink & Streaming & { readonly act: 'stream' })
  /** A descriptor that came back is filled in anew. */
  | (OfLink & { readonly act: 'reuse'; readonly queue: number })
  /** A receive is spoiled while it is posted, and then a message comes for it. */
  | (OfLink & Spoiling & { readonly act: 'spoil' })
  /** Disconnects, and connects again. */
  | (OfLink & { readonly act: 'part'; readonly who: number; readonly again: number })
  /** Makes VIs, and does not connect them. */
  | (OfLink & { readonly act: 'prepare' })
  /** Connects, or fails to, whatever state the VIs are in. */
  | (OfLink & Meeting & { readonly act: 'meet' })
  /** Looks at a VI, or at a descriptor. */
  | (OfLink & { readonly act: 'query'; readonly kind: number })
  | { readonly act: 'pause'; readonly span: number }
  /** Frames of another protocol come, where the wire is seen; `met`: before a message for which a receive is posted. */
  | (OfLink & { readonly act: 'foreign'; readonly kind: number; readonly burst: number; readonly met: number })
  /** A descriptor that is malformed, or points where it may not; `met`: the other end does its part, and more follows. */
  | (OfLink & { readonly act: 'blunder'; readonly kind: number; readonly queue: number; readonly met: number })
  /** Takes away what others need: a VI, memory, a tag, the NIC. */
  | (OfLink & { readonly act: 'withdraw'; readonly kind: number })
  /** Calls about objects of one kind, most of which are to be refused. */
  | (OfLink & { readonly act: 'try'; readonly what: number; readonly met: number })

const most = 7

/** Nothing special more often than all else. */
function seldom(last: number): Arbitrary<number> {
  return oneof({ weight: 3, arbitrary: constant(0) }, { weight: 2, arbitrary: nat(last) })
}

/** Links of the three levels most often, and few, so that moves meet. */
const links = oneof(
  { weight: 4, arbitrary: nat(2) },
  { weight: 3, arbitrary: nat(8) },
  { weight: 2, arbitrary: nat(linkKinds - 1) },
)

const hosts = oneof({ weight: 4, arbitrary: nat(1) }, { weight: 1, arbitrary: nat(most) })
const ofLink = { host: hosts, peer: hosts, link: links }

/** Of each kind of memory either end's may be meant. */
const memory = oneof({ weight: 5, arbitrary: constant(0) }, { weight: 2, arbitrary: nat(2 * memoryKinds - 1) })
const posting = { ...ofLink, size: nat(15), shape: nat(most), immediate: seldom(3), memory }

/** Links whose VIs permit RDMA most often. */
const openLinks = oneof(
  { weight: 6, arbitrary: nat(openLinkKinds - 1).map((number) => linkKinds - openLinkKinds + number) },
  { weight: 1, arbitrary: links },
)

const rdma = record({
  act: constant('rdma' as const),
  ...ofLink,
  link: openLinks,
  size: nat(15),
  shape: nat(most),
  what: nat(3),
  target: oneof({ weight: 1, arbitrary: constant(0) }, { weight: 1, arbitrary: nat(targetKinds - 1) }),
  memory: oneof({ weight: 5, arbitrary: constant(0) }, { weight: 1, arbitrary: nat(memoryKinds - 1) }),
  order: oneof({ weight: 1, arbitrary: constant(0) }, { weight: 2, arbitrary: nat(rdmaOrders - 1) }),
})

const meeting = {
  before: seldom(preludes.length - 1),
  crowd: seldom(crowds.length - 1),
  place: seldom(asPeers),
  patience: seldom(7),
  meanwhile: seldom(interludes.length - 1),
  answer: seldom(answerings.length - 1),
  after: seldom(sequels.length - 1),
}

/** Calls about objects of a kind, a refusal of which most programs must be able to take. */
const attempt = record({
  act: constant('try' as const),
  ...ofLink,
  what: placesOfTries,
  met: seldom(1),
})

export const viaMoves: Arbitrary<ViaMove> = oneof(
  {
    weight: 12,
    arbitrary: record({
      act: constant('transfer' as const),
      ...posting,
      order: seldom(transferOrders.length - 1),
      room: seldom(most),
      after: oneof({ weight: 1, arbitrary: constant(0) }, { weight: 1, arbitrary: nat(waysToTake - 1) }),
    }),
  },
  { weight: 7, arbitrary: rdma },
  { weight: 2, arbitrary: record({ act: constant('send' as const), ...posting }) },
  { weight: 2, arbitrary: record({ act: constant('receive' as const), ...posting }) },
  {
    weight: 3,
    arbitrary: record({ act: constant('take' as const), ...ofLink, queue: nat(2), waits: nat(4), patience: seldom(4) }),
  },
  { weight: 1, arbitrary: record({ act: constant('fill' as const), ...ofLink, queue: nat(5) }) },
  {
    weight: 2,
    arbitrary: record({
      act: constant('beside' as const),
      ...ofLink,
      link: oneof(links, openLinks),
      size: nat(15),
      what: nat(waysBeside - 1),
    }),
  },
  { weight: 1, arbitrary: record({ act: constant('stream' as const), ...ofLink, count: streamCount, pace: nat(2) }) },
  { weight: 1, arbitrary: record({ act: constant('reuse' as const), ...ofLink, queue: nat(2) }) },
  {
    weight: 1,
    arbitrary: record({ act: constant('spoil' as const), ...ofLink, how: nat(waysToSpoil - 1), before: nat(1) }),
  },
  {
    weight: 3,
    arbitrary: record({
      act: constant('part' as const),
      ...ofLink,
      who: nat(partings.length - 1),
      again: nat(waysToMeetAgain - 1),
    }),
  },
  { weight: 1, arbitrary: record({ act: constant('prepare' as const), ...ofLink }) },
  { weight: 6, arbitrary: record({ act: constant('meet' as const), ...ofLink, ...meeting }) },
  { weight: 2, arbitrary: record({ act: constant('query' as const), ...ofLink, kind: nat(3) }) },
  { weight: 2, arbitrary: record({ act: constant('pause' as const), span: nat(most) }) },
  {
    weight: 2,
    arbitrary: record({ act: constant('foreign' as const), ...ofLink, kind: nat(most), burst: nat(2), met: nat(1) }),
  },
  { weight: 3, arbitrary: attempt },
)

/** What a correct program would not do, or would have no use for: it must be told, and nothing else may suffer. */
export const viaMistakes: Arbitrary<ViaMove> = oneof(
  {
    weight: 4,
    arbitrary: record({
      act: constant('blunder' as const),
      ...ofLink,
      kind: nat(blunderKinds - 1),
      queue: nat(1),
      met: nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: record({ act: constant('withdraw' as const), ...ofLink, kind: nat(withdrawals.length - 1) }),
  },
  { weight: 6, arbitrary: attempt },
)
