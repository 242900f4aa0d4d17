// How the EMP reference posts: addresses that take time, descriptors written in parts, and a NIC that goes by `stat` alone.
import * as fc from 'fast-check'
import { test } from 'tap'
import { Memory } from '../../reference/core/memory.ts'
import { activity } from '../../reference/emp/activities.ts'
import { DescriptorPool, stat } from '../../reference/emp/descriptors.ts'
import { Pair, piece } from './emp-pair.ts'
import type { PairSetting } from './emp-pair.ts'

const microsecond = 1_000

function ready(setting: PairSetting = {}): Pair {
  const pair = new Pair(setting)
  pair.allocate(0, 'tx', 60_000, { seed: 7 })
  pair.allocate(1, 'rx', 60_000)
  return pair
}

const descriptor = (pair: Pair, request: string): string =>
  pair.call(0, { operation: 'emp.descriptor', request })?.octets ?? ''

await test('however many words are written at a time, the descriptor is the same in the end', (t) => {
  const property = fc.property(
    fc.integer({ min: 1, max: 25 }),
    fc.integer({ min: 0, max: 60_000 }),
    fc.nat(20),
    (burst, bytes, words) => {
      const posted = [20, burst].map((each) => {
        const pair = ready({ configuration: { 'emp.burst': each } })
        pair.send(0, 's', 1, { tag: words, pieces: piece('tx', 0, bytes) })
        return descriptor(pair, 's')
      })
      return posted[0] !== '' && posted[0] === posted[1]
    },
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 50 }))
  t.end()
})

await test('stepped, the NIC may fetch a descriptor only after its last word, and then the call returns', (t) => {
  const pair = ready({ stepped: true, configuration: { 'emp.burst': 1 } })
  const sender = pair.at(0)
  t.equal(pair.send(0, 's', 1, { tag: 5, pieces: piece('tx', 0, 100) }), undefined)
  for (let word = 1; word < 5; word++) {
    t.equal(sender.runnableCount, 1)
    t.equal(sender.activity(0), activity.post)
    t.equal(pair.test(0, 's')?.status, 'invalid', 'nobody knows the request yet')
    t.equal(pair.call(0, { operation: 'emp.configure', collection: 2 })?.status, 'invalid', 'but it is under way')
    sender.run(activity.doorbell, 0)
    t.equal(sender.activity(0), activity.post, 'and the NIC has not touched it')
    sender.run(activity.post, 0)
  }
  pair.drain(0)
  t.equal([...pair.returns.values()].filter(({ status }) => status === 'ok').length, 3, 'two buffers and the posting')
  t.equal(sender.activity(0), activity.doorbell)
  t.equal(pair.test(0, 's')?.status, 'pending')
  t.end()
})

await test('a slot that is taken says that it is not passed, whatever a chain had in it', (t) => {
  const pool = new DescriptorPool(new Memory(4096, 0, 1), 4)
  const pieces = 7
  // In the second pair of a slot these have the bit by which `stat` passes it.
  const addresses = new Float64Array(pieces).fill(2 ** 47)
  const chain = { addresses, lengths: new Int32Array(pieces).fill(1), count: pieces, total: pieces }
  const head = pool.take(pieces)
  pool.compose(head, { direction: stat.send, peer: 1, tag: 5 }, chain)
  for (let nth = 0; nth < pool.wordCount(head); nth++) pool.store(head, nth)
  t.ok(pool.isOwned(head + 1), 'to whoever took a further slot for a first one')
  pool.complete(head, pieces, stat.done)
  pool.release(head)
  for (let slot = 0; slot < 4; slot++) {
    t.equal(pool.take(1), slot)
    t.notOk(pool.isOwned(slot))
  }
  t.end()
})

await test('a posting returns when the addresses of its pages are known, and not before', (t) => {
  const pair = ready({ configuration: { 'emp.translation': microsecond } })
  t.equal(pair.send(0, 's', 1, { tag: 5, pieces: piece('tx', 0, 3 * 4096) }), undefined)
  t.equal(pair.at(0).wakeAt, 3 * microsecond)
  pair.run(3 * microsecond - 1)
  t.equal(pair.sent.length, 0)
  t.equal(pair.test(0, 's')?.status, 'invalid')
  pair.run(3 * microsecond)
  t.ok(pair.sent.length > 0)
  t.equal(pair.test(0, 's')?.status, 'pending')
  t.end()
})

await test('of two postings the one whose addresses are known first goes first', (t) => {
  const pair = ready({ configuration: { 'emp.translation': microsecond } })
  pair.send(0, 'long', 1, { tag: 5, pieces: piece('tx', 0, 5 * 4096) })
  pair.send(0, 'short', 1, { tag: 5, pieces: piece('tx', 0, 4096) })
  t.equal(pair.send(0, 'short', 1, { tag: 5, pieces: piece('tx', 0, 1) })?.status, 'invalid', 'its name is taken')
  t.equal(pair.send(0, 'empty', 1, { tag: 5, pieces: [] })?.status, 'ok', 'no page costs nothing')
  pair.run(2 * microsecond)
  t.equal(pair.test(0, 'short')?.status, 'pending')
  t.equal(pair.test(0, 'long')?.status, 'invalid')
  pair.run(5 * microsecond)
  const firsts = pair.sent
    .filter(({ frame }) => frame === 0)
    .map(({ octets }) => new DataView(octets.buffer).getUint32(26))
  t.same(firsts, [0, 4096, 5 * 4096], 'the lengths, in the order in which the messages were sent')
  t.end()
})

await test('what is refused is refused at once, whatever addresses would cost', (t) => {
  const pair = ready({ configuration: { 'emp.translation': microsecond, 'emp.descriptors': 1 } })
  pair.allocate(0, 'loose', 10, { locked: false })
  t.equal(pair.send(0, 's', 1, { tag: 5, pieces: piece('loose', 0, 10) })?.status, 'not-locked')
  t.equal(pair.send(0, 's', 1, { tag: 5, pieces: piece('tx', 0, 10) }), undefined)
  t.equal(pair.send(0, 'more', 1, { tag: 5, pieces: piece('tx', 0, 10) })?.status, 'no-descriptor')
  t.end()
})

await test('a reset forgets the postings that wait', (t) => {
  const pair = ready({ configuration: { 'emp.translation': microsecond } })
  pair.send(0, 's', 1, { tag: 5, pieces: piece('tx', 0, 10) })
  pair.at(0).reset(1)
  t.equal(pair.at(0).wakeAt, undefined)
  t.equal(pair.at(0).runnableCount, 0)
  t.end()
})
