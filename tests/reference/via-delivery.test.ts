// The VIA reference moving data: descriptors, levels under loss, completion queues, flushing, waiting.
import * as fc from 'fast-check'
import { test } from 'tap'
import { frameKind } from '../../reference/via/frame.ts'
import type { ViaReliabilityLevel } from '../../spec/vocabulary/via-constants.ts'
import type { ViaSegment } from '../../spec/vocabulary/via-descriptor.ts'
import { ViaPair } from './via-pair.ts'

const [done, flushed, receive, immediate] = [0x1, 0x20, 0x10000, 0x80000]
const levels: readonly ViaReliabilityLevel[] = ['unreliable', 'reliable-delivery', 'reliable-reception']

function connected(level: ViaReliabilityLevel, cq: { send?: string; recv?: string } = {}): ViaPair {
  const pair = new ViaPair()
  pair.prepare(level, cq)
  pair.connect()
  return pair
}

await test('messages of every size arrive at every level, with length and status, and then all is quiet', async (t) => {
  for (const level of levels) {
    for (const bytes of [0, 1, 1464, 1465, 5000, 32_768]) {
      const pair = connected(level)
      pair.post(1, 'Recv', 'r', { slot: 0, offset: 4097, bytes })
      pair.post(0, 'Send', 's', { slot: 0, offset: 13, bytes })
      pair.settle()
      t.match(pair.done(0, 'Send'), { code: 'VIP_SUCCESS', found: { name: 's', length: bytes, status: done } })
      t.match(pair.done(1, 'Recv'), {
        code: 'VIP_SUCCESS',
        found: { name: 'r', length: bytes, status: done | receive },
      })
      t.equal(pair.digest(1, 4097, bytes), pair.digest(0, 13, bytes))
      t.same(pair.done(1, 'Recv'), { code: 'VIP_DESCRIPTOR_ERROR', found: null })
      pair.run()
      t.same(
        pair.endpoints.map(({ wakeAt }) => wakeAt),
        [undefined, undefined],
      )
      t.same(pair.events, [])
    }
  }
})

const piece = (offset: number, bytes: number): ViaSegment => ({
  at: { buffer: 'data', offset },
  memory: 'm.data',
  bytes,
})

await test('segments are gathered and scattered; immediate data goes along, also alone', async (t) => {
  const pair = connected('unreliable')
  pair.write(1, 'r', 0, { segments: [piece(1000, 0), piece(1000, 700), piece(1700, 2000)] })
  pair.postWritten(1, 'Recv', 'r')
  pair.write(0, 's', 0, { segments: [piece(1, 1500), piece(1501, 3), piece(1504, 497)], immediate: 0xfedc_ba98 })
  pair.postWritten(0, 'Send', 's')
  pair.write(1, 'r2', 4)
  pair.postWritten(1, 'Recv', 'r2')
  pair.write(0, 's2', 4, { immediate: 5 })
  pair.postWritten(0, 'Send', 's2')
  pair.settle()
  t.match(pair.done(1, 'Recv'), {
    found: { name: 'r', length: 2000, immediate: 0xfedc_ba98, status: done | receive | immediate },
  })
  t.equal(pair.digest(1, 1000, 2000), pair.digest(0, 1, 2000))
  t.match(pair.done(1, 'Recv'), { found: { name: 'r2', length: 0, immediate: 5 } })
})

/** Sends messages of growing length under weather; the lengths that arrived well. */
function exchange(
  level: ViaReliabilityLevel,
  fates: readonly (readonly number[])[],
): { pair: ViaPair; lengths: number[] } {
  const pair = connected(level)
  const from = pair.sent.length
  pair.fate = (_frame, ordinal) => fates[ordinal - from] ?? [10_000]
  const count = 6
  for (let i = 0; i < count; i++) pair.post(1, 'Recv', `r${i}`, { slot: i, offset: i * 8192, bytes: 8192 })
  for (let i = 0; i < count; i++) pair.post(0, 'Send', `s${i}`, { slot: i, offset: i * 8192, bytes: 700 * (i + 1) })
  pair.run()
  const lengths: number[] = []
  for (let i = 0; i < count; i++) {
    const { found } = pair.done(1, 'Recv')
    if (typeof found !== 'object' || !found) break
    lengths.push(found.length)
    const bytes = found.length
    const sentAt = (bytes / 700 - 1) * 8192
    if (pair.digest(1, i * 8192, bytes) !== pair.digest(0, sentAt, bytes)) lengths.push(-1)
  }
  return { pair, lengths }
}

const weather = fc.array(fc.array(fc.integer({ min: 1000, max: 3_000_000 }), { maxLength: 2 }), { maxLength: 30 })

