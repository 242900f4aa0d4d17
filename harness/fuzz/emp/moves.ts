// What a drawn program of EMP may do.
import { constant, constantFrom, nat, oneof, record, type Arbitrary } from 'fast-check'
import { crowdCount, crowdKinds } from './crowds.ts'

/** Hosts and peers are counted modulo the hosts of the plan; sizes, spans and kinds modulo what there is to choose from. */
export type EmpMove =
  /** A receive at `peer` and a send to it; `order` says which is posted first. */
  | (Posting & { readonly act: 'transfer'; readonly order: number; readonly room: number })
  | (Posting & Aim & { readonly act: 'send' | 'receive' })
  /** Asks for the n-th request of the host. */
  | { readonly act: 'test'; readonly host: number; readonly request: number }
  /** Reads its descriptor, where the implementation shows it. */
  | { readonly act: 'describe'; readonly host: number; readonly request: number }
  /** A thread of its own waits for so many requests in a row. */
  | { readonly act: 'wait'; readonly host: number; readonly request: number; readonly count: number }
  /** Polls so many requests in a row, or waits for one of them, where the implementation offers it; beyond three the latest comes first, and each is asked for alone after a waitany. */
  | { readonly act: 'testall' | 'waitany'; readonly host: number; readonly request: number; readonly count: number }
  /** Asks that a request be withdrawn, where the implementation offers it. */
  | { readonly act: 'cancel'; readonly host: number; readonly request: number }
  /**
   * A message, and perhaps a second, of the same host or of another, that come before anybody takes them: they, or the second alone, are
   * probed for, and then received, or not.
   */
  | (Posting & {
      readonly act: 'announce'
      readonly second: number
      readonly probes: number
      readonly taken: number
      readonly any: number
    })
  /** A message that is received and looked for, and whose place the host then uses for something else: it looks at that after a pause. */
  | (Posting & { readonly act: 'reuse'; readonly pattern: number; readonly span: number })
  /**
   * A message that is looked for at both ends, and a second one in the slots of the first. `first` says whether the first receive is short,
   * for any node, or asked back too late; an odd one: and a third receive is posted that is older than the second. `span`: after which pause.
   */
  | (Posting & { readonly act: 'follow'; readonly first: number; readonly span: number })
  /** A receive that is withdrawn, at once or after a pause, and asked for after another; `order`: its message is sent before, after, or never. */
  | (Posting &
      Aim & { readonly act: 'withdraw'; readonly order: number; readonly span: number; readonly delay: number })
  /** A receive, or a probe, that names any node, any tag, or neither: `any` says which. */
  | (Posting & Aim & { readonly act: 'receive-any'; readonly any: number })
  | (Omit<Posting, 'size' | 'shape'> & Aim & { readonly act: 'probe'; readonly any: number })
  /** Writes over the octets of a request, whoever owns them now. */
  | { readonly act: 'write'; readonly host: number; readonly request: number; readonly pattern: number }
  /** Looks at the octets of a request. */
  | { readonly act: 'look'; readonly host: number; readonly request: number }
  | { readonly act: 'configure'; readonly host: number; readonly collection: number }
  /** All hosts change their collection size, when nothing has been in flight for long. */
  | { readonly act: 'regroup'; readonly collection: number }
  /** A message in many pieces; `again`: and when it was looked for another one, in as many others. */
  | (Omit<Posting, 'size' | 'shape'> & { readonly act: 'scatter'; readonly pieces: number; readonly again: number })
  /** Many messages at once. */
  | {
      readonly act: 'crowd'
      readonly host: number
      readonly peer: number
      readonly tag: number
      readonly count: number
      readonly kind: number
    }
  /** The harness puts a frame on the wire in the name of `host`, which `peer` must drop. */
  | { readonly act: 'forge'; readonly host: number; readonly peer: number; readonly kind: number }
  /** Posts memory whose pages are not locked. */
  | { readonly act: 'misuse'; readonly host: number; readonly kind: number }
  /** Reads what it has counted of dropped frames, and once more at the end. */
  | { readonly act: 'count'; readonly host: number }
  | { readonly act: 'pause'; readonly span: number }

