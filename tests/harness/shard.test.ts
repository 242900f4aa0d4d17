// Shards: parts of one size that hold everything once, and stay what they are when cases come.
import { test } from 'tap'
import { namesOfShard } from '../../harness/plan/shard.ts'

interface Named {
  readonly name: string
  readonly notApplicable?: string
}

function named(count: number, suite = 'made'): readonly Named[] {
  return Array.from({ length: count }, (_, i) => ({ name: `${suite}.suite/case-${i % 7}/number=${i}/roles=iut-iut` }))
}

function shards(permutations: readonly Named[], of: number): readonly ReadonlySet<string>[] {
  return Array.from({ length: of }, (_, i) => namesOfShard(permutations, { part: i + 1, of }))
}

await test('the parts together hold every permutation exactly once', (t) => {
  const all = named(1003)
  const held = shards(all, 7).flatMap((names) => [...names])
  t.same(held.toSorted(), all.map(({ name }) => name).toSorted())
  t.end()
})

await test('no part is larger than another by more than one', (t) => {
  const sizes = shards(named(1003), 7).map(({ size }) => size)
  t.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, String(sizes))
  t.end()
})

await test('what applies is shared evenly, whatever does not', (t) => {
  const none = named(500, 'none').map((each) => ({ ...each, notApplicable: 'it lacks something' }))
  const some = named(50)
  const applying = new Set(some.map(({ name }) => name))
  const sizes = shards([...none, ...some], 5).map((names) => [...names].filter((name) => applying.has(name)).length)
  t.same(sizes, [10, 10, 10, 10, 10])
  t.end()
})

await test('neither the order of the plan nor what stands beside a permutation decides on its part', (t) => {
  const all = named(400)
  t.same(shards(all.toReversed(), 4), shards(all, 4))
  t.end()
})

await test('where some permutations are added, about as few change their part', (t) => {
  const [before, added] = [named(1000), 20]
  const after = [...named(added, 'another'), ...before]
  const [one, other] = [shards(before, 5), shards(after, 5)]
  const moved = before.filter(
    ({ name }) => one.findIndex((names) => names.has(name)) !== other.findIndex((names) => names.has(name)),
  )
  t.ok(moved.length <= 2 * added, `${moved.length} moved`)
  t.end()
})
