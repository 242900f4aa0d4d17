// What a rule that is explored says in each run.
import { test } from 'tap'
import { inOrder, withVictim } from '../../harness/run/explored-rule.ts'
import { nextPrefix, RecordedSchedule } from '../../harness/run/schedule.ts'
import { permutation } from './emp-story.ts'

const shuffle = { kind: 'shuffle', rule: 1, frames: 3, most: 6 } as const
const shuffled = permutation({
  faults: [
    { fate: 'drop', amount: 0, from: 1 },
    { fate: 'delay', amount: 100, from: 0 },
  ],
  explored: shuffle,
})

/** How much later each frame comes, in every run that the walk makes. */
function everyOrder(): number[][] {
  const orders: number[][] = []
  let prefix: readonly number[] | undefined = []
  while (prefix) {
    const schedule: RecordedSchedule = new RecordedSchedule(prefix)
    orders.push(
      inOrder(shuffled, shuffle, schedule)
        .faults.slice(1)
        .map(({ amount }) => amount),
    )
    prefix = nextPrefix(schedule.choices, schedule.alternatives)
  }
  return orders
}

await test('three frames are put into each of their six orders once, the order of sending first', async (t) => {
  const orders = everyOrder()
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

await test('a victim is the n-th match of its rule', async (t) => {
  const rule = { kind: 'victims', rule: 0, from: 1, most: 9 } as const
  t.match(withVictim(permutation({ faults: shuffled.faults, explored: rule }), rule, 4).faults, [{ occurrence: 4 }, {}])
})
