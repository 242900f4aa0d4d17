// Stories of what is counted: octets, milliseconds, messages, places, uses; of one connection beside another, and after many.
import { viaReliabilityLevels } from '../../spec/vocabulary/via-constants.ts'
import type { ViaReliabilityLevel } from '../../spec/vocabulary/via-constants.ts'
import { frameKind } from '../../reference/via/frame.ts'
import { Teller, at } from './via-teller.ts'
import type { Make, Story } from './via-teller.ts'
import { each } from './via-transfer-stories.ts'
import { local } from '../reference/via-pair.ts'

function segment(offset: number, bytes: number) {
  return { at: { buffer: 'data', offset }, memory: 'm.data', bytes }
}

type Posting = 'VipPostSend' | 'VipPostRecv'
const posting = (operation: Posting, vi: string, descriptor: string) =>
  ({ operation, vi, descriptor, memory: 'm.pool' }) as const

/** Segments whose lengths add up to more than 16 bits. */
function sums(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  one.posts(1, 'Recv', 4000, 4000)
  one.write(0, 'long', 100, { segments: [segment(0, 32_768), segment(0, 32_768), segment(0, 100)] })
  one
    .see(one.postWritten(0, 'Send', 'long'))
    .pass(2)
    .ends()
  for (const node of [0, 1]) one.vi(node, 'w', { maxTransferSize: 65_536 })
  one.connect('w', 'd')
  one.write(1, 'room', 200, { segments: [segment(0, 32_768), segment(32_768, 32_768)] })
  one.write(0, 'short', 200, { segments: [segment(7, 90)] })
  one
    .ask(1, posting('VipPostRecv', 'w', 'room'))
    .ask(0, posting('VipPostSend', 'w', 'short'))
    .pass(2)
  return one.drainQueue(1, 'Recv', 'w').data(1).story
}

/** Waits of an hour and more, which end by what they wait for. */
function hours(make: Make): string {
  const one = new Teller(make)
  const timeout = 4_294_968
  one.meet('unreliable')
  one.posts(1, 'Recv', 100)
  const waiting = one.open(1, { operation: 'VipRecvWait', vi: 'v', timeout })
  for (const node of [0, 1]) one.vi(node, 'w')
  const serving = one.open(1, { operation: 'VipConnectWait', nic: 'n', local: at('01'), timeout, as: 'd' })
  one.follow(20, waiting, serving)
  const asking = one.open(0, { operation: 'VipConnectRequest', vi: 'w', local, remote: at('01'), timeout })
  one.follow(20, asking, serving)
  return one.posts(0, 'Send', 100).follow(5, waiting).look(0, 'w').story
}

/** Hundreds of messages, one after the other. */
function hundreds(make: Make, level: ViaReliabilityLevel): string {
  const one = new Teller(make)
  one.meet(level)
  for (let i = 0; i < 260; i++) {
    for (const node of [1, 0]) {
      one.write(node, `d${node}.${i}`, 0, { segments: [segment(node * 100, 10)] })
      one.postWritten(node, node === 0 ? 'Send' : 'Recv', `d${node}.${i}`)
    }
    one.pass(0.1)
    one.see(one.status(1, 'Recv'), one.status(0, 'Send'))
  }
  return one.ends().story
}

/** Two connections between the same two hosts, of which the first fails if it can. */
function beside(make: Make, level: ViaReliabilityLevel): string {
  const one = new Teller(make)
  one.meet(level)
  for (const node of [0, 1]) one.vi(node, 'w', { reliabilityLevel: viaReliabilityLevels[level] })
  one.connect('w', 'd')
  for (const i of [0, 1, 2]) {
    one.write(1, `r${i}`, 300 + i, { segments: [segment(30_000 + i * 100, 100)] })
    one.ask(1, posting('VipPostRecv', 'w', `r${i}`))
  }
  one.posts(0, 'Send', 10).pass(2)
  for (const i of [0, 1, 2]) {
    one.write(0, `s${i}`, 300 + i, { segments: [segment(i * 100, 100)] })
    one.ask(0, posting('VipPostSend', 'w', `s${i}`))
  }
  one.pass(2).posts(1, 'Recv', 40).posts(0, 'Send', 30)
  return one.pass(2).look(0, 'v', 'w').look(1, 'v', 'w').drainQueue(1, 'Recv', 'w').ends().story
}

/** Places that are taken and given back, or never taken: of a work queue, for VIs, of completion queues. */
function places(make: Make): string {
  const one = new Teller(make, { 'via.max-descriptors': 3, 'via.max-vis': 3 })
  one.meet('unreliable', { recv: 'cq' })
  one.vi(0, 'a', { reliabilityLevel: 8 }).vi(0, 'b').vi(0, 'c').vi(0, 'd')
  one.posts(0, 'Recv', 10, 10, 10).leave(0).drainQueue(0, 'Recv').drainEntries(0).posts(0, 'Recv', 10, 10, 10)
  one.look(0, 'v').leave(0).drainQueue(0, 'Recv').drainEntries(0)
  one.ask(0, { operation: 'VipDestroyVi', vi: 'b' }, { operation: 'VipDestroyVi', vi: 'c' })
  one.ask(0, { operation: 'VipCreateCQ', nic: 'n', entryCount: 3, as: 'q' })
  for (const as of ['e', 'f']) one.see(one.makeVi(0, as, {}, { send: 'q', recv: 'q' }))
  one.ask(0, { operation: 'VipDestroyVi', vi: 'e' }, { operation: 'VipDestroyCQ', cq: 'q' })
  return one.ask(0, { operation: 'VipDestroyVi', vi: 'f' }, { operation: 'VipDestroyCQ', cq: 'q' }).story
}

