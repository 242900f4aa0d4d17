// Stories of handlers that the Notify calls arm.
import { Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'

type Queue = 'Send' | 'Recv'
const arm = (queue: Queue, handler: string | null, context: number, vi: string | null = 'v') =>
  ({ operation: `Vip${queue}Notify`, vi, handler, context }) as const
const armEntry = (handler: string | null, context: number, cq: string | null = 'cq') =>
  ({ operation: 'VipCQNotify', cq, handler, context }) as const

/** Descriptors: armed before and after, several at once, failed, of two VIs, flushed. */
function descriptors(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one.vi(1, 'w').vi(1, 'x')
  one.ask(1, arm('Recv', 'ghost', 1, 'x'), arm('Send', 'ghost', 2, 'x'), { operation: 'VipDestroyVi', vi: 'x' })
  one.ask(1, arm('Recv', null, 3), arm('Recv', 'nobody', 4, 'x'), arm('Recv', 'nobody', 5, null))
  one.ask(1, arm('Recv', 'empty', 6)).posts(1, 'Recv', 100, 200, 10, 400)
  one.connect()
  one
    .ask(0, arm('Send', 'sent', 7))
    .posts(0, 'Send', 100)
    .pass(1)
  one.posts(0, 'Send', 200, 300).pass(1)
  one
    .ask(1, arm('Recv', 'first', 8), arm('Recv', 'second', 9))
    .look(1, 'v')
    .drainQueue(1, 'Recv')
    .pass(1)
  one.posts(1, 'Recv', 1, 2, 3, 4, 5).ask(1, arm('Recv', 'third', 10), arm('Recv', 'last', 13))
  one.posts(0, 'Send', 1).pass(1).posts(0, 'Send', 1, 2).pass(1)
  one
    .ask(1, arm('Recv', 'fourth', 11), arm('Recv', 'fifth', 12))
    .leave(1)
    .pass(1)
  one.drainQueue(0, 'Send').drainQueue(1, 'Recv').look(1, 'v')
  return one.story
}

/** What VipDisconnect flushes, before any activity goes. */
function atOnce(make: Make): string {
  const one = new Teller(make, {}, true)
  one.prepare('unreliable')
  return one
    .posts(1, 'Recv', 100)
    .ask(1, arm('Recv', 'flushed', 1))
    .leave(1)
    .see(one.events.length).story
}

/** The same queue of two VIs: only one of them has a handler. */
function apart(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  one.vi(0, 'w').vi(1, 'w')
  one.connect()
  one.connect('w', 'd')
  one.write(1, 'rw', 60)
  one.ask(1, { operation: 'VipPostRecv', vi: 'w', descriptor: 'rw', memory: 'm.pool' }, arm('Recv', 'of w', 1, 'w'))
  one.posts(1, 'Recv', 100).posts(0, 'Send', 100).pass(1)
  return one.drainQueue(1, 'Recv').drainQueue(1, 'Recv', 'w').story
}

/** Entries: armed before and after, several at once, of a queue that is gone. */
function entries(make: Make): string {
  const one = new Teller(make)
  one.meet('reliable-delivery', { send: 'cq', recv: 'cq' })
  one.ask(1, { operation: 'VipCreateCQ', nic: 'n', entryCount: 4, as: 'gone' }, armEntry('ghost', 1, 'gone'))
  one.ask(1, { operation: 'VipDestroyCQ', cq: 'gone' }, armEntry('nobody', 2, 'gone'), armEntry(null, 3))
  one.posts(1, 'Recv', 100, 100, 100, 100, 100).ask(1, arm('Recv', 'nobody', 4), armEntry('first', 5))
  one.ask(1, armEntry('second', 6)).posts(0, 'Send', 100).pass(1).posts(0, 'Send', 100, 100, 100).pass(1)
  one.ask(1, armEntry('third', 7)).drainEntries(1).drainQueue(1, 'Recv').leave(1).ask(1, armEntry('fourth', 8))
  return one.pass(1).drainEntries(1).drainQueue(1, 'Recv').story
}

export const handlerStories: Readonly<Record<string, Story>> = {
  'handlers of descriptors': descriptors,
  'handlers at once': atOnce,
  'handlers apart': apart,
  'handlers of entries': entries,
}
