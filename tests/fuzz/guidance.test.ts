// What guides a search: pairs are counted as they are seen, and plans that show what is seldom seen are taken up.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { Coverage } from '../../harness/fuzz/coverage.ts'
import { leaningTo } from '../../harness/fuzz/focus.ts'
import type { Plan } from '../../harness/fuzz/plan.ts'
import { PlanSource } from '../../harness/fuzz/source.ts'
import { viaLanguage } from '../../harness/fuzz/via/language.ts'
import type { ViaMove } from '../../harness/fuzz/via/moves.ts'
import { Trace } from '../../harness/result/trace.ts'

/** A trace in which one call after the other is made and answered. */
function traceOf(...operations: readonly ('emp.counters' | 'emp.test')[]): Trace {
  const trace = new Trace()
  operations.forEach((operation, id) => {
    const body = operation === 'emp.test' ? { operation, request: 'r' } : { operation }
    trace.call(0, { id, thread: 0, body }, id)
    trace.returned(0, { id, status: 'ok' }, id)
  })
  return trace
}

await test('a trace shows something new once', (t) => {
  const coverage = new Coverage(() => 0)
  t.not(coverage.take(traceOf('emp.counters')), undefined)
  const { pairs } = coverage
  t.equal(coverage.take(traceOf('emp.counters')), undefined)
  t.equal(coverage.pairs, pairs)
  t.end()
})

await test('the same calls in another order are something new', (t) => {
  const coverage = new Coverage(() => 0)
  coverage.take(traceOf('emp.counters', 'emp.test'))
  t.not(coverage.take(traceOf('emp.test', 'emp.counters')), undefined)
  t.end()
})

await test('a pair has been seen as often as traces have shown it', (t) => {
  const coverage = new Coverage(() => 0)
  const pair = coverage.take(traceOf('emp.counters')) ?? -1
  const once = coverage.timesSeen(pair)
  coverage.take(traceOf('emp.counters'))
  t.equal(coverage.timesSeen(pair), 2 * once)
  t.end()
})

/** What is new about a call of a known kind after what `prepare` has put into the trace. */
function newAfter(prepare: (trace: Trace) => void): number | undefined {
  const coverage = new Coverage(() => 0)
  coverage.take(traceOf('emp.counters', 'emp.counters'))
  const trace = new Trace()
  prepare(trace)
  coverage.take(trace)
  trace.call(0, { id: 9, thread: 0, body: { operation: 'emp.counters' } }, 9)
  return coverage.take(trace)
}

await test('a call of a known kind in a known state is nothing new', (t) => {
  t.equal(
    newAfter(() => undefined),
    undefined,
  )
  t.end()
})

await test('an open call makes the next one something new', (t) => {
  const open = { id: 1, thread: 0, body: { operation: 'emp.test', request: 'r' } } as const
  t.not(
    newAfter((trace) => trace.call(0, open, 1)),
    undefined,
  )
  t.end()
})

await test('a frame on its way makes the next call something new', (t) => {
  t.not(
    newAfter((trace) => trace.frame('sent', { from: 0, frame: 0, now: 1 }, new Uint8Array(60), 60)),
    undefined,
  )
  t.end()
})

/** A plan that can be told from others by its seed, whatever is changed in it. */
function planOf(seed: number): Plan<ViaMove> {
  return { hosts: 2, setting: 0, seed, moves: [{ act: 'pause', span: 0 }], mishaps: [], choices: [] }
}

await test('of kept plans those are taken up that show what is seldom seen, and of these the short ones', (t) => {
  const language = viaLanguage(referenceAdapter().pics)
  const often = new Set([0])
  const timesSeen = (pair: number): number => (often.has(pair) ? 1_000 : 1)
  const source = new PlanSource(language, { seed: 1, leaning: leaningTo(undefined), guided: true, timesSeen })
  const seeds = { often: 100_001, long: 100_002, short: 100_003 }
  source.keep(planOf(seeds.often), { pair: 0, cost: 10 })
  source.keep(planOf(seeds.long), { pair: 1, cost: 100 })
  source.keep(planOf(seeds.short), { pair: 2, cost: 10 })
  const taken = { often: 0, long: 0, short: 0 }
  for (let plans = 0; plans < 8_000; plans++) {
    const { seed } = source.next()
    for (const name of ['often', 'long', 'short'] as const) if (seed === seeds[name]) taken[name]++
  }
  t.ok(taken.short > 10 * taken.long, JSON.stringify(taken))
  t.ok(taken.long > taken.often, JSON.stringify(taken))
  t.end()
})

await test('a blind search takes up nothing that was kept', (t) => {
  const language = viaLanguage(referenceAdapter().pics)
  const source = new PlanSource(language, { seed: 1, leaning: leaningTo(undefined), guided: false, timesSeen: () => 1 })
  source.keep(planOf(100_001), { pair: 0, cost: 1 })
  t.notOk(Array.from({ length: 500 }, () => source.next().seed).includes(100_001))
  t.end()
})
