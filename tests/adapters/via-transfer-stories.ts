// Stories of messages: descriptors as they should be and as they should not, losses, errors, and who is told.
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import type { ViaReliabilityLevel } from '../../spec/vocabulary/via-constants.ts'
import { activity } from '../../reference/via/activities.ts'
import { Teller, at, ms } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'
import { local } from '../reference/via-pair.ts'

const levels = ['unreliable', 'reliable-delivery', 'reliable-reception'] as const
const dataFrame = 6

function segment(offset: number, bytes: number, memory = 'm.data') {
  return { at: { buffer: 'data', offset }, memory, bytes }
}

/** Well-formed descriptors of all kinds, one message after the other. */
function exchange(make: Make, level: ViaReliabilityLevel): string {
  const one = new Teller(make)
  one.meet(level, { send: 'cq', recv: 'cq' })
  const receive = (as: string, slot: number, segments: readonly ReturnType<typeof segment>[], immediate?: number) => {
    one.write(1, as, slot, { segments, control: immediate === undefined ? 0 : 4 })
    one.see(one.postWritten(1, 'Recv', as)).ask(1, { operation: 'descriptor.read', descriptor: as })
  }
  const send = (as: string, slot: number, more: Parameters<Teller['write']>[3]) => {
    one.write(0, as, slot, more)
    one
      .see(one.postWritten(0, 'Send', as))
      .pass(1)
      .ask(1, { operation: 'VipCQDone', cq: 'cq' })
      .look(1, 'v')
    one.drainQueue(1, 'Recv').drainEntries(1).drainQueue(0, 'Send').drainEntries(0).look(0, 'v').data(1)
  }
  receive('r0', 0, [segment(1, 2501), segment(5003, 0), segment(9999, 4000)])
  send('s0', 0, { segments: [segment(3, 1001), segment(8000, 0), segment(2001, 4001)], immediate: 0x1020304 })
  receive('r1', 10, [segment(20_000, 10)], 4)
  send('s1', 10, { segments: [], immediate: 7 })
  receive('r2', 20, [], 0)
  send('s2', 20, { segments: [segment(0, 0)] })
  one.write(1, 'r2', 20, { segments: [segment(9, 9)] })
  receive('r3', 30, [segment(1000, 33_000)])
  send('s3', 30, { segments: [segment(64_000, 1536), segment(0, 31_232)] })
  for (const [node, shift] of [
    [1, 0],
    [0, 100],
  ] as const) {
    const many = Array.from({ length: 252 }, (_, i) => segment(shift + i * 7, 1 + (i % 5)))
    if (node === 1) receive('r4', 100, many)
    else send('s4', 100, { segments: many })
  }
  receive('r5', 40, [segment(7, 300)])
  one.write(0, 's5', 40, {
    segments: [segment(500, 100), segment(900, 100)],
    patch: [
      { offset: 12, width: 2, value: 1 },
      { offset: 24, width: 4, value: 100 },
    ],
  })
  one.postWritten(0, 'Send', 's5')
  one.pass(1).drainQueue(1, 'Recv').drainQueue(0, 'Send').data(1)
  // The same descriptors, filled in anew.
  one.write(1, 'r5', 40, {
    segments: [segment(3000, 50), segment(65_436, 100)],
    patch: [{ offset: 24, width: 4, value: 1 }],
  })
  one.postWritten(1, 'Recv', 'r5')
  send('s5', 40, { segments: [segment(65_526, 10), segment(1, 7)], immediate: 5 })
  for (const descriptor of ['r2', 'r4', 'r5', 's0', 's5'])
    one.ask(descriptor.startsWith('r') ? 1 : 0, { operation: 'descriptor.read', descriptor })
  one.ask(1, { operation: 'memory.read', at: { buffer: 'pool', offset: 2560, bytes: 64 } })
  one.see(one.returns.get(one.returns.size)?.octets).leave(0).pass(2).ends().drainEntries(0).drainEntries(1)
  one.ask(1, { operation: 'VipQueryNic', nic: 'n' })
  return one.story
}

