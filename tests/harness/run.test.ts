// The engine and what is built on it: worlds, steps, races, and rows that come out the same every time.
import * as fc from 'fast-check'
import { test } from 'tap'
import { macOf } from '../../harness/fabric/address.ts'
import { assembleReport } from '../../harness/cli/report/assemble.ts'
import { permutationsFor, runSession } from '../../harness/cli/session/session.ts'
import { degenerateAdapter } from '../../adapters/degenerate/adapter.ts'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import type { Monitor } from '../../harness/judge/monitors/monitor.ts'
import type { Permutation, Step } from '../../harness/plan/permutation.ts'
import type { Expectation, ExpectationBody } from '../../harness/plan/expectation.ts'
import { canonicalRow } from '../../harness/result/canonical.ts'
import type { PermutationResult } from '../../harness/result/report.ts'
import { Trace } from '../../harness/result/trace.ts'
import { RecordedSchedule } from '../../harness/run/schedule.ts'
import { callWithinMax } from '../../harness/run/steps.ts'
import type { Offer, Script } from '../../harness/run/script.ts'
import type { Standstill } from '../../harness/run/standstill.ts'
import { World } from '../../harness/run/world.ts'
import { AdapterFailure, type Adapter, type RemoteHosts } from '../../harness/subject/adapter.ts'
import { answerOf } from './far.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { crc32c } from '../../spec/vocabulary/memory.ts'
import { ask, completion, linesOf, permutation, position, Puppet, puppets, test as word, wordOf } from './puppet.ts'
import type { Habits } from './puppet.ts'
import { project, shown } from './shown.ts'

// --- what the tests of the engine are made of -----------------------------------------------------------------------

const link = { bitsPerSecond: 1e9, delay: 1000 }

/** What 60 octets take from sender to receiver. */
const flight = (60 + 24) * 8 + link.delay

function frameTo(node: number): Uint8Array {
  const octets = new Uint8Array(60)
  octets.set(Buffer.from(macOf(node), 'hex'))
  return octets
}

/** A call that a script makes at an instant. */
interface Planned {
  readonly at: number
  readonly node: number
  readonly word: string
}

/** Makes its calls in their order when their time has come, and is finished at `until`. */
class Calls implements Script {
  finished = false
  private issuedCount = 0
  private readonly planned: readonly Planned[]
  private readonly until: number

  constructor(planned: readonly Planned[], until: number) {
    this.planned = planned
    this.until = until
  }

  get limit(): number {
    return this.planned[this.issuedCount]?.at ?? this.until
  }

  offers(world: World): readonly Offer[] {
    const next = this.planned[this.issuedCount]
    if (next && world.now >= next.at)
      return [{ node: next.node, call: { id: this.issuedCount, thread: 0, body: word(next.word) } }]
    if (!next && world.now >= this.until) this.finished = true
    return []
  }

  issued(): void {
    this.issuedCount++
  }

  returned(): void {}
}

interface Ran {
  readonly world: World
  readonly trace: Trace
  readonly progress: Standstill
  readonly lines: readonly string[]
}

interface Play {
  readonly calls?: readonly Planned[]
  readonly until?: number
  readonly stepped?: boolean
  readonly script?: Script
  readonly remote?: boolean
}

/** Lets puppets play, in this process or as if they were in another. */
function playing(habits: readonly Habits[], play: Play = {}): Ran {
  const { calls = [], until = 1_000_000, stepped = false, script = new Calls(calls, until), remote = false } = play
  const hosts = habits.map((each, node) => new Puppet(each, { node, stepped }))
  const trace = new Trace()
  const world = new World(remote ? hosts.map(() => 'remote') : hosts, { stepped, trace })
  world.begin({ link, faults: [], seed: 1 }, script)
  let progress = world.advance()
  while (progress.kind === 'exchange') {
    world.resume(progress.turns.map((turn) => answerOf(hosts, turn, stepped)))
    progress = world.advance()
  }
  return { world, trace, progress, lines: linesOf(trace) }
}

function call(at: number, node = 0, name = 'go'): Planned {
  return { at, node, word: name }
}

// --- the engine -----------------------------------------------------------------------------------------------------

/** Answers, sends a frame and arms a deadline; the other host tells of the frame. */
const lively: readonly Habits[] = [
  {
    onCall: (puppet, { id }, now) => {
      puppet.send(frameTo(1))
      puppet.answer(id)
      puppet.wakeAt = now + 5000
    },
    onWake: (puppet) => puppet.tell('awake'),
  },
  { onFrame: (puppet) => puppet.tell('seen') },
]

await test('what endpoints do stands in the trace in the order in which they did it', async (t) => {
  const { lines, progress } = playing(lively, { calls: [call(100)], until: 9000 })
  t.same(progress, { kind: 'finished' })
  t.same(lines, [
    '100 0 call go',
    '100 0 sent #0',
    '100 0 returned 0 ok',
    `${100 + flight} 1 arrived #0`,
    `${100 + flight} 1 event seen`,
    '5100 0 woken',
    '5100 0 event awake',
  ])
})

await test('an endpoint behind an exchange makes the same trace as one in this process', async (t) => {
  const near = playing(lively, { calls: [call(100), call(300), call(300, 1)] })
  const far = playing(lively, { calls: [call(100), call(300), call(300, 1)], remote: true })
  t.same(far.lines, near.lines)
  t.equal(far.trace.digest(), near.trace.digest())
})

