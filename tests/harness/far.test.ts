// Hosts in other processes: calls that go ahead together, failures that are believed only when they come again, and real clocks.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { permutationsFor } from '../../harness/cli/session/session.ts'
import type { Step } from '../../harness/plan/permutation.ts'
import { canonicalRow } from '../../harness/result/canonical.ts'
import { toldMax } from '../../harness/run/drive.ts'
import { HangsOfRun, hangsAmongOthersMax, hangsInARowMax } from '../../harness/run/hangs.ts'
import { timingsOf } from '../../harness/run/timings.ts'
import { calmSpan } from '../../harness/run/world.ts'
import {
  AdapterFailure,
  type Adapter,
  type Carrier,
  type LiveHosts,
  type OpenedHosts,
  type RemoteHosts,
} from '../../harness/subject/adapter.ts'
import { Incident } from '../../harness/subject/incident.ts'
import type { LiveOutput } from '../../harness/subject/turn.ts'
import { Sharing } from '../../harness/subject/sharing.ts'
import { farPuppets, livePuppets } from './far.ts'
import { ask, permutation, position, puppets, test as word, type Habits } from './puppet.ts'
import { project, shown } from './shown.ts'

const settle: Step = { kind: 'settle', within: 10_000_000_000, position }
const words = ['one', 'two', 'three', 'four'].map((each, i) =>
  ask(i % 2, each === 'two' ? { operation: 'emp.wait', request: each } : word(each)),
)

/** Answers the wait only when it is woken. */
const slow: Habits = {
  onCall: (puppet, { id, body }, now) => {
    if (body.operation === 'emp.wait') puppet.wakeAt = now + 700
    else puppet.answer(id)
  },
  onWake: (puppet) => puppet.answer(1),
}

await test('a far endpoint whose deadline moves on and on is ended', async (t) => {
  const creeping: Habits = {
    onCall: (puppet, { id }, now) => {
      puppet.answer(id)
      puppet.wakeAt = now + 1
    },
    onWake: (puppet, now) => {
      puppet.wakeAt = now + 1
    },
  }
  const { rows } = await shown([permutation([ask(0), settle])], farPuppets(creeping).adapter)
  t.match(rows, [{ verdict: 'crash', reason: /never came to rest: .*move on and on/ }])
})

// --- going ahead ----------------------------------------------------------------------------------------------------

await test('calls of steps that follow each other go together, and so do the buffers before them', async (t) => {
  const { adapter, exchanges } = farPuppets({})
  const { rows } = await shown([permutation([...words, settle])], adapter)
  t.match(rows, [{ verdict: 'pass' }])
  t.same(exchanges, [4])
})

await test('what is seen does not depend on what goes ahead', async (t) => {
  const steps = [...words, settle, ...words.slice(2)]
  const near = await shown([permutation(steps)], puppets(slow))
  const { adapter, exchanges } = farPuppets(slow)
  const far = await shown([permutation(steps)], adapter)
  t.same(far.rows.map(canonicalRow), near.rows.map(canonicalRow))
  t.same(far.traces, near.traces)
  t.same(exchanges, [4, 2, 1, 2, 2], 'misled once by the call that did not return, and not again')
})

await test('an operation that waited once does not mislead the next case', async (t) => {
  const { adapter, exchanges } = farPuppets(slow)
  await shown([permutation(words), permutation(words, { case: 'again' })], adapter)
  t.same(exchanges, [4, 2, 1, 2, 2, 1, 2])
})

await test('of hosts in this process and in another only those there are asked, in the order of the text', async (t) => {
  const { adapter, exchanges } = farPuppets({})
  const hosts = [
    { name: 'left', role: 'iut' },
    { name: 'right', role: 'reference' },
  ] as const
  const mixed = permutation(words, { hosts: [...hosts], roles: 'iut-reference' })
  const near = await shown([mixed], puppets({}))
  const far = await shown([mixed], adapter)
  t.same(far.traces, near.traces)
  t.same(exchanges, [2])
})

// --- believing ------------------------------------------------------------------------------------------------------

