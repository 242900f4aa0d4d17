// The EMP reference as two or three endpoints see it: delivery, matching, descriptors, memory, loss.
import * as fc from 'fast-check'
import { test } from 'tap'
import { activity } from '../../reference/emp/activities.ts'
import { Timers } from '../../reference/core/timers.ts'
import { Pair, piece } from './emp-pair.ts'
import type { PairSetting } from './emp-pair.ts'

function ready(setting: PairSetting = {}, bytes = 20_000): Pair {
  const pair = new Pair(setting)
  pair.allocate(0, 'tx', bytes, { seed: 7 })
  pair.allocate(1, 'rx', bytes)
  return pair
}

function exchange(pair: Pair, bytes: number): void {
  pair.receive(1, 'r', 0, { tag: 5, pieces: piece('rx', 0, bytes) })
  pair.send(0, 's', 1, { tag: 5, pieces: piece('tx', 0, bytes) })
}

const dataFrames = (pair: Pair): readonly number[] =>
  pair.sent.filter(({ type }) => type === 1).map(({ frame }) => frame)
const acknowledged = (pair: Pair): readonly number[] =>
  pair.sent.filter(({ type }) => type === 2).map(({ frame }) => frame)

await test('messages of every size arrive, and then all is quiet', async (t) => {
  for (const bytes of [0, 1, 1480, 1481, 4096, 4097, 20_000]) {
    const pair = ready()
    exchange(pair, bytes)
    pair.call(1, { operation: 'emp.wait', request: 'r' })
    pair.run()
    t.equal(pair.digest(1, { buffer: 'rx', offset: 0, bytes }), pair.digest(0, { buffer: 'tx', offset: 0, bytes }))
    t.equal(pair.damaged(1, 'rx'), null)
    t.match(pair.test(0, 's'), { status: 'ok', completions: [{ outcome: 'done', bytes, peer: 1, tag: 5 }] })
    t.equal(pair.test(1, 'r')?.status, 'invalid', 'the wait has seen it')
    t.equal(pair.events.length, 2)
    t.same(
      pair.endpoints.map(({ wakeAt }) => wakeAt),
      [undefined, undefined],
    )
  }
})

await test('each collection draws one acknowledgement, of its last frame', async (t) => {
  const pair = ready()
  exchange(pair, 1480 + 6 * 1488)
  pair.run()
  t.same(acknowledged(pair), [2, 5, 6])
  t.ok(pair.call(0, { operation: 'emp.configure', collection: 2 }))
  t.same(pair.call(1, { operation: 'emp.configure', collection: 2 })?.status, 'ok')
  pair.test(0, 's')
  pair.test(1, 'r')
  exchange(pair, 1480 + 2 * 1488)
  t.equal(pair.call(0, { operation: 'emp.configure', collection: 3 })?.status, 'invalid', 'not while in flight')
  pair.run()
  t.same(acknowledged(pair).slice(3), [1, 2])
})

await test('a lost data frame costs its collection and nothing else', async (t) => {
  const pair = ready({ fate: (_frame, ordinal) => (ordinal === 4 ? [] : [10_000]) })
  exchange(pair, 1480 + 6 * 1488)
  pair.run()
  t.same(dataFrames(pair), [0, 1, 2, 3, 4, 5, 6, 3, 4, 5])
  t.same(acknowledged(pair), [2, 6, 4, 5])
  t.match(pair.test(1, 'r'), { status: 'ok' })
})

await test('a receiver that has no receive is sent the first window only, less and less often', async (t) => {
  const pair = ready({ configuration: { 'emp.timeout-cap': 3_200_000 } }, 40_000)
  pair.send(0, 's', 1, { tag: 5, pieces: piece('tx', 0, 40_000) })
  const deadlines: number[] = []
  for (let i = 0; i < 5; i++) {
    deadlines.push(pair.at(0).wakeAt ?? 0)
    pair.run(pair.at(0).wakeAt)
  }
  t.same(deadlines, [800_000, 2_400_000, 5_600_000, 8_800_000, 12_000_000])
  t.equal(Math.max(...dataFrames(pair)), 11)
  t.equal(pair.counters(0)?.['stray-acknowledgement'], undefined)
  pair.receive(1, 'r', 0, { tag: 5, pieces: piece('rx', 0, 40_000) })
  pair.run()
  t.match(pair.test(1, 'r'), { completions: [{ bytes: 40_000 }] })
  t.match(pair.test(0, 's'), { completions: [{ outcome: 'done' }] })
})

