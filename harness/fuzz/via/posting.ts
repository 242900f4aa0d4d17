// Messages of a drawn program: what is posted for them, and how it is taken.
import { viaDescriptorShape, viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaQueue } from '../../../spec/vocabulary/via-returns.ts'
import { pick } from '../drawn.ts'
import { draftDescriptor, type DescriptorWrite, type Wanted } from './descriptor-writer.ts'
import { usedAnew } from './host.ts'
import { otherEnd, type Link, type LinkEnd } from './links.ts'
import type { Script } from './script.ts'
import {
  arming,
  armingEntry,
  disconnect,
  isEndless,
  overAnHour,
  posting,
  queryVi,
  taking,
  takingEntry,
  type Patience,
} from './vipl-calls.ts'

/** What a move says of a message. */
export type Posting = {
  readonly size: number
  readonly shape: number
  readonly immediate: number
  readonly memory: number
}

/** Milliseconds that a wait for a completion lasts. */
const timeouts = [3, 0, 1, viaInfinite, 60, overAnHour] as const

/** Nanoseconds in which a message gets across when nothing befalls it. */
export const across = 60_000

/** Nanoseconds after which the world is at rest, as the model sees it. */
export const untilRest = 30_000_000

/** Message sizes around the ends of frames and what a VI carries, the simplest first. */
export function sizeOf(script: Script, { attributes }: LinkEnd, size: number): number {
  const mtu = script.value('wire.mtu')
  const most = attributes.maxTransferSize
  return pick(
    [8, 1, 0, 64, 500, mtu - 48, mtu - 32, mtu - 24, mtu - 16, mtu, mtu + 1, 2 * mtu - 40, most, most - 1, 13, 6_500],
    size,
  )
}

/** Writes a descriptor and posts it; how it was written. */
export function post(script: Script, end: LinkEnd, queue: ViaQueue, wanted: Wanted): DescriptorWrite {
  const draft = draftDescriptor(script, end, operationOf(queue), wanted)
  const { written } = draft
  script.call(end.node, written)
  script.call(end.node, posting(end, queue, written.as))
  script.expects(end.node, queue === 'send' ? end.sendCq : end.recvCq)
  draft.afterwards()
  return written
}

/** So many octets, in one segment, of memory that is registered from the beginning. */
export function plainly(bytes: number): Wanted {
  return { bytes, shape: 0, immediate: false, memory: 0 }
}

/** `memory` of a move is meant for the sender if it is even, for the receiver if it is odd. */
export function wantedBy({ shape, immediate, memory }: Posting, bytes: number, queue: ViaQueue): Wanted {
  const isMeant = memory % 2 === (queue === 'send' ? 0 : 1)
  const has = immediate % 4
  return {
    bytes,
    shape,
    immediate: has === 3 || has === (queue === 'send' ? 1 : 2),
    memory: isMeant ? memory >> 1 : 0,
  }
}

export interface Transfer extends Posting {
  readonly room: number
  readonly order: number
  readonly after: number
}

/** A message that is about to be sent, and a receive for it. */
interface Exchange extends Ways {
  readonly script: Script
  readonly move: Transfer
  readonly bytes: number
  /** Posts the receive, or one for so many octets more. */
  readonly receive: (more?: number) => DescriptorWrite
  readonly send: () => void
}

/** A message from one end of the link to the other, and a receive for it there. */
export function transfer(script: Script, link: Link, from: LinkEnd, move: Transfer): void {
  const to = otherEnd(link, from)
  const bytes = sizeOf(script, from, move.size)
  const room = move.room === 6 ? bytes >> 1 : move.room === 7 ? bytes + 5 : bytes
  const receive = (more = 0): DescriptorWrite => post(script, to, 'recv', wantedBy(move, room + more, 'recv'))
  const send = (): void => void post(script, from, 'send', wantedBy(move, bytes, 'send'))
  pick(transferOrders, move.order)({ script, from, to, move, bytes, receive, send })
  pick(takings, move.after)({ script, from, to, waits: move.room > 3, timeout: pick(timeouts, move.room) })
}

