// Each mutant of the EMP reference that needs no race shows its fault in a scenario of its own, and the reference does not.
import { test } from 'tap'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { makeMutantEndpoint, mutants as all } from '../../adapters/mutants/catalogue.ts'
import { mutantsOf, withViaParts } from '../../adapters/mutants/mutant.ts'
import { EmpEndpoint } from '../../reference/emp/endpoint.ts'
import { noResource } from '../../reference/via/answers.ts'
import { NicCalls } from '../../reference/via/nic-calls.ts'
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import { crossingScenarios } from './emp-crossing-scenarios.ts'
import { cornerScenarios } from './emp-corner-scenarios.ts'
import { laterScenarios } from './emp-later-scenarios.ts'
import { mpiScenarios } from './emp-mpi-scenarios.ts'
import { narrowScenarios } from './emp-narrow-scenarios.ts'
import { smallScenarios } from './emp-small-scenarios.ts'
import { slotScenarios } from './emp-slot-scenarios.ts'
import { delay, lose, ms, nothing, piece, World, type Fate, type Make, type Scenario } from './emp-scenario.ts'

const mutants = all.filter((mutant) => mutant.interface === 'emp' && mutant.revealedBy === undefined)
const mutantNames = mutants.map(({ name }) => name)

const seven = 1480 + 6 * 1488
/** Whether the longest message is refused if it begins in the middle of a page. */
function oneTooLong(make: Make): boolean {
  const world = new World(make)
  const bytes = 409 * 4096
  world.allocate(1, 'long', bytes, { offset: 1 })
  return world.receive('long', bytes, { pieces: piece('long', 0, bytes) })?.status === 'too-many-pieces'
}

/** A world in which `r` is posted, and the addresses for another receive are awaited. */
function translating(make: Make): World {
  const world = new World(make, { configuration: { 'emp.translation': ms / 10 } })
  world.receive('r', 10)
  world.run(ms / 5).receive('long', 60_000, { tag: 6 })
  return world
}