await test('an engine waits for the answer to its exchange and for nothing else', async (t) => {
  const world = new World(['remote'], { stepped: false, trace: new Trace() })
  world.begin({ link, faults: [], seed: 1 }, new Calls([call(7)], 10))
  t.throws(() => world.resume([{ outputs: [], wakeAt: null }]), { message: 'no answer is awaited' })
  t.match(world.advance(), {
    kind: 'exchange',
    turns: [{ now: 7, endpoint: 0, inputs: [{ kind: 'call', call: { id: 0, body: { request: 'go' } } }] }],
  })
  world.resume([{ outputs: [], wakeAt: null }])
  t.throws(() => world.resume([{ outputs: [], wakeAt: null }]), { message: 'no answer is awaited' })
  t.same(world.advance(), { kind: 'finished' })
})

await test('an engine that has not begun cannot advance', async (t) => {
  t.throws(() => new World([], { stepped: false, trace: new Trace() }).advance(), { message: /not begun/ })
})

await test('frames that arrive at one instant arrive in the order in which they were sent', async (t) => {
  const sender: Habits = {
    onCall: (puppet) => {
      puppet.send(frameTo(2))
    },
  }
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const { lines } = playing([sender, sender, {}], { calls: order.map((node) => call(50, node)) })
    t.same(
      lines.filter((line) => line.includes('sent') || line.includes('arrived')),
      [
        `50 ${order[0]} sent #0`,
        `50 ${order[1]} sent #1`,
        `${50 + flight} 2 arrived #0`,
        `${50 + flight} 2 arrived #1`,
      ],
    )
  }
})

await test('of a frame and a deadline at one instant the one that was made first comes first', async (t) => {
  const both = (isFrameFirst: boolean): Ran => {
    const arm: Habits = {
      onCall: (puppet, _, now) => {
        puppet.wakeAt = now + flight
      },
    }
    const send: Habits = { onCall: (puppet) => puppet.send(frameTo(1)) }
    const calls = isFrameFirst ? [call(10, 0), call(10, 1)] : [call(10, 1), call(10, 0)]
    return playing([send, arm], { calls })
  }
  const at = 10 + flight
  t.same(both(true).lines.slice(-2), [`${at} 1 arrived #0`, `${at} 1 woken`])
  t.same(both(false).lines.slice(-2), [`${at} 1 woken`, `${at} 1 arrived #0`])
})

/** Arms the deadline that a call names: `at 500`, or `never`. */
const obedient: Habits = {
  onCall: (puppet, { body }) => {
    const [, time] = wordOf(body).split(' ')
    puppet.wakeAt = time === undefined ? undefined : Number(time)
  },
}

function wakes(words: readonly (readonly [at: number, word: string])[]): number[] {
  const { trace } = playing([obedient], { calls: words.map(([at, name]) => call(at, 0, name)) })
  return Array.from({ length: trace.length }, (_, record) => record)
    .filter((record) => trace.kind(record) === 'woken')
    .map((record) => trace.time(record))
}

await test('an endpoint is woken when its deadline comes, once', async (t) => {
  t.same(wakes([[0, 'at 500']]), [500])
})

await test('a deadline that was put off wakes at its new time only', async (t) => {
  t.same(
    wakes([
      [0, 'at 100'],
      [10, 'at 500'],
    ]),
    [500],
  )
})

await test('a deadline that was brought forward wakes at its new time only', async (t) => {
  t.same(
    wakes([
      [0, 'at 500'],
      [10, 'at 100'],
    ]),
    [100],
  )
})

await test('a deadline that was brought forward and armed again at its old time wakes twice', async (t) => {
  t.same(
    wakes([
      [0, 'at 500'],
      [10, 'at 100'],
      [200, 'at 500'],
    ]),
    [100, 500],
  )
})

await test('a deadline that was taken back wakes nobody', async (t) => {
  t.same(
    wakes([
      [0, 'at 100'],
      [10, 'never'],
    ]),
    [],
  )
})

await test('a deadline that lies in the past wakes at once', async (t) => {
  t.same(wakes([[300, 'at 20']]), [300])
})

await test('whatever endpoints do to their deadline, they are woken exactly when one comes', async () => {
  const change = fc.tuple(fc.nat(50), fc.option(fc.nat(60), { nil: undefined }))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 15 }), (changes) => {
      const told: [number, string][] = []
      const expected: number[] = []
      let now = 0
      let armed: number | undefined
      for (const [wait, within] of changes) {
        const next = now + wait
        // What happens at an instant goes before a call that waits for it, and after calls that are made at it.
        if (armed !== undefined && (armed < next || (armed === next && wait > 0))) {
          expected.push(armed)
          armed = undefined
        }
        now = next
        armed = within === undefined ? undefined : now + within
        told.push([now, armed === undefined ? 'never' : `at ${armed}`])
      }
      if (armed !== undefined) expected.push(armed)
      return wakes(told).join() === expected.join()
    }),
    { seed: 20260101, numRuns: 300 },
  )
})

await test('a world is at rest when no frame is on its way and no deadline is armed', async (t) => {
  const seen: (readonly [now: number, isQuiet: boolean])[] = []
  class Watching extends Calls {
    override offers(world: World): readonly Offer[] {
      seen.push([world.now, world.isQuiet])
      return super.offers(world)
    }
  }
  playing(lively, { script: new Watching([call(100)], 9000) })
  t.same(seen, [
    [0, true],
    [100, true],
    [100, false],
    [100 + flight, false],
    [5100, true],
    [9000, true],
  ])
})

