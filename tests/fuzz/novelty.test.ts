// What was seldom tried goes first: plans are told apart by what they say.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { leaningTo } from '../../harness/fuzz/focus.ts'
import { Novelty } from '../../harness/fuzz/novelty.ts'
import type { Move, Plan } from '../../harness/fuzz/plan.ts'
import { PlanSource } from '../../harness/fuzz/source.ts'
import { languageOf } from '../../harness/fuzz/languages.ts'
import { project } from './subject.ts'

function planOf(...moves: readonly Move[]): Plan {
  return { hosts: 2, setting: 0, seed: 1, moves, mishaps: [], choices: [] }
}

function noveltyAfter(tried: readonly Plan[]): Novelty {
  const novelty = new Novelty()
  for (const plan of tried) novelty.took(plan)
  return novelty
}

const pause = (span: number): Move => ({ act: 'pause', span })
const fill = (link: number, queue: number): Move => ({ act: 'fill', link, queue })

await test('a plan is the less new the more often it was tried', (t) => {
  const novelty = new Novelty()
  const plan = planOf(pause(1), fill(0, 1))
  const before = novelty.of(plan)
  novelty.took(plan)
  const once = novelty.of(plan)
  novelty.took(plan)
  t.ok(once < before)
  t.ok(novelty.of(plan) < once)
  t.end()
})

await test('a plan that says what none has said is newer than another one', (t) => {
  const novelty = noveltyAfter([planOf(pause(1))])
  t.ok(novelty.of(planOf(pause(2))) > novelty.of(planOf(pause(1))))
  t.end()
})

await test('who does it is no news', (t) => {
  const novelty = noveltyAfter([planOf({ act: 'fill', host: 0, peer: 1, queue: 1 })])
  const same = novelty.of(planOf({ act: 'fill', host: 0, peer: 1, queue: 1 }))
  t.equal(novelty.of(planOf({ act: 'fill', host: 5, peer: 3, queue: 1 })), same)
  t.end()
})

await test('a number that was tried is new when it meets another move', (t) => {
  const tried = [planOf(fill(0, 1), pause(1)), planOf(pause(2), fill(0, 1))]
  const novelty = noveltyAfter(tried)
  t.ok(novelty.of(planOf(pause(1), fill(0, 1))) > novelty.of(planOf(fill(0, 1), pause(1))))
  t.end()
})

await test('a move that has no numbers is less new the second time', (t) => {
  const count: Move = { act: 'count', host: 1 }
  t.ok(noveltyAfter([planOf(count)]).of(planOf(count)) < noveltyAfter([]).of(planOf(count)))
  t.end()
})

await test('a plan of any length can be told', (t) => {
  const novelty = new Novelty()
  const long = planOf(...Array.from({ length: 200 }, (_, i) => fill(i, i)))
  novelty.took(long)
  t.ok(Number.isFinite(novelty.of(long)))
  t.end()
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

/** Of all moves that follow each other in so many plans, how many make up the rarer half of such pairs. */
function rarerHalf(guided: boolean): number {
  const language = languageOf('emp', project.layouts, referenceAdapter().pics)
  const source = new PlanSource(language, { seed: 3, leaning: leaningTo(undefined), guided, timesSeen: () => 1 })
  const times = new Map<string, number>()
  for (let plans = 0; plans < 3_000; plans++) {
    const acts = source.next().moves.map(({ act }) => act)
    for (const pair of acts.slice(1).map((act, before) => `${acts[before]} ${act}`)) {
      times.set(pair, (times.get(pair) ?? 0) + 1)
    }
  }
  const sorted = [...times.values()].toSorted((one, other) => one - other)
  return sum(sorted.slice(0, sorted.length / 2)) / sum(sorted)
}

await test('a guided search tries what can meet more evenly than a blind one', (t) => {
  t.ok(rarerHalf(true) > 1.2 * rarerHalf(false))
  t.end()
})