await test('a retransmission reads user memory again', async (t) => {
  const pair = ready({ fate: (_frame, ordinal) => (ordinal === 0 ? [] : [10_000]) })
  exchange(pair, 100)
  pair.call(0, {
    operation: 'memory.write',
    at: { buffer: 'tx', offset: 0, bytes: 100 },
    fill: { kind: 'const', seed: 9 },
  })
  pair.run()
  t.equal(
    pair.digest(1, { buffer: 'rx', offset: 0, bytes: 100 }),
    pair.digest(0, { buffer: 'tx', offset: 0, bytes: 100 }),
  )
})

await test('a finished message is acknowledged again and delivered to nobody', async (t) => {
  const pair = ready()
  exchange(pair, 10)
  pair.run()
  pair.receive(1, 'r2', 0, { tag: 5, pieces: piece('rx', 0, 10) })
  pair.deliver(1, pair.sent[0]?.octets ?? new Uint8Array(0))
  t.same(acknowledged(pair), [0, 0])
  t.equal(pair.test(1, 'r2')?.status, 'pending')
  pair.run()
  t.same(pair.counters(0), { 'stray-acknowledgement': 1 })
  t.same(pair.counters(1), { duplicate: 1 })
})

await test('messages with one tag never overtake, with different tags never block', async (t) => {
  const late = ready({ fate: (frame, ordinal) => (frame.type === 1 && ordinal === 0 ? [500_000] : [10_000]) })
  for (const [as, offset] of [
    ['s1', 0],
    ['s2', 10],
  ] as const) {
    late.send(0, as, 1, { tag: 5, pieces: piece('tx', offset, 10) })
  }
  late.receive(1, 'r1', 0, { tag: 5, pieces: piece('rx', 0, 10) })
  late.receive(1, 'r2', 0, { tag: 5, pieces: piece('rx', 10, 10) })
  late.run()
  t.equal(
    late.digest(1, { buffer: 'rx', offset: 0, bytes: 20 }),
    late.digest(0, { buffer: 'tx', offset: 0, bytes: 20 }),
  )

  const other = ready()
  other.send(0, 's1', 1, { tag: 1, pieces: piece('tx', 0, 10) })
  other.send(0, 's2', 1, { tag: 2, pieces: piece('tx', 10, 10) })
  other.receive(1, 'r2', 0, { tag: 2, pieces: piece('rx', 0, 10) })
  other.run(100_000_000)
  t.equal(other.test(1, 'r2')?.status, 'ok')
  other.receive(1, 'r1', 0, { tag: 1, pieces: piece('rx', 0, 10) })
  other.run()
  t.equal(other.test(1, 'r1')?.status, 'ok')
})

await test('a longer message is truncated, a shorter one reports its length', async (t) => {
  const pair = ready()
  pair.allocate(1, 'small', 3000)
  pair.receive(1, 'r1', 0, { tag: 1, pieces: piece('small', 0, 3000) })
  pair.receive(1, 'r2', 0, { tag: 2, pieces: piece('rx', 0, 3000) })
  pair.send(0, 's1', 1, { tag: 1, pieces: piece('tx', 0, 9000) })
  pair.send(0, 's2', 1, { tag: 2, pieces: piece('tx', 0, 100) })
  pair.run()
  t.match(pair.test(1, 'r1'), { completions: [{ outcome: 'truncated', bytes: 9000 }] })
  t.match(pair.test(1, 'r2'), { completions: [{ outcome: 'done', bytes: 100 }] })
  t.match(pair.test(0, 's1'), { completions: [{ outcome: 'done', bytes: 9000 }] })
  t.equal(pair.damaged(1, 'small'), null)
})

await test('message IDs wrap', async (t) => {
  const pair = ready({ configuration: { 'emp.first-message': 0xffff_ffff } })
  for (let i = 0; i < 3; i++) {
    exchange(pair, 10)
    pair.run()
    t.equal(pair.test(1, 'r')?.status, 'ok')
    t.equal(pair.test(0, 's')?.status, 'ok')
  }
  t.same(
    pair.sent.filter(({ type }) => type === 1).map(({ message }) => message),
    [0xffff_ffff, 0, 1],
  )
})