await test('an endpoint that throws stops its world, and is named', async (t) => {
  const boom = new Error('boom')
  for (const where of ['call', 'frame', 'wake'] as const) {
    const thrower: Habits = {
      onCall: (puppet, _, now) => {
        if (where === 'call') throw boom
        if (where === 'wake') puppet.wakeAt = now + 1
      },
      onFrame: () => {
        throw boom
      },
      onWake: () => {
        throw boom
      },
    }
    const sender: Habits = { onCall: (puppet) => puppet.send(frameTo(1)) }
    const { progress } = playing([sender, thrower], { calls: [call(5, where === 'frame' ? 0 : 1)] })
    t.match(progress, { kind: 'crash', node: 1, thrown: boom }, where)
  }
})

await test('what the harness throws while an endpoint speaks is not held against the endpoint', async (t) => {
  class Broken extends Calls {
    override returned(): void {
      throw new Error('ours')
    }
  }
  t.throws(() => playing([{}], { script: new Broken([call(5)], 10) }), { message: 'ours' })
})

await test('an endpoint that is armed for now, for ever, is ended', async (t) => {
  const restless: Habits = {
    onCall: (puppet, _, now) => {
      puppet.wakeAt = now
    },
    onWake: (puppet, now) => {
      puppet.wakeAt = now
    },
  }
  const { progress, world } = playing([restless], { calls: [call(42)] })
  t.same(progress, { kind: 'flood' })
  t.equal(world.now, 42)
})

await test('a stepped endpoint that always has something to do is ended', async (t) => {
  const restless: Habits = {
    onCall: (puppet) => puppet.activities.push(1),
    onRun: (puppet) => puppet.activities.push(1),
  }
  t.same(playing([restless], { calls: [call(42)], stepped: true }).progress, { kind: 'flood' })
})

await test('a world in which nothing will ever happen again is not waited for', async (t) => {
  t.same(playing([{}], { until: Infinity }).progress, { kind: 'stuck' })
})

await test('activities of stepped endpoints go before calls, in the order of the hosts, unless a schedule chooses', async (t) => {
  const busy: Habits = {
    onCall: (puppet, { id }) => puppet.activities.push(id),
    onRun: (puppet, activity) => puppet.answer(activity),
  }
  const { lines } = playing([busy, busy], { calls: [call(5, 1, 'b'), call(5, 0, 'a')], stepped: true })
  t.same(lines, ['5 1 call b', '5 1 ran 0', '5 1 returned 0 ok', '5 0 call a', '5 0 ran 1', '5 0 returned 1 ok'])
})

await test('a world that begins again remembers nothing', async (t) => {
  const hosts = lively.map((each, node) => new Puppet(each, { node, stepped: false }))
  const trace = new Trace()
  const world = new World(hosts, { stepped: false, trace })
  const digests = [1, 2, 3].map((time) => {
    for (const host of hosts) host.reset()
    // The second run is cut short, with a frame on its way and a deadline armed.
    world.begin({ link, faults: [], seed: 1 }, new Calls([call(100)], time === 2 ? 200 : 9000))
    world.advance()
    return trace.digest()
  })
  t.equal(digests[0], digests[2])
  t.not(digests[0], digests[1])
})

// --- what the tests of runs are made of -----------------------------------------------------------------------------

async function shownOne(
  steps: readonly Step[],
  habits: Habits,
  more: Partial<Permutation> = {},
): Promise<PermutationResult> {
  const { rows } = await shown([permutation(steps, more)], puppets(habits))
  const [row] = rows
  if (!row) throw new Error('no row')
  return row
}

async function traceOf(steps: readonly Step[], habits: Habits, more: Partial<Permutation> = {}): Promise<string[]> {
  const { traces } = await shown([permutation(steps, more)], puppets(habits))
  return traces.flat()
}

function expecting(...bodies: readonly ExpectationBody[]): Permutation['outcomes'] {
  const expectations = bodies.map((body): Expectation => ({
    ...body,
    requirements: ['EMP-REL-001'],
    position,
    text: body.kind,
  }))
  return [{ name: 'only', label: 'conformant', expectations }]
}

/** Never answers. */
const mute: Habits = { onCall: () => undefined }

/** Is woken every microsecond for ever. */
const ticking: Habits = {
  onCall: (puppet, { id }, now) => {
    puppet.answer(id)
    puppet.wakeAt = now + 1000
  },
  onWake: (puppet, now) => {
    puppet.wakeAt = now + 1000
  },
}

/** Answers each call two microseconds later. */
function slow(): Habits {
  const open: number[] = []
  return {
    onCall: (puppet, { id }, now) => {
      open.push(id)
      puppet.wakeAt = now + 2000
    },
    onWake: (puppet) => {
      for (const id of open.splice(0)) puppet.answer(id)
    },
  }
}

const place = { file: 'suites/emp/made.yaml', line: 8, column: 5 }

// --- steps ----------------------------------------------------------------------------------------------------------

await test('a step that calls ends when the call returns', async (t) => {
  t.same(await traceOf([ask(0, word('a')), ask(1, word('b'))], slow()), [
    '0 0 step 0',
    '0 0 call a',
    '2000 0 woken',
    '2000 0 returned 0 ok',
    '2000 0 step 1',
    '2000 1 call b',
    '4000 1 woken',
    '4000 1 returned 1 ok',
    '4000 0 step 65535',
    '4000 0 deadline -1',
    '4000 1 deadline -1',
  ])
})