/** By the mutant that must fail it. */
const scenarios: Readonly<Record<string, Scenario>> = {
  'emp-header-in-every-frame': (make) => {
    const world = new World(make).exchange(3000).run()
    return world.octets(1)[18] === 1488 >> 8 && world.octets(1)[19] === (1488 & 0xff)
  },
  'emp-short-frames': (make) => new World(make).exchange(3000).run().octets(0).length === 1514,
  'emp-zero-length-lost': (make) => new World(make).exchange(0).run().status(1, 'r') === 'done 0',
  'emp-accepts-malformed': (make) => {
    const longer = new World(make, { fate: nothing }).exchange(10)
    longer.deliver(longer.octets(0), { 19: 9 })
    const beyond = new World(make, { fate: nothing }).exchange(3000)
    for (const patches of [{}, { 25: 9 }]) beyond.deliver(beyond.octets(0), patches)
    beyond.deliver(beyond.octets(1), { 25: 9 })
    return longer.status(1, 'r') === 'pending' && longer.counted('malformed') === 1 && beyond.counted('malformed') === 2
  },
  'emp-trusts-sender': (make) => {
    const world = new World(make, { fate: nothing }).exchange(10)
    world.deliver(world.octets(0), { 11: 9 })
    return world.status(1, 'r') === 'pending' && world.counted('wrong-sender') === 1
  },
  'emp-delivers-padding': (make) => {
    const world = new World(make)
    const before = world.digest(1, 'rx', 10, 100)
    world.receive('r', 110)
    world.send('s', 10)
    return world.run().digest(1, 'rx', 10, 100) === before && world.status(1, 'r') === 'done 10'
  },
  'emp-acks-every-frame': (make) => new World(make).exchange(seven).run().frames(2) === '2 5 6',
  'emp-acks-early': (make) => {
    const world = new World(make, { fate: lose(1) }).exchange(4456).run(ms / 2)
    return world.frames(2) === '' && world.status(0, 's') === 'pending'
  },
  'emp-acks-first-frame': (make) => new World(make).exchange(1481).run().frames(2) === '1',
  'emp-no-reack': (make) => {
    const whole = new World(make, { fate: lose(1) }).exchange(10).run()
    const unfinished = new World(make, { fate: ({ frame, type }) => (frame === 2 && type === 2 ? [] : [delay]) })
    unfinished.receive('r', 6000)
    unfinished.send('s', 6000)
    return (
      whole.status(0, 's') === 'done 10' &&
      unfinished
        .run(20 * ms)
        .frames(2)
        .startsWith('2 4')
    )
  },
  'emp-drops-out-of-order': (make) => {
    return (
      new World(make, { fate: ({ frame, type }) => (type === 1 && frame === 1 ? [5 * delay] : [delay]) })
        .exchange(4456)
        .run(ms / 2)
        .status(1, 'r') === 'done 4456'
    )
  },
  'emp-accepts-unexpected': (make) => {
    const world = new World(make)
    world.send('s', 4456)
    return world.run(10 * ms).frames(2) === '' && world.status(0, 's') === 'pending'
  },
  'emp-done-on-first-ack': (make) => {
    return (
      new World(make, { fate: ({ frame, type }) => (type === 2 && frame === 5 ? [] : [delay]) })
        .exchange(seven)
        .run(ms / 2)
        .status(0, 's') === 'pending'
    )
  },
  'emp-no-retransmit': (make) => new World(make, { fate: lose(0) }).exchange(10).run().status(1, 'r') === 'done 10',
  'emp-resends-everything': (make) =>
    new World(make, { fate: lose(4) }).exchange(seven).run().frames(1) === '0 1 2 3 4 5 6 3 4 5',
  'emp-timer-left-armed': (make) => new World(make).exchange(seven).run(ms / 2).endpoints[0]?.wakeAt === undefined,
  'emp-no-back-off': (make) => {
    const world = new World(make)
    world.send('s', 10)
    return world.run(7 * ms).frames(1) === '0 0 0 0'
  },
  'emp-cap-overshoots': (make) => {
    const world = new World(make, { configuration: { 'emp.timeout-cap': ms } })
    world.send('s', 10)
    return world.run(7 * ms).sent.length === 8
  },
  'emp-no-timeout-reset': (make) => {
    // The first collection arrives at its fifth attempt, the second at its seventh.
    const losses = new Map([
      [1, 4],
      [4, 6],
    ])
    const fate: Fate = ({ frame, type }) => {
      const left = type === 1 ? (losses.get(frame) ?? 0) : 0
      losses.set(frame, left - 1)
      return left > 0 ? [] : [delay]
    }
    return (
      new World(make, { fate, configuration: { 'emp.timeout': ms } })
        .exchange(6000)
        .run(50 * ms)
        .status(1, 'r') === 'done 6000'
    )
  },
  'emp-ignores-window': (make) => {
    const world = new World(make)
    world.send('s', 40_000)
    return world.sent.length === 12
  },
  'emp-short-tail-forgotten': (make) => {
    const world = new World(make, { fate: lose(3) }).exchange(1480 + 3 * 1488).run()
    return world.status(1, 'r') === 'done 5944'
  },
  'emp-sends-hidden-copy': (make) => {
    const world = new World(make, { fate: lose(0) }).exchange(10)
    const at = { buffer: 'tx', offset: 0, bytes: 10 }
    world.call(0, { operation: 'memory.write', at, fill: { kind: 'const', seed: 9 } })
    return world.run().arrived(10)
  },
  'emp-ids-global': (make) => {
    const world = new World(make, { nodes: 3 })
    world.send('s', 10)
    world.send('other', 10, { to: 2 })
    return world.sent.every(({ message }) => message === 0)
  },
  'emp-plain-id-compare': (make) => {
    const world = new World(make, { configuration: { 'emp.first-message': 0xffff_ffff } })
    return (
      world.exchange(10).run().status(1, 'r') + world.status(0, 's') + world.exchange(20).run().status(1, 'r') ===
      'done 10done 10done 20'
    )
  },
  'emp-receive-lifo': (make) => {
    const world = new World(make)
    for (const as of ['r', 'younger']) world.receive(as, 10)
    world.send('s', 10)
    return world.run().status(1, 'younger') === 'pending' && world.status(1, 'r') === 'done 10'
  },
  'emp-ignores-tag': (make) => {
    const world = new World(make)
    world.receive('r', 10, { tag: 6 })
    world.send('s', 10)
    return world.run(10 * ms).status(1, 'r') === 'pending'
  },
  'emp-overtakes': (make) => {
    const world = new World(make, { fate: lose(0) })
    for (const [as, bytes] of [
      ['a', 10],
      ['b', 20],
    ] as const) {
      world.receive(as, 60)
      world.send(`s${as}`, bytes)
    }
    return world.run().status(1, 'a') === 'done 10'
  },
  'emp-blocks-across-tags': (make) => {
    const world = new World(make)
    world.send('early', 10, { tag: 6 })
    return (
      world
        .exchange(10)
        .run(10 * ms)
        .status(1, 'r') === 'done 10'
    )
  },
  'emp-forgets-waiting': (make) => {
    const world = new World(make)
    world.send('s', 10)
    world.run(ms).receive('r', 10)
    return world.run().status(1, 'r') === 'done 10'
  },
  'emp-duplicate-delivery': (make) => {
    const world = new World(make).exchange(10).run()
    world.receive('again', 10)
    world.deliver(world.octets(0))
    return world.status(1, 'again') === 'pending'
  },
  'emp-counts-duplicates': (make) => {
    return (
      new World(make, { fate: ({ frame, type }) => (type === 1 && frame === 2 ? [] : [delay, delay]) })
        .exchange(4456)
        .run(5 * ms)
        .status(1, 'r') === 'pending'
    )
  },
  'emp-done-before-data': (make) => {
    const world = new World(make).exchange(4456)
    return world.run(ms, () => world.events.length === 0).arrived(4456) && world.status(1, 'r') === 'done 4456'
  },
  'emp-reports-posted-length': (make) => {
    const world = new World(make)
    world.receive('r', 20)
    world.send('s', 10)
    return world.run().status(1, 'r') === 'done 10'
  },
  'emp-writes-past-buffer': (make) => {
    const world = new World(make)
    world.allocate(1, 'small', 10)
    world.receive('r', 10, { pieces: piece('small', 0, 10) })
    world.send('s', 20)
    return world.run().call(1, { operation: 'memory.guards', buffer: 'small' })?.damaged === null
  },
  'emp-truncation-hangs': (make) => {
    const world = new World(make)
    world.receive('r', 10)
    world.send('s', 20)
    return world.run().status(1, 'r') === 'truncated 20'
  },
  'emp-scatter-first-piece': (make) => {
    const world = new World(make)
    world.receive('r', 30, { pieces: [...piece('rx', 0, 10), ...piece('rx', 10, 20)] })
    world.send('s', 30)
    return world.run().arrived(30)
  },
  'emp-descriptor-freed-early': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 1 } }).exchange(10).run()
    return world.send('more', 10)?.status === 'no-descriptor' && world.status(0, 's') === 'done 10'
  },
  'emp-descriptor-leak': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 1 } }).exchange(10).run()
    return world.status(0, 's') === 'done 10' && world.send('more', 10)?.status === 'ok'
  },
  'emp-chain-never': (make) => {
    const gathered = new World(make)
    gathered.receive('r', 100)
    gathered.send('s', 100, { pieces: piece('tx', 4050, 100) })
    const scattered = new World(make)
    scattered.receive('r', 100, { pieces: piece('rx', 4050, 100) })
    scattered.send('s', 100)
    return (
      gathered.run().digest(1, 'rx', 0, 100) === gathered.digest(0, 'tx', 4050, 100) &&
      scattered.run().digest(1, 'rx', 4050, 100) === scattered.digest(0, 'tx', 0, 100)
    )
  },
  'emp-posts-unlocked': (make) => {
    const world = new World(make)
    world.allocate(1, 'loose', 10, { locked: false })
    return world.receive('r', 10, { pieces: piece('loose', 0, 10) })?.status === 'not-locked'
  },
  'emp-posts-untranslated': (make) =>
    new World(make, { configuration: { 'emp.translation': 1000 } }).exchange(100).run().arrived(100),
  'emp-translation-stops-nic': (make) => {
    const world = translating(make)
    world.send('s', 10)
    return world.run(ms).status(0, 's') === 'done 10'
  },
  'emp-translation-holds-calls': (make) => translating(make).status(1, 'r') === 'pending',
  'emp-wait-returns-early': (make) => {
    const world = new World(make).exchange(10)
    return world.call(1, { operation: 'emp.wait', request: 'r' }) === undefined
  },
  'emp-names-itself-once': (make) => {
    const world = new World(make).exchange(3000).run()
    return world.octets(1)[14] === 0 && world.octets(1)[15] === 0
  },
  'emp-takes-stray-acks': (make) => {
    const world = new World(make).exchange(10).run()
    world.send('other', 10, { tag: 6 })
    world.deliver(world.octets(1), {}, 0)
    return world.status(0, 's') === 'done 10' && world.status(0, 'other') === 'pending'
  },
  'emp-takes-acks-of-unsent': (make) => {
    const ofAnother = new World(make).exchange(10).run()
    const world = new World(make, { fate: nothing }).exchange(40_000)
    world.deliver(ofAnother.octets(1), { 25: 20 }, 0)
    return world.sent.length === 12
  },
  'emp-guesses-receive': (make) => {
    const world = new World(make, { fate: nothing })
    world.receive('other', 60, { tag: 6 })
    world.exchange(3000)
    world.deliver(world.octets(1))
    return world.status(1, 'other') === 'pending'
  },
  'emp-descriptor-tag-before-peer': (make) => {
    const world = new World(make)
    world.receive('r', 10, { tag: 513 })
    const octets = world.call(1, { operation: 'emp.descriptor', request: 'r' })?.octets ?? ''
    return octets.endsWith('00000201')
  },
  'emp-last-slot-unused': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 2 } })
    return ['a', 'b', 'c'].map((as) => world.receive(as, 10)?.status).join() === 'ok,ok,no-descriptor'
  },
  'emp-pool-split': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 3 } })
    return ['a', 'b', 'c', 'd'].map((as) => world.receive(as, 10)?.status).join() === 'ok,ok,ok,no-descriptor'
  },
  'emp-full-page-chained': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 5 } })
    return (
      ['a', 'b', 'c'].every((as) => world.receive(as, 4095)?.status === 'ok') &&
      ['d', 'e'].every((as) => world.receive(as, 4096)?.status === 'ok')
    )
  },
  'emp-chain-slot-per-piece': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 5 } })
    return world.receive('r', 3 * 4096)?.status === 'ok' && world.receive('more', 4 * 4096)?.status === 'ok'
  },
  'emp-chain-keeps-slots': (make) => {
    const world = new World(make, { configuration: { 'emp.descriptors': 3 } })
    return world.receive('long', 7 * 4096)?.status === 'no-descriptor' && world.receive('r', 10)?.status === 'ok'
  },
  'emp-drops-excess-pieces': (make) => {
    const bytes = Array.from({ length: 410 }, (_, at) => piece('rx', at, 1)).flat()
    const world = new World(make)
    return world.receive('r', 410, { pieces: bytes })?.status === 'too-many-pieces' && oneTooLong(make)
  },
  'emp-hands-back-twice': (make) => new World(make).exchange(10).run().events.length === 2,
  'emp-rings-late': (make) => new World(make).exchange(10).run().arrived(10),
  'emp-send-blocks': (make) => {
    const world = new World(make)
    const answer = world.send('s', 10)
    world.receive('r', 10)
    return answer?.status === 'ok' && world.run().status(0, 's') === 'done 10'
  },
  'emp-test-looks-once': (make) => {
    const world = new World(make)
    world.receive('r', 10)
    const early = world.status(1, 'r')
    world.send('s', 10)
    return early === 'pending' && world.run().status(1, 'r') === 'done 10'
  },
  'emp-says-hello': (make) => new World(make).exchange(10).run().sent.length === 2,
  'emp-self-on-wire': (make) => {
    const world = new World(make)
    world.call(0, { operation: 'emp.irecv', as: 'r', from: 0, tag: 5, pieces: piece('tx', 100, 10) })
    world.send('s', 10, { to: 0 })
    return world.run().status(0, 'r') === 'done 10' && world.sent.length === 0
  },
  'emp-collection-fixed': (make) => {
    const world = new World(make, { configuration: { 'emp.collection': 2 } })
    return world.exchange(seven).run().frames(2) === '1 3 5 6'
  },
  'emp-configure-ignored': (make) => {
    const world = new World(make)
    for (const node of [0, 1]) world.call(node, { operation: 'emp.configure', collection: 2 })
    return world.exchange(seven).run().frames(2) === '1 3 5 6'
  },
  ...mpiScenarios,
  ...narrowScenarios,
  ...cornerScenarios,
  ...laterScenarios,
  ...slotScenarios,
  ...smallScenarios,
  ...crossingScenarios,
}