/** What is posted first. */
export const transferOrders: readonly ((exchange: Exchange) => void)[] = [
  receiveFirst,
  function sendFirst({ receive, send }): void {
    send()
    receive()
  },
  function twoInARow({ script, from, bytes, receive, send }): void {
    receive()
    receive(1)
    send()
    post(script, from, 'send', plainly(bytes >> 1))
  },
  function bothWays({ script, from, to, receive, send }): void {
    receive()
    post(script, from, 'recv', plainly(16))
    send()
    post(script, to, 'send', plainly(16))
  },
  /** What was sent is the program's again when it is complete, and used for something else. */
  function usedAnewOnceSent({ script, from, bytes, receive }): void {
    receive()
    const { segments } = post(script, from, 'send', plainly(bytes))
    const [sent] = segments
    script.join(script.start(from.node, taking(from, 'send', { waits: true, timeout: 60 })))
    if (!sent || !('buffer' in sent.at) || sent.bytes === 0) return
    const at = { ...sent.at, bytes: sent.bytes }
    script.call(from.node, { operation: 'memory.write', at, fill: usedAnew })
  },
  function anotherAtRest({ script, from, to, receive, send }): void {
    receive()
    send()
    script.pause(untilRest)
    post(script, to, 'recv', plainly(16))
    post(script, from, 'send', plainly(16))
  },
  /** What stands in the segments of a receive is looked at while it is posted, and in the end. */
  function segmentsLookedAt({ script, to, receive, send }): void {
    const { at, segments } = receive()
    if ('buffer' in at && segments.length > 0) {
      const { controlOctets, segmentOctets } = viaDescriptorShape
      const bytes = segmentOctets * segments.length
      const behind = { buffer: at.buffer, offset: at.offset + controlOctets, bytes }
      script.look(to.node, behind)
      script.watch(to.node, behind)
    }
    send()
  },
]

/** In two of the ways to take it somebody waits for it by then. */
function receiveFirst({ script, to, move, receive, send }: Exchange): void {
  const { segments } = receive()
  const taken = takings[move.after]
  const isWaited = taken === waitedBefore || taken === waitedAndRead
  const waited = isWaited ? script.start(to.node, taking(to, 'recv', waiting(move))) : undefined
  send()
  // What a Wait has handed out is there as a whole.
  if (taken === waitedAndRead && waited !== undefined) {
    script.join(waited)
    readFirst(script, to, segments)
  }
}

/** For ever where that is sure to end. */
function waiting({ after, size }: Transfer): Patience {
  return { waits: true, timeout: takings[after] === waitedBefore && size % 2 === 1 ? viaInfinite : 60 }
}

function readFirst(script: Script, { node }: LinkEnd, segments: DescriptorWrite['segments']): void {
  const first = segments.find(({ at, bytes }) => 'buffer' in at && bytes > 0)
  if (first && 'buffer' in first.at) {
    const { buffer, offset } = first.at
    script.call(node, { operation: 'memory.read', at: { buffer, offset, bytes: first.bytes } })
  }
}

/** Whence and where a message goes. */
export interface Ways {
  readonly from: LinkEnd
  readonly to: LinkEnd
}

interface Taking extends Ways, Patience {
  readonly script: Script
}

/** Nothing more is done: whoever waited for it has waited from before it was sent. */
const waitedBefore = (): void => undefined
const waitedAndRead = (): void => undefined

/** How what was posted is taken. */
const takings: readonly ((taking: Taking) => void)[] = [
  function never(): void {},
  function atBothEnds({ script, from, to }): void {
    script.pause(across)
    script.call(from.node, taking(from, 'send'))
    script.call(to.node, taking(to, 'recv'))
  },
  waitedBefore,
  function waitedForBySender({ script, from, timeout }): void {
    script.start(from.node, taking(from, 'send', { waits: true, timeout }))
  },
  function waitedForAndAsked({ script, to, timeout }): void {
    script.start(to.node, taking(to, 'recv', { waits: true, timeout }))
    script.call(to.node, taking(to, 'recv'))
  },
  function byItsEntry({ script, to, waits, timeout }): void {
    takeEntries(script, to, { waits, timeout })
  },
  function byBothEntries({ script, from, to, timeout }): void {
    script.pause(across)
    takeEntries(script, to, { waits: false, timeout })
    takeEntries(script, from, { waits: false, timeout })
  },
  waitedAndRead,
]

/** How many ways there are to take what was posted. */
export const waysToTake = takings.length

/** The first entry of the completion queue of either work queue, and then its descriptor. */
function takeEntries(script: Script, end: LinkEnd, patience: Patience): void {
  const cq = end.recvCq ?? end.sendCq
  if (cq === null) {
    script.call(end.node, taking(end, 'recv'))
    return
  }
  if (patience.waits) script.start(end.node, takingEntry(cq, patience))
  else {
    script.call(end.node, takingEntry(cq, patience))
    script.call(end.node, taking(end, end.recvCq === null ? 'send' : 'recv'))
  }
}