await test('buffers are made before the first step', async (t) => {
  const allocate = {
    operation: 'memory.allocate',
    as: 'b',
    bytes: 8,
    align: 8,
    offset: 0,
    fill: { kind: 'const', seed: 0 },
    guard: 0,
    locked: true,
  } as const
  const lines = await traceOf([ask(0, word('a'))], {}, { memory: [{ node: 1, allocate }] })
  t.same(lines.slice(0, 4), ['0 1 call memory.allocate', '0 1 returned 0 ok', '0 0 step 0', '0 0 call a'])
})

await test('a call that is only started lets the next step go at once', async (t) => {
  const lines = await traceOf([ask(0, word('a'), { start: true, label: 'a' }), ask(1, word('b'))], slow())
  t.same(lines.slice(0, 4), ['0 0 step 0', '0 0 call a', '0 0 step 1', '0 1 call b'])
})

await test('join waits until the call has returned', async (t) => {
  const steps: Step[] = [
    ask(0, word('a'), { start: true, label: 'w' }),
    { kind: 'join', label: 'w', within: 5000, position },
    ask(1, word('b')),
  ]
  const lines = await traceOf(steps, slow())
  t.ok(lines.indexOf('2000 0 returned 0 ok') < lines.indexOf('2000 1 call b'), lines.join('\n'))
})

await test('join of a call that has returned is over at once', async (t) => {
  const steps: Step[] = [
    ask(0, word('a'), { start: true, label: 'w' }),
    { kind: 'advance', by: 9000, position },
    { kind: 'join', label: 'w', within: 5000, position },
  ]
  const row = await shownOne(steps, slow())
  t.match(row, { verdict: 'pass', virtualNanoseconds: 9000 })
})

await test('advance lets so much time pass and no more', async (t) => {
  const lines = await traceOf([ask(0), { kind: 'advance', by: 3500, position }, ask(1, word('b'))], ticking)
  t.same(
    lines.filter((line) => / (woken|call)/.test(line)),
    ['0 0 call emp.counters', '1000 0 woken', '2000 0 woken', '3000 0 woken', '3500 1 call b'],
  )
})

await test('advance to an instant waits until then, and not at all when that is over', async (t) => {
  const steps: Step[] = [
    ask(0),
    { kind: 'advance-to', instant: 3500, position },
    ask(1, word('b')),
    { kind: 'advance-to', instant: 2000, position },
    ask(1, word('c')),
  ]
  const lines = await traceOf(steps, ticking)
  t.same(
    lines.filter((line) => / call/.test(line)),
    ['0 0 call emp.counters', '3500 1 call b', '3500 1 call c'],
  )
})

await test('settle ends when nothing is on its way and nothing is armed', async (t) => {
  const habits: Habits = {
    onCall: (puppet, { id }, now) => {
      puppet.answer(id)
      if (puppet.node === 0) puppet.wakeAt = now + 700
    },
    onWake: (puppet) => puppet.send(frameTo(1)),
    onFrame: (puppet) => puppet.tell('seen'),
  }
  const steps: Step[] = [ask(0), { kind: 'settle', within: 1_000_000, position }, ask(1, word('b'))]
  t.ok((await traceOf(steps, habits)).includes(`${700 + flight} 1 call b`))
})

await test('until ends at the sighting', async (t) => {
  const habits: Habits = {
    onCall: (puppet, { id }, now) => {
      puppet.answer(id)
      puppet.wakeAt = now + 1000
    },
    onWake: (puppet, now) => {
      if (now === 3000) puppet.tell('r')
      puppet.wakeAt = now + 1000
    },
  }
  const steps: Step[] = [
    ask(0),
    { kind: 'until', sighting: { kind: 'completed', node: 0, request: 'r' }, within: 1_000_000, position },
    ask(1, word('b')),
  ]
  t.ok((await traceOf(steps, habits)).includes('3000 1 call b'))
})

await test('a crafted frame goes on the link of its host, in its name', async (t) => {
  const payload = { pattern: { kind: 'const', seed: 1 }, position: 0, bytes: 4 } as const
  const craft: Step = { kind: 'craft', from: 0, to: 1, fields: { type: 1, frame: 7 }, payload, position }
  const lines = await traceOf([craft, { kind: 'settle', within: 1_000_000, position }], {})
  t.same(lines.slice(0, 2), ['0 0 step 0', '0 0 crafted #0'])
  t.match(
    lines.find((line) => line.includes('arrived')),
    /^\d+ 1 arrived #0$/,
  )
})

const vain: readonly { steps: readonly Step[]; habits: Habits; words: string; at: number }[] = [
  {
    steps: [ask(0), { kind: 'settle', within: 10_000, position: place }],
    habits: ticking,
    words: 'the world did not come to rest within 10us',
    at: 10_000,
  },
  {
    steps: [{ kind: 'until', sighting: { kind: 'returned', label: 'x' }, within: 5000, position: place }],
    habits: {},
    words: 'what the case waits for was not seen within 5us',
    at: 5000,
  },
  {
    steps: [
      ask(0, word('a'), { start: true, label: 'w' }),
      { kind: 'join', label: 'w', within: 7000, position: place },
    ],
    habits: mute,
    words: 'the call w did not return within 7us',
    at: 7000,
  },
  {
    steps: [{ ...ask(0), position: place }],
    habits: mute,
    words: 'a call did not return within 10s',
    at: callWithinMax,
  },
  {
    steps: [{ ...ask(0, { operation: 'VipRecvWait', vi: 'v', timeout: 60_000 }), position: place }],
    habits: mute,
    words: 'a call did not return within 70s',
    at: 60_000_000_000 + callWithinMax,
  },
]

