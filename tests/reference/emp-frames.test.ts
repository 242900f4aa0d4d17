// EMP frames of the reference, to the octet, and what its receiver refuses.
import { test } from 'tap'
import { FrameView, parseFrame } from '../../reference/emp/frame.ts'
import { Fragments } from '../../reference/emp/fragments.ts'
import { Pair, piece } from './emp-pair.ts'

await test('a message is cut as the MTU says', async (t) => {
  const cut = new Fragments(1500)
  const counts = [0, 1, 1480, 1481, 1480 + 1488, 1480 + 1489].map((total) => cut.count(total))
  t.same(counts, [1, 1, 1, 2, 2, 3])
  t.same(
    [0, 1, 2].map((frame) => cut.offset(frame)),
    [0, 1480, 2968],
  )
  t.same(
    [0, 1, 2].map((frame) => cut.bytes(3000, frame)),
    [1480, 1488, 32],
  )
  const jumbo = new Fragments(9000)
  t.same([jumbo.capacity(0), jumbo.capacity(1)], [8980, 8988])
})

await test('frames on the wire are as the profile lays them out', async (t) => {
  const pair = new Pair({ configuration: { 'emp.first-message': 0x01020304 } })
  pair.allocate(0, 'tx', 4, { seed: 3 })
  pair.allocate(1, 'rx', 4)
  const data = pair.call(0, { operation: 'memory.read', at: { buffer: 'tx', offset: 0, bytes: 4 } })?.octets ?? ''
  pair.receive(1, 'r', 0, { tag: 0x0506, pieces: piece('rx', 0, 4) })
  pair.send(0, 's', 1, { tag: 0x0506, pieces: piece('tx', 0, 4) })
  pair.run()
  const hex = pair.sent.map(({ octets }) => Buffer.from(octets).toString('hex'))
  t.same(hex, [
    `02000000000202000000000188b50000000100040102030400000000000400010506${data}`.padEnd(120, '0'),
    `02000000000102000000000288b5000100020000010203040000`.padEnd(120, '0'),
  ])
})

await test('jumbo frames carry what the larger MTU allows', async (t) => {
  const pair = new Pair({ configuration: { 'wire.mtu': 9000 } })
  pair.allocate(0, 'tx', 20_000, { seed: 3 })
  pair.allocate(1, 'rx', 20_000)
  pair.receive(1, 'r', 0, { tag: 1, pieces: piece('rx', 0, 20_000) })
  pair.send(0, 's', 1, { tag: 1, pieces: piece('tx', 0, 20_000) })
  pair.run()
  const lengths = pair.sent.filter(({ type }) => type === 1).map(({ octets }) => octets.length)
  t.same(lengths, [9014, 9014, 14 + 12 + 20_000 - 8980 - 8988])
  const all = { offset: 0, bytes: 20_000 }
  t.equal(pair.digest(1, { buffer: 'rx', ...all }), pair.digest(0, { buffer: 'tx', ...all }))
})

await test('the strict reading refuses what the tolerant one shows', async (t) => {
  const cut = new Fragments(1500)
  t.same(parseFrame(new Uint8Array(3), 3, cut), { kind: 'refused', reason: 'unknown-type' })
  t.equal(new FrameView().show(new Uint8Array(3), 0, 3).total, 0)
  const pair = new Pair()
  pair.allocate(0, 'tx', 100)
  pair.send(0, 's', 1, { tag: 9, pieces: piece('tx', 0, 100) })
  const octets = pair.sent[0]?.octets ?? new Uint8Array(0)
  const frame = parseFrame(octets, octets.length, cut)
  t.match(frame, { kind: 'data', sender: 0, message: 0, frame: 0, header: { total: 100, frames: 1, tag: 9 } })
  t.same(parseFrame(octets, 100, cut), { kind: 'refused', reason: 'malformed' }, 'shorter than its length')
})

await test('a malformed frame is dropped, counted and changes nothing', async (t) => {
  const patches: readonly (readonly [at: number, value: number, reason: string])[] = [
    [5, 9, 'wrong-destination'],
    [11, 9, 'wrong-sender'],
    [15, 7, 'wrong-sender'],
    [12, 8, 'unknown-type'],
    [17, 3, 'unknown-type'],
    [18, 9, 'malformed'],
    [19, 1, 'malformed'],
    [25, 200, 'malformed'],
    [28, 1, 'malformed'],
    [31, 7, 'malformed'],
  ]
  for (const [at, value, reason] of patches) {
    const pair = new Pair({ fate: () => [] })
    pair.allocate(0, 'tx', 3000, { seed: 1 })
    pair.allocate(1, 'rx', 3000)
    pair.receive(1, 'r', 0, { tag: 0, pieces: piece('rx', 0, 3000) })
    pair.send(0, 's', 1, { tag: 0, pieces: piece('tx', 0, 3000) })
    const [first] = pair.sent
    const broken = first?.octets.slice() ?? new Uint8Array(0)
    broken[at] = value
    // A frame number can be judged only once the header is known.
    if (at === 25) for (const { octets } of pair.sent.slice(0, 1)) pair.deliver(1, octets)
    pair.deliver(1, broken)
    t.same(pair.counters(1), { [reason]: 1 }, `octet ${at}`)
    for (const { octets } of pair.sent.slice(0, 3)) pair.deliver(1, octets)
    t.equal(pair.test(1, 'r')?.status, 'ok', `octet ${at}: and the message still arrives`)
  }
})
