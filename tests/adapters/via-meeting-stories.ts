// Stories in which two features of VIA meet: limits and refusals, RDMA and what all descriptors share, one request and the next.
import { Teller, at } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'
import { RdmaTeller } from './via-rdma-stories.ts'
import { local } from '../reference/via-pair.ts'

const serve = (as: string, discriminator: string, timeout = 100) =>
  ({ operation: 'VipConnectWait', nic: 'n', local: at(discriminator), timeout, as }) as const
const request = (discriminator: string, timeout = 100, own: string = local.discriminator) =>
  ({
    operation: 'VipConnectRequest',
    vi: 'v',
    local: { host: 0, discriminator: own },
    remote: at(discriminator),
    timeout,
  }) as const
const accept = (connection: string, vi = 'v') => ({ operation: 'VipConnectAccept', connection, vi }) as const
const tag = (as: string) => ({ operation: 'VipCreatePtag', nic: 'n', as }) as const
const queue = (as: string) => ({ operation: 'VipCreateCQ', nic: 'n', entryCount: 1, as }) as const
const register = (as: string, ptag: string | null = 'p') =>
  ({
    operation: 'VipRegisterMem',
    nic: 'n',
    at: { buffer: 'data', offset: 0, bytes: 64 },
    attributes: ptag === null ? null : { ptag, enableRdmaWrite: false, enableRdmaRead: false },
    as,
  }) as const
const nothing = (name: 'VipPostSend' | 'VipPostRecv') =>
  ({ operation: name, vi: 'v', descriptor: null, memory: 'm.pool' }) as const

/** What is to be destroyed while it is in use, and then made until there is no more. */
function uncounted(make: Make): string {
  const limits = { 'via.max-vis': 3, 'via.max-ptags': 3, 'via.max-cqs': 3, 'via.max-regions': 5 }
  const one = new Teller(make, limits)
  one.prepare('unreliable', { recv: 'cq' })
  one.posts(0, 'Recv', 10).ask(0, { operation: 'VipDestroyVi', vi: 'v' }).vi(0, 'a').vi(0, 'b').vi(0, 'c')
  one.ask(0, { operation: 'VipDestroyPtag', nic: 'n', ptag: 'p' }, tag('p1'), tag('p2'), tag('p3'))
  one.ask(0, { operation: 'VipDestroyCQ', cq: 'cq' }, queue('q1'), queue('q2'), queue('q3'))
  const inside = { buffer: 'data', offset: 64 }
  one.ask(0, { operation: 'VipDeregisterMem', nic: 'n', at: inside, memory: 'm.data' })
  return one.ask(0, register('x', null), ...['r', 's', 't', 'u'].map((as) => register(as))).story
}

/** Queues of two places, beside NULL and handlers. */
function room(make: Make): string {
  const one = new Teller(make, { 'via.max-descriptors': 2 })
  one.meet('unreliable').ask(0, nothing('VipPostSend'), nothing('VipPostRecv'))
  one.posts(1, 'Recv', 10, 10)
  for (const context of [1, 2]) {
    one.ask(1, { operation: 'VipRecvNotify', vi: 'v', handler: 'taken', context })
  }
  one.posts(0, 'Send', 10, 10).pass(1).posts(1, 'Recv', 10, 10).pass(1)
  return one.drainQueue(0, 'Send').drainQueue(1, 'Recv').story
}

/** Entries of writes and reads, and what a VI tells of itself while a read is under way; the read is flushed. */
function entries(make: Make): string {
  const one = new RdmaTeller(make, { 'via.max-segments': 3 }).ready('reliable-delivery')
  const open = one.region('open', 0, 40_000, { write: true, read: true })
  one.operate({ op: 'rdma-write', at: open, segments: [[3, 100]] })
  one.pass(1).drainEntries(0).drainQueue(0, 'Send')
  one.fate = () => [300_000]
  one.operate({ op: 'rdma-read', at: open, segments: [[50_000, 100]] })
  one.operate({ op: 'rdma-read', at: open, segments: [[51_000, 100]], fence: true })
  for (let i = 0; i < 9; i++) one.pass(0.2).look(0, 'v').drainEntries(0).drainQueue(0, 'Send')
  one.operate({ op: 'rdma-read', at: open, segments: [[52_000, 100]] })
  one.pass(0.1).look(0, 'v').leave(0)
  return one.pass(1).drainEntries(0).drainQueue(0, 'Send').story
}