for (const { steps, habits, words, at } of vain) {
  await test(`a step that waits in vain is a timeout: ${words}`, async (t) => {
    const row = await shownOne(steps, habits)
    t.match(row, { verdict: 'timeout', blame: 'implementation', virtualNanoseconds: at })
    t.match(row.findings, [{ judge: 'harness', verdict: 'timeout', seen: words, position: 'suites/emp/made.yaml:8:5' }])
  })
}

await test('a host that sends no frame has no victims', async (t) => {
  const row = await shownOne(
    [ask(0)],
    {},
    {
      faults: [{ fate: 'drop', amount: 0, from: 0 }],
      explored: { kind: 'victims', rule: 0, from: 0, most: 4 },
      proves: [{ kind: 'victims', times: { least: 1 } }],
    },
  )
  t.match(row, { verdict: 'inconclusive', proves: [{ seen: false, count: 0 }] })
})

const range = { buffer: 'b', offset: 0, bytes: 4 }
const ones = [{ pattern: { kind: 'const', seed: 1 }, position: 0, bytes: 4 }] as const

function questions(lines: readonly string[]): string[] {
  return lines.slice(lines.indexOf('0 0 step 65535') + 1).filter((line) => line.includes(' call '))
}

await test('after the last step the hosts are asked what the expectations need', async (t) => {
  const outcomes = expecting(
    { kind: 'counted', node: 0, reason: 'duplicate', times: { least: 1 } },
    { kind: 'memory', node: 1, at: range, octets: ones, untouched: false },
    { kind: 'guards', node: 1, buffer: 'b' },
  )
  t.same(questions(await traceOf([ask(0)], {}, { outcomes })), [
    '0 1 call memory.digest',
    '0 1 call memory.guards',
    '0 0 call emp.counters',
    '0 1 call memory.read',
  ])
})

await test('octets are not looked at where their digest is right', async (t) => {
  const right: Habits = {
    onCall: (puppet, { id, body }) =>
      puppet.answer(
        id,
        body.operation === 'memory.digest' ? { digest: crc32c(new Uint8Array(range.bytes).fill(1)) } : {},
      ),
  }
  const outcomes = expecting({ kind: 'memory', node: 1, at: range, octets: ones, untouched: false })
  t.same(questions(await traceOf([ask(0)], right, { outcomes })), ['0 1 call memory.digest'])
})

const send: CallBody = { operation: 'emp.isend', as: 's', to: 1, tag: 5, pieces: [] }
const done: ExpectationBody = { kind: 'done', node: 0, request: 's', outcome: 'done', times: 1 }

await test('a request that is still open at the end is asked about', async (t) => {
  t.same(questions(await traceOf([ask(0, send)], {}, { outcomes: expecting(done) })), ['0 0 call s'])
})

await test('a request that was refused is not asked about', async (t) => {
  const refusing: Habits = { onCall: (puppet, { id }) => puppet.answer(id, { status: 'no-descriptor' }) }
  t.same(questions(await traceOf([ask(0, send)], refusing, { outcomes: expecting(done) })), [])
})

await test('a request that has completed is not asked about again', async (t) => {
  const prompt: Habits = {
    onCall: (puppet, { id, body }) =>
      puppet.answer(id, body.operation === 'emp.test' ? { completions: [completion('s')] } : {}),
  }
  const steps = [ask(0, send), ask(0, word('s'))]
  t.same(questions(await traceOf(steps, prompt, { outcomes: expecting(done) })), [])
})

await test('a closing question that is not answered is a timeout', async (t) => {
  const half: Habits = {
    onCall: (puppet, { id, body }) => {
      if (body.operation !== 'memory.digest') puppet.answer(id)
    },
  }
  const outcomes = expecting({ kind: 'memory', node: 1, at: range, octets: ones, untouched: false })
  const row = await shownOne([ask(0)], half, { outcomes })
  t.match(row, { verdict: 'timeout', reason: /the question memory\.digest was not answered/ })
})

await test('the deadlines that are armed at the end stand in the trace', async (t) => {
  const lines = await traceOf([ask(1)], ticking)
  t.same(lines.slice(-2), ['0 0 deadline -1', '0 1 deadline 1000'])
})

// --- what goes wrong ------------------------------------------------------------------------------------------------

/** Throws at a call of this word. */
const fragile: Habits = {
  onCall: function atCall(puppet, { id, body }) {
    if (wordOf(body) === 'break') throw new TypeError('broken at last')
    puppet.answer(id)
  },
}

const three = ['first', 'break', 'last'].map((name) => permutation([ask(0, word(name))], { case: name }))

await test('an endpoint that throws is a crash, with its stack, and costs that case only', async (t) => {
  const { rows } = await shown(three, puppets(fragile))
  t.same(
    rows.map(({ verdict }) => verdict),
    ['pass', 'crash', 'pass'],
  )
  t.match(rows[1], { blame: 'implementation', reason: /left crashed: TypeError: broken at last/ })
  t.match(rows[1]?.failure?.stack, /^TypeError: broken at last\n[^]*atCall/)
})

await test('after a crash the next case gets endpoints that are new', async (t) => {
  let made = 0
  const counting = puppets(fragile, {
    open: async (settings) => {
      made++
      return { kind: 'local', endpoints: settings.map((setting) => new Puppet(fragile, setting)) }
    },
  })
  await shown(three, counting)
  t.equal(made, 2, 'the first case and the one that breaks share a world')
})