await test('reliable levels deliver exactly once in order, whatever the weather', async (t) => {
  for (const level of ['reliable-delivery', 'reliable-reception'] as const) {
    fc.assert(
      fc.property(weather, (fates) => {
        const { pair, lengths } = exchange(level, fates)
        const sends = Array.from({ length: 6 }, () => pair.status(0, 'Send'))
        return (
          JSON.stringify(lengths) === JSON.stringify([700, 1400, 2100, 2800, 3500, 4200]) &&
          sends.every((status) => status === done) &&
          pair.state(0) === 'connected' &&
          pair.endpoints.every(({ wakeAt }) => wakeAt === undefined)
        )
      }),
      { numRuns: 150 },
    )
  }
  t.pass()
})

await test('the unreliable level delivers at most once in order, and the sender is told nothing', async (t) => {
  fc.assert(
    fc.property(weather, (fates) => {
      const { pair, lengths } = exchange('unreliable', fates)
      const sends = Array.from({ length: 6 }, () => pair.status(0, 'Send'))
      const ordered = lengths.every((bytes, i) => bytes > (lengths[i - 1] ?? 0))
      return ordered && sends.every((status) => status === done) && pair.events.length === 0
    }),
    { numRuns: 150 },
  )
  t.pass()
})

await test('reliable reception completes only when the data is in the memory of the peer', async (t) => {
  const pair = new ViaPair({ stepped: false })
  pair.prepare('reliable-reception')
  pair.connect()
  pair.fate = ({ kind }) => (kind === frameKind.acknowledge ? [400_000] : [10_000])
  pair.post(1, 'Recv', 'r', { slot: 0, bytes: 100 })
  pair.post(0, 'Send', 's', { slot: 0, bytes: 100 })
  pair.run(pair.now + 200_000)
  t.equal(pair.done(0, 'Send').code, 'VIP_NOT_DONE')
  t.equal(pair.status(1, 'Recv'), done | receive)
  pair.run(pair.now + 400_000)
  t.equal(pair.status(0, 'Send'), done)
})

await test('a silent peer breaks the connection', async (t) => {
  for (const level of ['reliable-delivery', 'reliable-reception'] as const) {
    const pair = connected(level)
    pair.fate = () => []
    const start = pair.now
    pair.post(0, 'Send', 's', { slot: 0, bytes: 100 })
    pair.post(0, 'Send', 's2', { slot: 1, bytes: 100 })
    pair.run(start + 199_000_000)
    t.equal(pair.state(0), 'connected')
    pair.run()
    t.equal(pair.state(0), 'error')
    t.same([pair.status(0, 'Send'), pair.status(0, 'Send')], [0x41, done | flushed])
    t.same(pair.errors(0), ['connection-lost'])
  }
})

await test('reliable reception: nothing behind a send whose arrival is unknown has an effect', async (t) => {
  const pair = connected('reliable-reception')
  for (let i = 0; i < 2; i++) pair.post(1, 'Recv', `r${i}`, { slot: i, offset: 16_384 + i * 100, bytes: 100 })
  pair.fate = ({ from }) => (from === 0 ? [10_000] : [])
  for (let i = 0; i < 2; i++) pair.post(0, 'Send', `s${i}`, { slot: i, bytes: 100 })
  pair.run()
  t.same([pair.status(0, 'Send'), pair.status(0, 'Send')], [0x41, done | flushed])
  t.same([pair.status(1, 'Recv'), pair.status(1, 'Recv')], [done | receive, done | flushed | receive])
})

await test('a network that heals too late: the other end is told, and its send failed in transport', async (t) => {
  const pair = connected('reliable-reception')
  const end = pair.now + 200_050_000
  pair.fate = () => (pair.now < end ? [] : [10_000])
  pair.post(0, 'Send', 's', { slot: 0, bytes: 100 })
  pair.run(pair.now + 100_000)
  pair.post(1, 'Send', 's', { slot: 0, bytes: 100 })
  pair.run()
  t.same([pair.state(0), pair.state(1)], ['error', 'error'])
  t.same([pair.status(0, 'Send'), pair.status(1, 'Send')], [0x41, 0x41])
  t.same([pair.errors(0), pair.errors(1)], [['connection-lost'], ['connection-lost']])
})