await test('a message to oneself needs no wire', async (t) => {
  const pair = ready()
  pair.allocate(0, 'own', 5000)
  pair.send(0, 's', 0, { tag: 1, pieces: piece('tx', 0, 9000) })
  pair.receive(0, 'r', 0, { tag: 1, pieces: piece('own', 0, 5000) })
  pair.run()
  t.match(pair.test(0, 'r'), { completions: [{ outcome: 'truncated', bytes: 9000, peer: 0 }] })
  t.equal(pair.test(0, 's')?.status, 'ok')
  t.equal(pair.sent.length, 0)
  t.equal(pair.damaged(0, 'own'), null)
})

await test('the format of a descriptor follows the number of its pieces', async (t) => {
  const pair = ready({}, 2_000_000)
  pair.allocate(0, 'odd', 100, { offset: 4090 })
  const octetsOf = (request: string) => pair.call(0, { operation: 'emp.descriptor', request })?.octets ?? ''
  pair.send(0, 'short', 1, { tag: 0x77, pieces: piece('tx', 0, 4096) })
  pair.send(0, 'pair', 1, { tag: 1, pieces: piece('odd', 0, 100) })
  pair.send(0, 'chain', 1, { tag: 1, pieces: piece('tx', 0, 7 * 4096) })
  pair.send(0, 'list', 1, { tag: 1, pieces: piece('tx', 0, 409 * 4096) })
  t.match(octetsOf('short'), /^00000[0-9a-f]{11}0000100080011000(0001)(0077)$/)
  t.equal(octetsOf('pair').length, 2 * 40)
  t.match(octetsOf('pair'), /^[0-9a-f]{16}000000648011000600010001[0-9a-f]{16}005e/)
  t.equal(octetsOf('chain').length, 4 * 40)
  t.match(octetsOf('list'), /^[0-9a-f]{16}0019900080210ffa00010001$/)
  t.equal(pair.send(0, 'more', 1, { tag: 1, pieces: piece('tx', 1, 409 * 4096) })?.status, 'too-many-pieces')
})

await test('pieces are gathered and scattered in every format', async (t) => {
  const pair = ready({}, 2_000_000)
  pair.allocate(1, 'odd', 1_700_000, { offset: 13 })
  const pieces = [
    { buffer: 'odd', offset: 0, bytes: 5 },
    { buffer: 'odd', offset: 5, bytes: 0 },
    { buffer: 'odd', offset: 5, bytes: 1_600_000 },
  ]
  pair.receive(1, 'r', 0, { tag: 1, pieces })
  pair.send(0, 's', 1, { tag: 1, pieces: [...piece('tx', 0, 3), ...piece('tx', 3, 1_600_002)] })
  pair.run()
  t.equal(pair.test(1, 'r')?.status, 'ok')
  t.equal(
    pair.digest(1, { buffer: 'odd', offset: 0, bytes: 1_600_005 }),
    pair.digest(0, { buffer: 'tx', offset: 0, bytes: 1_600_005 }),
  )
})

await test('descriptors run out, and come back when a completion has been seen', async (t) => {
  const pair = ready({ configuration: { 'emp.descriptors': 5 } }, 40_000)
  const chain = { tag: 1, pieces: piece('tx', 0, 3 * 4096) }
  t.equal(pair.send(0, 'a', 1, chain)?.status, 'ok')
  t.equal(pair.send(0, 'b', 1, chain)?.status, 'ok')
  t.equal(pair.send(0, 'c', 1, chain)?.status, 'no-descriptor')
  t.equal(pair.send(0, 'd', 1, { tag: 1, pieces: piece('tx', 0, 1) })?.status, 'ok')
  t.equal(pair.send(0, 'e', 1, { tag: 1, pieces: piece('tx', 0, 0) })?.status, 'no-descriptor')
  pair.receive(1, 'r', 0, { tag: 1, pieces: piece('rx', 0, 3 * 4096) })
  pair.run(50_000_000)
  t.equal(pair.events.filter(({ node }) => node === 0).length, 1)
  t.equal(pair.send(0, 'c', 1, chain)?.status, 'no-descriptor', 'done is not yet seen')
  t.equal(pair.test(0, 'a')?.status, 'ok')
  t.equal(pair.send(0, 'c', 1, chain)?.status, 'ok')
})