/** Throws at its n-th call, counted until it is renewed. */
function wearing(calls: number): Adapter {
  let count = 0
  const habits: Habits = {
    onCall: (puppet, { id }) => {
      if (++count >= calls) return
      puppet.answer(id)
    },
  }
  return farPuppets(habits, () => (count = 0)).adapter
}

await test('a failure that comes of what ran before in the process is told as such, and bills nothing', async (t) => {
  const cases = ['first', 'second'].map((name) => permutation([ask(0, word(name))], { case: name }))
  const { rows } = await shown(cases, wearing(2))
  t.match(rows, [
    { verdict: 'pass' },
    { verdict: 'inconclusive', blame: 'adapter', reason: /came to timeout .* not alone in a fresh one/ },
  ])
})

await test('a failure that comes again in a fresh process is believed', async (t) => {
  const cases = ['first', 'second'].map((name) => permutation([ask(0, word(name))], { case: name }))
  const { rows } = await shown(cases, wearing(1))
  t.match(rows, [{ verdict: 'timeout', blame: 'implementation' }, { verdict: 'timeout' }])
})

await test('an adapter that hangs again and again is not waited for without end', async (t) => {
  const hangs: RemoteHosts = {
    isOpen: true,
    exchange: () => Promise.reject(new AdapterFailure('hang', 'it did not answer')),
    reset: () => undefined,
    close: async () => undefined,
  }
  const adapter = puppets({}, { open: async () => ({ kind: 'remote', far: hangs }) })
  const cases = Array.from({ length: hangsInARowMax + 2 }, (_, i) => permutation([ask(0)], { case: `case-${i}` }))
  const { rows } = await shown(cases, adapter)
  t.same(
    rows.map(({ verdict }) => verdict),
    [...Array.from({ length: hangsInARowMax }, () => 'timeout'), 'skipped', 'skipped'],
  )
  t.match(rows.at(-1)?.reason, /hung in 5 permutations in a row/)
})

await test('where some permutations pass in between, an adapter that hangs in half of them is not waited for without end', async (t) => {
  const hangs = new HangsOfRun()
  for (let each = 1; each < hangsAmongOthersMax; each++) for (const hung of [false, true]) hangs.note(hung)
  t.equal(hangs.enough, undefined)
  hangs.note(false)
  hangs.note(true)
  t.equal(hangs.enough, 'the adapter hung in 10 of the 20 permutations before this one')
  hangs.note(false)
  t.equal(hangs.enough, 'the adapter hung in 10 of the 20 permutations before this one')
})

await test('what hung beside others is not waited for once more, alone, when enough has hung meanwhile', async (t) => {
  const hangs = new HangsOfRun()
  let opened = 0
  const hanging: RemoteHosts = {
    isOpen: true,
    exchange: () => {
      // While this one waits, enough others come to their ends.
      for (let each = 0; each < hangsAmongOthersMax; each++) hangs.note(true)
      return Promise.reject(new AdapterFailure('hang', 'it did not answer', '', new Incident(2)))
    },
    reset: () => undefined,
    close: async () => undefined,
  }
  const carrier: Carrier = { isFresh: false, renew: async () => undefined, worldsMax: 2, sharing: new Sharing() }
  const open = async (): Promise<OpenedHosts> => {
    opened++
    return { kind: 'remote', far: hanging }
  }
  const { rows } = await shown([permutation([ask(0)])], puppets({}, { carrier, open }), { hangs })
  t.match(rows, [{ verdict: 'skipped', reason: /hung in 10 of the 10 permutations before this one/ }])
  t.equal(opened, 1)
})

await test('an adapter that hangs seldom is waited for to the end', async (t) => {
  const hangs = new HangsOfRun()
  for (let each = 0; each < 3 * hangsAmongOthersMax; each++) for (const hung of [false, true, false]) hangs.note(hung)
  t.equal(hangs.enough, undefined)
})

// --- real clocks ----------------------------------------------------------------------------------------------------

const stopwatchOf = (clock: () => number) => (): number => clock() / 1000