/** Several descriptors at once on both queues of two VIs, waits among them, and a flush at the end. */
function waiting(make: Make): string {
  const one = new Teller(make)
  one.meet('reliable-reception')
  const wait = (node: number, queue: 'Send' | 'Recv', timeout: number) =>
    one.open(node, { operation: `Vip${queue}Wait`, vi: 'v', timeout })
  one.follow(30, wait(1, 'Recv', 10), wait(1, 'Recv', 0xffff_ffff), wait(0, 'Send', 0))
  one.posts(1, 'Recv', 3000, 3000, 3000, 3000, 3000)
  one
    .follow(30, wait(1, 'Recv', 0))
    .follow(30, wait(1, 'Recv', 20))
    .drainQueue(1, 'Recv')
  const open = wait(1, 'Recv', 100)
  one.ask(1, { operation: 'VipRecvDone', vi: 'v' }, { operation: 'VipSendDone', vi: 'v' }).posts(0, 'Send', 2000, 1000)
  one
    .follow(30, open, wait(0, 'Send', 50), wait(0, 'Send', 50))
    .follow(5, wait(1, 'Recv', 50))
    .drainQueue(1, 'Recv')
  const endless = wait(1, 'Recv', 0xffff_ffff)
  one.follow(30, endless).posts(0, 'Send', 300).follow(5, endless).posts(0, 'Send', 30).pass(1)
  one.drainQueue(1, 'Recv').drainQueue(0, 'Send')
  const flushed = [wait(1, 'Recv', 0xffff_ffff), wait(1, 'Recv', 500)]
  one
    .pass(1)
    .leave(1)
    .follow(600, ...flushed)
    .ends()
  return one.story
}

/** A completion queue for two VIs, looked at before and after, and waited for. */
function sharing(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable', { recv: 'cq', send: 'cq' })
  one.see(one.makeVi(1, 'w', {}, { recv: 'cq', send: 'cq' }), one.makeVi(0, 'w', {}, {}))
  one.connect('w', 'c2')
  const wait = (timeout: number) => one.open(1, { operation: 'VipCQWait', cq: 'cq', timeout })
  one.follow(30, wait(0)).follow(30, wait(20)).posts(1, 'Recv', 100, 200, 300)
  one.write(1, 'other', 900, { segments: [segment(30_000, 100)] })
  one.ask(1, { operation: 'VipPostRecv', vi: 'w', descriptor: 'other', memory: 'm.pool' })
  const open = [wait(500), wait(0xffff_ffff)]
  one
    .pass(1)
    .posts(0, 'Send', 100, 200)
    .write(0, 'far', 900, { segments: [segment(2000, 77)] })
  one
    .ask(0, { operation: 'VipPostSend', vi: 'w', descriptor: 'far', memory: 'm.pool' })
    .pass(1)
    .follow(30, ...open)
  one.drainQueue(1, 'Recv').follow(30, wait(20)).drainQueue(1, 'Recv', 'w').drainEntries(1).posts(1, 'Send', 10, 20)
  one.posts(0, 'Recv', 1000).pass(1).drainEntries(1).ends().leave(1, 'w').leave(1).drainQueue(1, 'Recv')
  one.drainQueue(1, 'Recv', 'w').ask(1, { operation: 'VipDestroyVi', vi: 'w' }).drainEntries(1)
  one.fate = ({ kind }) => (kind === dataFrame ? [5 * ms] : [10_000])
  return one.story
}

/** Descriptors that no NIC should carry out. */
function malformed(make: Make, level: ViaReliabilityLevel, which: number): string {
  const one = new Teller(make)
  one.meet(level, { send: 'cq', recv: 'cq' })
  one.posts(1, 'Recv', 4000, 4000).posts(0, 'Recv', 100)
  const bad: readonly (() => unknown)[] = [
    () => one.write(0, 'bad', 100, { segments: [segment(0, 10)], op: 'reserved' }),
    () => one.write(0, 'bad', 100, { segments: Array.from({ length: 253 }, (_, i) => segment(i, 1)) }),
    () => one.write(0, 'bad', 100, { segments: [segment(0, 100)], patch: [{ offset: 24, width: 4, value: 99 }] }),
    () => one.write(0, 'bad', 100, { segments: [segment(0, 32_000), segment(0, 1000)] }),
    () => one.write(0, 'bad', 100, { segments: [segment(65_536 + 4096, 10)] }),
    () => one.write(0, 'bad', 100, { segments: [segment(65_530, 4200)] }),
    () => one.write(0, 'bad', 100, { segments: [segment(65_530, 7)] }),
    () => {
      const where = { buffer: 'data', offset: 0 }
      one.write(0, 'bad', 100, { segments: [segment(0, 10)] })
      one.call(0, { operation: 'VipDeregisterMem', nic: 'n', at: where, memory: 'm.data' })
    },
    () => one.write(0, 'bad', 0, { at: { buffer: 'pool', offset: 6408 }, segments: [segment(0, 10)] }),
    () => one.write(0, 'bad', 0, { at: { buffer: 'data', offset: 6400 }, segments: [segment(0, 10)] }),
    () => one.write(0, 'bad', 100, { segments: [segment(0, 10)], control: 0x40 }),
  ]
  // Behind it a good one, and before it one that is under way.
  one.fate = ({ kind }) => (kind === dataFrame ? [10_000] : [300_000])
  one.posts(0, 'Send', 60)
  bad[which]?.()
  one.see(one.postWritten(0, 'Send', 'bad')).posts(0, 'Send', 70)
  one.ask(0, { operation: 'VipPostSend', vi: 'v', descriptor: null, memory: 'm.pool' })
  return one.pass(400).ends().drainEntries(0).drainEntries(1).leave(0).pass(1).ends().story
}

