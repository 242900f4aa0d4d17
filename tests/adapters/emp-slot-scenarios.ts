// Scenarios of the mutants whose slots and lists remember too much, are looked through in a wrong order, or never join.
import { empAny } from '../../spec/vocabulary/emp.ts'
import { delay, ms, piece, World, type Fate, type Make, type Scenario } from './emp-scenario.ts'

/** What node 1 posts, at its own place in `rx`. */
interface Receive {
  readonly as: string
  readonly at?: number
  readonly bytes?: number
  readonly from?: number
  readonly tag?: number
}

/** Node 1 posts these receives, in turn. */
export function post(world: World, ...receives: readonly Receive[]): World {
  for (const { as, at = 0, bytes = 100, from = 0, tag = 5 } of receives) {
    world.call(1, { operation: 'emp.irecv', as, from, tag, pieces: piece('rx', at, bytes) })
  }
  return world
}

/** So often the first frames of node 0's messages are lost, by message. */
function losing(losses: Map<number, number>): Fate {
  return ({ type, message }) => {
    const left = type === 1 ? (losses.get(message) ?? 0) : 0
    losses.set(message, left - 1)
    return left > 0 ? [] : [delay]
  }
}

/** A world with four slots at each end. */
function fourSlots(make: Make): World {
  return new World(make, { configuration: { 'emp.descriptors': 4 } })
}

/** Seven pages, which take all four slots. */
const sevenPages = 7 * 4096

/** By the mutant that must fail it. */
export const slotScenarios: Readonly<Record<string, Scenario>> = {
  'emp-receive-by-slot': (make) => {
    const world = post(new World(make), { as: 'r1', tag: 1 }, { as: 'r2', at: 100 })
    world.send('s1', 10, { tag: 1 })
    world.run().status(1, 'r1')
    post(world, { as: 'r3', at: 200 })
    world.send('s2', 20)
    return world.run().status(1, 'r2') === 'done 20'
  },
  'emp-receive-from-last': (make) => {
    const world = post(new World(make), { as: 'r1' }, { as: 'r2', at: 100, tag: 6 }, { as: 'r3', at: 200 })
    world.send('s1', 10, { tag: 6 })
    world.send('s2', 20)
    return world.run().status(1, 'r1') === 'done 20'
  },
  'emp-chain-freed-by-message': (make) => {
    const world = fourSlots(make)
    world.receive('r1', sevenPages)
    world.send('s1', 10)
    world.run().status(1, 'r1')
    return world.receive('r2', sevenPages)?.status === 'ok'
  },
  'emp-slots-never-join': (make) => {
    const world = fourSlots(make)
    const tags = [1, 2, 3, 4]
    post(world, ...tags.map((tag) => ({ as: `r${tag}`, at: tag * 100, tag })))
    for (const tag of tags) world.send(`s${tag}`, 10, { tag })
    world.run()
    for (const tag of tags) world.status(1, `r${tag}`)
    return world.receive('long', sevenPages)?.status === 'ok'
  },
  'emp-cancels-next-in-slot': (make) => {
    const world = new World(make).exchange(10).run()
    world.call(1, { operation: 'emp.cancel', request: 'r' })
    world.status(1, 'r')
    return post(world, { as: 'r2' }).run().status(1, 'r2') === 'pending'
  },
  'emp-stays-truncated': (make) => {
    const world = new World(make)
    world.receive('r1', 10)
    world.send('s1', 20)
    const first = world.run().status(1, 'r1')
    post(world, { as: 'r2' })
    world.send('s2', 20)
    return first === 'truncated 20' && world.run().status(1, 'r2') === 'done 20'
  },
  'emp-timeout-left-over': (make) => {
    const losses = new Map([
      [0, 5],
      [1, 1],
    ])
    const world = new World(make, { fate: losing(losses) })
    post(world, { as: 'r1' }, { as: 'r2', at: 100 })
    world.send('s1', 10)
    const first = world.run().status(0, 's1')
    world.send('s2', 10)
    return first === 'done 10' && world.run(world.now + 10 * ms).status(0, 's2') === 'done 10'
  },
  'emp-clears-one-word': (make) => {
    const world = new World(make).exchange(60_000).run()
    for (const [node, request] of [[0, 's'] as const, [1, 'r'] as const]) world.status(node, request)
    return world.exchange(60_000).run().status(1, 'r') === 'done 60000'
  },
  'emp-stays-wild': (make) => {
    const world = post(new World(make, { nodes: 3 }), { as: 'r1', from: empAny })
    world.send('s1', 10)
    world.run().status(1, 'r1')
    post(world, { as: 'r2', from: 2 })
    world.send('s2', 10)
    return world.run(world.now + 10 * ms).status(1, 'r2') === 'pending'
  },
  'emp-looks-ahead': (make) => {
    const world = post(new World(make), { as: 'r1' }, { as: 'r2', at: 100, tag: empAny })
    world.send('s1', 10)
    world.run().send('s2', 20, { tag: 6 })
    world.run().status(1, 'r2')
    post(world, { as: 'r3', at: 200, tag: 9 })
    world.send('s3', 30)
    return world.run(world.now + 10 * ms).status(1, 'r3') === 'pending'
  },
}
