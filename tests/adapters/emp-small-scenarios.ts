// Scenarios of the mutants with fields and tables that are too small, of those that count otherwise, and of odd outcomes.
import { delay, ms, nothing, piece, World, type Fate, type Make, type Scenario } from './emp-scenario.ts'
import { post } from './emp-slot-scenarios.ts'

/** Whether the first frame of a message, with some octets changed, is dropped. */
function dropped(make: Make, patches: Readonly<Record<number, number>>): boolean {
  const world = new World(make, { fate: nothing }).exchange(10)
  world.deliver(world.octets(0), patches)
  return world.status(1, 'r') === 'pending'
}

/** The second frame is lost once. The second collection is acknowledged at 25 ms, the third one 40 ms after it was sent. */
function slowCollections(): Fate {
  let isLost = false
  return ({ type, frame }) => {
    if (type === 2) return [frame === 5 ? 25 * ms : frame === 8 ? 40 * ms : delay]
    if (frame !== 1 || isLost) return [delay]
    isLost = true
    return []
  }
}

/** The frame of each message that has this number never arrives. */
const without =
  (number: number): Fate =>
  ({ type, frame }) =>
    type === 1 && frame === number ? [] : [delay]

/** Acknowledgements take 50 ms. */
const acknowledgedLate: Fate = ({ type }) => [type === 2 ? 50 * ms : delay]

/** Node 1 posts two receives, of which the first is too short for what it gets, and `s2` is the other's message. */
function oneTruncated(make: Make): World {
  const world = post(new World(make), { as: 'r1', tag: 1, bytes: 10 }, { as: 'r2', tag: 2, at: 100 })
  world.send('s1', 20, { tag: 1 })
  return world
}

/** By the mutant that must fail it. */
export const smallScenarios: Readonly<Record<string, Scenario>> = {
  'emp-collection-word': (make) => {
    const world = new World(make, { fate: without(35), configuration: { 'emp.collection': 40 } })
    return (
      world
        .exchange(59_512)
        .run(ms / 2)
        .frames(2) === ''
    )
  },
  'emp-short-comparison': (make) => {
    const world = new World(make)
    world.allocate(0, 'long', 70_000)
    world.receive('r', 60_000)
    world.send('s', 0, { pieces: piece('long', 0, 70_000) })
    return world.run().status(1, 'r') === 'truncated 70000'
  },
  'emp-type-octet': (make) => dropped(make, { 16: 1 }),
  'emp-sender-octet': (make) => dropped(make, { 14: 1 }),
  'emp-compares-low-mac': (make) => dropped(make, { 0: 6 }) && dropped(make, { 6: 6 }),
  'emp-wait-bits': (make) => {
    const world = new World(make)
    const requests = Array.from({ length: 17 }, (_, at) => `r${at}`)
    post(world, ...requests.map((as, at) => ({ as, at: 100 * at })))
    const call = world.open(1, { operation: 'emp.waitall', requests })
    for (let i = 0; i < 16; i++) world.send(`s${i}`, 10)
    return world.run().answerTo(call) === undefined
  },
  'emp-few-pieces-in-frame': (make) => {
    const pieces = Array.from({ length: 20 }, (_, at) => piece('tx', 10 * at, 10)).flat()
    const world = new World(make)
    world.receive('r', 200)
    world.send('s', 0, { pieces })
    return world.run().arrived(200)
  },
  'emp-table-for-all': (make) => {
    const world = new World(make, { nodes: 3, configuration: { 'emp.descriptors': 4 } })
    world.allocate(2, 'tx', 10)
    for (let i = 0; i < 4; i++) world.send(`s${i}`, 10)
    post(world.run(ms / 2), { as: 'r', from: 2 })
    world.call(2, { operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces: piece('tx', 0, 10) })
    return world.run(20 * ms).status(1, 'r') === 'done 10'
  },
  'emp-places-run-out': (make) => {
    const world = new World(make)
    for (let i = 0; i < 257; i++) {
      world.receive(`r${i}`, 10)
      world.send(`s${i}`, 10)
      world.run()
      world.status(0, `s${i}`)
    }
    return world.status(1, 'r256') === 'done 10'
  },
  'emp-strict-acknowledgement': (make) => {
    const world = new World(make, { fate: ({ type }) => (type === 2 ? [] : [delay]) }).exchange(10).run(ms / 2)
    world.deliver(world.octets(1), { 19: 10 }, 0)
    return world.status(0, 's') === 'done 10'
  },
  'emp-counters-clear': (make) => {
    const world = new World(make, { fate: nothing }).exchange(10)
    const counts = [0, 1].map(() => {
      world.deliver(world.octets(0), { 17: 9 })
      return world.counted('unknown-type')
    })
    return counts.join(' ') === '1 2'
  },
  'emp-testall-for-good': (make) => {
    const world = oneTruncated(make)
    world.send('s2', 20, { tag: 2 })
    return world.run().call(1, { operation: 'emp.testall', requests: ['r1', 'r2'] })?.status === 'ok'
  },
  'emp-waitany-for-good': (make) => {
    const world = oneTruncated(make)
    const call = world.open(1, { operation: 'emp.waitany', requests: ['r2', 'r1'] })
    return world.run().answerTo(call)?.status === 'ok'
  },
  'emp-goes-back': (make) => {
    const configuration = { 'emp.timeout': 50 * ms, 'emp.window': 2 }
    const world = new World(make, { fate: slowCollections(), configuration }).exchange(1480 + 8 * 1488)
    return world.run().frames(1) === '0 1 2 3 4 5 6 7 8 0 1 2'
  },
  'emp-patient-midway': (make) => {
    const world = new World(make, { fate: without(4), configuration: { 'emp.retries': 2 } }).exchange(6000)
    return world.run(100 * ms).status(0, 's') === 'failed 6000'
  },
  'emp-revived': (make) => {
    const world = new World(make, { fate: acknowledgedLate, configuration: { 'emp.retries': 2 } })
      .exchange(10)
      .run(200 * ms)
    world.send('later', 10)
    const isSent = world.run().sent.some(({ type, message }) => type === 1 && message === 1)
    return !isSent && world.status(0, 's') === 'failed 10' && world.status(0, 'later') === 'failed 10'
  },
  'emp-retries-add-up': (make) => {
    const world = new World(make, { fate: nothing, configuration: { 'emp.retries': 3 } }).exchange(6000).run()
    return (
      world
        .frames(1)
        .split(' ')
        .filter((frame) => frame === '0').length === 4
    )
  },
}
