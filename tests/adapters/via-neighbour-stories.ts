// Stories of one thing beside another of its kind, or after it: timers, calls that wait, handlers, registrations, rights.
import { frameKind } from '../../reference/via/frame.ts'
import type { ViaMemoryAttributes } from '../../spec/vocabulary/via-attributes.ts'
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import { at, Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'
import { local } from '../reference/via-pair.ts'

type Queue = 'Send' | 'Recv'
const plain = { enableRdmaWrite: false, enableRdmaRead: false }
const arm = (queue: Queue, handler: string, context: number) =>
  ({ operation: `Vip${queue}Notify`, vi: 'v', handler, context }) as const
const hear = (nic: string, handler: string | null, context: number) =>
  ({ operation: 'VipErrorCallback', nic, handler, context }) as const
const open = (nic: string) => ({ operation: 'VipOpenNic', device: 'viaduct0', as: nic }) as const
const destroyVi = (vi: string) => ({ operation: 'VipDestroyVi', vi }) as const
const createQueue = (as: string, entryCount: number) =>
  ({ operation: 'VipCreateCQ', nic: 'n', entryCount, as }) as const
const look = (node: number, own: string, wanted: string, timeout: number) =>
  ({
    operation: 'VipConnectPeerRequest',
    vi: 'v',
    local: { host: node, discriminator: own },
    remote: { host: 1 - node, discriminator: wanted },
    timeout,
  }) as const
const found = (vi: string) => ({ operation: 'VipConnectPeerDone', vi }) as const

class Meeting extends Teller {
  serve(discriminator: string, timeout: number, as: string): number {
    return this.open(1, { operation: 'VipConnectWait', nic: 'n', local: at(discriminator), timeout, as })
  }

  request(vi: string, discriminator: string, timeout: number): number {
    return this.open(0, { operation: 'VipConnectRequest', vi, local, remote: at(discriminator), timeout })
  }

  accept(connection: string, vi: string): number {
    return this.open(1, { operation: 'VipConnectAccept', connection, vi })
  }

  wait(vi: string, timeout: number): number {
    return this.open(1, { operation: 'VipRecvWait', vi, timeout })
  }

  /** Writes a descriptor of one segment, and posts it. */
  give(node: number, queue: Queue, as: string, given: { slot: number; offset: number; memory?: string; vi?: string }) {
    const { slot, offset, memory = 'm.data', vi = 'v' } = given
    this.write(node, as, slot, { segments: [{ at: { buffer: 'data', offset }, memory, bytes: 100 }] })
    return this.ask(node, { operation: `VipPost${queue}`, vi, descriptor: as, memory: 'm.pool' })
  }

  registers(as: string, ptag = 'p'): this {
    const attributes: ViaMemoryAttributes = { ptag, ...plain }
    const where = { buffer: 'data', offset: 0, bytes: 40_000 }
    return this.ask(1, { operation: 'VipRegisterMem', nic: 'n', at: where, attributes, as })
  }

  deregisters(memory: string): this {
    return this.ask(1, { operation: 'VipDeregisterMem', nic: 'n', at: { buffer: 'data', offset: 0 }, memory })
  }
}

/** What is over early, and the same again, which takes longer than was left of the first. */
function timers(make: Make): string {
  const one = new Meeting(make)
  one.meet('unreliable')
  one.posts(1, 'Recv', 10, 10)
  const early = one.wait('v', 50)
  one.posts(0, 'Send', 10).follow(2, early)
  const late = one.wait('v', 200)
  one.follow(60, late).posts(0, 'Send', 10).follow(2, late)
  one.leave(0).leave(1).pass(1)
  const calls = [one.serve('01', 50, 'c'), one.request('v', '01', 50)]
  one
    .follow(1, ...calls)
    .ask(1, { operation: 'VipConnectReject', connection: 'c' })
    .pass(1)
  const served = one.serve('02', 200, 'd')
  one.follow(1, ...calls, served)
  const asked = one.request('v', '02', 200)
  one.follow(60, served, asked).follow(2, one.accept('d', 'v'), asked).leave(0).leave(1).pass(60)
  const first = one.serve('03', 50, 'e')
  one.follow(1, first, one.request('v', '03', 5)).pass(10)
  const second = one.serve('03', 200, 'f')
  one
    .follow(60, second)
    .follow(20, one.request('v', '03', 10), second)
    .pass(20)
  for (const node of [0, 1]) one.ask(node, look(node, `0${node}`, `0${1 - node}`, 50))
  one.pass(2).ask(0, found('v')).leave(0).leave(1).pass(1)
  one
    .ask(0, look(0, '0a', '0b', 200))
    .pass(60)
    .ask(0, found('v'))
    .ask(1, look(1, '0b', '0a', 20))
  return one.pass(2).ask(0, found('v')).ask(1, found('v')).look(0, 'v').look(1, 'v').story
}

/** Calls that wait at different queues, and at the same. */
function sleepers(make: Make): string {
  const one = new Meeting(make)
  one.meet('unreliable')
  for (const node of [0, 1]) one.vi(node, 'w')
  one.connect('w', 'd')
  one.give(1, 'Recv', 'rv', { slot: 0, offset: 0 }).give(1, 'Recv', 'rw', { slot: 1, offset: 200, vi: 'w' })
  const calls = [one.wait('v', 50), one.wait('w', 50)]
  one.give(0, 'Send', 'sw', { slot: 0, offset: 0, vi: 'w' }).follow(60, ...calls)
  one.give(1, 'Recv', 'more', { slot: 2, offset: 400 })
  const both = [one.wait('v', 50), one.wait('v', 50)]
  one.give(0, 'Send', 'sv', { slot: 1, offset: 0 }).follow(20, ...both)
  return one.give(0, 'Send', 'again', { slot: 2, offset: 0 }).follow(60, ...both).story
}

/** Handlers of both work queues, armed either way round, and again with others destroyed behind them. */
function armed(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  one.vi(1, 'w').posts(0, 'Recv', 10, 10).posts(1, 'Recv', 10, 10, 10)
  one.ask(1, arm('Recv', 'received', 1), arm('Send', 'sent', 2))
  one.posts(0, 'Send', 10).posts(1, 'Send', 10).pass(1)
  one.ask(1, arm('Recv', 'received', 3), destroyVi('w'))
  return one.posts(0, 'Send', 10).pass(1).drainQueue(1, 'Recv').story
}

/** Entries on a queue that is full, and that another VI used that is destroyed. */
function entries(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one.ask(1, createQueue('full', 3), createQueue('kept', 8))
  for (const [vi, recv] of [
    ['a', 'full'],
    ['b', 'kept'],
    ['c', 'kept'],
  ] as const)
    one.see(one.makeVi(1, vi, {}, { recv }))
  for (const [i, vi] of ['a', 'a', 'a', 'b', 'b'].entries()) {
    one.write(1, `d${i}`, i)
    one.ask(1, { operation: 'VipPostRecv', vi, descriptor: `d${i}`, memory: 'm.pool' })
  }
  one.leave(1, 'a').leave(1, 'b').pass(1).ask(1, destroyVi('c')).drainEntries(1, 'full').drainEntries(1, 'kept')
  return one.drainQueue(1, 'Recv', 'a').drainQueue(1, 'Recv', 'b').story
}

/** Who hears of messages that find no receive, and of two connections that are lost. */
function hearers(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  one
    .ask(1, open('n2'), hear('n2', 'other', 1), hear('n', 'h', 8))
    .posts(0, 'Send', 10)
    .pass(1)
  one
    .ask(1, hear('n2', null, 2))
    .posts(0, 'Send', 10)
    .pass(1)
  one
    .ask(1, hear('n', 'h', 9), { operation: 'VipCloseNic', nic: 'n2' })
    .posts(0, 'Send', 10)
    .pass(1)
  one
    .ask(1, hear('n', 'last', 3))
    .leave(0)
    .pass(5)
    .leave(1)
  one.connect('v', 'again')
  return one.leave(0).pass(5).look(1, 'v').story
}

/** Registrations of the same memory, of which some are given up, while something is posted and while nothing is. */
function registered(make: Make): string {
  const one = new Meeting(make)
  one.meet('unreliable')
  one.registers('a').registers('b').registers('c').deregisters('b')
  one.give(1, 'Recv', 'r1', { slot: 0, offset: 100, memory: 'a' })
  one.give(1, 'Recv', 'r2', { slot: 1, offset: 200, memory: 'b' })
  one.give(1, 'Recv', 'r3', { slot: 2, offset: 300, memory: 'c' })
  one.pass(1).deregisters('c')
  for (const i of [0, 1, 2]) one.give(0, 'Send', `s${i}`, { slot: i, offset: 0 })
  return one.pass(1).drainQueue(1, 'Recv').data(1).story
}

/** Tags of VIs, of data in the first segment and in the second, and of descriptors. */
function tags(make: Make): string {
  const one = new Meeting(make)
  one.meet('unreliable')
  one.ask(1, { operation: 'VipCreatePtag', nic: 'n', as: 'q' }).vi(1, 'w', { ptag: 'q' }).registers('tagged', 'q')
  one.give(1, 'Recv', 'r1', { slot: 0, offset: 100, memory: 'tagged' })
  const segments = ['m.data', 'tagged'].map((memory, i) => ({
    at: { buffer: 'data', offset: i * 100 },
    memory,
    bytes: 50,
  }))
  one.write(1, 'r2', 1, { segments })
  one.see(one.postWritten(1, 'Recv', 'r2')).give(1, 'Recv', 'r3', { slot: 2, offset: 400 })
  for (const i of [0, 1, 2]) one.give(0, 'Send', `s${i}`, { slot: i, offset: 0 })
  one.pass(1).drainQueue(1, 'Recv')
  // What lies in the data can be a descriptor, too.
  const within = { at: { buffer: 'data', offset: 38_400 }, op: 'send', segments: [] } as const
  one.call(1, { operation: 'descriptor.write', as: 'r4', ...within })
  one.ask(1, { operation: 'VipPostRecv', vi: 'v', descriptor: 'r4', memory: 'tagged' })
  return one.give(0, 'Send', 's3', { slot: 3, offset: 0 }).pass(1).ends().story
}

/** Attributes that are set before connecting, and while a peer is looked for. */
function changed(make: Make): string {
  const one = new Meeting(make)
  one.prepare('unreliable')
  const attributes = one.attributes({ reliabilityLevel: viaReliabilityLevels['reliable-delivery'] })
  for (const node of [0, 1]) one.ask(node, { operation: 'VipSetViAttributes', vi: 'v', attributes })
  one.ask(0, look(0, '0a', '0b', 50), { operation: 'VipSetViAttributes', vi: 'v', attributes: one.attributes() })
  one
    .look(0, 'v')
    .ask(1, look(1, '0b', '0a', 50))
    .pass(2)
    .ask(0, found('v'))
    .ask(1, found('v'))
  return one.posts(0, 'Send', 10).pass(20).ends().story
}

/** Addresses with octets of zero in their discriminators. */
function zeros(make: Make): string {
  const one = new Meeting(make)
  one.prepare('unreliable')
  return one.follow(30, one.serve('0100aa', 20, 'c'), one.request('v', '0100bb', 20)).story
}

/** Two messages of several frames, the first of which is late but for its first frame. */
function frames(make: Make): string {
  const one = new Meeting(make)
  one.meet('unreliable')
  for (const node of [0, 1]) one.vi(node, 'w')
  one.connect('w', 'd')
  one.posts(1, 'Recv', 4000)
  one.write(1, 'rw', 100, { segments: [{ at: { buffer: 'data', offset: 9000 }, memory: 'm.data', bytes: 4000 }] })
  one.ask(1, { operation: 'VipPostRecv', vi: 'w', descriptor: 'rw', memory: 'm.pool' })
  let data = 0
  one.fate = ({ kind }) => (kind === frameKind.data && [1, 2].includes(data++) ? [800_000] : [10_000])
  one.posts(0, 'Send', 4000)
  one.write(0, 'sw', 100, { segments: [{ at: { buffer: 'data', offset: 5 }, memory: 'm.data', bytes: 4000 }] })
  one.ask(0, { operation: 'VipPostSend', vi: 'w', descriptor: 'sw', memory: 'm.pool' })
  return one.pass(5).drainQueue(1, 'Recv', 'w').ends().story
}

export const neighbourStories: Readonly<Record<string, Story>> = {
  timers,
  sleepers,
  armed,
  'entries kept': entries,
  hearers,
  registered,
  'tags apart': tags,
  changed,
  zeros,
  frames,
}
