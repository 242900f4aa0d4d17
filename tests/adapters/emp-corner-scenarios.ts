// Scenarios of the mutants that go wrong where two features or two peers meet, or by what is left of an earlier message.
import { empAny } from '../../spec/vocabulary/emp.ts'
import { delay, lose, ms, piece, World, type Fate, type Make, type Scenario } from './emp-scenario.ts'

/** Posts a receive of node 1 for what may be any. */
function receiveFrom(world: World, as: string, { from = 0, tag = 5 }): void {
  world.call(1, { operation: 'emp.irecv', as, from, tag, pieces: piece('rx', 0, 10) })
}

/** Node 0's messages with the first ID are lost. */
const firstLost: Fate = ({ octets, type, message }) => (octets[11] === 0 && type === 1 && message === 0 ? [] : [delay])

/** Node 0 has sent two messages, of which the first one, for tag 6, never arrives. */
function heldBack(make: Make): World {
  const world = new World(make, { nodes: 3, fate: firstLost })
  world.allocate(2, 'tx', 10)
  world.send('early', 10, { tag: 6 })
  world.send('held', 10)
  return world.run(ms / 2)
}

function sendFromThird(world: World): void {
  world.call(2, { operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces: piece('tx', 0, 10) })
}

/** Eight pieces of ten octets each, which take a list. */
function listed(buffer: string, from: number) {
  return Array.from({ length: 8 }, (_, at) => piece(buffer, from + 20 * at, 10)).flat()
}

/** Node 0 says of `request` whether it is done, which frees its slot. */
function exchanged(world: World, request: string): string {
  return world.run().status(0, request)
}

/** By the mutant that must fail it. */
export const cornerScenarios: Readonly<Record<string, Scenario>> = {
  'emp-own-from-stack': (make) => {
    const world = new World(make)
    world.send('s1', 10, { to: 0 })
    world.send('s2', 20, { to: 0 })
    world.run(ms / 2)
    for (const [as, offset] of [['r1', 100] as const, ['r2', 200] as const]) {
      world.call(0, { operation: 'emp.irecv', as, from: 0, tag: 5, pieces: piece('tx', offset, 20) })
    }
    return world.run().status(0, 'r1') === 'done 10'
  },
  'emp-looks-at-first-header': (make) => {
    const world = heldBack(make)
    sendFromThird(world)
    world.run(0.6 * ms)
    receiveFrom(world, 'r', { from: empAny })
    return world.run(10 * ms).status(1, 'r') === 'done 10'
  },
  'emp-held-by-others': (make) => {
    const world = heldBack(make)
    receiveFrom(world, 'r', { from: 2 })
    sendFromThird(world)
    return world.run(10 * ms).status(1, 'r') === 'done 10'
  },
  'emp-acknowledged-by-any': (make) => {
    const world = new World(make, { nodes: 3 })
    world.allocate(2, 'rx', 10)
    world.send('silent', 10)
    world.call(2, { operation: 'emp.irecv', as: 'r', from: 0, tag: 5, pieces: piece('rx', 0, 10) })
    world.send('s', 10, { to: 2 })
    return world.run(ms / 2).status(0, 's') === 'done 10'
  },
  'emp-withdraws-exact': (make) => {
    const world = new World(make)
    receiveFrom(world, 'r', { tag: empAny })
    world.call(1, { operation: 'emp.cancel', request: 'r' })
    return world.status(1, 'r') === 'cancelled 0'
  },
  'emp-withdraws-by-swap': (make) => {
    const world = new World(make)
    for (const [as, tag] of [['gone', 6] as const, ['older', 5] as const, ['younger', 5] as const]) {
      receiveFrom(world, as, { tag })
    }
    world.call(1, { operation: 'emp.cancel', request: 'gone' })
    world.send('s', 10)
    return world.run().status(1, 'older') === 'done 10'
  },
  'emp-wait-ends-at-failure': (make) => {
    const configuration = { 'emp.retries': 1, 'emp.timeout-cap': ms }
    const world = new World(make, { nodes: 3, configuration })
    world.call(0, { operation: 'emp.irecv', as: 'never', from: 2, tag: 5, pieces: piece('tx', 0, 10) })
    world.send('lost', 10)
    const id = world.open(0, { operation: 'emp.waitall', requests: ['lost', 'never'] })
    world.run(100 * ms)
    return world.answerTo(id) === undefined
  },
  'emp-retries-left-over': (make) => {
    const world = new World(make, { fate: lose(0, 1, 4, 5), configuration: { 'emp.retries': 3 } }).exchange(10)
    const first = exchanged(world, 's')
    world.receive('r2', 10)
    world.send('s2', 10)
    return first === 'done 10' && exchanged(world, 's2') === 'done 10'
  },
  'emp-one-alarm': (make) => {
    const world = new World(make, { fate: lose(5) })
    world.send('early', 10, { tag: 6 })
    world.run(20 * ms).exchange(10)
    world.run(22 * ms)
    return world.status(1, 'r') === 'done 10'
  },
  'emp-keeps-lists': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 1 } })
    for (const [nth, from] of [0, 200].entries()) {
      world.receive(`r${nth}`, 80, { pieces: listed('rx', from) })
      world.send(`s${nth}`, 80)
      exchanged(world, `s${nth}`)
      world.status(1, `r${nth}`)
    }
    return world.digest(1, 'rx', 200, 10) === world.digest(0, 'tx', 0, 10)
  },
}
