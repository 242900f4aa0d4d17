// What is played again after a run: failures, to see on what they depend, and a sample of what passed.
import { test } from 'tap'
import { referencePics } from '../../adapters/reference/pics.ts'
import { playAgain, type PlayedAgain } from '../../harness/cli/session/again.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import type { PermutationResult } from '../../harness/result/report.ts'
import { canonicalRow } from '../../harness/result/canonical.ts'
import { playedTwiceWords, stabilityWords } from '../../harness/result/stability-words.ts'
import { dependenceOf, stabilityOf, type Again } from '../../harness/run/stability.ts'
import type { Monitor } from '../../harness/judge/monitors/monitor.ts'
import type { Adapter, Carrier } from '../../harness/subject/adapter.ts'
import { ask, permutation, puppets, test as asks } from './puppet.ts'
import { project, shown, wrong } from './shown.ts'

/** So many permutations, each with a name of its own. */
function several(count: number): readonly Permutation[] {
  return Array.from({ length: count }, (_, i) => permutation([ask(0, asks('a'))], { case: `made-${i}` }))
}

interface Manner {
  readonly monitors?: readonly Monitor[]
  readonly interrupted?: () => boolean
  readonly took?: number
}

/** Runs them once, as a run does, and then again. */
async function again(
  permutations: readonly Permutation[],
  adapter: Adapter,
  { monitors = [], interrupted, took = 1000 }: Manner = {},
): Promise<PlayedAgain> {
  const { rows } = await shown(permutations, adapter, { monitors, believesAtOnce: true })
  const session = { project, adapter, repeat: () => 'again', monitors, ...(interrupted ? { interrupted } : {}) }
  return playAgain({ rows, permutations, took, session })
}

/** Answers otherwise each time that it is asked. */
function fickle(more: Partial<Adapter> = {}): Adapter {
  let calls = 0
  return puppets({ onCall: (puppet, { id }) => puppet.answer(id, { digest: calls++ }) }, more)
}

await test('a failure that has the same trace each time is deterministic, 3 of 3', async (t) => {
  const { rows } = await again(several(1), puppets({}), { monitors: [wrong] })
  t.same(rows[0]?.stability, { label: 'deterministic', by: 'trace', same: 3, of: 3 })
})

await test('a failure whose trace is another each time, by virtual time, depends on what nobody handed in', async (t) => {
  const { rows } = await again(several(1), fickle(), { monitors: [wrong] })
  t.same(rows[0]?.stability, { label: 'environment', by: 'trace', same: 0, of: 3 })
})

await test('at most fifty failures are played again, and what passed is not', async (t) => {
  const { rows } = await again(several(60), puppets({}), { monitors: [wrong] })
  t.equal(rows.filter(({ stability }) => stability).length, 50)
  t.notOk((await again(several(1), puppets({}))).rows[0]?.stability)
})

await test('a failure that takes longer than there is time for is not played again', async (t) => {
  const permutations = several(1)
  const adapter = puppets({})
  const { rows } = await shown(permutations, adapter, { monitors: [wrong], believesAtOnce: true })
  const slow = rows.map((row) => ({ ...row, realMicroseconds: 10_000_000 }))
  const session = { project, adapter, repeat: () => 'again', monitors: [wrong] }
  t.same((await playAgain({ rows: slow, permutations, took: 1000, session })).rows, slow)
})

await test('who is interrupted while it plays again keeps all rows, and is told nothing that was not seen', async (t) => {
  const { rows, playedTwice } = await again(several(120), puppets({}), { monitors: [wrong], interrupted: () => true })
  t.equal(rows.length, 120)
  t.notOk(rows.some(({ stability }) => stability))
  t.equal(playedTwice, undefined)
})

await test('one of a hundred that ran is played twice, and all of them come out the same', async (t) => {
  const { playedTwice } = await again(several(250), puppets({}))
  t.same(playedTwice, { sample: 2, same: 2, different: [] })
  t.equal((await again(several(99), puppets({}))).playedTwice, undefined)
})

await test('what comes out otherwise when it is played twice is named, and rests on the implementation', async (t) => {
  const { playedTwice } = await again(several(100), fickle())
  t.same(playedTwice, {
    sample: 1,
    same: 0,
    different: [{ name: 'emp.made/made-0/roles=iut-iut', blame: 'implementation' }],
  })
})

