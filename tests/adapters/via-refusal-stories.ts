// Stories of calls that are refused, of what they must leave alone, and of handles that are closed and opened.
import { Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'

const hear = (nic: string, handler: string | null, context: number) =>
  ({ operation: 'VipErrorCallback', nic, handler, context }) as const
const open = (nic: string) => ({ operation: 'VipOpenNic', device: 'viaduct0', as: nic }) as const
const close = (nic: string) => ({ operation: 'VipCloseNic', nic }) as const
const named = (nic: string) => ({ operation: 'VipNSGetHostByName', nic, name: 'n1', nameIndex: 0 }) as const
const destroyTag = (ptag: string) => ({ operation: 'VipDestroyPtag', nic: 'n', ptag }) as const
const arm = (handler: string | null) => ({ operation: 'VipRecvNotify', vi: 'v', handler, context: 4 }) as const
const destroyVi = { operation: 'VipDestroyVi', vi: 'v' } as const
const destroyQueue = (cq: string) => ({ operation: 'VipDestroyCQ', cq }) as const

/** VIs that are refused, or not destroyed, and what they would have had. */
function refused(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable', { recv: 'cq' })
  one.ask(1, { operation: 'VipCreateCQ', nic: 'n', entryCount: 4, as: 'unused' })
  one.ask(1, { operation: 'VipCreatePtag', nic: 'n', as: 'q' })
  one.see(one.makeVi(1, 'w', { maxTransferSize: 0, ptag: 'q' }, { send: 'unused', recv: 'unused' }))
  one.ask(1, destroyTag('q'), destroyQueue('unused'))
  one.posts(1, 'Recv', 10, 10).posts(0, 'Send', 10).pass(1).ask(1, destroyVi).drainEntries(1)
  const waiting = one.open(1, { operation: 'VipCQWait', cq: 'cq', timeout: 20 })
  one.ask(1, destroyQueue('cq')).posts(0, 'Send', 10).follow(30, waiting)
  const zero = one.open(1, { operation: 'VipCQWait', cq: 'cq', timeout: 0 })
  return one.follow(1, zero).drainQueue(1, 'Recv').story
}

/** Handlers of NULL beside armed ones, and armed ones that are alike. */
function handlers(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable').posts(1, 'Recv', 10, 10, 10)
  one.ask(1, arm('received'), arm('received')).posts(0, 'Send', 10, 10).pass(1).drainQueue(1, 'Recv')
  one.ask(1, arm('last'), arm(null)).posts(0, 'Send', 10).pass(1)
  return one.drainQueue(1, 'Recv').story
}

/** What a NIC handle has that comes when another was closed, and what a handler has heard that comes late. */
function closed(make: Make): string {
  const one = new Teller(make)
  one.ask(1, open('old'), hear('old', 'ghost', 9), { operation: 'VipNSInit', nic: 'old' })
  one.ask(1, named('old'), close('old'))
  one.ask(1, open('n')).ask(1, named('n'), close('n'))
  one.meet('unreliable')
  one
    .ask(1, hear('n', null, 0))
    .posts(0, 'Send', 10)
    .pass(1)
  return one
    .ask(1, hear('n', 'late', 3))
    .posts(0, 'Send', 10)
    .pass(1).story
}

/** The handler of a handle that was closed, where no other one is registered. */
function inherited(make: Make): string {
  const one = new Teller(make)
  one.ask(1, open('old'), hear('old', 'ghost', 9), close('old'), open('n'))
  one.ask(1, { operation: 'VipCreatePtag', nic: 'n', as: 'p' })
  one.register(1, 'pool', 4096)
  one.vi(1, 'v')
  one.write(1, 'crooked', 0, { at: { buffer: 'pool', offset: 8 } })
  return one.see(one.postWritten(1, 'Recv', 'crooked')).pass(1).story
}

/** Attributes of VIs that were made alike, and queues with nothing but flushed descriptors. */
function alike(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable').vi(1, 'w').vi(1, 'x')
  const attributes = one.attributes({ maxTransferSize: 4096, enableRdmaWrite: true })
  one.ask(1, { operation: 'VipSetViAttributes', vi: 'w', attributes }).look(1, 'v', 'w', 'x')
  return one.posts(1, 'Recv', 10).leave(1).look(1, 'v').drainQueue(1, 'Recv').look(1, 'v').story
}

/** A descriptor that goes on in the next page, and segments that go on in the next region. */
function across(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  const parts = [0, 1, 2, 3, 4, 5].map((i) => ({
    at: { buffer: 'data', offset: 1000 - i * 100 },
    memory: 'm.data',
    bytes: 100,
  }))
  for (const [node, queue] of [
    [1, 'Recv'],
    [0, 'Send'],
  ] as const) {
    one.write(node, 'long', 63, { segments: parts })
    one.see(one.postWritten(node, queue, 'long'))
  }
  one.pass(1).drainQueue(1, 'Recv')
  const attributes = { ptag: 'p', enableRdmaWrite: false, enableRdmaRead: false }
  for (const [as, offset, bytes] of [
    ['front', 0, 4096],
    ['back', 4096, 8192],
    ['inner', 5000, 100],
  ] as const) {
    one.ask(1, { operation: 'VipRegisterMem', nic: 'n', at: { buffer: 'data', offset, bytes }, attributes, as })
  }
  one.write(1, 'over', 0, { segments: [{ at: { buffer: 'data', offset: 0 }, memory: 'front', bytes: 8192 }] })
  one
    .see(one.postWritten(1, 'Recv', 'over'))
    .posts(0, 'Send', 8192)
    .pass(2)
    .drainQueue(1, 'Recv')
  one.ask(1, { operation: 'VipDeregisterMem', nic: 'n', at: { buffer: 'data', offset: 4096 }, memory: 'back' })
  one.write(1, 'in', 8, { segments: [{ at: { buffer: 'data', offset: 5000 }, memory: 'inner', bytes: 100 }] })
  return one
    .see(one.postWritten(1, 'Recv', 'in'))
    .posts(0, 'Send', 100)
    .pass(2)
    .ends().story
}

export const refusalStories: Readonly<Record<string, Story>> = {
  'refused and kept': refused,
  'handlers refused': handlers,
  closed,
  inherited,
  alike,
  across,
}