await test('what cannot be is refused', async (t) => {
  const pair = ready()
  pair.allocate(0, 'loose', 10, { locked: false })
  const status = (pieces: ReturnType<typeof piece>, to = 1, tag = 1) => pair.send(0, 'x', to, { tag, pieces })?.status
  t.equal(status(piece('loose', 0, 1)), 'not-locked')
  t.equal(status(piece('none', 0, 1)), 'invalid')
  t.equal(status(piece('tx', 19_999, 2)), 'invalid')
  t.equal(status(piece('tx', 0, 1), 2), 'invalid')
  t.equal(status(piece('tx', 0, 1), 1, 0xffff), 'invalid')
  t.equal(pair.receive(0, 'w', 1, { tag: 0x1_0000, pieces: [] })?.status, 'invalid')
  t.equal(pair.receive(0, 'w', 2, { tag: 1, pieces: [] })?.status, 'invalid')
  t.equal(pair.test(0, 'x')?.status, 'invalid')
  t.equal(status(piece('tx', 0, 1)), 'ok')
  t.equal(status(piece('tx', 0, 1)), 'invalid', 'the name is taken')
  t.equal(pair.call(0, { operation: 'memory.read', at: { buffer: 'tx', offset: 0, bytes: 4097 } })?.status, 'invalid')
  // @ts-expect-error: what comes through a pipe may name anything
  t.equal(pair.call(0, { operation: 'emp.dance' })?.status, 'unsupported')
})

await test('waitall returns in the order asked, once all are done', async (t) => {
  const pair = ready({ nodes: 3 })
  pair.allocate(2, 'tx', 100)
  pair.receive(1, 'a', 0, { tag: 1, pieces: piece('rx', 0, 100) })
  pair.receive(1, 'b', 2, { tag: 1, pieces: piece('rx', 100, 100) })
  t.equal(pair.call(1, { operation: 'emp.waitall', requests: ['a', 'b'] }), undefined)
  pair.send(2, 's', 1, { tag: 1, pieces: piece('tx', 0, 100) })
  pair.run()
  const ids = pair.returns.size
  pair.send(0, 's', 1, { tag: 1, pieces: piece('tx', 0, 50) })
  pair.run()
  t.equal(pair.returns.size, ids + 2, 'the send and the waitall')
  const answers = [...pair.returns.values()].filter(({ completions }) => completions)
  t.match(answers, [
    {
      status: 'ok',
      completions: [
        { request: 'a', peer: 0, bytes: 50 },
        { request: 'b', peer: 2 },
      ],
    },
  ])
})

await test('stepped, nothing moves by itself, and the status comes after the data', async (t) => {
  const pair = ready({ stepped: true })
  exchange(pair, 10)
  const [sender, receiver] = [pair.at(0), pair.at(1)]
  t.equal(sender.runnableCount, 1)
  t.equal(sender.activity(0), activity.doorbell)
  sender.run(activity.doorbell, 0)
  sender.run(activity.transmit, 0)
  pair.drain(0)
  receiver.run(activity.doorbell, 0)
  receiver.deliver(pair.sent[0]?.octets ?? new Uint8Array(0), 60, 5)
  receiver.run(activity.receive, 5)
  const runnable = Array.from({ length: receiver.runnableCount }, (_, i) => receiver.activity(i))
  t.same(runnable, [activity.dataWrite, activity.acknowledge])
  receiver.run(activity.statusWrite, 5)
  t.equal(pair.test(1, 'r')?.status, 'pending')
  receiver.run(activity.dataWrite, 5)
  t.equal(pair.test(1, 'r')?.status, 'pending')
  receiver.run(activity.statusWrite, 5)
  t.equal(pair.test(1, 'r')?.status, 'ok')
})