await test('one completion queue for both queues: an entry each, after the status', async (t) => {
  const pair = connected('reliable-delivery', { send: 'cq', recv: 'cq' })
  const done1 = (): unknown => pair.call(0, { operation: 'VipCQDone', cq: 'cq' })?.vip
  t.same(done1(), { code: 'VIP_NOT_DONE' })
  const waiting = pair.open(0, { operation: 'VipCQWait', cq: 'cq', timeout: 50 })
  pair.post(0, 'Recv', 'r0', { slot: 8, offset: 20_000, bytes: 100 })
  pair.post(1, 'Recv', 'r1', { slot: 8, offset: 20_000, bytes: 100 })
  pair.post(0, 'Send', 's0', { slot: 0, bytes: 100 })
  pair.settle()
  t.same(pair.returns.get(waiting)?.vip, { code: 'VIP_SUCCESS', entry: { vi: 'v', queue: 'send' } })
  pair.post(1, 'Send', 's1', { slot: 0, bytes: 100 })
  pair.settle()
  t.same(done1(), { code: 'VIP_SUCCESS', entry: { vi: 'v', queue: 'recv' } })
  t.equal(pair.code(0, { operation: 'VipDestroyCQ', cq: 'cq' }), 'VIP_ERROR_RESOURCE')
  t.equal(pair.code(0, { operation: 'VipRecvWait', vi: 'v', timeout: 1 }), 'VIP_ERROR_RESOURCE')
  const late = pair.open(0, { operation: 'VipCQWait', cq: 'cq', timeout: 2 })
  pair.run()
  t.equal(pair.codeOf(late), 'VIP_TIMEOUT')
  pair.done(0, 'Send')
  pair.done(0, 'Recv')
  pair.post(0, 'Send', 's2', { slot: 0, bytes: 1 })
  pair.call(0, { operation: 'VipDisconnect', vi: 'v' })
  t.equal(pair.code(0, { operation: 'VipResizeCQ', cq: 'cq', entryCount: 0 }), 'VIP_INVALID_PARAMETER')
  pair.status(0, 'Send')
  t.equal(pair.code(0, { operation: 'VipDestroyVi', vi: 'v' }), 'VIP_SUCCESS')
  t.same(done1(), { code: 'VIP_NOT_DONE' }, 'the entries of a destroyed VI are gone')
  t.equal(pair.code(0, { operation: 'VipDestroyCQ', cq: 'cq' }), 'VIP_SUCCESS')
})

await test('a full completion queue loses nothing', async (t) => {
  const pair = new ViaPair()
  pair.prepare('unreliable')
  pair.call(0, { operation: 'VipCreateCQ', nic: 'n', entryCount: 1, as: 'tiny' })
  pair.makeVi(0, 'w', {}, { send: 'tiny' })
  for (let i = 0; i < 3; i++) {
    pair.write(0, `d${i}`, i)
    pair.call(0, { operation: 'VipPostSend', vi: 'w', descriptor: `d${i}`, memory: 'm.pool' })
  }
  const codes = [1, 2, 3, 4].map(() => pair.code(0, { operation: 'VipCQDone', cq: 'tiny' }))
  t.same(codes, ['VIP_SUCCESS', 'VIP_SUCCESS', 'VIP_SUCCESS', 'VIP_NOT_DONE'])
})

await test('disconnecting flushes both queues in order, and what was complete keeps its status', async (t) => {
  const pair = connected('reliable-delivery')
  for (let i = 0; i < 3; i++) pair.post(1, 'Recv', `r${i}`, { slot: i, bytes: 100 })
  pair.post(0, 'Send', 's', { slot: 0, bytes: 50 })
  pair.settle()
  pair.fate = () => []
  pair.post(1, 'Send', 'late', { slot: 9, bytes: 50 })
  pair.call(1, { operation: 'VipDisconnect', vi: 'v' })
  const found = [0, 1, 2].map(() => pair.done(1, 'Recv').found)
  t.match(found, [
    { name: 'r0', status: done | receive },
    { name: 'r1', status: done | flushed | receive },
    { name: 'r2', status: done | flushed | receive },
  ])
  t.equal(pair.status(1, 'Send'), done | flushed)
  t.equal(pair.state(1), 'idle')
  pair.post(1, 'Send', 'idle', { slot: 9, bytes: 50 })
  t.equal(pair.status(1, 'Send'), done | flushed, 'posted without a connection')
})

await test('waits are served in order, end with their time, and do not wait at an empty queue', async (t) => {
  const pair = connected('unreliable')
  const wait = (timeout: number): number => pair.open(1, { operation: 'VipRecvWait', vi: 'v', timeout })
  t.match(pair.returns.get(wait(5))?.vip, { code: 'VIP_DESCRIPTOR_ERROR', descriptor: null })
  pair.post(1, 'Recv', 'r', { slot: 0, bytes: 100 })
  t.equal(pair.codeOf(wait(0)), 'VIP_TIMEOUT')
  const [short, long] = [wait(1), wait(0xffff_ffff)]
  pair.run(pair.now + 2_000_000)
  t.same([pair.codeOf(short), pair.codeOf(long)], ['VIP_TIMEOUT', undefined])
  pair.post(0, 'Send', 's', { slot: 0, bytes: 100 })
  pair.settle()
  t.equal(pair.codeOf(long), 'VIP_SUCCESS')
})

await test('a reset endpoint begins anew', async (t) => {
  const pair = connected('reliable-delivery')
  pair.post(0, 'Send', 's', { slot: 0, bytes: 100 })
  for (const one of pair.endpoints) one.reset(1)
  t.same(
    pair.endpoints.map(({ wakeAt }) => wakeAt),
    [undefined, undefined],
  )
  pair.sent.length = 0
  pair.run()
  pair.prepare('reliable-reception')
  pair.connect()
  t.same([pair.state(0), pair.state(1)], ['connected', 'connected'])
})