await test('what endpoints with a clock of their own tell stands in the trace when it was heard', async (t) => {
  const { adapter, clock } = livePuppets({ onCall: (puppet, { id }) => puppet.answer(id) }, 3_000_000)
  const { rows, traces } = await shown([permutation([ask(0, word('go')), ask(1, word('on'))])], adapter, {
    stopwatch: stopwatchOf(clock),
  })
  t.match(rows, [{ verdict: 'pass' }])
  t.same(
    traces[0]?.filter((line) => !/ (step|deadline) /.test(line)),
    ['0 0 call go', '3000000 0 returned 0 ok', '3000000 1 call on', '6000000 1 returned 1 ok'],
  )
})

await test('instants of a real clock are whole nanoseconds, however fine it is', async (t) => {
  const { adapter, clock } = livePuppets({ onCall: (puppet, { id }) => puppet.answer(id) }, 3_000_000.7)
  const { rows } = await shown([permutation([ask(0, word('go'))])], adapter, { stopwatch: stopwatchOf(clock) })
  t.match(rows, [{ verdict: 'pass', virtualNanoseconds: 3_000_000 }])
})

await test('by a real clock the world has settled when nothing was heard for a while', async (t) => {
  const { adapter, clock } = livePuppets({ onCall: (puppet, { id }) => puppet.answer(id) }, 3_000_000)
  const { rows } = await shown([permutation([ask(0, word('go')), settle])], adapter, { stopwatch: stopwatchOf(clock) })
  t.match(rows, [{ verdict: 'pass', virtualNanoseconds: 3_000_000 + calmSpan }])
})

await test('by a real clock an endpoint that tells one thing after another without end is ended, whatever time it claims', async (t) => {
  let heard = 0
  const completion = { request: 'r', outcome: 'done', bytes: 0, peer: 1, tag: 5 } as const
  const told: LiveOutput = {
    endpoint: 0,
    at: 0,
    output: { kind: 'event', event: { event: 'emp.completion', ...completion } },
  }
  const far: LiveHosts = {
    isOpen: true,
    give: async () => undefined,
    hear: async () => {
      heard += 1000
      return Array.from({ length: 1000 }, () => told)
    },
    reset: async () => undefined,
    close: async () => undefined,
  }
  const { adapter } = livePuppets({}, 0)
  const tireless: Adapter = { ...adapter, open: async () => ({ kind: 'live', far }) }
  const { rows } = await shown([permutation([ask(0, word('go'))])], tireless)
  t.match(rows, [{ verdict: 'crash', reason: /told one thing after another without end/ }])
  t.ok(heard <= toldMax + 1000, `${heard} heard`)
})

await test('by a real clock a call may stay open as long as the user said', async (t) => {
  const { adapter, clock } = livePuppets({ onCall: () => undefined }, 0)
  const { rows } = await shown([permutation([ask(0, word('go'))])], adapter, { stopwatch: stopwatchOf(clock) })
  t.match(rows, [{ verdict: 'timeout', reason: /did not return within 1s/ }])
})

await test('by a real clock what was not answered once is not believed until it happens again', async (t) => {
  let count = 0
  const once: Habits = {
    onCall: (puppet, { id }) => {
      if (++count > 1) puppet.answer(id)
    },
  }
  const { adapter, clock } = livePuppets(once, 0)
  const { rows } = await shown([permutation([ask(0, word('go'))])], adapter, { stopwatch: stopwatchOf(clock) })
  t.match(rows, [{ verdict: 'inconclusive', lostTo: 'clock', reason: /came to timeout once .* run again alone/ }])
})

await test('by a real clock the calls of a race begin together, again and again, each time with other delays', async (t) => {
  const members = ['a', 'b', 'c'].map((name, thread) => ask(thread % 2, word(name), { thread }))
  const race = permutation([{ kind: 'race', members, position }], { ordersMax: 1000 })
  const { adapter, clock, taken } = livePuppets({ onCall: (puppet, { id }) => puppet.answer(id) }, 3_000_000)
  const { rows } = await shown([race], adapter, { stopwatch: stopwatchOf(clock) })
  t.match(rows, [{ verdict: 'pass', exploration: { of: 'timings', orders: 25, bound: 25, exhausted: false } }])
  const starts = taken.map((input) => (input.kind === 'call' ? input.race : undefined))
  t.same(
    starts.map((start) => start?.behind),
    Array.from({ length: 25 }, () => [2, 1, 0]).flat(),
  )
  t.ok(new Set(starts.map((start) => start?.delay)).size > 10, 'delays differ')
  t.ok(new Set(taken.map((input) => (input.kind === 'call' ? input.call.thread : -1))).size === 3)
})