/** A completion queue that is made larger when the places of some entries have been used before. */
function ring(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable', { recv: 'cq' })
  one.ask(1, { operation: 'VipResizeCQ', cq: 'cq', entryCount: 4 })
  one.posts(1, 'Recv', 1, 1, 1, 1, 1, 1).posts(0, 'Send', 1, 1, 1).pass(1).drainEntries(1)
  one.posts(0, 'Send', 1, 1, 1).pass(1).ask(1, { operation: 'VipResizeCQ', cq: 'cq', entryCount: 8 })
  return one.drainEntries(1).drainQueue(1, 'Recv').story
}

/** A buffer that is filled anew when its send is complete, though a frame of it was lost. */
function rewritten(make: Make): string {
  const one = new Teller(make)
  one.meet('reliable-delivery')
  let data = 0
  one.fate = ({ kind }) => (kind === frameKind.data && data++ === 1 ? [] : [10_000])
  one.posts(1, 'Recv', 4000).posts(0, 'Send', 4000).pass(0.1)
  const complete = one.status(0, 'Send')
  const fill = { kind: 'const', seed: 60 } as const
  if (complete > 0) one.call(0, { operation: 'memory.write', at: { buffer: 'data', offset: 0, bytes: 4000 }, fill })
  return one.see(complete).pass(30).ends().story
}

/** An accept that comes when its client has left, and a request that comes when its server has. */
function late(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  const waiting = one.open(1, { operation: 'VipConnectWait', nic: 'n', local: at('01'), timeout: 100, as: 'c' })
  const asked = one.open(0, { operation: 'VipConnectRequest', vi: 'v', local, remote: at('01'), timeout: 100 })
  one.until(waiting)
  const accepted = one.open(1, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' })
  one.leave(0).follow(300, asked, accepted).look(0, 'v').look(1, 'v')
  const over = one.open(1, { operation: 'VipConnectWait', nic: 'n', local: at('02'), timeout: 10, as: 'd' })
  one.follow(20, over).leave(0)
  const alone = one.open(0, { operation: 'VipConnectRequest', vi: 'v', local, remote: at('02'), timeout: 100 })
  return one.follow(200, alone).look(0, 'v').story
}

/** Two requests, both handed out before one is answered, and a server at another NIC handle. */
function several(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  for (const node of [0, 1]) one.vi(node, 'w')
  const serve = (nic: string, discriminator: string, as: string) =>
    one.open(1, { operation: 'VipConnectWait', nic, local: at(discriminator), timeout: 50, as })
  const ask = (vi: string, discriminator: string) =>
    one.open(0, { operation: 'VipConnectRequest', vi, local, remote: at(discriminator), timeout: 50 })
  const twice = () => {
    const calls = [serve('n', '01', 'c'), ask('v', '01'), serve('n', '02', 'd'), ask('w', '02')]
    return one.follow(1, ...calls).pass(1)
  }
  twice()
  one.follow(5, one.open(1, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' })).look(0, 'v', 'w')
  one.ask(1, { operation: 'VipConnectReject', connection: 'd' }).pass(1).look(0, 'v', 'w').leave(0).pass(1).leave(1)
  twice().ask(1, { operation: 'VipConnectReject', connection: 'c' }).pass(1).look(0, 'v', 'w')
  one.follow(5, one.open(1, { operation: 'VipConnectAccept', connection: 'd', vi: 'w' })).look(0, 'v', 'w')
  one.ask(1, { operation: 'VipOpenNic', device: 'viaduct0', as: 'n2' })
  return one.follow(100, serve('n2', '03', 'e'), ask('v', '03')).look(0, 'v').story
}

/** Entries of a VI that is destroyed, on the completion queue of its sends alone. */
function orphans(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable', { send: 'cq' })
  one.posts(0, 'Send', 10, 20).drainQueue(0, 'Send').ask(0, { operation: 'VipDestroyVi', vi: 'v' })
  return one.drainEntries(0).story
}

/** Fences on an unreliable VI. */
function fences(make: Make): string {
  const one = new Teller(make)
  one.meet('unreliable')
  one.write(1, 'r', 0, { segments: [segment(100, 100)], control: 8 })
  one
    .see(one.postWritten(1, 'Recv', 'r'))
    .posts(1, 'Recv', 50)
    .posts(0, 'Send', 40)
  one.write(0, 's', 9, { segments: [segment(0, 30)], control: 8 })
  return one
    .see(one.postWritten(0, 'Send', 's'))
    .pass(2)
    .ends().story
}

/** VIs of two levels, each of which is to drop or break as its own level wants it, and both lose their peer at once. */
function levels(make: Make): string {
  const one = new Teller(make)
  one.prepare('unreliable')
  for (const node of [0, 1]) one.vi(node, 'w', { reliabilityLevel: 2 })
  one.connect()
  one.connect('w', 'd')
  one.posts(0, 'Send', 10).pass(2).look(0, 'v', 'w').look(1, 'v', 'w').posts(1, 'Recv', 50).posts(0, 'Send', 40).pass(2)
  return one.leave(0, 'v').leave(0, 'w').pass(5).ends().look(1, 'w').story
}

export const countingStories: Readonly<Record<string, Story>> = {
  sums,
  hours,
  places,
  ring,
  rewritten,
  late,
  several,
  orphans,
  fences,
  levels,
  ...each('hundreds', 1, hundreds),
  ...each('beside', 1, beside),
}
