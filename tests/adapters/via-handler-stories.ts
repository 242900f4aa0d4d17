// Stories of handlers that the Notify calls arm, and of completion queues that are resized.
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
  one.posts(1, 'Recv', 1, 2, 3, 4, 5).ask(1, arm('Recv', 'third', 10), arm('Recv', 'third', 13))
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

const resize = (entryCount: number, cq: string | null = 'cq') => ({ operation: 'VipResizeCQ', cq, entryCount }) as const
const destroy = (cq: string) => ({ operation: 'VipDestroyCQ', cq }) as const

/** Larger and smaller, with entries and without, with one who waits, of a queue that is gone, to the limit. */
function resized(make: Make): string {
  const one = new Teller(make, { 'via.max-cq-entries': 64 })
  one.meet('unreliable', { recv: 'cq' })
  one.ask(1, { operation: 'VipCreateCQ', nic: 'n', entryCount: 4, as: 'q' }, destroy('q'), resize(4, 'q'))
  one.ask(1, { operation: 'VipCreateCQ', nic: 'n', entryCount: 4, as: 'r' }, resize(0, 'r'), resize(65), resize(64))
  one.ask(1, resize(65), resize(2)).posts(1, 'Recv', 1, 2, 3, 4, 5, 6, 7, 8, 9).posts(0, 'Send', 1, 1).pass(1)
  one.ask(1, resize(1), resize(0), resize(2), resize(4)).drainEntries(1).posts(0, 'Send', 1, 1).pass(1)
  one.drainEntries(1).ask(1, resize(3)).posts(0, 'Send', 1).pass(1).ask(1, resize(2)).drainEntries(1)
  const wait = one.open(1, { operation: 'VipCQWait', cq: 'cq', timeout: 20 })
  one.ask(1, resize(8)).posts(0, 'Send', 1, 1).pass(1).follow(30, wait).drainEntries(1)
  one.posts(1, 'Recv', 1, 1).posts(0, 'Send', 1, 1, 1, 1).pass(1).ask(1, resize(1)).drainEntries(1)
  return one.ask(1, destroy('cq')).drainQueue(1, 'Recv').story
}

export const handlerStories: Readonly<Record<string, Story>> = {
  'handlers of descriptors': descriptors,
  'handlers at once': atOnce,
  'handlers apart': apart,
  'handlers of entries': entries,
  'resized queues': resized,
}
