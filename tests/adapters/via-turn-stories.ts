// Stories of connections in turn and side by side: what the second is told, and what waits, writes and reads beside another.
import { frameKind } from '../../reference/via/frame.ts'
import { viaInfinite, viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import type { ViaReliabilityLevel } from '../../spec/vocabulary/via-constants.ts'
import type { ViaRegion } from '../../spec/vocabulary/via-descriptor.ts'
import { local } from '../reference/via-pair.ts'
import { at, Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'

type Queue = 'Send' | 'Recv'
type Part = readonly [offset: number, bytes: number]

const everything = { enableRdmaWrite: true, enableRdmaRead: true }
const nowhere: ViaRegion = { address: '0'.repeat(16), handle: 0xffff_ffff }
const arm = (handler: string | null, context: number) =>
  ({ operation: 'VipRecvNotify', vi: 'v', handler, context }) as const
const look = (node: number, vi: string, wanted: string) =>
  ({
    operation: 'VipConnectPeerRequest',
    vi,
    local: { host: node, discriminator: node === 0 ? '0a' : wanted },
    remote: { host: 1 - node, discriminator: node === 0 ? wanted : '0a' },
    timeout: 50,
  }) as const

class Turns extends Teller {
  serve(timeout: number, as: string): number {
    return this.open(1, { operation: 'VipConnectWait', nic: 'n', local: at('01'), timeout, as })
  }

  request(vi: string, timeout: number): number {
    return this.open(0, { operation: 'VipConnectRequest', vi, local, remote: at('01'), timeout })
  }

  /** A VI of the client is connected with one of the server, and sees with what. */
  join(client: string, server: string, as: string): this {
    const waited = this.serve(50, as)
    const asked = this.request(client, 50)
    this.follow(1, waited)
    return this.follow(2, this.open(1, { operation: 'VipConnectAccept', connection: as, vi: server }), asked)
  }

  /** Both ends of a connection are left. */
  part(client: string, server: string): this {
    return this.leave(0, client).leave(1, server).pass(1)
  }

  region(node: number, as: string, buffer: string, bytes: number): ViaRegion {
    const attributes = { ptag: 'p', ...everything }
    const where = { buffer, offset: 0, bytes }
    return this.call(node, { operation: 'VipRegisterMem', nic: 'n', at: where, attributes, as })?.vip?.region ?? nowhere
  }

  /** Posts a descriptor with segments of a buffer, or an RDMA operation on what `remote` names. */
  give(
    node: number,
    as: string,
    given: {
      slot: number
      parts: readonly Part[]
      vi?: string
      queue?: Queue
      buffer?: string
      remote?: ViaRegion & { offset: number }
      op?: 'send' | 'rdma-write' | 'rdma-read'
      immediate?: number
    },
  ): this {
    const { slot, parts, vi = 'v', queue = 'Send', buffer = 'data', remote, op = 'send', immediate } = given
    const segments = parts.map(([offset, bytes]) => ({ at: { buffer, offset }, memory: `m.${buffer}`, bytes }))
    this.write(node, as, slot, {
      op,
      segments,
      ...(remote ? { remote } : {}),
      ...(immediate === undefined ? {} : { immediate }),
    })
    return this.ask(node, { operation: `VipPost${queue}`, vi, descriptor: as, memory: 'm.pool' })
  }

  /** All of a buffer. */
  contents(node: number, buffer: string, bytes: number): this {
    for (let offset = 0; offset < bytes; offset += 1000) {
      const where = { buffer, offset, bytes: Math.min(1000, bytes - offset) }
      this.ask(node, { operation: 'memory.digest', at: where })
    }
    return this
  }

  /** VIs v and w on both hosts, connected side by side, that let the peer read and write. */
  twice(level: ViaReliabilityLevel): this {
    this.prepare(level)
    const reliabilityLevel = viaReliabilityLevels[level]
    const rights = { enableRdmaWrite: true, enableRdmaRead: level !== 'unreliable' }
    for (const node of [0, 1]) {
      this.vi(node, 'one', { reliabilityLevel, ...rights }).vi(node, 'other', { reliabilityLevel, ...rights })
    }
    this.connect('one', 'c')
    this.connect('other', 'd')
    return this
  }
}

/** What the ends of three connections of one VI are told of each other, and what they may send. */
function told(make: Make): string {
  const one = new Turns(make)
  one.prepare('unreliable')
  one.vi(1, 'shut').vi(1, 'open', { enableRdmaWrite: true })
  one.vi(0, 'open', { enableRdmaWrite: true })
  one.join('v', 'shut', 'c').part('v', 'shut').join('v', 'open', 'd').part('v', 'open')
  one.join('open', 'v', 'e').part('open', 'v')
  for (const [server, wanted] of [
    ['open', '0b'],
    ['shut', '0c'],
  ] as const) {
    one
      .ask(0, look(0, 'v', wanted))
      .ask(1, look(1, server, wanted))
      .pass(2)
    one.ask(0, { operation: 'VipConnectPeerDone', vi: 'v' }).part('v', server)
  }
  return one.story
}

/** Sends of a VI whose MaxTransferSize grows. */
function growing(make: Make): string {
  const one = new Turns(make)
  one.prepare('unreliable')
  for (const maxTransferSize of [1000, 2000]) {
    const attributes = one.attributes({ maxTransferSize })
    for (const node of [0, 1]) one.ask(node, { operation: 'VipSetViAttributes', vi: 'v', attributes })
    one.join('v', 'v', `c${maxTransferSize}`)
    one
      .posts(1, 'Recv', 1500)
      .posts(0, 'Send', maxTransferSize - 500)
      .pass(1)
      .drainQueue(0, 'Send')
    one.part('v', 'v').drainQueue(1, 'Recv')
  }
  return one.story
}

/** What is left of a connection when the next one comes: descriptors, entries, handlers. */
function left(make: Make): string {
  const one = new Turns(make)
  one.meet('unreliable', { send: 'cq' })
  one.posts(1, 'Recv', 10, 10).posts(0, 'Send', 10).pass(1)
  one.ask(1, arm('first', 1), arm('second', 2), arm('third', 3)).part('v', 'v')
  one.connect('v', 'again')
  one.posts(1, 'Recv', 10, 10).posts(0, 'Send', 10, 10).pass(1).drainEntries(0)
  one.posts(1, 'Recv', 10).posts(0, 'Send', 10).pass(1).part('v', 'v')
  one.connect('v', 'more')
  return one.drainEntries(0).drainQueue(0, 'Send').drainQueue(1, 'Recv').story
}

/** One message without a receive, and another; one write that is refused, and another. */
function again(make: Make): string {
  const one = new Turns(make)
  one.twice('unreliable')
  for (const i of [0, 1]) one.give(0, `s${i}`, { slot: i, vi: 'one', parts: [[0, 10]] }).pass(1)
  const remote = { ...nowhere, offset: 0 }
  for (const i of [2, 3])
    one.give(0, `w${i}`, { slot: i, vi: 'one', op: 'rdma-write', remote, parts: [[0, 9]] }).pass(1)
  return one.drainQueue(0, 'Send', 'one').story
}

/** A message of several frames of which one is lost, and others behind it; and one of two that are sent side by side. */
function behindLost(make: Make): string {
  const one = new Turns(make)
  one.meet('unreliable').posts(1, 'Recv', 4000, 4000, 4000)
  let data = 0
  one.fate = ({ kind }) => (kind === frameKind.data && data++ === 1 ? [] : [10_000])
  return one.posts(0, 'Send', 4000, 3000, 100).pass(2).ends().story
}

function besideLost(make: Make): string {
  const one = new Turns(make)
  one.twice('reliable-reception')
  for (const vi of ['one', 'other']) one.give(1, `r-${vi}`, { slot: 0, vi, queue: 'Recv', parts: [[0, 100]] })
  let data = 0
  one.fate = ({ kind }) => (kind === frameKind.data && data++ === 0 ? [] : [10_000])
  for (const vi of ['one', 'other']) one.give(0, `s-${vi}`, { slot: 0, vi, parts: [[0, 100]] })
  return (one.run(one.now + 100_000), one.drainQueue(0, 'Send', 'one').drainQueue(0, 'Send', 'other').pass(10).story)
}

/** Messages and writes of two VIs whose frames come in turn. */
function mixed(make: Make): string {
  const one = new Turns(make)
  one.twice('unreliable')
  const region = one.region(1, 'open', 'data', 40_000)
  for (const vi of ['one', 'other']) one.give(1, `r-${vi}`, { slot: 0, vi, queue: 'Recv', parts: [[30_000, 4000]] })
  let frames = 0
  one.fate = () => ([1, 2].includes(frames++ % 6) ? [800_000] : [10_000])
  for (const [i, vi] of ['one', 'other'].entries()) {
    one.give(0, `s-${vi}`, { slot: i, vi, immediate: 7 + i, parts: [[i * 100, 4000]] })
  }
  one.pass(5)
  frames = 0
  for (const [i, vi] of ['one', 'other'].entries()) {
    const remote = { ...region, offset: i * 10_000 }
    one.give(0, `w-${vi}`, { slot: 4 + 4 * i, vi, op: 'rdma-write', remote, parts: [[i * 100, 4000]] })
  }
  return one.pass(5).drainQueue(1, 'Recv', 'one').drainQueue(1, 'Recv', 'other').data(1).story
}

/** Reads of two VIs, of which the second is answered first. */
function readBeside(make: Make): string {
  const one = new Turns(make)
  one.twice('reliable-delivery')
  const region = one.region(1, 'open', 'data', 40_000)
  let answers = 0
  one.fate = ({ kind }) => (kind === frameKind.answer && answers++ === 0 ? [500_000] : [10_000])
  for (const [i, vi] of ['one', 'other'].entries()) {
    const remote = { ...region, offset: i * 10_000 }
    one.give(0, `d-${vi}`, { slot: 4 * i, vi, op: 'rdma-read', remote, parts: [[i * 2000, 1000]] })
  }
  return one.pass(5).drainQueue(0, 'Send', 'one').drainQueue(0, 'Send', 'other').data(0).story
}

/** A write and a read of more octets than 16 bits count, and a short write from several places. */
function far(make: Make): string {
  const one = new Turns(make, { 'via.max-transfer': 70_000 })
  one.prepare('reliable-delivery')
  const reliabilityLevel = viaReliabilityLevels['reliable-delivery']
  const regions = [0, 1].map((node) => {
    one.allocate(node, 'big', 140_000, 5 + node)
    one.vi(node, 'far', { reliabilityLevel, maxTransferSize: 70_000, ...everything })
    return one.region(node, 'm.big', 'big', 140_000)
  })
  one.connect('far', 'c')
  const region = regions[1] ?? nowhere
  const given = { vi: 'far', buffer: 'big' }
  one.give(0, 'w', { ...given, slot: 0, op: 'rdma-write', remote: { ...region, offset: 0 }, parts: [[0, 70_000]] })
  one.pass(20)
  one.give(0, 'd', {
    ...given,
    slot: 4,
    op: 'rdma-read',
    remote: { ...region, offset: 70_000 },
    parts: [[70_000, 70_000]],
  })
  one.pass(20)
  const parts: readonly Part[] = [
    [500, 5],
    [100, 3],
  ]
  one.give(0, 'short', { ...given, slot: 8, op: 'rdma-write', remote: { ...region, offset: 10 }, parts }).pass(2)
  return one.drainQueue(0, 'Send', 'far').contents(0, 'big', 140_000).contents(1, 'big', 140_000).story
}

/** Calls with no time, with all of it, and with the same time as others that wait at the same queue. */
function asleep(make: Make): string {
  const one = new Turns(make)
  one.prepare('unreliable')
  const served = one.serve(viaInfinite, 'c')
  one.follow(200, served)
  const asked = one.request('v', viaInfinite)
  one.follow(100, served, asked)
  one.follow(2, one.open(1, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' }), asked)
  one.posts(1, 'Recv', 10, 10, 10, 10).posts(0, 'Send', 10).pass(1)
  const wait = (timeout: number) => one.open(1, { operation: 'VipRecvWait', vi: 'v', timeout })
  one.follow(1, wait(0))
  const both = [wait(50), wait(50)]
  one
    .follow(40, ...both)
    .posts(0, 'Send', 10)
    .follow(100, ...both)
  const flushed = [wait(viaInfinite), wait(viaInfinite)]
  return one
    .leave(1)
    .follow(10, ...flushed)
    .drainQueue(1, 'Recv').story
}

/** One connection after the other, more than an octet counts. */
function often(make: Make): string {
  const one = new Turns(make)
  one.prepare('unreliable')
  for (let i = 0; i < 257; i++) one.join('v', 'v', `c${i}`).part('v', 'v')
  return one.story
}

export const turnStories: Readonly<Record<string, Story>> = {
  told,
  often,
  growing,
  left,
  'once and again': again,
  'behind a lost one': behindLost,
  'beside a lost one': besideLost,
  mixed,
  'read beside': readBeside,
  far,
  asleep,
}
