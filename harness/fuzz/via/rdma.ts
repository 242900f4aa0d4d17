// RDMA of a drawn program: writes and reads of places that permit it, and of such that do not, with what shows it.
import type { Range } from '../../../spec/vocabulary/memory.ts'
import { pick } from '../drawn.ts'
import { octets, spoiledBy } from './blunders.ts'
import { draftDescriptor } from './descriptor-writer.ts'
import { usedAnew } from './host.ts'
import { otherEnd, type Link, type LinkEnd } from './links.ts'
import { across, plainly, post, sizeOf, untilRest, type Ways } from './posting.ts'
import { margin, noRights, regionOf, targetFor, type RdmaKind, type Target } from './rdma-places.ts'
import type { Script } from './script.ts'
import { arming, disconnect, posting, queryVi, taking, takingEntry } from './vipl-calls.ts'

/** What a move says of RDMA. */
export type RdmaMove = {
  readonly size: number
  readonly shape: number
  /** 1: a read; 2: a write with immediate data; else a write. */
  readonly what: number
  /** Where at the other end, and with which rights. */
  readonly target: number
  /** Of what memory it is at the near end. */
  readonly memory: number
  readonly order: number
}

/** What one operation asks for. */
interface Operation {
  readonly op: RdmaKind
  readonly bytes: number
  readonly shape: number
  readonly memory: number
  readonly immediate: boolean
  readonly hasFence: boolean
}

/** RDMA from one end of a link to the other. */
export function rdma(script: Script, link: Link, from: LinkEnd, move: RdmaMove): void {
  const ways = { from, to: otherEnd(link, from) }
  const plain: Operation = {
    op: move.what === 1 ? 'rdma-read' : 'rdma-write',
    bytes: sizeOf(script, from, move.size),
    shape: move.shape,
    memory: move.memory,
    immediate: move.what === 2,
    hasFence: false,
  }
  if (plain.immediate && move.order % 3 < 2) post(script, ways.to, 'recv', plainly(move.order % 3 === 0 ? 40 : 0))
  pick(orders, move.order)(script, ways, { plain, target: move.target })
  if (!plain.immediate || move.order !== 0) return
  // The receive is taken before its octets are looked at: what it says is there.
  script.pause(2 * across)
  script.call(ways.to.node, taking(ways.to, 'recv'))
}

type Order = (script: Script, ways: Ways, what: { readonly plain: Operation; readonly target: number }) => void

