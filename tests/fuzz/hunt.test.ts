// The search: it finds what a mutant breaks, tells each kind of failure once, and finds nothing in the reference.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { hunt, type Caught, type HuntOptions, type HuntSeen } from '../../harness/fuzz/hunt.ts'
import { fuzzed, languageOf } from '../../harness/fuzz/languages.ts'
import type { InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { huntOptions, mutantNamed, project } from './subject.ts'

async function hunted(of: InterfaceName, options: HuntOptions): Promise<{ caught: Caught[]; seen: HuntSeen }> {
  const caught: Caught[] = []
  const search = hunt(languageOf(of, project.layouts, options.subject.iut.pics), options)
  for (;;) {
    const next = await search.next()
    if (next.done === true) return { caught, seen: next.value }
    caught.push(next.value)
  }
}

for (const of of fuzzed) {
  await test(`nothing is forbidden in drawn runs of the reference over ${of}`, async (t) => {
    const { caught, seen } = await hunted(of, huntOptions(referenceAdapter(), 300))
    t.same(
      caught.map(({ finding }) => finding),
      [],
    )
    t.equal(seen.runs, 300)
    t.ok(seen.pairs > 500, `${seen.pairs} pairs`)
  })
}

await test('a mutant is caught by a requirement that it breaks, in a run of a few calls', async (t) => {
  const { caught } = await hunted('emp', huntOptions(mutantNamed('emp-zero-length-lost'), 400))
  const found = caught.find(({ finding }) => finding.requirements.includes('EMP-MATCH-011'))
  t.ok(found)
  const calls = found?.permutation.steps.filter(({ kind }) => kind === 'call') ?? []
  t.ok(calls.length <= 3, `${calls.length} calls`)
  t.same(found?.permutation.faults, [], 'no fault matters to it')
  t.equal(found?.label, 'deterministic')
})

await test('each kind of failure is told once, however often it comes', async (t) => {
  const { caught, seen } = await hunted('emp', huntOptions(mutantNamed('emp-acks-every-frame'), 200))
  t.same(new Set(caught.map(({ kind }) => kind)).size, caught.length)
  t.same([...seen.failures.keys()].toSorted(), caught.map(({ kind }) => kind).toSorted())
  t.ok([...seen.failures.values()].some((count) => count > 1))
})

await test('a search with the same seed finds the same, another seed draws other runs', async (t) => {
  const once = await hunted('emp', huntOptions(referenceAdapter(), 150))
  t.same(await hunted('emp', huntOptions(referenceAdapter(), 150)), once)
  t.notSame((await hunted('emp', huntOptions(referenceAdapter(), 150, { seed: 2 }))).seen, once.seen)
})

await test('runs that are made at once, beside each other, find what they find one after the other', async (t) => {
  const found = async (beside: number): Promise<readonly string[]> => {
    const more = { guided: false, beside: Array.from({ length: beside }, () => mutantNamed('emp-zero-length-lost')) }
    const { caught, seen } = await hunted('emp', huntOptions(mutantNamed('emp-zero-length-lost'), 203, more))
    t.equal(seen.runs, 203)
    return caught.map(({ kind, run }) => `${run} ${kind}`)
  }
  const alone = await found(0)
  t.ok(alone.length > 0)
  t.same(await found(3), alone)
})

await test('what fails beside other runs and not alone is doubted, and is no finding', async (t) => {
  const doubted: number[] = []
  const more = { beside: [mutantNamed('emp-acks-every-frame')], doubt: (run: number) => void doubted.push(run) }
  const { caught, seen } = await hunted('emp', huntOptions(referenceAdapter(), 100, more))
  t.same(caught, [])
  t.equal(seen.failures.size, 0)
  t.ok(doubted.length > 0 && doubted.every((run) => run % 2 === 0), `${doubted.length} of every second run`)
})

await test('an interrupted search ends with what it has', async (t) => {
  let looks = 0
  const { seen } = await hunted('emp', huntOptions(referenceAdapter(), Infinity, { isInterrupted: () => ++looks > 2 }))
  t.ok(seen.runs > 0 && seen.runs < 200, `${seen.runs} runs`)
})