const reference: Make = (setting) => new EmpEndpoint(setting)
const mutant =
  (name: string): Make =>
  (setting) =>
    makeMutantEndpoint(name, setting)

await test('every mutant has a scenario, a sentence and what it violates', async (t) => {
  t.same(Object.keys(scenarios).toSorted(), mutantNames.toSorted())
  for (const { name, words, violates } of mutants) {
    t.match(words, /^[A-Z].*\.$/, name)
    t.not(violates.length, 0, name)
  }
  t.throws(() =>
    makeMutantEndpoint('emp-none', {
      interface: 'emp',
      node: 0,
      hosts: [],
      configuration: {},
      stepped: false,
      seed: 0,
    }),
  )
})

for (const [name, scenario] of Object.entries(scenarios)) {
  await test(name, async (t) => {
    t.ok(scenario(reference), 'the reference does it right')
    t.notOk(scenario(mutant(name)), 'the mutant does not')
  })
}

await test('no two mutants behave alike, and none breaks down', async (t) => {
  const failing = new Map<string, string>()
  for (const name of mutantNames) {
    const wrong = Object.keys(scenarios).filter((key) => scenarios[key]?.(mutant(name)) === false)
    const alike = failing.get(wrong.join())
    t.equal(alike, undefined, `${name} fails ${wrong.join(', ')}`)
    failing.set(wrong.join(), name)
  }
})