const orders: readonly Order[] = [
  (script, ways, { plain, target }) => {
    operate(script, ways, plain, target)
  },
  // When a receive behind it completes, what was written is there.
  (script, ways, { plain, target }) => {
    post(script, ways.to, 'recv', plainly(16))
    const waited = script.start(ways.to.node, taking(ways.to, 'recv', { waits: true, timeout: 60 }))
    const range = operate(script, ways, plain, target)
    post(script, ways.from, 'send', plainly(16))
    script.join(waited)
    look(script, ways.to, range)
  },
  // When it completes itself, its octets are where they belong.
  (script, ways, { plain, target }) => {
    const range = operate(script, ways, plain, target)
    script.join(script.start(ways.from.node, taking(ways.from, 'send', { waits: true, timeout: 60 })))
    if (plain.op === 'rdma-write') look(script, ways.to, range)
    else lookAtLast(script, ways.from)
  },
  // What has a fence does not begin before the read is complete.
  (script, ways, { plain, target }) => {
    post(script, ways.to, 'recv', plainly(16))
    const waited = script.start(ways.to.node, taking(ways.to, 'recv', { waits: true, timeout: 60 }))
    operate(script, ways, { ...plain, op: 'rdma-read', immediate: false }, target)
    post(script, ways.from, 'send', { ...plainly(16), hasFence: true })
    script.join(waited)
    script.call(ways.from.node, taking(ways.from, 'send'))
  },
  // Nor does it where something that is no read stands in between.
  (script, ways, { plain, target }) => {
    const waited = [0, 1].map(() => {
      post(script, ways.to, 'recv', plainly(16))
      return script.start(ways.to.node, taking(ways.to, 'recv', { waits: true, timeout: 60 }))
    })
    operate(script, ways, { ...plain, op: 'rdma-read', immediate: false }, target)
    post(script, ways.from, 'send', plainly(16))
    post(script, ways.from, 'send', { ...plainly(16), hasFence: true })
    for (const each of waited) script.join(each)
    script.call(ways.from.node, taking(ways.from, 'send'))
  },
  // Two, one behind the other.
  (script, ways, { plain, target }) => {
    operate(script, ways, plain, target)
    operate(script, ways, { ...plain, bytes: plain.bytes >> 1, immediate: false }, 0)
    // What was read stands there once it was taken, and is looked at in the end.
    script.pause(untilRest)
    for (let one = 0; one < 2; one++) script.call(ways.from.node, taking(ways.from, 'send'))
  },
  // Receives are there that it should not take, and a message that should.
  (script, ways, { plain, target }) => {
    post(script, ways.to, 'recv', plainly(16))
    operate(script, ways, { ...plain, immediate: false }, target)
    script.pause(untilRest)
    script.call(ways.to.node, taking(ways.to, 'recv'))
    post(script, ways.from, 'send', plainly(16))
  },
  // Left while it is on its way, and its memory used for something else.
  (script, { from, to }, { plain, target }) => {
    operate(script, { from, to }, plain, target)
    script.pause(12_000)
    script.call(from.node, disconnect(from.vi))
    script.call(from.node, taking(from, 'send'))
    const range = script.lastWatched(from.node)
    if (range && plain.op === 'rdma-read') {
      script.call(from.node, { operation: 'memory.write', at: range, fill: usedAnew })
    }
  },
  // Read, and written with a fence.
  (script, ways, { plain, target }) => {
    operate(script, ways, { ...plain, op: 'rdma-read', immediate: false }, target)
    operate(script, ways, { ...plain, op: 'rdma-write', hasFence: true }, target)
  },
  // A send behind a read; the first that comes of either is that of the read.
  (script, ways, { plain, target }) => {
    const { from, to } = ways
    post(script, to, 'recv', plainly(16))
    // It takes more than one frame, so that the send is across before all of it is here.
    const bytes = from.attributes.maxTransferSize
    operate(script, ways, { ...plain, op: 'rdma-read', bytes, immediate: false }, target)
    post(script, from, 'send', plainly(16))
    const how = { waits: true, timeout: 60 }
    const waited = from.sendCq === null ? taking(from, 'send', how) : takingEntry(from.sendCq, how)
    script.join(script.start(from.node, waited))
    script.call(from.node, taking(from, 'send'))
  },
  // Many at a time, of few octets each.
  (script, ways, { plain }) => {
    const few = { ...plain, op: 'rdma-read', bytes: 8, immediate: false } as const
    for (let one = 0; one < many; one++) operate(script, ways, few, 0)
    for (let one = 0; one < many; one++) {
      script.join(script.start(ways.from.node, taking(ways.from, 'send', { waits: true, timeout: 60 })))
    }
  },
  // Twice at one place, which is shut in between.
  (script, ways, { plain }) => {
    const isWrite = plain.op === 'rdma-write'
    const rights = { enableRdmaWrite: isWrite, enableRdmaRead: !isWrite }
    const asked = { bytes: plain.bytes, before: margin, behind: margin, isWrite, ...rights }
    const region = regionOf(script, ways.to, asked)
    operateAt(script, ways, { ...plain, immediate: false }, region.at(margin))
    script.pause(untilRest)
    script.call(ways.to.node, region.setting(noRights))
    operateAt(script, ways, { ...plain, immediate: false }, region.at(margin))
  },
  // As much as the VI carries, and a message behind it, which shows that it is there.
  (script, ways, { plain, target }) => {
    post(script, ways.to, 'recv', plainly(16))
    operate(script, ways, { ...plain, bytes: ways.from.attributes.maxTransferSize, immediate: false }, target)
    post(script, ways.from, 'send', plainly(16))
    script.pause(4 * untilRest)
    script.call(ways.from.node, taking(ways.from, 'send'))
    script.call(ways.to.node, taking(ways.to, 'recv'))
  },
  // Twice where it may not.
  (script, ways, { plain }) => {
    for (let one = 0; one < 2; one++) {
      operateAt(script, ways, { ...plain, immediate: false }, regionOf(script, ways.to, shut(plain)).at(margin))
      script.pause(untilRest)
    }
  },
  // When it has come to rest both ends ask how their VIs stand.
  (script, ways, { plain, target }) => {
    operate(script, ways, plain, target)
    script.pause(untilRest)
    script.call(ways.from.node, taking(ways.from, 'send'))
    for (const { node, vi } of [ways.from, ways.to]) script.call(node, queryVi(vi))
    post(script, ways.to, 'recv', plainly(16))
    post(script, ways.from, 'send', plainly(16))
  },
  // Handlers hear of it at either end, and of what comes behind it; and once more when it has long been complete.
  (script, ways, { plain, target }) => {
    const { from, to } = ways
    const hears = (): void => {
      script.call(from.node, arming(from.vi, 'send', script.next()))
      script.call(to.node, arming(to.vi, 'recv', script.next()))
    }
    hears()
    operate(script, ways, plain, target)
    script.pause(untilRest)
    post(script, to, 'recv', plainly(16))
    operate(script, ways, { ...plain, immediate: false }, target)
    post(script, from, 'send', plainly(16))
    script.pause(untilRest)
    hears()
  },
  // While it is under way, and shortly after, both ends ask how their VIs stand.
  (script, ways, { plain, target }) => {
    operate(script, ways, plain, target)
    for (const pause of [0, 12_000, 12_000]) {
      if (pause > 0) script.pause(pause)
      for (const { node, vi } of [ways.from, ways.to]) script.call(node, queryVi(vi))
    }
  },
  // Its descriptor is malformed, or stands at the edge of what is right, and another is behind it.
  (script, ways, { plain, target }) => {
    const { from } = ways
    operateSpoiled(script, ways, plain, target)
    post(script, from, 'send', plainly(16))
    script.pause(untilRest)
    for (let one = 0; one < 2; one++) script.call(from.node, taking(from, 'send'))
    script.call(from.node, queryVi(from.vi))
  },
  // Two reads that are well, the second with a fence, and both are looked for again and again.
  (script, ways, { plain }) => {
    const { from } = ways
    const read = { ...plain, op: 'rdma-read', memory: 0, immediate: false } as const
    operate(script, ways, read, 0)
    operate(script, ways, { ...read, hasFence: true }, 0)
    for (let times = 0; times < looks; times++) {
      script.pause(lookEvery)
      for (let one = 0; one < 2; one++) script.call(from.node, taking(from, 'send'))
    }
  },
]