/** Receives that do not suit their message. */
function unsuitable(make: Make, level: ViaReliabilityLevel, which: number): string {
  const one = new Teller(make)
  one.meet(level)
  one.call(1, { operation: 'VipCreatePtag', nic: 'n', as: 'p2' })
  one.allocate(1, 'far', 8192)
  const area = { buffer: 'far', offset: 0, bytes: 8000 }
  const attributes = { ptag: 'p2', enableRdmaWrite: false, enableRdmaRead: false }
  one.call(1, { operation: 'VipRegisterMem', nic: 'n', at: area, attributes, as: 'm.far' })
  const far = { at: area, memory: 'm.far', bytes: 4000 }
  const receives: readonly (() => unknown)[] = [
    () => undefined,
    () => one.write(1, 'r', 500, { segments: [segment(100, 500)] }),
    () => one.write(1, 'r', 500, { segments: [segment(100, 1900)] }),
    () => one.write(1, 'r', 500, { segments: [far] }),
    () => one.write(1, 'r', 500, { segments: [segment(65_536 - 100, 4400)] }),
    () => one.write(1, 'r', 0, { at: { buffer: 'pool', offset: 32_008 }, segments: [segment(100, 4000)] }),
  ]
  if (receives[which]?.()) one.see(one.postWritten(1, 'Recv', 'r'))
  one.posts(0, 'Recv', 90)
  one.posts(0, 'Send', 2000, 30).pass(10)
  one.posts(1, 'Recv', 4000, 4000).posts(0, 'Send', 40).pass(400).ends()
  one.ask(1, { operation: 'memory.digest', at: { buffer: 'far', offset: 0, bytes: 8192 } })
  one.ask(1, { operation: 'VipDestroyVi', vi: 'v' }).posts(1, 'Recv', 20).posts(1, 'Send', 20).ends()
  const answer = { local, remote: { host: 0, discriminator: '01' } } as const
  one
    .follow(20, one.open(1, { operation: 'VipConnectRequest', vi: 'v', ...answer, local: at('02'), timeout: 10 }))
    .look(1, 'v')
  one.leave(1).leave(0).pass(1).ends()
  return one.story
}

/** Frames that the wire loses, doubles, delays or overtakes. */
function losses(make: Make, level: ViaReliabilityLevel, which: number): string {
  const one = new Teller(make)
  one.meet(level)
  one.posts(1, 'Recv', 4000, 4000, 4000, 4000, 4000, 4000)
  let data = 0
  const lost = [[1], [0], [2, 3], [4], []][which] ?? []
  one.fate = ({ kind }) => {
    if (kind !== dataFrame) return [10_000]
    const number = data++
    if (lost.includes(number)) return []
    if (which === 4) return number === 1 || number === 4 ? [10_000, 400_000] : [10_000]
    return which === 5 && number === 3 ? [200_000] : [10_000]
  }
  one.posts(0, 'Send', 4000, 100, 3000, 200)
  one.see(one.status(0, 'Send'), one.status(0, 'Send'))
  return one.pass(200).ends().posts(0, 'Send', 50).pass(300).ends().leave(1).pass(1).ends().story
}

/** A wire that goes dead. */
function dead(make: Make, level: ViaReliabilityLevel): string {
  const one = new Teller(make)
  one.meet(level, { send: 'cq' })
  one.posts(1, 'Recv', 4000, 4000, 4000)
  one.fate = () => []
  one.posts(0, 'Send', 100, 200, 300).drainQueue(0, 'Send').pass(150).look(0, 'v').pass(200).ends()
  one.fate = () => [10_000]
  return one.pass(300).ends().drainEntries(0).leave(0).leave(1).ends().story
}

/** A connection that ends while a message of several frames comes, and while sends wait. */
function interrupted(make: Make, level: ViaReliabilityLevel): string {
  const one = new Teller(make)
  one.meet(level, { recv: 'cq', send: 'cq' })
  one.posts(1, 'Recv', 300, 4000, 4000)
  let data = 0
  one.fate = ({ kind }) => (kind === dataFrame && data++ > 1 ? [2 * ms] : [10_000])
  one.posts(0, 'Send', 200, 3900, 3000).pass(0.1).data(1)
  for (const descriptor of ['Recv0', 'Recv1']) one.ask(1, { operation: 'descriptor.read', descriptor })
  one.ask(0, { operation: 'descriptor.read', descriptor: 'Send4' })
  one.ask(1, { operation: 'VipCQDone', cq: 'cq' }, { operation: 'VipCQDone', cq: 'cq' })
  one.leave(1).pass(5).ends().drainEntries(1).drainEntries(0).leave(0).pass(200)
  return one.ends().drainEntries(0).story
}

