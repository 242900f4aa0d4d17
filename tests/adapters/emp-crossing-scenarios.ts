// Scenarios of the mutants that go wrong where two things meet, and of those that give up too much with a peer.
import { empAny } from '../../spec/vocabulary/emp.ts'
import { delay, lose, ms, nothing, piece, World, type Fate, type Make, type Scenario } from './emp-scenario.ts'
import { post } from './emp-slot-scenarios.ts'

/** Two messages of 10 and of 20 octets, between which the IDs begin anew, wait at node 1. */
function waitingAtTheWrap(make: Make): World {
  const world = new World(make, { configuration: { 'emp.first-message': 0xffff_ffff } })
  world.send('s1', 10)
  world.send('s2', 20)
  return world.run(ms / 2)
}

/** A world in which a peer is given up at its second expiry, after 2.4 ms. */
function impatient(make: Make, fate: Fate): World {
  return new World(make, { fate, nodes: 3, configuration: { 'emp.retries': 1 } })
}

/** All data of node 0 is lost. */
const unheard: Fate = ({ from, type }) => (from === 0 && type === 1 ? [] : [delay])

/** For which node a frame is. */
function destination({ octets }: Parameters<Fate>[0]): number {
  return octets[5] ?? -1
}

/** All data for node 1 is lost, and the first frame for node 2. */
function firstForOtherLost(): Fate {
  let isLost = false
  return (frame) => {
    if (destination(frame) === 1) return []
    if (destination(frame) !== 2 || isLost) return [delay]
    isLost = true
    return []
  }
}

/** Both nodes get this collection size. */
function configure(world: World, collection: number): void {
  for (const node of [0, 1]) world.call(node, { operation: 'emp.configure', collection })
}

/** By the mutant that must fail it. */
export const crossingScenarios: Readonly<Record<string, Scenario>> = {
  'emp-late-fits': (make) => {
    const world = new World(make)
    world.send('s', 20)
    world.run(ms).receive('r', 10)
    return world.run().status(1, 'r') === 'truncated 20'
  },
  'emp-truncated-as-posted': (make) => {
    const world = post(new World(make), { as: 'r', from: empAny, tag: empAny, bytes: 10 })
    world.send('s', 20)
    const completion = world.run().call(1, { operation: 'emp.test', request: 'r' })?.completions?.[0]
    return completion?.peer === 0 && completion.tag === 5
  },
  'emp-waits-in-plain-order': (make) => {
    const world = waitingAtTheWrap(make)
    world.receive('r', 100)
    return world.run(world.now + 10 * ms).status(1, 'r') === 'done 10'
  },
  'emp-probes-in-plain-order': (make) => {
    const found = waitingAtTheWrap(make).call(1, { operation: 'emp.probe', from: 0, tag: 5 })
    return found?.message?.bytes === 10
  },
  'emp-empty-acknowledged-once': (make) =>
    new World(make, { fate: lose(1) }).exchange(0).run().status(0, 's') === 'done 0',
  'emp-own-takes-id': (make) => {
    const world = new World(make)
    world.call(0, { operation: 'emp.irecv', as: 'r', from: 0, tag: 5, pieces: piece('tx', 100, 10) })
    world.send('own', 10, { to: 0 })
    world.send('s', 10)
    return world.sent.every(({ message }) => message === 0)
  },
  'emp-configures-once': (make) => {
    const world = new World(make)
    configure(world, 5)
    configure(world, 2)
    return world.exchange(4000).run().frames(2) === '1 2'
  },
  'emp-cancel-places-run-out': (make) => {
    const world = new World(make)
    for (let i = 0; i < 17; i++) {
      post(world, { as: `r${i}` })
      world.call(1, { operation: 'emp.cancel', request: `r${i}` })
    }
    return world.status(1, 'r16') === 'cancelled 0'
  },
  'emp-fails-receives-for-any': (make) => {
    const world = impatient(make, nothing)
    world.call(0, { operation: 'emp.irecv', as: 'r', from: empAny, tag: 5, pieces: piece('tx', 100, 10) })
    world.send('s', 10)
    return world.run().status(0, 's') === 'failed 10' && world.status(0, 'r') === 'pending'
  },
  'emp-deaf-to-given-up': (make) => {
    const world = impatient(make, unheard)
    world.call(0, { operation: 'emp.irecv', as: 'r', from: 1, tag: 5, pieces: piece('tx', 100, 10) })
    world.send('s', 10)
    world.run().call(1, { operation: 'emp.isend', as: 'back', to: 0, tag: 5, pieces: piece('rx', 0, 10) })
    return world.run(world.now + 10 * ms).status(0, 'r') === 'done 10'
  },
  'emp-giving-up-stops-timers': (make) => {
    const world = impatient(make, firstForOtherLost())
    world.send('lost', 10)
    world.run(2.2 * ms)
    world.now = 2.2 * ms
    world.send('s', 10, { to: 2 })
    return world.run(10 * ms).sent.filter((frame) => destination(frame) === 2).length > 1
  },
  'emp-failure-wakes-one': (make) => {
    const world = impatient(make, nothing)
    world.send('s1', 10)
    world.send('s2', 10)
    const waiting = world.open(0, { operation: 'emp.wait', request: 's2' })
    return world.run().answerTo(waiting)?.status === 'ok'
  },
}