await test('by a real clock the worst timing of a race counts, and it is believed when it comes again', async (t) => {
  let count = 0
  const rare: Habits = {
    onCall: (puppet, { id }) => {
      if (++count % 20 !== 0) puppet.answer(id)
    },
  }
  const members = ['a', 'b'].map((name, thread) => ask(0, word(name), { thread }))
  const race = permutation([{ kind: 'race', members, position }], { ordersMax: 1000 })
  const { adapter, clock } = livePuppets(rare, 0)
  const { rows } = await shown([race], adapter, { stopwatch: stopwatchOf(clock) })
  t.match(rows, [{ verdict: 'timeout', exploration: { of: 'timings', orders: 25 } }])
})

await test('a race that takes its time is run less often, but not less than five times', (t) => {
  const second = 1_000_000_000
  t.equal(timingsOf(1000, 0), 25)
  t.equal(timingsOf(12, 0), 12, 'no more often than the case says')
  t.equal(timingsOf(1000, second), 10)
  t.equal(timingsOf(1000, 60 * second), 5)
  t.equal(timingsOf(3, 60 * second), 3)
  t.end()
})

await test('by a real clock no deadline is known, and none is claimed', async (t) => {
  const { adapter, clock } = livePuppets({}, 0)
  const { traces } = await shown([permutation([ask(0, word('go'))])], adapter, { stopwatch: stopwatchOf(clock) })
  t.notOk(traces[0]?.some((line) => line.includes('deadline')))
})

await test('by a real clock no case is waited for that lets more than some seconds pass, and it counts as lost to the clock', async (t) => {
  const reference = referenceAdapter()
  const real = { ...reference, pics: { ...reference.pics, clock: 'real' } as const }
  const waits = permutationsFor(project, real, 1).filter(({ name }) => name.includes('/wait-without-end/'))
  const long = waits.filter(({ name }) => name.includes('time=300s'))
  t.ok(long.length > 0)
  for (const each of long) t.match(each, { notApplicable: /lets 300s pass.* more than the 40s/, lostTo: 'clock' })
  t.ok(waits.some(({ notApplicable }) => notApplicable === undefined))
})

/** A call that is to be answered within a millisecond. */
const hasty = permutation([ask(0, word('go'), { label: 'asked' })], {
  outcomes: [
    {
      name: 'only',
      label: 'conformant',
      expectations: [
        {
          kind: 'answered',
          node: 0,
          label: 'asked',
          codes: [],
          outputs: {},
          within: 1_000_000,
          requirements: ['EMP-REL-001'],
          position,
          text: 'answered',
        },
      ],
    },
  ],
})

await test('by a real clock what came late is tried again, and is lost to the clock when it is always late', async (t) => {
  for (const [lateInputs, verdict, runs] of [
    [0, 'pass', 1],
    [1, 'pass', 2],
    [2, 'pass', 3],
    [9, 'inconclusive', 3],
  ] as const) {
    const lag = (n: number): number => (n <= lateInputs ? 30_000_000 : 1_000)
    const { adapter, clock, taken } = livePuppets({ onCall: (puppet, { id }) => puppet.answer(id) }, lag)
    const { rows } = await shown([hasty], adapter, { stopwatch: stopwatchOf(clock) })
    t.match(rows, [{ verdict }], `${lateInputs} late`)
    t.equal(taken.length, runs, `${lateInputs} late`)
  }
})

await test('who has the patience waits for cases that let more time pass', (t) => {
  const reference = referenceAdapter()
  const real = { ...reference, pics: { ...reference.pics, clock: 'real' } as const }
  const refused = (patience?: number): number =>
    permutationsFor(project, real, 1, patience).filter(({ notApplicable }) => /lets .* pass/.test(notApplicable ?? ''))
      .length
  t.ok(refused(5_000_000_000) > 50)
  t.ok(refused(20_000_000_000) < refused(5_000_000_000))
  t.ok(refused() > 0)
  t.equal(refused(1_000_000_000_000), 0)
  t.end()
})