/** More descriptors than a queue takes. */
function overrun(make: Make): string {
  const one = new Teller(make, { 'via.max-descriptors': 3 })
  one.meet('unreliable')
  one.fate = () => [5 * ms]
  for (let i = 0; i < 4; i++) {
    one.write(0, `r${i}`, i, { segments: [segment(0, 100)] })
    one.see(one.postWritten(0, 'Recv', `r${i}`))
  }
  for (let i = 4; i < 8; i++) {
    one.write(0, `s${i}`, i, { segments: [segment(0, 100)] })
    one.see(one.postWritten(0, 'Send', `s${i}`))
  }
  return one.drainQueue(0, 'Send').posts(0, 'Send', 5).ends().story
}

/** Many long sends of which the later ones wait for the window. */
function crowded(make: Make): string {
  const one = new Teller(make)
  one.meet('reliable-delivery')
  one.posts(1, 'Recv', 30_000, 30_000, 30_000)
  for (let i = 0; i < 3; i++) {
    one.write(0, `s${i}`, 600 + i, { segments: [segment(i, 29_000 + i)] })
    one.postWritten(0, 'Send', `s${i}`)
  }
  return one.pass(5).ends().story
}

const handle = (nic: string, handler: string | null): CallBody => ({
  operation: 'VipErrorCallback',
  nic,
  handler,
  context: 3,
})

/** Handlers that come and go, and errors of VIs of two NIC handles. */
function handlers(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  one.posts(0, 'Send', 10).pass(1).ask(1, handle('n', 'h3')).posts(0, 'Send', 10).pass(1).ask(1, handle('n', null))
  one.posts(0, 'Send', 10).pass(1).ask(1, { operation: 'VipOpenNic', device: 'viaduct0', as: 'n2' }, handle('n2', 'h4'))
  one.posts(0, 'Send', 10).pass(1).ask(1, handle('n', 'h5')).vi(1, 'w').posts(0, 'Send', 10).pass(1)
  one.write(1, 'bad', 0, { at: { buffer: 'pool', offset: 72 } })
  one.vi(1, 'x').ask(1, { operation: 'VipPostRecv', vi: 'x', descriptor: 'bad', memory: 'm.pool' })
  one.connect('x', 'c2')
  return one.ends().look(1, 'w', 'x').story
}

/** The receiver's activities one by one: the status as early as it can be, the data as late. */
function stepped(make: Make): string {
  const one = new Teller(make, {}, true)
  const settle = (...but: readonly number[]) => {
    for (let going = true; going;) {
      going = false
      for (const [node, endpoint] of one.endpoints.entries()) {
        for (let i = endpoint.runnableCount - 1; i >= 0; i--) {
          const next = endpoint.activity(i)
          if ((node === 1 && but.includes(next)) || next < 0) continue
          endpoint.run(next, one.now)
          going = true
        }
        one.drain(node)
      }
      const before = one.now
      one.run(one.now + 20_000)
      going ||= one.now - before > 30_000
    }
  }
  one.prepare('reliable-reception')
  one.open(1, { operation: 'VipConnectWait', nic: 'n', local: at('01'), timeout: 100, as: 'c' })
  one.open(0, { operation: 'VipConnectRequest', vi: 'v', local, remote: at('01'), timeout: 100 })
  for (let i = 0; i < 5; i++) settle()
  one.open(1, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' })
  for (let i = 0; i < 5; i++) settle()
  one.posts(1, 'Recv', 500).posts(0, 'Send', 400)
  for (let i = 0; i < 5; i++) settle(activity.dataWrite)
  one.look(0, 'v').see(one.status(1, 'Recv'), one.status(0, 'Send')).data(1)
  for (let i = 0; i < 5; i++) settle()
  return one.see(one.status(1, 'Recv'), one.status(0, 'Send')).data(1).story
}

/** One story for each level, and for each number below `count`. */
export function each(
  name: string,
  count: number,
  tell: (make: Make, level: ViaReliabilityLevel, which: number) => string,
): Record<string, Story> {
  const made: Record<string, Story> = {}
  for (const level of levels) {
    for (let which = 0; which < count; which++) made[`${name} ${level} ${which}`] = (make) => tell(make, level, which)
  }
  return made
}

export const transferStories: Readonly<Record<string, Story>> = {
  waiting,
  sharing,
  overrun,
  crowded,
  handlers,
  stepped,
  ...each('exchange', 1, exchange),
  ...each('dead', 1, dead),
  ...each('interrupted', 1, interrupted),
  ...each('malformed', 11, malformed),
  ...each('unsuitable', 6, unsuitable),
  ...each('losses', 6, losses),
}