await test('an endpoint that cannot even be made is a crash too', async (t) => {
  const adapter = puppets({}, { open: () => Promise.reject(new Error('out of NICs')) })
  const { rows } = await shown(three, adapter)
  for (const row of rows) t.match(row, { verdict: 'crash', reason: /out of NICs/ })
})

const mixedHosts = [
  { name: 'left', role: 'iut' },
  { name: 'right', role: 'reference' },
] as const

await test('a reference that cannot be made is an error of ours', async (t) => {
  const mixed = permutation([ask(0)], { hosts: mixedHosts, roles: 'iut-reference' })
  const reference = puppets({}, { open: () => Promise.reject(new RangeError('emp.page: 32')) })
  const { rows } = await shown([mixed], puppets({}), { reference })
  t.match(rows, [{ verdict: 'error', blame: 'harness', reason: /right crashed: RangeError: emp.page: 32/ }])
})

await test('a mistake of the harness while it opens hosts is an error of ours', async (t) => {
  const empty = puppets({}, { open: async () => ({ kind: 'local', endpoints: [] }) })
  const { rows } = await shown([permutation([ask(0)])], empty)
  t.match(rows, [{ verdict: 'error', blame: 'harness', reason: /opened 0 endpoints instead of/ }])
})

await test('a reference that throws is an error of ours', async (t) => {
  const mixed = permutation([ask(1, word('break'))], { hosts: mixedHosts, roles: 'iut-reference' })
  const { rows } = await shown([mixed], puppets({}), { reference: puppets(fragile) })
  t.match(rows, [{ verdict: 'error', blame: 'harness' }])
})

