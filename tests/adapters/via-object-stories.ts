// Stories of what VIPL makes and destroys: NIC handles, tags, memory, VIs, completion queues.
import { Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'

const plain = { enableRdmaWrite: false, enableRdmaRead: false }
const open = (as: string, device: string | null = 'viaduct0') => ({ operation: 'VipOpenNic', device, as }) as const
const query = (nic: string | null) => ({ operation: 'VipQueryNic', nic }) as const
const close = (nic: string | null) => ({ operation: 'VipCloseNic', nic }) as const
const createTag = (as: string) => ({ operation: 'VipCreatePtag', nic: 'n', as }) as const
const destroyTag = (ptag: string) => ({ operation: 'VipDestroyPtag', nic: 'n', ptag }) as const
const free = (vi: string | null) => ({ operation: 'VipDestroyVi', vi }) as const
const createQueue = (as: string, entryCount: number) =>
  ({ operation: 'VipCreateCQ', nic: 'n', entryCount, as }) as const
const destroyQueue = (cq: string) => ({ operation: 'VipDestroyCQ', cq }) as const
const deregister = (memory: string, offset: number) =>
  ({ operation: 'VipDeregisterMem', nic: 'n', at: { buffer: 'big', offset }, memory }) as const
const registerTagged = (as: string, ptag: string | null) => {
  const at = { buffer: 'data', offset: 0, bytes: 100 }
  return { operation: 'VipRegisterMem', nic: 'n', at, attributes: { ptag, ...plain }, as } as const
}

function handles(make: Make): string {
  const one = new Teller(make, { 'via.max-nics': 3 })
  one.ask(0, open('x', 'none'), open('x', null), open('n'), open('n2'), open('n3'), open('n4'), query('n'), query('n2'))
  one.ask(0, close('n3'), close('n3'), query('n3'), query('n'), query(null), close(null))
  one.ask(0, { operation: 'VipCreatePtag', nic: null, as: 'q' }, { operation: 'VipCreatePtag', nic: 'n2', as: 'p2' })
  one.ask(0, open('n5'), open('n6'), close('n2'))
  one.ask(0, { operation: 'VipDestroyPtag', nic: 'n2', ptag: 'p2' }, close('n2'), query('n'))
  return one.story
}

function tags(make: Make): string {
  const one = new Teller(make, { 'via.max-ptags': 3 })
  one.prepare('unreliable')
  one.ask(0, createTag('p2'), createTag('p3'), createTag('p4'), destroyTag('p'), destroyTag('p2'), destroyTag('p2'))
  one
    .vi(0, 'w', { ptag: 'p2' })
    .vi(0, 'w2', { ptag: null })
    .ask(0, registerTagged('a', 'p2'), registerTagged('b', null), createTag('p5'))
  one.ask(0, registerTagged('c', 'p3'), destroyTag('p3'), createTag('p6'))
  const where = { buffer: 'data', offset: 0 }
  one.ask(0, { operation: 'VipDeregisterMem', nic: 'n', at: where, memory: 'c' }, destroyTag('p3'), destroyTag('p5'))
  one.vi(0, 'x').ask(0, createTag('p7')).vi(0, 'y', { ptag: 'p7' })
  one.ask(0, { operation: 'VipDestroyVi', vi: 'y' }, destroyTag('p7'), { operation: 'VipQueryNic', nic: 'n' })
  return one.story
}

function regions(make: Make): string {
  const limits = { 'via.max-regions': 6, 'via.max-region-octets': 70_000, 'via.max-register-octets': 140_000 }
  const one = new Teller(make, limits)
  one.prepare('unreliable')
  one.allocate(0, 'big', 80_000)
  const attributes = { ptag: 'p', ...plain }
  const register = (as: string, offset: number, bytes: number, more: Partial<typeof attributes> | null = {}) =>
    ({
      operation: 'VipRegisterMem',
      nic: 'n',
      at: { buffer: 'big', offset, bytes },
      attributes: more && { ...attributes, ...more },
      as,
    }) as const
  const absent = { address: '0000000000000000', offset: 0, bytes: 10 }
  one.ask(0, register('a', 0, 0), { operation: 'VipRegisterMem', nic: 'n', at: absent, attributes, as: 'a' })
  one.ask(0, register('a', 0, 70_001), register('a', 5, 1), register('r', 0, 10, { enableRdmaRead: true }))
  one.ask(0, register('b', 0, 10, null), register('b', 3, 100), register('c', 7, 7), register('d', 7, 7))
  one.ask(
    0,
    deregister('b', 4),
    deregister('b', 0),
    deregister('a', 3),
    deregister('a', 5),
    deregister('b', 3),
    deregister('b', 3),
    register('e', 0, 10_000),
  )
  one.ask(0, register('f', 0, 10), { operation: 'VipQueryNic', nic: 'n' }, deregister('e', 0), register('g', 1, 10))
  return one.story
}

function vis(make: Make): string {
  const one = new Teller(make, { 'via.max-vis': 3 })
  one.prepare('unreliable')
  one.vi(0, 'a', { reliabilityLevel: 0 }).vi(0, 'b', { reliabilityLevel: 3 }).vi(0, 'c', { reliabilityLevel: 8 })
  one.vi(0, 'd', { maxTransferSize: 0 }).vi(0, 'e', { maxTransferSize: 65_537 }).vi(0, 'f', { enableRdmaRead: true })
  for (const vi of ['a', 'b', 'c', 'd', 'e', 'f']) one.see(one.call(0, free(vi))?.vip)
  one.vi(0, 'g', { maxTransferSize: 1000, enableRdmaWrite: true, reliabilityLevel: 4 }).look(0, 'v', 'g')
  one.vi(0, 'h').vi(0, 'i').ask(0, free('h'), free('h')).look(0, 'h').vi(0, 'j').vi(0, 'k')
  one.ask(0, free(null), { operation: 'VipDisconnect', vi: null }, { operation: 'VipSendDone', vi: 'h' })
  one.posts(0, 'Recv', 10).look(0, 'v', 'g', 'j').ask(0, free('v')).look(0, 'v').leave(0).look(0, 'v')
  one.ask(0, free('v')).drainQueue(0, 'Recv').look(0, 'v').ask(0, free('v')).leave(0)
  return one.story
}

function queues(make: Make): string {
  const one = new Teller(make, { 'via.max-cqs': 4, 'via.max-cq-entries': 8 })
  one.prepare('unreliable')
  one.ask(
    0,
    createQueue('a', 0),
    createQueue('b', 9),
    createQueue('c', 8),
    createQueue('d', 1),
    createQueue('e', 8),
    createQueue('f', 8),
  )
  one.ask(0, createQueue('g', 8), destroyQueue('c'), destroyQueue('c'), createQueue('h', 8))
  one.see(one.makeVi(0, 'w', {}, { recv: 'd' }), one.makeVi(0, 'x', {}, { send: 'e', recv: 'h' }))
  one.ask(
    0,
    destroyQueue('d'),
    destroyQueue('e'),
    { operation: 'VipCQDone', cq: 'd' },
    { operation: 'VipCQDone', cq: 'c' },
  )
  for (const [i, vi] of ['w', 'x', 'w', 'x'].entries()) {
    one.write(0, `d${i}`, i)
    const operation = i < 2 ? 'VipPostSend' : 'VipPostRecv'
    one.ask(0, { operation, vi, descriptor: `d${i}`, memory: 'm.pool' })
  }
  one.leave(0, 'w').leave(0, 'x')
  for (const vi of ['w', 'x']) one.drainQueue(0, 'Send', vi).drainQueue(0, 'Recv', vi)
  one.drainEntries(0, 'e').drainEntries(0, 'h')
  one.ask(
    0,
    { operation: 'VipDestroyVi', vi: 'w' },
    { operation: 'VipCQDone', cq: 'd' },
    destroyQueue('d'),
    destroyQueue('e'),
  )
  one.write(0, 'd9', 9)
  one.ask(0, { operation: 'VipPostSend', vi: 'x', descriptor: 'd9', memory: 'm.pool' }).drainQueue(0, 'Send', 'x')
  one.ask(0, { operation: 'VipDestroyVi', vi: 'x' }, destroyQueue('e'), destroyQueue('h'))
  return one.story
}

/** Two NIC handles of one host, with things of one used through the other. */
function strangers(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  one.ask(
    1,
    { operation: 'VipOpenNic', device: 'viaduct0', as: 'n2' },
    { operation: 'VipCreatePtag', nic: 'n2', as: 'p2' },
  )
  one.ask(1, { operation: 'VipErrorCallback', nic: 'n2', handler: 'h2', context: 9 })
  one.ask(1, { operation: 'VipCreateCQ', nic: 'n2', entryCount: 8, as: 'cq2' })
  const area = { buffer: 'data', offset: 8000, bytes: 1000 }
  const attributes = { ptag: 'p2', ...plain }
  one.ask(1, { operation: 'VipRegisterMem', nic: 'n2', at: area, attributes, as: 'm2' })
  one.vi(1, 'w', { ptag: 'p2' }).see(one.makeVi(1, 'x', {}, { recv: 'cq2' }))
  one.write(1, 'r', 0, { segments: [{ at: area, memory: 'm2', bytes: 100 }] })
  one.see(one.postWritten(1, 'Recv', 'r'))
  one.posts(0, 'Send', 100, 100, 5000).pass(1).ends()
  return one.story
}

export const objectStories: Readonly<Record<string, Story>> = { handles, tags, regions, vis, queues, strangers }