await test('a reset endpoint behaves as a new one, at other addresses', async (t) => {
  const pair = ready({ seed: 3 })
  const traces: string[] = []
  const descriptors: (string | undefined)[] = []
  for (const seed of [3, 3, 4]) {
    for (const node of [0, 1]) pair.at(node).reset(seed)
    pair.sent.length = 0
    pair.allocate(0, 'tx', 9000, { seed: 7 })
    pair.allocate(1, 'rx', 9000)
    exchange(pair, 9000)
    descriptors.push(pair.call(0, { operation: 'emp.descriptor', request: 's' })?.octets)
    pair.run()
    traces.push(pair.sent.map(({ octets }) => Buffer.from(octets).toString('hex')).join())
    t.equal(pair.test(1, 'r')?.status, 'ok')
  }
  t.equal(traces[0], traces[1])
  t.equal(traces[0], traces[2])
  t.equal(descriptors[0], descriptors[1])
  t.not(descriptors[0], descriptors[2])
})

await test('timers give the earliest deadline whatever is armed and disarmed', async () => {
  const step = fc.tuple(fc.nat(100), fc.option(fc.nat(50)))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const timers = new Timers()
      const armed = new Map<number, number>()
      for (const [id, at] of steps) {
        if (at === null) {
          timers.disarm(id)
          armed.delete(id)
        } else {
          timers.arm(id, at)
          armed.set(id, at)
        }
        const earliest = armed.size === 0 ? undefined : Math.min(...armed.values())
        if (timers.earliest !== earliest) throw new Error(`${timers.earliest} for ${earliest}`)
      }
    }),
  )
})

await test('whatever is lost, doubled or late, every message arrives once and in order', async (t) => {
  const weather = fc.array(fc.array(fc.integer({ min: 1_000, max: 3_000_000 }), { maxLength: 2 }), { maxLength: 150 })
  const messages = fc.array(fc.record({ bytes: fc.nat(9000), tag: fc.nat(1), late: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  const configuration = fc.record({
    'emp.collection': fc.integer({ min: 1, max: 4 }),
    'emp.window': fc.integer({ min: 1, max: 3 }),
    'emp.first-message': fc.constantFrom(0, 0xffff_fffe),
  })
  fc.assert(
    fc.property(weather, messages, configuration, (delays, list, settings) => {
      const pair = new Pair({ configuration: settings, fate: (_frame, ordinal) => delays[ordinal] ?? [10_000] })
      const post = (i: number, tag: number) => {
        pair.allocate(1, `rx${i}`, 9000)
        pair.receive(1, `r${i}`, 0, { tag, pieces: piece(`rx${i}`, 0, 9000) })
      }
      for (const [i, { tag, late }] of list.entries()) if (!late) post(i, tag)
      for (const [i, { bytes, tag }] of list.entries()) {
        pair.allocate(0, `tx${i}`, 9000, { seed: i + 1 })
        pair.send(0, `s${i}`, 1, { tag, pieces: piece(`tx${i}`, 0, bytes) })
      }
      pair.run(2_000_000)
      for (const [i, { tag, late }] of list.entries()) if (late) post(i, tag)
      pair.run()
      for (const tag of [0, 1]) {
        const sent = [...list.entries()].filter(([, one]) => one.tag === tag)
        const order = [...sent.filter(([, { late }]) => !late), ...sent.filter(([, { late }]) => late)]
        for (const [n, [i, { bytes }]] of sent.entries()) {
          const receive = order[n]?.[0] ?? -1
          const seen = pair.test(1, `r${receive}`)?.completions?.[0]
          if (seen?.bytes !== bytes || seen.outcome !== 'done') throw new Error(`message ${i}: ${JSON.stringify(seen)}`)
          const got = pair.digest(1, { buffer: `rx${receive}`, offset: 0, bytes })
          if (got !== pair.digest(0, { buffer: `tx${i}`, offset: 0, bytes })) throw new Error(`message ${i} is damaged`)
          if (pair.test(0, `s${i}`)?.status !== 'ok') throw new Error(`send ${i} is not done`)
        }
      }
      if (pair.events.length !== 2 * list.length) throw new Error(`${pair.events.length} completions`)
      if (pair.endpoints.some(({ wakeAt }) => wakeAt !== undefined)) throw new Error('a deadline stays armed')
    }),
    { numRuns: 150 },
  )
  t.pass()
})