/** Which messages, how large, and where their octets stand. */
type Posting = {
  readonly host: number
  readonly peer: number
  readonly tag: number
  readonly size: number
  readonly shape: number
}

/** Not 0: it is for what was posted before, the n-th send to its host or receive for it, and not for `peer` and `tag`. */
type Aim = { readonly aim: number }

/** Tags are few, so that messages meet. */
const tags = 3
const most = 7

const posting = { host: nat(most), peer: nat(most), tag: nat(tags - 1), size: nat(31), shape: nat(15) }
const asking = { host: nat(most), request: nat(most) }
const aim = nat(3)
const several = nat(5)

export const empMoves: Arbitrary<EmpMove> = oneof(
  {
    weight: 10,
    arbitrary: record({ act: constant('transfer' as const), ...posting, order: nat(1), room: nat(most) }),
  },
  { weight: 3, arbitrary: record({ act: constant('send' as const), ...posting, aim }) },
  { weight: 3, arbitrary: record({ act: constant('receive' as const), ...posting, aim }) },
  { weight: 3, arbitrary: record({ act: constant('pause' as const), span: nat(most + 1) }) },
  { weight: 2, arbitrary: record({ act: constant('test' as const), ...asking }) },
  { weight: 2, arbitrary: record({ act: constant('wait' as const), ...asking, count: nat(2) }) },
  { weight: 1, arbitrary: record({ act: constant('describe' as const), ...asking }) },
  { weight: 1, arbitrary: record({ act: constant('regroup' as const), collection: nat(most) }) },
  {
    weight: 1,
    arbitrary: record({
      act: constant('scatter' as const),
      host: nat(most),
      peer: nat(most),
      tag: nat(tags - 1),
      pieces: nat(31),
      again: nat(1),
    }),
  },
  {
    weight: 1,
    arbitrary: record({
      act: constant('crowd' as const),
      host: nat(most),
      peer: nat(most),
      tag: nat(tags - 1),
      count: crowdCount,
      kind: nat(crowdKinds.length - 1),
    }),
  },
  { weight: 1, arbitrary: record({ act: constant('look' as const), ...asking }) },
  { weight: 1, arbitrary: record({ act: constant('count' as const), host: nat(most) }) },
  {
    weight: 1,
    arbitrary: record({ act: constantFrom('testall' as const, 'waitany' as const), ...asking, count: several }),
  },
  {
    weight: 3,
    arbitrary: record({
      act: constant('announce' as const),
      ...posting,
      second: nat(3),
      probes: nat(2),
      taken: nat(2),
      any: nat(most),
    }),
  },
  {
    weight: 1,
    arbitrary: record({ act: constant('reuse' as const), ...posting, pattern: nat(most), span: nat(most) }),
  },
  { weight: 2, arbitrary: record({ act: constant('follow' as const), ...posting, first: nat(most), span: nat(most) }) },
  { weight: 1, arbitrary: record({ act: constant('cancel' as const), ...asking }) },
  {
    weight: 1,
    arbitrary: record({
      act: constant('withdraw' as const),
      ...posting,
      aim,
      order: nat(2),
      span: nat(most),
      delay: nat(most),
    }),
  },
  { weight: 1, arbitrary: record({ act: constant('receive-any' as const), ...posting, aim, any: nat(2) }) },
  {
    weight: 1,
    arbitrary: record({
      act: constant('probe' as const),
      host: nat(most),
      peer: nat(most),
      tag: nat(tags - 1),
      aim,
      any: nat(most),
    }),
  },
)

/** Octets written over while the NIC may have them, a collection size changed at any time, forged frames, and calls that must be refused. */
export const empMistakes: Arbitrary<EmpMove> = oneof(
  { weight: 1, arbitrary: record({ act: constant('write' as const), ...asking, pattern: nat(most) }) },
  { weight: 1, arbitrary: record({ act: constant('configure' as const), host: nat(most), collection: nat(most) }) },
  {
    weight: 2,
    arbitrary: record({ act: constant('forge' as const), host: nat(most), peer: nat(most), kind: nat(most + 4) }),
  },
  { weight: 1, arbitrary: record({ act: constant('misuse' as const), host: nat(most), kind: nat(most) }) },
)