await test('a reset endpoint of a mutant is as a fresh one', async (t) => {
  for (const name of mutantNames) {
    const used: Make = (setting) => {
      const endpoint = makeMutantEndpoint(name, setting)
      const at = { buffer: 'old', offset: 0, bytes: 5000 }
      const bodies: readonly CallBody[] = [
        {
          operation: 'memory.allocate',
          as: 'old',
          bytes: 5000,
          align: 1,
          offset: 0,
          fill: { kind: 'const', seed: 1 },
          guard: 0,
          locked: true,
        },
        { operation: 'emp.isend', as: 'gone', to: 1 - Math.min(1, setting.node), tag: 5, pieces: [at] },
        { operation: 'emp.irecv', as: 'lost', from: 0, tag: 5, pieces: [at] },
      ]
      for (const [id, body] of bodies.entries()) endpoint.apply({ id, thread: 0, body }, id)
      endpoint.drain({ frame: () => undefined, returned: () => undefined, event: () => undefined })
      endpoint.reset(setting.seed)
      return endpoint
    }
    for (const key of [name, 'emp-resends-everything', 'emp-descriptor-leak']) {
      t.equal(scenarios[key]?.(used), scenarios[key]?.(mutant(name)), `${name} in the scenario of ${key}`)
    }
  }
})