await test('a host that cannot allocate the memory of a case leaves it inconclusive', async (t) => {
  const refusing: Habits = { onCall: (puppet, { id }) => puppet.answer(id, { status: 'invalid' }) }
  const allocate = {
    operation: 'memory.allocate',
    as: 'tx',
    bytes: 8,
    align: 8,
    offset: 0,
    fill: { kind: 'const', seed: 0 },
    guard: 8,
    locked: true,
  } as const
  const { rows } = await shown([permutation([], { memory: [{ node: 0, allocate }] })], puppets(refusing))
  t.match(rows, [
    { verdict: 'inconclusive', reason: /left's memory\.allocate answered invalid, and the case needs it/ },
  ])
})

await test('a call of EMP that an adapter does not have leaves a case inconclusive', async (t) => {
  const lacking: Habits = { onCall: (puppet, { id }) => puppet.answer(id, { status: 'unsupported' }) }
  const { rows } = await shown([permutation([ask(1)])], puppets(lacking))
  t.match(rows, [{ verdict: 'inconclusive', reason: /right's emp\.counters answered unsupported/ }])
})

await test('an endpoint that never comes to rest is ended, and costs that case only', async (t) => {
  const restless: Habits = {
    onCall: (puppet, { id, body }, now) => {
      puppet.answer(id)
      if (wordOf(body) === 'break') puppet.wakeAt = now
    },
    onWake: (puppet, now) => {
      puppet.wakeAt = now
    },
  }
  const settle: Step = { kind: 'settle', within: 1000, position }
  const cases = ['first', 'break', 'last'].map((name) => permutation([ask(0, word(name)), settle], { case: name }))
  const { rows } = await shown(cases, puppets(restless))
  t.match(rows, [{ verdict: 'pass' }, { verdict: 'crash', reason: /never came to rest/ }, { verdict: 'pass' }])
})

/** An adapter whose process fails at the first exchange of every world. */
function failing(failure: AdapterFailure): Adapter {
  const far: RemoteHosts = {
    isOpen: true,
    exchange: () => Promise.reject(failure),
    reset: () => undefined,
    close: async () => undefined,
  }
  return puppets({}, { open: async () => ({ kind: 'remote', far }) })
}

const troubles = [
  { trouble: 'crash', verdict: 'crash', blame: 'implementation' },
  { trouble: 'start', verdict: 'crash', blame: 'implementation' },
  { trouble: 'hang', verdict: 'timeout', blame: 'implementation' },
  { trouble: 'protocol', verdict: 'crash', blame: 'adapter' },
] as const

for (const { trouble, verdict, blame } of troubles) {
  await test(`a process with the trouble ${trouble} comes to ${verdict}, and shows its last words`, async (t) => {
    const { rows } = await shown(three, failing(new AdapterFailure(trouble, 'it was the NIC', 'last words\n')))
    t.equal(rows.length, 3)
    for (const row of rows) {
      t.match(row, { verdict, blame, reason: /it was the NIC/ })
      t.match(row.failure?.stderr, /last words/)
    }
  })
}

const broken: Monitor = {
  name: 'broken',
  words: 'nothing at all',
  requirements: [],
  needsWire: false,
  watch: () => {
    throw new Error('this monitor is broken')
  },
}

await test('an exception in the harness is an error, and nobody else is blamed', async (t) => {
  const { rows } = await shown([permutation([ask(0)])], puppets({}), { monitors: [broken] })
  t.match(rows, [{ verdict: 'error', blame: 'harness', reason: /the monitor broken .*this monitor is broken/ }])
})

await test('an exception in the harness comes to exit code 4, even beside a failure', async (t) => {
  const adapter = puppets(fragile)
  const { rows: cases } = await shown(three, adapter, { monitors: [broken] })
  const facts = { seed: 1, selection: [], command: 'viaduct run', startedAt: '', realMilliseconds: 0, environment: {} }
  const run = { ...facts, interrupted: false }
  const report = assembleReport({
    project,
    adapter,
    run,
    cases,
    permutations: cases.length,
    strength: { mutants: {}, races: {}, floor: {} },
  })
  t.match(report.exit, { code: 4, why: /the harness itself failed/ })
})

await test('an exception of the steps is an error of the harness, not a crash', async (t) => {
  const payload = { pattern: { kind: 'const', seed: 1 }, position: 0, bytes: -1 } as const
  const craft: Step = { kind: 'craft', from: 0, to: 1, fields: {}, payload, position }
  t.match(await shownOne([craft], {}), { verdict: 'error', blame: 'harness', reason: /RangeError/ })
})

// --- which permutations are run -------------------------------------------------------------------------------------

await test('a permutation that is not applicable is not run, and says why', async (t) => {
  const { rows, traces } = await shown([permutation([ask(0)], { notApplicable: 'no wire' })], puppets({}))
  t.match(rows, [{ verdict: 'not-applicable', blame: 'nobody', reason: 'no wire', traceDigest: '' }])
  t.equal(traces.length, 0)
})

await test('after an interruption what is left is skipped', async (t) => {
  let runs = 0
  const { rows } = await shown(three, puppets({}), {
    interrupted: () => runs > 0,
    onTrace: () => {
      runs++
    },
  })
  t.match(rows, [
    { verdict: 'pass' },
    { verdict: 'skipped', reason: 'the run was interrupted' },
    { verdict: 'skipped' },
  ])
})

await test('a row says what is needed to run its permutation again', async (t) => {
  t.match(await shownOne([ask(0)], {}, { axes: { size: '7' }, seed: 99 }), {
    name: 'emp.made/made/roles=iut-iut',
    axes: { size: '7' },
    seed: 99,
    repeat: 'again ',
    traceDigest: /^[0-9a-f]{8}$/,
  })
})

// --- races ----------------------------------------------------------------------------------------------------------

/** A race of calls that have a letter each, and a thread of their own. */
function race(words: string, more: Partial<Permutation> = {}): Permutation {
  const members = words.split('').map((name, thread) => ask(0, word(name), { thread }))
  return permutation([{ kind: 'race', members, position }], { ordersMax: 1000, ...more })
}

/** Each call leaves one thing to do, which answers it. */
const dutiful: Habits = {
  onCall: (puppet, { id }) => puppet.activities.push(id),
  onRun: (puppet, activity) => puppet.answer(activity),
}

/** The calls and activities of a run, in order. */
function orderOf(lines: readonly string[]): string {
  return lines
    .filter((line) => / (call|ran) /.test(line))
    .map((line) => line.split(' ').at(-1) ?? '')
    .join('')
}

await test('a race of calls is run in every order of them', async (t) => {
  for (const [words, count] of [
    ['ab', 2],
    ['abc', 6],
    ['abcd', 24],
  ] as const) {
    const { rows, traces } = await shown([race(words)], puppets({}))
    t.match(rows, [{ verdict: 'pass', exploration: { orders: count, exhausted: true } }])
    t.equal(new Set(traces.map(orderOf)).size, count)
    t.equal(traces.length, count, 'none is run twice')
  }
})

await test('what stepped endpoints do is part of the race: two calls with one activity each have six orders', async (t) => {
  const { rows, traces } = await shown([race('ab')], puppets(dutiful))
  t.match(rows, [{ verdict: 'pass', exploration: { orders: 6, bound: 1000, exhausted: true } }])
  t.same(traces.map(orderOf).toSorted(), ['a0b1', 'ab01', 'ab10', 'b1a0', 'ba01', 'ba10'])
})

await test('the activities of an endpoint that is not stepped are its own affair', async (t) => {
  const iut = puppets(dutiful)
  const blunt = { ...iut, pics: { ...iut.pics, options: {} } }
  const { rows } = await shown([race('ab')], blunt)
  t.match(rows, [{ verdict: 'pass', exploration: { orders: 2, exhausted: true } }])
})

await test('a race with more orders than its bound is run so often, and says that there are more', async (t) => {
  const { rows, traces } = await shown([race('abcde', { ordersMax: 10 })], puppets({}))
  const { orders = 0, exhausted, outcomes = [] } = rows[0]?.exploration ?? {}
  t.equal(traces.length, 10)
  t.equal(orders, new Set(traces.map(orderOf)).size)
  t.ok(orders > 5, `${orders} different orders`)
  t.equal(exhausted, false)
  t.same(outcomes, [{ name: 'only', count: 10 }])
})

await test('orders that are drawn are drawn by the seed of the permutation', async (t) => {
  const drawn: string[] = []
  for (const seed of [1, 1, 2]) {
    const { traces } = await shown([race('abcdefg', { ordersMax: 20, seed })], puppets({}))
    drawn.push(traces.map(orderOf).join())
  }
  t.equal(drawn[0], drawn[1])
  t.not(drawn[0], drawn[2])
})

/** Throws when `b` is called before `a`. */
function jealous(): Habits {
  return {
    onCall: (puppet, { id, body }) => {
      if (wordOf(body) === 'b' && puppet.wakeAt === undefined) throw new Error('b was first')
      puppet.wakeAt = 1_000_000
      puppet.answer(id)
    },
  }
}

await test('the worst order of a race is its verdict, and all outcomes are counted', async (t) => {
  const { rows, choices } = await shown([race('ab')], puppets(jealous()))
  t.match(rows, [{ verdict: 'crash', reason: /b was first/, failure: { schedule: [1] } }])
  t.same(rows[0]?.exploration?.outcomes, [
    { name: 'only', count: 1 },
    { name: 'crash', count: 1 },
  ])
  t.same(choices, [[1]], 'the command that repeats it runs that order')
})

await test('a race that is interrupted between two orders is skipped, as if it had not begun', async (t) => {
  let runs = 0
  const { rows } = await shown([race('ab')], puppets({}), { interrupted: () => runs > 0, onTrace: () => void runs++ })
  t.match(rows, [{ verdict: 'skipped', reason: 'the run was interrupted' }])
  t.equal(runs, 1)
})

await test('what an order of a race has shown to be wrong stays when the race is interrupted', async (t) => {
  let runs = 0
  const { rows } = await shown([race('ba')], puppets(jealous()), {
    interrupted: () => runs > 0,
    onTrace: () => void runs++,
  })
  t.match(rows, [{ verdict: 'crash', reason: /b was first/ }])
  t.equal(runs, 1)
})

await test('what no single order proves, all of them may prove together, and then nothing failed', async (t) => {
  const proves = [{ kind: 'orders', times: { least: 2 } }] as const
  const { rows } = await shown([race('ab', { proves })], puppets({}))
  t.match(rows, [{ verdict: 'pass', reason: '', proves: [{ seen: true, count: 2 }] }])
  t.notOk(rows[0] && 'failure' in rows[0])
})

await test('the choices of an order run that order again', async (t) => {
  const iut = puppets(dutiful)
  const all = await shown([race('ab')], iut)
  const schedules = [
    [0, 0],
    [0, 1, 0],
    [0, 1, 1],
    [1, 0],
    [1, 1, 0],
    [1, 1, 1],
  ]
  const again = new Set<string>()
  for (const choices of schedules) {
    const { traces, digests, rows } = await shown([race('ab')], iut, { order: { choices } })
    t.equal(traces.length, 1)
    t.match(rows, [{ exploration: { orders: 1, bound: 1, exhausted: false } }])
    t.ok(all.digests.includes(digests[0] ?? ''), `${choices.join('.')}: ${orderOf(traces[0] ?? [])}`)
    again.add(digests[0] ?? '')
  }
  t.equal(again.size, schedules.length, 'each is another')
})

await test('the order that failed fails again the same way', async (t) => {
  const found = await shown([race('ab')], puppets(jealous()))
  const schedule = found.rows[0]?.failure?.schedule ?? []
  const again = await shown([race('ab')], puppets(jealous()), { order: { choices: schedule } })
  t.match(again.rows, [{ verdict: 'crash', traceDigest: found.rows[0]?.traceDigest ?? '' }])
  const other = await shown([race('ab')], puppets(jealous()), { order: { choices: [0] } })
  t.match(other.rows, [{ verdict: 'pass' }])
})

await test('a race of one order needs no schedule', async (t) => {
  t.match(await shown([race('a')], puppets({})), { rows: [{ exploration: { orders: 1, exhausted: true } }] })
})

await test('choices beyond what there is take the last', async (t) => {
  const schedule = new RecordedSchedule([9, 1])
  t.same([schedule.choose(2), schedule.choose(3), schedule.choose(4)], [1, 1, 0])
  t.same(
    [schedule.choices, schedule.alternatives],
    [
      [1, 1, 0],
      [2, 3, 4],
    ],
  )
})

// --- the same every time --------------------------------------------------------------------------------------------

/** Canonical rows of the reference, by name. */
async function canonical(permutations: readonly Permutation[], adapter = referenceAdapter()): Promise<string[]> {
  const rows: string[] = []
  for await (const row of runSession({ project, adapter, permutations, repeat: () => '' })) rows.push(canonicalRow(row))
  return rows
}

function permutationsOf(suite: string, seed: number): readonly Permutation[] {
  return permutationsFor(project, referenceAdapter(), seed).filter((each) => each.suite === suite)
}

await test('the same seed gives the same canonical rows twice', async (t) => {
  for (const suite of ['emp.loss', 'emp.weather']) {
    const rows = await canonical(permutationsOf(suite, 5))
    t.ok(rows.length > 10, suite)
    t.same(await canonical(permutationsOf(suite, 5)), rows)
  }
})

await test('another seed gives other weather', async (t) => {
  t.notSame(await canonical(permutationsOf('emp.weather', 5)), await canonical(permutationsOf('emp.weather', 6)))
})

await test('a world that was used before gives the same rows as a fresh one', async (t) => {
  const permutations = permutationsOf('emp.duplication', 1)
  const reused = await canonical([...permutations, ...permutations])
  const fresh: string[] = []
  for (const each of permutations) fresh.push(...(await canonical([each])))
  t.same(reused, [...fresh, ...fresh])
})

await test('the order in which permutations are run changes nothing in their rows', async (t) => {
  const permutations = permutationsOf('emp.matching', 1)
  const backwards = await canonical(permutations.toReversed())
  t.same(backwards.toReversed(), await canonical(permutations))
})

await test('failures are the same every time, too', async (t) => {
  const adapter = degenerateAdapter('silent')
  const permutations = permutationsFor(project, adapter, 1).filter(({ suite }) => suite === 'emp.truncation')
  const rows = await canonical(permutations, adapter)
  t.ok(rows.every((row) => row.includes('"failure"')))
  t.same(await canonical(permutations, degenerateAdapter('silent')), rows)
})
