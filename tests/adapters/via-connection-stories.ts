// Stories of VIs that connect, fail to connect, and leave.
import { Teller, at } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'
import { local } from '../reference/via-pair.ts'

const wait = (as: string, discriminator: string, timeout = 100) =>
  ({ operation: 'VipConnectWait', nic: 'n', local: at(discriminator), timeout, as }) as const
const request = (discriminator: string, timeout = 100, vi = 'v') =>
  ({ operation: 'VipConnectRequest', vi, local, remote: at(discriminator), timeout }) as const
const accept = (connection: string, vi = 'v') => ({ operation: 'VipConnectAccept', connection, vi }) as const
const reject = (connection: string | null) => ({ operation: 'VipConnectReject', connection }) as const

/** Requests that nobody, or the wrong one, waits for. */
function matching(make: Make): string {
  const one = new Teller(make, { 'via.max-discriminator': 8 })
  one.prepare('unreliable')
  one
    .posts(0, 'Recv', 10)
    .follow(60, one.open(0, request('77', 20)))
    .look(0, 'v')
  const waits = ['bb', 'bb01ff', '0102030405', 'aa'].map((discriminator, i) =>
    one.open(1, wait(`w${i}`, discriminator)),
  )
  for (const discriminator of ['bb01', 'bb01', '0102030406']) one.follow(60, one.open(0, request(discriminator, 20)))
  const own = one.open(1, wait('own', 'cc'))
  one.follow(60, one.open(0, request('cc', 20)), own, waits[3] ?? 0).ask(1, reject('own'))
  one.follow(200, ...waits)
  one.follow(60, one.open(1, wait('late', 'dd', 20)), one.open(1, wait('now', 'dd', 0)))
  one.follow(
    40,
    one.open(1, wait('long', '0102030405060708', 10)),
    one.open(1, wait('longer', '010203040506070809', 10)),
  )
  one.follow(40, one.open(0, request('dd', 0)), one.open(0, { ...request('dd', 20), local: null }))
  one.follow(40, one.open(0, request('010203040506070809', 10))).look(0, 'v')
  one.fate = () => []
  one.follow(100, one.open(0, request('dd', 30)))
  return one.see(one.sent.length > 0).look(0, 'v').story
}

/** Requests that are answered late, badly, or twice. */
function answering(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one
    .vi(0, 'u', { enableRdmaWrite: true })
    .vi(1, 'level', { reliabilityLevel: 2 })
    .vi(1, 'rights', { enableRdmaWrite: true })
  one.vi(1, 'small', { maxTransferSize: 1000 }).vi(1, 'large', { maxTransferSize: 40_000 }).vi(1, 'spare')
  const first = one.open(1, wait('c', '01'))
  const asked = one.open(0, request('01', 40, 'u'))
  one.posts(0, 'Recv', 10)
  one.pass(1).follow(1, first).look(0, 'u')
  for (const vi of ['level', 'small', 'large']) one.follow(1, one.open(1, accept('c', vi))).look(1, vi)
  one
    .follow(1, one.open(1, accept('c')))
    .follow(1, asked)
    .look(0, 'u')
    .look(1, 'v')
  one
    .follow(1, one.open(1, accept('c', 'spare')))
    .ask(1, reject('c'), reject(null))
    .look(1, 'spare')
  const second = one.open(1, wait('d', '02'))
  const late = one.open(0, request('02', 20))
  one.pass(2).follow(2, second).follow(60, late).look(0, 'v')
  one.follow(300, one.open(1, accept('d', 'spare'))).look(1, 'spare')
  const third = one.open(1, wait('e', '03'))
  const refused = one.open(0, request('03', 30))
  one
    .pass(1)
    .follow(1, third)
    .follow(3, one.open(1, accept('e')))
    .ask(1, reject('e'), reject('e'))
    .follow(60, refused)
  one
    .look(0, 'v', 'u')
    .look(1, 'v')
    .follow(1, one.open(0, request('04', 10, 'u')))
    .look(0, 'u')
    .pass(1)
    .look(1, 'v')
  const fourth = one.open(1, wait('f', '05'))
  const slow = one.open(0, request('05', 50))
  one.follow(1, fourth)
  one.follow(10, one.open(1, wait('g', '05', 10)))
  one
    .follow(1, one.open(1, accept('f', 'rights')))
    .follow(60, slow)
    .look(0, 'v')
    .look(1, 'rights')
    .drainQueue(0, 'Recv')
  return one.story
}