await test('what comes out otherwise in a process that goes on, and not in fresh ones, rests on the adapter', async (t) => {
  let calls = 0
  const carrier: Carrier = {
    isFresh: false,
    renew: async () => {
      calls = 0
    },
  }
  const leaking = puppets({ onCall: (puppet, { id }) => puppet.answer(id, { digest: calls++ }) }, { carrier })
  const { playedTwice } = await again(several(100), leaking)
  t.match(playedTwice, { same: 0, different: [{ blame: 'adapter' }] })
})

await test('by a real clock nothing is held against a second run', async (t) => {
  const { playedTwice } = await again(several(100), puppets({}, { pics: { ...referencePics, clock: 'real' } }))
  t.equal(playedTwice, undefined)
})

const [template] = (await shown([permutation([])], puppets({}))).rows
if (!template) throw new Error('a permutation without steps has no row')
const finding = { judge: 'monitor', verdict: 'fail', requirements: ['EMP-REL-001'], expected: 'e', seen: 's' } as const
const failed: PermutationResult = { ...template, verdict: 'fail', findings: [finding] }

function played(row: PermutationResult, course = ''): Again {
  return { row, course }
}

await test('where every octet but those of a provider is the same, such as addresses, the trace counts as the same', async (t) => {
  let times = 0
  const moved = (course: string): (() => Promise<Again>) => {
    return async () =>
      played({ ...failed, traceDigest: `other ${times}` }, course === '' ? `course ${times++}` : course)
  }
  t.match(await stabilityOf(failed, 'virtual', moved('the same')), { label: 'deterministic', same: 3 })
  t.match(await stabilityOf(failed, 'virtual', moved('')), { label: 'environment', same: 0 })
})

await test('addresses of its own, other ones each time, make no implementation uncertain', async (t) => {
  let address = 0
  const named = permutation([ask(0, { operation: 'emp.descriptor', request: 'a' })], { case: 'made' })
  const moving = puppets({ onCall: (puppet, { id }) => puppet.answer(id, { octets: `0${address++ % 10}` }) })
  const many = Array.from({ length: 100 }, () => named)
  t.same((await again(many, moving)).playedTwice, { sample: 1, same: 1, different: [] })
})

await test('a failure of a race that the first order does not show depends on the order', async (t) => {
  const exploration = {
    of: 'orders',
    orders: 1,
    bound: 1,
    exhausted: false,
    outcomes: [{ name: 'fail', count: 1 }],
  } as const
  const detail = {
    faultPlan: [],
    decisions: [],
    configuration: {},
    steps: [],
    diagram: { hosts: [], events: [], omitted: 0 },
  }
  const raced = { ...failed, exploration, failure: { ...detail, schedule: [1] } }
  const passed = { ...template, traceDigest: 'other' }
  const play = async (choices: readonly number[] = []): Promise<Again> => played(choices.length > 0 ? failed : passed)
  t.match(await stabilityOf(raced, 'virtual', play), { label: 'schedule', same: 3 })
  t.match(await stabilityOf(raced, 'virtual', async () => played(failed)), { label: 'deterministic', same: 3 })
})

await test('by a real clock a failure that comes and goes depends on the clock, and one that stays is steady', async (t) => {
  let times = 0
  const sometimes = await stabilityOf(failed, 'real', async () => played(times++ === 0 ? failed : template))
  t.same(sometimes, { label: 'clock', by: 'failure', same: 1, of: 3 })
  const always = await stabilityOf(failed, 'real', async () => played({ ...failed, traceDigest: 'another' }))
  t.match(always && stabilityWords(always), /^steady: played again, it failed in the same way 3 of 3 times$/)
})

await test('what is not run again is not labelled', async (t) => {
  t.equal(await stabilityOf(failed, 'virtual', async () => undefined), undefined)
})

await test('what changes with the time that there was is no part of what two runs have in common', (t) => {
  const stability = { label: 'deterministic', by: 'trace', same: 3, of: 3 } as const
  t.equal(canonicalRow({ ...failed, stability }), canonicalRow(failed))
  t.end()
})

await test('each label has its words, with how often of how many times', (t) => {
  const words = (['deterministic', 'schedule', 'clock', 'environment'] as const).map((label) =>
    stabilityWords({ label, by: 'trace', same: 2, of: 3 }),
  )
  t.ok(words.every((each) => each.includes('2 of 3 times')))
  t.equal(new Set(words).size, 4)
  t.equal(dependenceOf({ clock: 'real', comesAgain: true, needsOrder: true }), 'deterministic')
  t.match(
    playedTwiceWords({ sample: 2, same: 1, different: [{ name: 'one', blame: 'adapter' }] }),
    /sample of 2 permutations played twice: 1 the same, and not so one \(rests on the adapter\)/,
  )
  t.end()
})
