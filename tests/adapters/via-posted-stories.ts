// Stories of descriptors that are changed while they are posted, or whose memory goes.
import { Teller } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'

const segments = [{ at: { buffer: 'data', offset: 0 }, memory: 'm.data', bytes: 100 }]
const post = (descriptor: string, memory: string) =>
  ({ operation: 'VipPostRecv', vi: 'v', descriptor, memory }) as const
const change = (offset: number) =>
  ({
    operation: 'memory.write',
    at: { buffer: 'links', offset, bytes: 4 },
    fill: { kind: 'const', seed: 7 },
  }) as const

/** The links of the second and of the third receive are changed when they are posted. */
function posted(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  for (const buffer of ['links', 'gone']) one.register(1, buffer, 512)
  const places = { first: 0, second: 64, third: 128 }
  for (const [as, offset] of Object.entries(places)) {
    one.ask(1, { operation: 'descriptor.write', as, at: { buffer: 'links', offset }, op: 'receive', segments })
    one.ask(1, change(offset), post(as, 'm.links'))
  }
  one
    .pass(1)
    .ask(1, change(64 + 8), { ...change(128), fill: { kind: 'const', seed: 8 } })
    .posts(0, 'Send', 10)
    .pass(1)
    .drainQueue(1, 'Recv')
    .look(1, 'v')
  one.posts(0, 'Send', 10, 10).pass(1).drainQueue(1, 'Recv').look(1, 'v').leave(0).leave(1)
  one.ask(1, { operation: 'descriptor.write', as: 'g', at: { buffer: 'gone', offset: 0 }, op: 'receive', segments })
  one.ask(1, post('g', 'm.gone')).pass(1)
  one.ask(1, { operation: 'VipDeregisterMem', nic: 'n', at: { buffer: 'gone', offset: 0 }, memory: 'm.gone' })
  one.leave(1).drainQueue(1, 'Recv').look(1, 'v')
  one.ask(1, { operation: 'memory.digest', at: { buffer: 'gone', offset: 0, bytes: 64 } })
  return one.ask(1, { operation: 'VipDestroyVi', vi: 'v' }).story
}

export const postedStories: Readonly<Record<string, Story>> = { posted }