/** How often a program looks for what it has posted, and after how many nanoseconds again: several times while a frame is on its way. */
const looks = 16
const lookEvery = 3_000

/** One operation that is allowed to all that it asks for. */
export function operateWell(script: Script, ways: Ways, op: Operation['op'], bytes: number): void {
  operate(script, ways, { op, bytes, shape: 0, memory: 0, immediate: false, hasFence: false }, 0)
}

/** How many ways there are to go about it. */
export const rdmaOrders = orders.length

/** A region that permits nothing. */
function shut({ op, bytes }: Operation): Parameters<typeof regionOf>[2] {
  return { bytes, before: margin, behind: margin, isWrite: op === 'rdma-write', ...noRights }
}

/** More than a few, and fewer than a work queue takes as a rule. */
const many = 12

/** Writes the descriptor and posts it; the octets at the other end. */
function operate(script: Script, ways: Ways, operation: Operation, kind: number): Range | undefined {
  const { op, bytes } = operation
  return operateAt(script, ways, operation, targetFor(script, ways.to, { op, bytes, kind }))
}

function operateAt(script: Script, { from, to }: Ways, operation: Operation, target: Target): Range | undefined {
  const { op, bytes, shape, memory, immediate, hasFence } = operation
  const { remote } = target
  const { written, afterwards } = draftDescriptor(script, from, op, { bytes, shape, immediate, memory, hasFence })
  script.call(from.node, remote ? { ...written, remote } : { ...written, segments: [] })
  script.call(from.node, posting(from, 'send', written.as))
  script.expects(from.node, from.sendCq)
  afterwards()
  target.afterwards?.()
  if (target.range) script.watch(to.node, target.range)
  if (op === 'rdma-read') {
    for (const { at, bytes: length } of written.segments)
      if ('buffer' in at && length > 0) script.watch(from.node, { ...at, bytes: length })
  }
  return target.range
}

/** An operation whose descriptor is spoiled; in which of the ways, its size and shape say. */
function operateSpoiled(script: Script, ways: Ways, operation: Operation, kind: number): void {
  const { from, to } = ways
  const { op, bytes, shape, immediate } = operation
  const target = targetFor(script, to, { op, bytes: octets, kind })
  const { written: good } = draftDescriptor(script, from, op, { ...plainly(octets), immediate })
  if (!target.remote) return
  const spoiled = spoiledBy(script, from, { ...good, remote: target.remote }, bytes + shape)
  script.call(from.node, spoiled.written)
  script.call(from.node, spoiled.posting)
  script.expects(from.node, from.sendCq)
  if (target.range) script.watch(to.node, target.range)
}

function look(script: Script, { node }: LinkEnd, at: Range | undefined): void {
  if (at) script.look(node, at)
}

function lookAtLast(script: Script, end: LinkEnd): void {
  look(script, end, script.lastWatched(end.node))
}
