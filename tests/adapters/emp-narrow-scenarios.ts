// Scenarios of the mutants whose tables are too small, whose messages share what is each one's own, or whom repeats lead astray.
import { empAny } from '../../spec/vocabulary/emp.ts'
import { delay, lose, ms, nothing, piece, World, type Fate, type Make, type Scenario } from './emp-scenario.ts'

/** Node 0 sends so many messages of one octet, and node 1 has a receive for each. */
function exchangeMany(world: World, count: number): void {
  for (let n = 0; n < count; n++) {
    world.receive(`r${n}`, 1)
    world.send(`s${n}`, 1)
  }
}

const sixFrames = 1480 + 5 * 1488

/** Pieces of ten octets each, so many that they take a list. */
const listed = Array.from({ length: 8 }, (_, at) => piece('rx', 20 * at, 10)).flat()

const acknowledgementsLost: Fate = ({ type }) => (type === 2 ? [] : [delay])

/** A message of two frames that waits without a receive, of which only the first frame has come. */
function waiting(make: Make): World {
  const world = new World(make, { fate: nothing })
  world.send('s', 2000)
  world.deliver(world.octets(0))
  return world
}

/** By the mutant that must fail it. */
export const narrowScenarios: Readonly<Record<string, Scenario>> = {
  'emp-signed-id-compare': (make) => {
    const world = new World(make, { configuration: { 'emp.first-message': 0x7fff_ffff } })
    exchangeMany(world, 2)
    return world.run().status(1, 'r1') === 'done 1'
  },
  'emp-frame-octet': (make) => {
    const world = new World(make, { configuration: { 'wire.mtu': 64 } })
    return world.exchange(14_000).run().status(1, 'r') === 'done 14000'
  },
  'emp-short-length': (make) => {
    const world = new World(make)
    world.allocate(0, 'long', 70_000)
    world.allocate(1, 'room', 70_000)
    world.receive('r', 70_000, { pieces: piece('room', 0, 70_000) })
    world.send('s', 70_000, { pieces: piece('long', 0, 70_000) })
    return world.run().status(1, 'r') === 'done 70000'
  },
  'emp-order-octet': (make) => {
    const world = new World(make)
    for (let n = 0; n < 255; n++) world.receive(`other${n}`, 1, { tag: 6 })
    world.receive('older', 10)
    world.receive('younger', 10, { tag: empAny })
    world.send('s', 10)
    return world.run().status(1, 'younger') === 'pending' && world.status(1, 'older') === 'done 10'
  },
  'emp-small-table': (make) => {
    const world = new World(make)
    world.send('early', 1, { tag: 6 })
    exchangeMany(world, 64)
    return world.run(10 * ms).status(1, 'r63') === 'done 1'
  },
  'emp-few-timers': (make) => {
    const world = new World(make, { fate: ({ ordinal }) => (ordinal < 65 ? [] : [delay]) })
    exchangeMany(world, 65)
    return world.run().status(1, 'r64') === 'done 1'
  },
  'emp-few-lists': (make) => {
    const world = new World(make)
    return Array.from({ length: 65 }, (_, n) => world.receive(`r${n}`, 80, { pieces: listed })?.status).every(
      (status) => status === 'ok',
    )
  },
  'emp-few-receives': (make) => {
    const world = new World(make)
    for (let n = 0; n < 256; n++) world.receive(`other${n}`, 1, { tag: 6 })
    return world.exchange(10).run(ms).status(1, 'r') === 'done 10'
  },
  'emp-few-messages': (make) => {
    const world = new World(make)
    for (let n = 0; n < 256; n++) {
      world.send(`other${n}`, 1, { tag: 6 })
      world.run(world.now + delay)
    }
    return (
      world
        .exchange(10)
        .run(10 * ms)
        .status(1, 'r') === 'done 10'
    )
  },
  'emp-short-history': (make) => {
    const world = new World(make, { fate: ({ ordinal }) => (ordinal === 1 ? [] : [delay]) })
    world.exchange(10).run(ms / 10)
    exchangeMany(world, 16)
    return world.run(10 * ms).status(0, 's') === 'done 10'
  },
  'emp-short-probe': (make) => {
    const world = new World(make)
    world.allocate(0, 'long', 70_000)
    world.send('s', 70_000, { pieces: piece('long', 0, 70_000) })
    return world.run(ms / 2).call(1, { operation: 'emp.probe', from: 0, tag: 5 })?.message?.bytes === 70_000
  },
  'emp-shares-window': (make) => {
    const world = new World(make)
    world.send('early', 40_000, { tag: 6 })
    return (
      world
        .exchange(10)
        .run(10 * ms)
        .status(1, 'r') === 'done 10'
    )
  },
  'emp-shares-back-off': (make) => {
    const world = new World(make, { fate: ({ type, message }) => (type === 1 && message === 0 ? [delay] : []) })
    world.send('early', 10, { tag: 6 })
    world.run(30 * ms).send('s', 10)
    world.run(35 * ms)
    return world.sent.filter(({ message }) => message === 1).length > 2
  },
  'emp-restarts-timers': (make) => {
    // A frame of the second collection is lost, and the first is acknowledged again before each timeout.
    const world = new World(make, { fate: lose(3) }).exchange(sixFrames).run(ms / 2)
    const first = world.sent.find(({ type }) => type === 2)
    for (const now of [0.7 * ms, 1.4 * ms, 2.1 * ms]) {
      world.run(now).now = now
      world.deliver(first?.octets ?? new Uint8Array(0), {}, 0)
    }
    return world.status(1, 'r') === `done ${sixFrames}`
  },
  'emp-forgets-truncated': (make) => {
    const world = new World(make, { fate: lose(1) })
    world.receive('r', 10)
    world.send('s', 20)
    return world.run().status(0, 's') === 'done 20'
  },
  'emp-writes-again': (make) => {
    const world = new World(make, { fate: acknowledgementsLost }).exchange(10).run(ms / 2)
    const at = { buffer: 'rx', offset: 0, bytes: 10 }
    world.call(1, { operation: 'memory.write', at, fill: { kind: 'const', seed: 9 } })
    const before = world.digest(1, 'rx', 0, 10)
    return world.run(10 * ms).digest(1, 'rx', 0, 10) === before
  },
  'emp-learns-again': (make) => {
    const world = waiting(make)
    const other = new World(make, { fate: nothing })
    other.send('s', 10, { tag: 6 })
    world.deliver(other.octets(0))
    world.receive('other', 10, { tag: 6 })
    world.receive('r', 2000)
    for (const frame of [0, 1]) world.deliver(world.octets(frame))
    return world.status(1, 'other') === 'pending' && world.status(1, 'r') === 'done 2000'
  },
  'emp-takes-broadcast': (make) => {
    const world = new World(make, { fate: nothing }).exchange(10)
    world.deliver(world.octets(0), { 0: 0xff, 1: 0xff, 2: 0xff, 3: 0xff, 4: 0xff, 5: 0xff })
    return world.status(1, 'r') === 'pending' && world.counted('wrong-destination') === 1
  },
  'emp-empty-piece-ends': (make) => {
    const world = new World(make)
    world.receive('r', 20)
    world.send('s', 20, { pieces: [...piece('tx', 0, 10), ...piece('tx', 30, 0), ...piece('tx', 10, 10)] })
    return world.run().status(1, 'r') === 'done 20'
  },
  'emp-wakes-one': (make) => {
    const world = new World(make)
    world.receive('never', 10, { tag: 6 })
    world.receive('r', 10)
    world.open(1, { operation: 'emp.wait', request: 'never' })
    const id = world.open(1, { operation: 'emp.wait', request: 'r' })
    world.send('s', 10)
    world.run()
    return world.answerTo(id)?.status === 'ok'
  },
  'emp-refusal-takes-id': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 1 } }).exchange(10)
    const refused = world.send('refused', 10)?.status
    world.run().status(0, 's')
    world.send('next', 10)
    return refused === 'no-descriptor' && world.sent.at(-1)?.message === 1
  },
}