/** A write of one segment more than there may be. */
function segments(make: Make): string {
  const one = new RdmaTeller(make, { 'via.max-segments': 3 }).ready('unreliable')
  const open = one.region('open', 0, 40_000, { write: true })
  for (const count of [2, 3]) {
    const pieces = Array.from({ length: count }, (_, i) => [i * 10, 10] as const)
    one.operate({ op: 'rdma-write', at: open, segments: pieces }).pass(1)
  }
  return one.drainQueue(0, 'Send').story
}

/** Handlers for a read, and for the receive that a write takes. */
function handed(make: Make): string {
  const one = new RdmaTeller(make).ready('reliable-delivery', { write: true, read: true }, {})
  const open = one.region('open', 0, 40_000, { write: true, read: true })
  one.receives(100)
  one.ask(0, { operation: 'VipSendNotify', vi: 'v', handler: 'had', context: 1 })
  one.ask(1, { operation: 'VipRecvNotify', vi: 'v', handler: 'written', context: 2 })
  one.operate({ op: 'rdma-read', at: open, segments: [[50_000, 100]] }).pass(1)
  one.operate({ op: 'rdma-write', at: open, segments: [[3, 100]], immediate: 4 }).pass(1)
  return one.drainQueue(0, 'Send').drainQueue(1, 'Recv').story
}

/** A client that gives up and asks again, while the server still has the handle of its first request. */
function askedAgain(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one.vi(1, 'w').vi(1, 'gone').ask(1, { operation: 'VipDestroyVi', vi: 'gone' })
  const early = [one.open(1, serve('early', '01')), one.open(0, request('01', 20))]
  one.pass(60).follow(1, ...early)
  const [waiting, asking] = [one.open(1, serve('now', '01')), one.open(0, request('01', 500))]
  one.pass(1).follow(1, waiting)
  one.follow(20, one.open(1, accept('now', 'gone')), one.open(1, accept('early', 'w')))
  return one.follow(20, one.open(1, accept('now')), asking).look(1, 'v', 'w').story
}

/** As before, but the first request is rejected. */
function rejectedLate(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  const early = [one.open(1, serve('early', '01')), one.open(0, request('01', 20))]
  one.pass(60).follow(1, ...early)
  const [waiting, asking] = [one.open(1, serve('now', '01')), one.open(0, request('01', 500))]
  one.pass(1).follow(1, waiting).ask(1, { operation: 'VipConnectReject', connection: 'early' })
  return one.follow(20, one.open(1, accept('now')), asking).story
}

/** Discriminators as long as they may be, and servers that began in any order. */
function addresses(make: Make): string {
  const one = new Teller(make, { 'via.max-discriminator': 4 })
  one.prepare('unreliable')
  const servers = ['01020304', '0b', '0a'].map((own) => one.open(1, serve(own, own, 40)))
  one.follow(5, one.open(0, request('0a', 20, '0d0d0d0d')))
  one.follow(5, one.open(0, request('01020304', 20))).follow(60, ...servers)
  const peer = { operation: 'VipConnectPeerRequest', vi: 'v', timeout: 20 } as const
  one.ask(0, { ...peer, local: { host: 0, discriminator: '01020304' }, remote: at('0c') })
  return one.pass(40).look(0, 'v').story
}

/** A long wait and a short one behind it; and a VI that comes after one with completion queues. */
function after(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable', { send: 'cq', recv: 'cq' })
  one.vi(1, 'w').see(one.makeVi(1, 'x', {}, { send: 'cq', recv: 'cq' }))
  one.ask(1, { operation: 'VipDestroyVi', vi: 'x' }).vi(1, 'y')
  const waits = ['w', 'y'].map((vi) => {
    one.write(1, `r.${vi}`, vi === 'w' ? 40 : 41, { segments: [] })
    one.ask(1, { operation: 'VipPostRecv', vi, descriptor: `r.${vi}`, memory: 'm.pool' })
    return one.open(1, { operation: 'VipRecvWait', vi, timeout: vi === 'w' ? 60 : 10 })
  })
  one.follow(100, ...waits)
  return one.leave(1, 'y').drainEntries(1).drainQueue(1, 'Recv', 'y').story
}

export const meetingStories: Readonly<Record<string, Story>> = {
  uncounted,
  room,
  'entries of RDMA': entries,
  'segments of RDMA': segments,
  'RDMA handed': handed,
  'asked again': askedAgain,
  'rejected late': rejectedLate,
  'addresses and orders': addresses,
  'after another': after,
}