function ignore(): void {}

class NoNic extends NicCalls {
  override open(): typeof noResource {
    return noResource
  }
}

await test('a mutant offers the one interface that it spoils, and is made of the reference for it', async (t) => {
  const made = { name: 'via-no-nic', words: 'Opens no NIC.', violates: [], make: withViaParts({ nicCalls: NoNic }) }
  const [noNic] = mutantsOf('via', [made])
  if (!noNic) throw new Error('no mutant')
  for (const each of [...all, noNic]) t.same(mutantAdapter(each).pics.interfaces, [each.interface], each.name)
  const hosts = [{ node: 0, name: 'n0', mac: '020000000001' }]
  const setting = { interface: 'via', node: 0, hosts, configuration: {}, stepped: false, seed: 5 } as const
  const opened = await mutantAdapter(noNic).open([setting])
  const endpoint = opened.kind === 'local' ? opened.endpoints[0] : undefined
  const returns: Return[] = []
  endpoint?.apply({ id: 1, thread: 0, body: { operation: 'VipOpenNic', device: 'viaduct0', as: 'n' } }, 0)
  endpoint?.drain({ frame: ignore, event: ignore, returned: (answer) => returns.push(answer) })
  t.same(returns, [{ id: 1, ...noResource }])
  await t.rejects(mutantAdapter(noNic).open([{ ...setting, interface: 'emp' }]), {
    message: 'mutant:via-no-nic does not offer the interface emp, only via',
  })
})
