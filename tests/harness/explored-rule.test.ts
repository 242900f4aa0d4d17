// What a rule that is explored says in each run.
import { test } from 'tap'
import type { Permutation } from '../../harness/plan/permutation.ts'
import { explorationOf } from '../../harness/run/explorations.ts'
import { inOrder, variantsOf, withVictim } from '../../harness/run/explored-rule.ts'
import { RecordedSchedule } from '../../harness/run/schedule.ts'
import { permutation } from './emp-story.ts'

const shuffle = { kind: 'shuffle', rule: 1, frames: 3, most: 6 } as const
const shuffled = permutation({
  faults: [
    { fate: 'drop', amount: 0, from: 1 },
    { fate: 'delay', amount: 100, from: 0 },
  ],
  explored: shuffle,
})

const first = (): number => 0

/** All variants of a permutation whose rule could hit so many frames, in the order in which they are run. */
async function everyVariant(explored: Permutation, frames: number): Promise<readonly Permutation[]> {
  const { count, chosenBy } = await variantsOf(explored, async () => frames)
  const exploration = explorationOf(explored, { clock: 'virtual', asked: undefined, count, draw: first })
  const variants: Permutation[] = []
  for (const schedule of exploration.schedules()) {
    variants.push(chosenBy(schedule))
    exploration.ran(schedule, 0)
  }
  return variants
}

await test('three frames are put into each of their six orders once, the order of sending first', async (t) => {
  const variants = await everyVariant(shuffled, 0)
  const orders = variants.map(({ faults }) => faults.slice(1).map(({ amount }) => amount))
  t.equal(orders.length, 6)
  t.equal(new Set(orders.map((order) => order.join())).size, 6)
  t.same(orders[0], [0, 100, 200])
  for (const order of orders)
    t.same(
      order.toSorted((a, b) => a - b),
      [0, 100, 200],
    )
})

await test('the rules before it stay, and nothing is left to explore', async (t) => {
  const { faults, explored } = inOrder(shuffled, shuffle, new RecordedSchedule([2, 1]))
  t.equal(explored, undefined)
  t.same(faults, [
    { fate: 'drop', amount: 0, from: 1 },
    { fate: 'delay', amount: 200, from: 0, occurrence: 1 },
    { fate: 'delay', amount: 100, from: 0, occurrence: 1 },
    { fate: 'delay', amount: 0, from: 0, occurrence: 1 },
  ])
})

const victims = { kind: 'victims', rule: 0, from: 1, most: 9 } as const
const hunted = permutation({ faults: shuffled.faults, explored: victims })

await test('a victim is the n-th match of its rule', async (t) => {
  t.match(withVictim(hunted, victims, 4).faults, [{ occurrence: 4 }, {}])
})

await test('each frame that the rule could hit is its victim once, in the order of sending', async (t) => {
  const hit = (await everyVariant(hunted, 3)).map(({ faults }) => faults[0]?.occurrence)
  t.same(hit, [1, 2, 3])
})

await test('the frames are counted where the rule hits none of them', async (t) => {
  const counted: unknown[] = []
  const { count } = await variantsOf(hunted, async ({ faults }, rule) => counted.push(faults[rule]))
  t.match(counted, [{ fate: 'drop', occurrence: 0 }])
  t.equal(count, 1)
})

await test('a rule that has nothing to hit is tried once', async (t) => {
  t.match(await everyVariant(hunted, 0), [{ faults: [{ occurrence: 1 }, {}] }])
})

await test('how many orders a race has only running tells, and each run is of the case as it is', async (t) => {
  const race = permutation({ ordersMax: 9 })
  const { count, chosenBy } = await variantsOf(race, async () => 3)
  t.equal(count, undefined)
  t.equal(chosenBy(new RecordedSchedule([])), race)
})
