// The VIA reference when things go wrong: every error bit and asynchronous error, on both sides, at each level.
import * as fc from 'fast-check'
import { test } from 'tap'
import type { ViaReliabilityLevel } from '../../spec/vocabulary/via-constants.ts'
import { ViaPair } from './via-pair.ts'

const bits = { done: 1, format: 2, protection: 4, length: 8, partial: 0x10, flushed: 0x20, remote: 0x100 }
const receive = 0x10000
const levels: readonly ViaReliabilityLevel[] = ['unreliable', 'reliable-delivery', 'reliable-reception']

function connected(level: ViaReliabilityLevel, setting: { max?: number } = {}): ViaPair {
  const pair = new ViaPair({ configuration: setting.max === undefined ? {} : { 'via.max-descriptors': setting.max } })
  pair.prepare(level)
  pair.connect()
  return pair
}

const segment = (offset: number, bytes: number, memory: string | number = 'm.data'): object => ({
  segments: [{ at: { buffer: 'data', offset }, memory, bytes }],
})

await test('a send that is at fault carries its error, and breaks reliable connections only', async (t) => {
  const faults: readonly (readonly [number, object])[] = [
    [bits.format, { op: 'reserved' }],
    [bits.format, { control: 0x10 }],
    [bits.format, { patch: [{ offset: 12, width: 2, value: 253 }] }],
    [bits.length, { ...segment(0, 10), patch: [{ offset: 24, width: 4, value: 9 }] }],
    [bits.length, segment(0, 32_769)],
    [bits.protection, segment(65_535, 2)],
    [bits.protection, segment(-1, 2)],
    [bits.protection, segment(0, 10, 12_345)],
  ]
  for (const level of levels) {
    for (const [bit, descriptor] of faults) {
      const pair = connected(level)
      pair.post(1, 'Recv', 'r', { slot: 0, bytes: 100 })
      pair.post(0, 'Send', 'good', { slot: 16, bytes: 10 })
      pair.write(0, 's', 0, descriptor)
      t.equal(pair.postWritten(0, 'Send', 's'), 'VIP_SUCCESS')
      pair.post(0, 'Send', 'next', { slot: 17, bytes: 10 })
      pair.settle()
      t.equal(pair.status(0, 'Send'), bits.done)
      t.equal(pair.status(0, 'Send'), bits.done | bit)
      const unreliable = level === 'unreliable'
      t.equal(pair.status(0, 'Send'), unreliable ? bits.done : bits.done | bits.flushed)
      t.equal(pair.status(1, 'Recv'), bits.done | receive)
      t.same([pair.state(0), pair.state(1)], unreliable ? ['connected', 'connected'] : ['error', 'error'])
      t.same(pair.errors(0), [])
      t.same(pair.errors(1), unreliable ? ['receive-queue-empty'] : ['connection-lost'])
    }
  }
})

await test('a receive that cannot take the message', async (t) => {
  const faults: readonly (readonly [number, object])[] = [
    [bits.length, segment(100, 49)],
    [bits.protection, segment(65_500, 50)],
    [bits.format, { op: 'reserved' }],
  ]
  for (const level of levels) {
    for (const [bit, descriptor] of faults) {
      const pair = connected(level)
      const before = pair.digest(1, 0, 65_536)
      pair.write(1, 'r', 0, descriptor)
      pair.postWritten(1, 'Recv', 'r')
      pair.post(1, 'Recv', 'r2', { slot: 4, offset: 200, bytes: 50 })
      pair.post(0, 'Send', 's', { slot: 0, bytes: 50 })
      pair.post(0, 'Send', 's2', { slot: 1, bytes: 0 })
      pair.run()
      t.equal(pair.status(1, 'Recv'), bits.done | bit | receive)
      t.equal(pair.digest(1, 0, 65_536), before)
      const [sent, next] = [pair.status(0, 'Send'), pair.status(0, 'Send')]
      if (level === 'reliable-reception') t.same([sent, next], [bits.done | bits.remote, bits.done | bits.flushed])
      else t.equal(sent, bits.done)
      t.equal(pair.status(1, 'Recv'), bits.done | receive | (level === 'unreliable' ? 0 : bits.flushed))
      t.same(pair.errors(0), level === 'unreliable' ? [] : ['connection-lost'])
      t.same(pair.errors(1), [])
    }
  }
})