/** A move that takes: `queue` 0 of the send queue, 1 of the receive queue, 2 of its completion queue, if there is one. */
export function take(
  script: Script,
  end: LinkEnd,
  { queue, waits, patience }: { readonly queue: number; readonly waits: number; readonly patience: number },
): void {
  const cq = end.recvCq ?? end.sendCq
  const timeout = pick(timeouts, patience)
  const how = { waits: waits > 0, timeout }
  const isEntry = queue % 3 === 2 && cq !== null
  const of = queue % 3 === 0 ? 'send' : 'recv'
  if (waits === 4) {
    // A handler instead of whoever waits.
    const context = script.next()
    script.call(end.node, isEntry ? armingEntry(cq, context) : arming(end.vi, of, context))
    return
  }
  const body = isEntry ? takingEntry(cq, how) : taking(end, of, how)
  if (waits === 0) {
    script.call(end.node, body)
    return
  }
  const label = script.start(end.node, body)
  if (waits === 2) script.start(end.node, body)
  if (waits === 3 && !isEndless(timeout)) script.join(label)
}

/** Which descriptor of a host is looked at: that which was written last, or the one before it. */
export const latest = 1
export const beforeLatest = 2

/** Looks at a VI, or at descriptors that lie in the memory of its host. */
export function look(script: Script, { node, vi }: LinkEnd, kind: number): void {
  const names = script.host(node).written
  const name = kind === latest ? names.at(-1) : kind === beforeLatest ? names.at(-2) : names[0]
  if (kind === 0 || name === undefined) script.call(node, queryVi(vi))
  else script.call(node, { operation: 'descriptor.read', descriptor: name })
}

/** Takes what is complete of a queue, so many times. */
export function drain(script: Script, end: LinkEnd, times: number): void {
  for (let count = 0; count < times; count++) {
    script.call(end.node, taking(end, 'send'))
    script.call(end.node, taking(end, 'recv'))
  }
}

/**
 * A descriptor that was taken is filled in anew at its place, and posted once more. Between the two the VIs part and meet, so
 * that it has come back for certain, whatever befell it. Nothing else was posted on them.
 */
export function reuse(
  script: Script,
  { from, to }: Ways,
  { queue, meets }: { queue: ViaQueue; meets: () => void },
): void {
  const end = queue === 'send' ? from : to
  const written = [plainly(16), { ...plainly(24), shape: 5 }].map(
    (wanted) => draftDescriptor(script, end, operationOf(queue), wanted).written,
  )
  const [first] = written
  for (const each of written) {
    meets()
    if (queue === 'send') post(script, to, 'recv', plainly(32))
    script.call(end.node, { ...each, at: first?.at ?? each.at })
    script.call(end.node, posting(end, queue, each.as))
    if (queue === 'recv') post(script, from, 'send', plainly(13))
    if (each !== first) return
    script.pause(across)
    for (const { node, vi } of [from, to]) script.call(node, disconnect(vi))
    script.call(end.node, taking(end, queue))
  }
}

/** A descriptor that was taken is filled in anew, and not posted, while the next one comes back. */
export function rewrite(script: Script, { from, to }: Ways, meets: () => void): void {
  meets()
  const first = post(script, to, 'recv', plainly(16))
  post(script, from, 'send', plainly(16))
  script.pause(across)
  for (const { node, vi } of [from, to]) script.call(node, disconnect(vi))
  script.call(to.node, taking(to, 'recv'))
  meets()
  post(script, to, 'recv', plainly(16))
  const anew = draftDescriptor(script, to, 'receive', plainly(24)).written
  script.call(to.node, { ...anew, at: first.at })
  post(script, from, 'send', plainly(16))
  script.pause(across)
  script.call(to.node, { operation: 'descriptor.read', descriptor: anew.as })
}

function operationOf(queue: ViaQueue): 'send' | 'receive' {
  return queue === 'send' ? 'send' : 'receive'
}

/** As many descriptors as a work queue takes, and one more, if that is not many; and before them NULL, so many times. */
export function fill(script: Script, end: LinkEnd, queue: ViaQueue, refused: number): void {
  const most = script.value('via.max-descriptors')
  for (let number = 0; number < refused; number++) script.call(end.node, posting(end, queue, null))
  const count = most <= 4 ? most + 1 : 3
  for (let number = 0; number < count; number++) post(script, end, queue, plainly(8 + number))
}