/** A VI that connects while its program posts, and disconnects in the middle of it. */
function pending(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one.posts(0, 'Recv', 10).posts(0, 'Send', 10).look(0, 'v').drainQueue(0, 'Send').drainQueue(0, 'Recv')
  const waiting = one.open(1, wait('c', '01'))
  const asked = one.open(0, request('01'))
  one.pass(1).follow(1, waiting).look(0, 'v').posts(0, 'Recv', 20).posts(0, 'Send', 20).look(0, 'v')
  one
    .drainQueue(0, 'Send')
    .ask(0, { operation: 'descriptor.read', descriptor: 'Recv2' }, { operation: 'VipDestroyVi', vi: 'v' })
    .leave(0)
    .look(0, 'v')
    .follow(2, asked)
    .ends()
  return one.story
}

/** Data as soon as both are connected, in both directions; then the connection ends, and another begins. */
function again(make: Make): string {
  const one = new Teller(make)
  one.prepare('reliable-delivery', { send: 'cq', recv: 'cq' })
  one.posts(1, 'Recv', 500, 600, 3000).posts(0, 'Recv', 100, 200)
  const waiting = one.open(1, wait('c', '01'))
  const asked = one.open(0, request('01'))
  one.until(waiting)
  const accepted = one.open(1, accept('c'))
  one.until(accepted)
  one
    .posts(1, 'Send', 90)
    .follow(3, waiting, asked, accepted)
    .posts(0, 'Send', 400, 3000)
    .pass(5)
    .look(0, 'v')
    .look(1, 'v')
  one.ask(0, { operation: 'VipDestroyVi', vi: 'v' }).posts(0, 'Recv', 30).posts(1, 'Recv', 30)
  one.leave(0).look(0, 'v').pass(3).look(1, 'v').ask(1, { operation: 'VipDestroyVi', vi: 'v' }).posts(1, 'Recv', 40)
  one.follow(3, one.open(1, { ...request('09', 5), local: at('08'), remote: { host: 0, discriminator: '07' } }))
  one.look(1, 'v').posts(1, 'Send', 40).ends().drainEntries(0).drainEntries(1).leave(1).leave(1).leave(0).ends()
  one.posts(1, 'Recv', 700, 800)
  one.connect('v', 'c2')
  one.posts(0, 'Send', 650, 750).pass(300).ends().leave(1).pass(2).ends().leave(0).ends()
  for (const node of [0, 1]) {
    one.ask(node, { operation: 'VipDestroyVi', vi: 'v' }, { operation: 'VipDestroyCQ', cq: 'cq' })
    for (const buffer of ['pool', 'data']) {
      const where = { buffer, offset: 0 }
      one.ask(node, { operation: 'VipDeregisterMem', nic: 'n', at: where, memory: `m.${buffer}` })
    }
    one.ask(node, { operation: 'VipDestroyPtag', nic: 'n', ptag: 'p' }, { operation: 'VipCloseNic', nic: 'n' })
  }
  return one.story
}

/** A connection that is quiet for long; VIs that are connected are asked to connect. */
function quiet(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  one.pass(400).look(0, 'v').look(1, 'v')
  const waiting = one.open(1, wait('c', '01'))
  one.vi(0, 'u')
  const asked = one.open(0, request('01', 20, 'u'))
  one
    .pass(1)
    .follow(1, waiting)
    .follow(2, one.open(1, accept('c')))
    .follow(30, asked)
  return one.posts(1, 'Recv', 10).posts(0, 'Send', 10).pass(1).ends().story
}

export const connectionStories: Readonly<Record<string, Story>> = { matching, answering, pending, again, quiet }