await test('no receive posted', async (t) => {
  for (const level of levels) {
    const pair = connected(level)
    pair.post(0, 'Send', 's', { slot: 0, bytes: 3000 })
    pair.run()
    t.same(pair.errors(1), ['receive-queue-empty'])
    t.match(pair.events[0], { handler: 'h', context: 7, resource: 'vi', nic: 'n', vi: 'v' })
    t.same(pair.errors(0), level === 'unreliable' ? [] : ['connection-lost'])
    t.equal(pair.state(1), level === 'unreliable' ? 'connected' : 'error')
    if (level === 'reliable-reception') t.equal(pair.status(0, 'Send'), bits.done | bits.remote)
  }
})

await test('a descriptor that is none: misaligned, outside, of another tag, relinked', async (t) => {
  for (const level of levels) {
    for (const how of ['misaligned', 'outside', 'tag', 'handle']) {
      const pair = connected(level)
      if (how === 'tag') {
        pair.call(0, { operation: 'VipCreatePtag', nic: 'n', as: 'p2' })
        const attributes = { ptag: 'p2', enableRdmaWrite: false, enableRdmaRead: false }
        const at = { buffer: 'pool', offset: 0 }
        pair.call(0, { operation: 'VipSetMemAttributes', nic: 'n', at, memory: 'm.pool', attributes })
      }
      const at = { buffer: how === 'outside' ? 'data' : 'pool', offset: how === 'misaligned' ? 32 : 0 }
      pair.write(0, 's', 0, { at })
      const memory = how === 'handle' ? 99 : 'm.pool'
      const posted = pair.code(0, { operation: 'VipPostSend', vi: 'v', descriptor: 's', memory })
      t.equal(posted, 'VIP_SUCCESS')
      t.same(pair.errors(0), ['post-descriptor'])
      t.match(pair.events[0], { resource: 'descriptor', descriptor: { name: 's' } })
      t.equal(pair.state(0), 'error')
    }
  }
  const pair = connected('unreliable')
  t.equal(
    pair.code(0, { operation: 'VipPostSend', vi: 'v', descriptor: null, memory: 'm.pool' }),
    'VIP_INVALID_PARAMETER',
  )
  pair.post(1, 'Recv', 'r', { slot: 0, bytes: 10 })
  pair.call(1, {
    operation: 'memory.write',
    at: { buffer: 'pool', offset: 0, bytes: 8 },
    fill: { kind: 'const', seed: 1 },
  })
  pair.post(0, 'Send', 's', { slot: 0, bytes: 10 })
  pair.settle()
  t.same(pair.errors(1), ['post-descriptor'], 'its link was changed')
})

await test('a descriptor whose memory is gone when it completes, and a buffer that goes after posting', async (t) => {
  const pair = connected('reliable-delivery')
  pair.post(1, 'Recv', 'r', { slot: 0, bytes: 10 })
  const at = { buffer: 'pool', offset: 0 }
  t.equal(pair.code(1, { operation: 'VipDeregisterMem', nic: 'n', at, memory: 'm.pool' }), 'VIP_SUCCESS')
  t.equal(pair.code(1, { operation: 'VipDeregisterMem', nic: 'n', at, memory: 'm.pool' }), 'VIP_INVALID_PARAMETER')
  pair.call(1, { operation: 'VipDisconnect', vi: 'v' })
  t.same(pair.errors(1), ['completion-protection'])
  t.same(pair.done(1, 'Recv'), { code: 'VIP_DESCRIPTOR_ERROR', found: null })
  const other = connected('unreliable')
  other.post(1, 'Recv', 'r', { slot: 0, bytes: 10 })
  other.call(1, { operation: 'VipDeregisterMem', nic: 'n', at: { buffer: 'data', offset: 0 }, memory: 'm.data' })
  other.post(0, 'Send', 's', { slot: 0, bytes: 10 })
  other.settle()
  t.equal(other.status(1, 'Recv'), bits.done | bits.protection | receive)
})

