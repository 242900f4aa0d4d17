// Scenarios of the mutants of what MPI adds: several requests at once, wildcards, cancelling, probing; and of giving up.
import { empAny } from '../../spec/vocabulary/emp.ts'
import { delay, lose, ms, nothing, piece, World, type Fate, type Make, type Scenario } from './emp-scenario.ts'

/** A world in which node 1 has posted `r1`, `r2` and `r3` for tags 1, 2 and 3, and the tags named were sent. */
function threeReceives(make: Make, ...sent: readonly number[]): World {
  const world = new World(make)
  for (const tag of [1, 2, 3]) world.receive(`r${tag}`, 10, { tag, pieces: piece('rx', 100 * tag, 10) })
  for (const tag of sent) world.send(`s${tag}`, 10, { tag })
  return world.run()
}

/** What a call about several requests of node 1 answered: the status, and the requests that it named. */
function answered(world: World, operation: 'emp.testall' | 'emp.waitany', ...requests: readonly string[]): string {
  const answer = world.call(1, { operation, requests })
  const named = answer?.completions?.map(({ request }) => request) ?? []
  return [answer?.status ?? 'open', ...named].join(' ')
}

/** What a wait for any of `requests`, which is opened first, answers when messages with these tags have come. */
function waitedAny(make: Make, requests: readonly string[], ...tags: readonly number[]): string {
  const world = threeReceives(make)
  const id = world.open(1, { operation: 'emp.waitany', requests })
  for (const tag of tags) {
    world.send(`s${tag}`, 10, { tag })
    world.run()
  }
  const answer = world.answerTo(id)
  return answer ? (answer.completions ?? []).map(({ request }) => request).join(' ') : 'open'
}

/** Posts a receive of node 1 for what may be any. */
function receiveAny(world: World, as: string, { from = 0, tag = 5, at = 0 }): void {
  world.call(1, { operation: 'emp.irecv', as, from, tag, pieces: piece('rx', at, 100) })
}

/** Outcome, octets, node and tag of a request of node 1. */
function completion(world: World, request: string): string {
  const answer = world.call(1, { operation: 'emp.test', request })
  const [seen] = answer?.completions ?? []
  return seen ? `${seen.outcome} ${seen.bytes} of ${seen.peer} tag ${seen.tag}` : (answer?.status ?? 'open')
}

function probed(world: World, { from = 0, tag = 5 } = {}): string {
  const answer = world.call(1, { operation: 'emp.probe', from, tag })
  return answer?.message ? `${answer.message.bytes} tag ${answer.message.tag}` : (answer?.status ?? 'open')
}

function cancelled(world: World, node: number, request: string): string {
  return world.call(node, { operation: 'emp.cancel', request })?.status ?? 'open'
}

/** What becomes of a send that nobody answers, with so many retransmissions allowed. */
function unanswered(make: Make, retries: number, { until = 1000 * ms, fate = nothing } = {}): World {
  const world = new World(make, { fate, nodes: 3, configuration: { 'emp.retries': retries, 'emp.timeout-cap': ms } })
  world.send('s', 10)
  return world.run(until)
}

/** Of two collections of one frame each the first transmission is lost. */
const eachOnce: Fate = ({ ordinal }) => (ordinal === 0 || ordinal === 3 ? [] : [delay])

const first: Fate = ({ ordinal }) => (ordinal === 0 ? [] : [delay])

