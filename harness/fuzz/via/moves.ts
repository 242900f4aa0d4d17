// What a drawn program of VIA may do. NICs, memory and VIs come about by themselves when a move needs them.
import { constant, nat, oneof, record, type Arbitrary } from 'fast-check'

/**
 * Hosts and peers are counted modulo the hosts of the plan. A link is a pair of VIs, one at each of two hosts: its number says
 * its reliability level, and whether completion queues are used.
 */
export type ViaMove =
  /** A receive at the other end and a send to it; `order` says which is posted first. */
  | (Posting & { readonly act: 'transfer'; readonly order: number; readonly room: number })
  | (Posting & { readonly act: 'send' })
  | (Posting & { readonly act: 'receive' })
  /** Takes what is complete of a work queue, or of the completion queue: at once, or in a wait on a thread of its own. */
  | (OfLink & { readonly act: 'take'; readonly queue: number; readonly waits: number })
  | (OfLink & { readonly act: 'disconnect' })
  /** Connects once more, whatever state the VIs are in. */
  | (OfLink & { readonly act: 'connect' })
  /** A client asks and the server refuses, or nobody waits. */
  | (OfLink & { readonly act: 'refuse'; readonly kind: number })
  | (OfLink & { readonly act: 'query' })
  | { readonly act: 'pause'; readonly span: number }
  /** A descriptor that is malformed, or points where it may not. */
  | (OfLink & { readonly act: 'blunder'; readonly kind: number; readonly queue: number })
  /** Takes away what others need: a VI, memory, a tag, the NIC. */
  | (OfLink & { readonly act: 'withdraw'; readonly kind: number })

type OfLink = { readonly host: number; readonly peer: number; readonly link: number }

type Posting = OfLink & { readonly size: number; readonly shape: number; readonly immediate: number }

const most = 7
const links = nat(5)

const ofLink = { host: nat(most), peer: nat(most), link: links }
const posting = { ...ofLink, size: nat(15), shape: nat(most), immediate: nat(most) }

export const viaMoves: Arbitrary<ViaMove> = oneof(
  {
    weight: 10,
    arbitrary: record({ act: constant('transfer' as const), ...posting, order: nat(3), room: nat(most) }),
  },
  { weight: 2, arbitrary: record({ act: constant('send' as const), ...posting }) },
  { weight: 2, arbitrary: record({ act: constant('receive' as const), ...posting }) },
  { weight: 4, arbitrary: record({ act: constant('take' as const), ...ofLink, queue: nat(2), waits: nat(3) }) },
  { weight: 2, arbitrary: record({ act: constant('disconnect' as const), ...ofLink }) },
  { weight: 1, arbitrary: record({ act: constant('connect' as const), ...ofLink }) },
  { weight: 1, arbitrary: record({ act: constant('refuse' as const), ...ofLink, kind: nat(2) }) },
  { weight: 1, arbitrary: record({ act: constant('query' as const), ...ofLink }) },
  { weight: 2, arbitrary: record({ act: constant('pause' as const), span: nat(most) }) },
)

/** What a correct program would not do: it must be told, and nothing else may suffer. */
export const viaMistakes: Arbitrary<ViaMove> = oneof(
  { weight: 3, arbitrary: record({ act: constant('blunder' as const), ...ofLink, kind: nat(most), queue: nat(1) }) },
  { weight: 1, arbitrary: record({ act: constant('withdraw' as const), ...ofLink, kind: nat(most) }) },
)