await test('one descriptor too many', async (t) => {
  for (const level of levels) {
    const pair = connected(level, { max: 3 })
    for (let i = 0; i < 3; i++) pair.post(0, 'Recv', `r${i}`, { slot: i, bytes: 10 })
    pair.write(0, 'over', 9)
    t.equal(pair.postWritten(0, 'Recv', 'over'), 'VIP_ERROR_RESOURCE')
    t.same(pair.errors(0), ['vi-overrun'])
    t.equal(pair.state(0), level === 'unreliable' ? 'connected' : 'error')
  }
})

await test('a message that breaks off leaves its receive flushed and partly filled', async (t) => {
  const pair = connected('reliable-delivery')
  let data = 0
  pair.fate = ({ kind }) => (kind === 6 && data++ > 1 ? [] : [10_000])
  pair.post(1, 'Recv', 'r', { slot: 0, bytes: 8000 })
  pair.post(0, 'Send', 's', { slot: 0, bytes: 8000 })
  pair.settle()
  pair.call(0, { operation: 'VipDisconnect', vi: 'v' })
  pair.settle()
  t.equal(pair.status(1, 'Recv'), bits.done | receive | bits.partial | bits.flushed)
  t.same(pair.errors(1), ['connection-lost'])
})

await test('stepped in any order, the outcome is the same', async (t) => {
  for (const level of levels) {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 40, maxLength: 200 }), (choices) => {
        const pair = new ViaPair({ stepped: true })
        let step = 0
        const run = (): void => {
          for (;;) {
            pair.run(pair.now)
            const runnable = pair.endpoints.flatMap((one, node) =>
              Array.from({ length: one.runnableCount }, (_, i) => [node, one.activity(i)] as const),
            )
            const chosen = runnable[(choices[step++ % choices.length] ?? 0) % Math.max(1, runnable.length)]
            if (!chosen) {
              if ((pair.run(pair.now + 10_000), pair.endpoints.every((one) => one.runnableCount === 0))) return
              continue
            }
            pair.at(chosen[0]).run(chosen[1], pair.now)
            pair.drain(chosen[0])
          }
        }
        pair.prepare(level)
        pair.open(1, {
          operation: 'VipConnectWait',
          nic: 'n',
          local: { host: 1, discriminator: 'bb01' },
          timeout: 9,
          as: 'c',
        })
        pair.open(0, {
          operation: 'VipConnectRequest',
          vi: 'v',
          local: { host: 0, discriminator: '' },
          remote: { host: 1, discriminator: 'bb01' },
          timeout: 9,
        })
        run()
        pair.open(1, { operation: 'VipConnectAccept', connection: 'c', vi: 'v' })
        for (let i = 0; i < 3; i++) pair.post(1, 'Recv', `r${i}`, { slot: i, offset: i * 4000, bytes: 4000 })
        run()
        for (let i = 0; i < 3; i++) pair.post(0, 'Send', `s${i}`, { slot: i, offset: 1, bytes: 1 + i * 1500 })
        run()
        const lengths = [0, 1, 2].map(() => {
          const { found } = pair.done(1, 'Recv')
          return typeof found === 'object' && found ? found.length : -1
        })
        const sends = [0, 1, 2].map(() => pair.status(0, 'Send'))
        return lengths.join() === '1,1501,3001' && sends.join() === '1,1,1' && pair.events.length === 0
      }),
      { numRuns: 60 },
    )
  }
  t.pass()
})