export const mpiScenarios: Readonly<Record<string, Scenario>> = {
  'emp-testall-sees-some': (make) => {
    const world = threeReceives(make, 2)
    return answered(world, 'emp.testall', 'r1', 'r2') === 'pending' && world.status(1, 'r2') === 'done 10'
  },
  'emp-testall-looks-at-first': (make) => answered(threeReceives(make, 1), 'emp.testall', 'r1', 'r2') === 'pending',
  'emp-testall-in-slot-order': (make) => answered(threeReceives(make, 1, 2), 'emp.testall', 'r2', 'r1') === 'ok r2 r1',
  'emp-testall-tests-any': (make) => answered(threeReceives(make, 2), 'emp.testall', 'r1', 'r2') === 'pending',
  'emp-waitany-waits-for-all': (make) => waitedAny(make, ['r1', 'r2', 'r3'], 2) === 'r2',
  'emp-waitany-waits-for-first': (make) => waitedAny(make, ['r1', 'r2'], 2, 1) === 'r2',
  'emp-waitany-waits-for-last': (make) => waitedAny(make, ['r1', 'r2', 'r3'], 1, 2) === 'r1',
  'emp-waitany-names-all': (make) => answered(threeReceives(make, 1, 2), 'emp.waitany', 'r1', 'r2').length === 5,
  'emp-waitany-forgets-others': (make) => {
    const world = threeReceives(make, 1, 2)
    const named = answered(world, 'emp.waitany', 'r1', 'r2').slice(3)
    return world.status(1, named === 'r1' ? 'r2' : 'r1') === 'done 10'
  },
  'emp-waitany-sees-none': (make) => {
    const world = threeReceives(make, 1, 2)
    return world.status(1, answered(world, 'emp.waitany', 'r1', 'r2').slice(3)) === 'invalid'
  },
  'emp-any-node-matches-none': (make) => {
    const world = new World(make)
    receiveAny(world, 'r', { from: empAny })
    world.send('s', 10)
    return world.run().status(1, 'r') === 'done 10'
  },
  'emp-any-tag-matches-none': (make) => {
    const world = new World(make)
    receiveAny(world, 'r', { tag: empAny })
    world.send('s', 10)
    return world.run().status(1, 'r') === 'done 10'
  },
  'emp-any-tag-takes-any-node': (make) => {
    const world = new World(make, { nodes: 3 })
    receiveAny(world, 'r', { from: 2, tag: empAny })
    world.send('s', 10)
    return world.run(10 * ms).status(1, 'r') === 'pending'
  },
  'emp-any-node-takes-any-tag': (make) => {
    const world = new World(make)
    receiveAny(world, 'r', { from: empAny, tag: 6 })
    world.send('s', 10)
    return world.run(10 * ms).status(1, 'r') === 'pending'
  },
  'emp-reports-wildcard': (make) => {
    const world = new World(make)
    receiveAny(world, 'r', { from: empAny, tag: empAny })
    world.send('s', 10)
    return completion(world.run(), 'r').endsWith('of 0 tag 5')
  },
  'emp-exact-receive-first': (make) => {
    const world = new World(make)
    receiveAny(world, 'wide', { tag: empAny })
    receiveAny(world, 'narrow', { at: 200 })
    world.send('s', 10)
    return world.run().status(1, 'narrow') === 'pending' && world.status(1, 'wide') === 'done 10'
  },
  'emp-wildcard-not-held': (make) => {
    const world = new World(make, { fate: lose(0) })
    receiveAny(world, 'r', { tag: empAny })
    world.send('s', 10)
    world.send('later', 20, { tag: 6 })
    return world.run(10 * ms).status(1, 'r') === 'done 10'
  },
  'emp-wildcard-takes-latest': (make) => {
    const world = new World(make)
    world.send('s', 10)
    world.send('later', 20, { tag: 6 })
    world.run(ms)
    receiveAny(world, 'r', { tag: empAny })
    return world.run(20 * ms).status(1, 'r') === 'done 10'
  },
  'emp-wildcard-looks-ahead-only': (make) => {
    const world = new World(make)
    world.send('s', 10)
    world.run(ms)
    receiveAny(world, 'r', { from: empAny })
    return world.run().status(1, 'r') === 'done 10'
  },
  'emp-cancel-ignored': (make) => {
    const world = new World(make)
    world.receive('r', 10)
    cancelled(world, 1, 'r')
    return world.run().status(1, 'r') !== 'pending'
  },
  'emp-cancel-keeps-posted': (make) => {
    const world = new World(make)
    world.receive('r', 10)
    cancelled(world, 1, 'r')
    world.send('s', 10)
    return world.run(10 * ms).status(0, 's') === 'pending'
  },
  'emp-cancels-taken': (make) => {
    const world = new World(make, { fate: lose(2) }).exchange(4456).run(ms / 4)
    cancelled(world, 1, 'r')
    return world.run().status(1, 'r') === 'done 4456'
  },
  'emp-cancels-oldest': (make) => {
    const world = new World(make)
    world.receive('older', 10)
    world.receive('r', 10, { pieces: piece('rx', 200, 10) })
    cancelled(world, 1, 'r')
    world.send('s', 10)
    return world.run(10 * ms).status(1, 'older') === 'done 10'
  },
  'emp-cancels-done': (make) => {
    const world = new World(make).exchange(10).run()
    cancelled(world, 1, 'r')
    return world.run().status(1, 'r') === 'done 10'
  },
  'emp-cancel-keeps-slots': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 1 } })
    world.receive('r', 10)
    cancelled(world, 1, 'r')
    world.run().status(1, 'r')
    return world.receive('again', 10)?.status === 'ok'
  },
  'emp-cancel-accepts-sends': (make) => {
    const world = new World(make)
    world.send('s', 10)
    return cancelled(world, 0, 's') === 'invalid'
  },
  'emp-cancel-accepts-gone': (make) => {
    const world = new World(make).exchange(10).run()
    world.status(1, 'r')
    return cancelled(world, 1, 'r') === 'invalid'
  },
  'emp-cancelled-as-done': (make) => {
    const world = new World(make)
    world.receive('r', 10)
    cancelled(world, 1, 'r')
    return !world.run().status(1, 'r').startsWith('done')
  },
  'emp-probe-finds-once': (make) => {
    const world = new World(make)
    world.send('s', 10)
    world.run(ms)
    return probed(world) === probed(world)
  },
  'emp-probe-ignores-tag': (make) => {
    const world = new World(make)
    world.send('s', 10)
    return probed(world.run(ms), { tag: 6 }) === 'pending'
  },
  'emp-probe-ignores-node': (make) => {
    const world = new World(make, { nodes: 3 })
    world.send('s', 10)
    return probed(world.run(ms), { from: 2 }) === 'pending'
  },
  'emp-probe-frame-length': (make) => {
    const world = new World(make)
    world.send('s', 4456)
    const found = probed(world.run(ms))
    return found === 'pending' || found === '4456 tag 5'
  },
  'emp-probe-finds-nothing': (make) => {
    const world = new World(make)
    world.send('s', 10)
    return probed(world.run(ms)) === '10 tag 5'
  },
  'emp-probe-finds-latest': (make) => {
    const world = new World(make)
    world.send('s', 10)
    world.send('later', 20)
    const found = probed(world.run(ms))
    return found === 'pending' || found === '10 tag 5'
  },
  'emp-probe-finds-taken': (make) => {
    const world = new World(make, { fate: lose(2) }).exchange(4456).run(ms / 4)
    return probed(world) === 'pending'
  },
  'emp-probe-finds-held-back': (make) => {
    const world = new World(make, { fate: first })
    world.send('s', 10)
    world.send('later', 20)
    return probed(world.run(ms / 4)) === 'pending'
  },
  'emp-probe-takes': (make) => {
    const world = new World(make)
    world.send('s', 10)
    probed(world.run(ms))
    world.receive('r', 10)
    return world.run(20 * ms).status(1, 'r') === 'done 10'
  },
  'emp-gives-up-early': (make) => unanswered(make, 2).frames(1).length >= 5,
  'emp-gives-up-late': (make) => unanswered(make, 2).frames(1).length <= 5,
  'emp-never-gives-up': (make) => unanswered(make, 2).status(0, 's').startsWith('failed'),
  'emp-limit-of-its-own': (make) => unanswered(make, 0).status(0, 's') === 'pending',
  'emp-retries-count-on': (make) => {
    const configuration = { 'emp.retries': 1, 'emp.collection': 1, 'emp.window': 1 }
    return new World(make, { fate: eachOnce, configuration }).exchange(2000).run().status(0, 's') === 'done 2000'
  },
  'emp-fails-one-send': (make) => {
    const world = new World(make, { fate: nothing, configuration: { 'emp.retries': 3, 'emp.timeout-cap': ms } })
    world.send('s', 10)
    world.now = ms / 2
    world.send('other', 10)
    world.run(20 * ms, () => world.events.length === 0)
    return world.events.length !== 1
  },
  'emp-tries-given-up-peer': (make) => {
    const world = unanswered(make, 2)
    const before = world.frames(1)
    world.send('late', 10)
    return world.frames(1) === before
  },
  'emp-gives-all-up': (make) => {
    const world = unanswered(make, 2)
    const before = world.frames(1)
    world.send('elsewhere', 10, { to: 2 })
    return !world.status(0, 's').startsWith('failed') || world.frames(1) !== before
  },
  'emp-failed-as-done': (make) => !unanswered(make, 2).status(0, 's').startsWith('done'),
  'emp-timer-after-giving-up': (make) => {
    const world = unanswered(make, 2)
    return !world.status(0, 's').startsWith('failed') || world.endpoints[0]?.wakeAt === undefined
  },
}
