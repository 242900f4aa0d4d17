// Scenarios of the mutants that learnt of wildcards, probes and cancels later.
import type { Return } from '../../spec/vocabulary/calls.ts'
import { empAny } from '../../spec/vocabulary/emp.ts'
import { delay, ms, piece, World, type Fate, type Scenario } from './emp-scenario.ts'
import { post } from './emp-slot-scenarios.ts'

/** Node 2 sends `bytes` octets of its own `tx` to node 1. */
function sendFromThird(world: World, bytes: number, tag: number): World {
  world.call(2, { operation: 'emp.isend', as: 's', to: 1, tag, pieces: piece('tx', 0, bytes) })
  return world
}

function probe(world: World, from: number, tag: number): Return | undefined {
  return world.call(1, { operation: 'emp.probe', from, tag })
}

/** Node 0's data behind its first frame is late. */
const tailLate: Fate = ({ from, type, frame }) => [from === 0 && type === 1 && frame > 0 ? 30 * delay : delay]

/** By the mutant that must fail it. */
export const laterScenarios: Readonly<Record<string, Scenario>> = {
  'emp-any-node-behind-any-tag': (make) => {
    const world = post(new World(make), { as: 'r1', from: empAny }, { as: 'r2', at: 100, tag: empAny })
    world.send('s', 10)
    return world.run().status(1, 'r1') === 'done 10'
  },
  'emp-mixes-nodes': (make) => {
    const world = new World(make, { nodes: 3, fate: tailLate })
    world.allocate(2, 'tx', 4000, { kind: 'prng', seed: 8 })
    post(world, { as: 'r1', from: empAny, bytes: 4000 }, { as: 'r2', from: 2, tag: 6, at: 4000, bytes: 4000 })
    world.send('s', 4000)
    sendFromThird(world.run(2 * delay), 4000, 6).run()
    return world.arrived(4000) && world.digest(1, 'rx', 4000, 4000) === world.digest(2, 'tx', 0, 4000)
  },
  'emp-probe-by-node': (make) => {
    const world = new World(make, { nodes: 3 })
    world.allocate(2, 'tx', 10)
    sendFromThird(world, 10, 5).run(ms)
    world.send('s', 20)
    const found = probe(world.run(2 * ms), empAny, 5)?.message?.bytes
    return (
      post(world, { as: 'r', from: empAny })
        .run(10 * ms)
        .status(1, 'r') === `done ${found}`
    )
  },
  'emp-keeps-found': (make) => {
    const world = new World(make)
    world.send('s1', 10, { tag: 9 })
    world.send('s2', 20, { tag: 3 })
    probe(world.run(ms), 0, 3)
    return (
      post(world, { as: 'r', tag: empAny })
        .run(10 * ms)
        .status(1, 'r') === 'done 10'
    )
  },
  'emp-reserves-for-held': (make) => {
    const world = new World(make, { fate: ({ type, message }) => (type === 1 && message === 0 ? [] : [delay]) })
    post(world, { as: 'r' })
    world.send('early', 10, { tag: 6 })
    world.send('held', 10)
    world.run(ms).call(1, { operation: 'emp.cancel', request: 'r' })
    return world.status(1, 'r') === 'cancelled 0'
  },
  'emp-empty-as-posted': (make) => {
    const world = post(new World(make), { as: 'r', from: empAny, tag: empAny })
    world.send('s', 0)
    const answer = world.run().call(1, { operation: 'emp.test', request: 'r' })
    const completion = answer?.completions?.[0]
    return completion?.peer === 0 && completion.tag === 5
  },
}
