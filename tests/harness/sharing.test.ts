// Who plays in one process: several at once, or one alone.
import * as fc from 'fast-check'
import { test } from 'tap'
import { Sharing } from '../../harness/subject/sharing.ts'
import { toldLater } from './told-later.ts'

/** What is under way, and a piece of work that ends when it is told to. */
function floor(): {
  readonly sharing: Sharing
  readonly under: string[]
  readonly most: { shared: number; alone: number }
  readonly begin: (name: string, isAlone: boolean) => { readonly end: () => void; readonly over: Promise<void> }
} {
  const sharing = new Sharing()
  const under: string[] = []
  const most = { shared: 0, alone: 0 }
  const begin = (name: string, isAlone: boolean): { end: () => void; over: Promise<void> } => {
    const told = toldLater()
    const work = async (): Promise<void> => {
      under.push(name)
      const alone = under.filter((each) => each.startsWith('alone')).length
      most.shared = Math.max(most.shared, under.length - alone)
      if (alone > 0) most.alone = Math.max(most.alone, under.length)
      await told.heard
      under.splice(under.indexOf(name), 1)
    }
    return { end: told.tell, over: isAlone ? sharing.alone(work) : sharing.share(work) }
  }
  return { sharing, under, most, begin }
}

/** Lets all that can go on go on. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

await test('any number share it', async (t) => {
  const { under, begin } = floor()
  begin('a', false)
  begin('b', false)
  await settled()
  t.same(under, ['a', 'b'])
})

await test('one who wants it alone waits for all who share it, and goes before those who come after', async (t) => {
  const { under, begin } = floor()
  const first = begin('a', false)
  const alone = begin('alone', true)
  begin('late', false)
  await settled()
  t.same(under, ['a'])
  first.end()
  await settled()
  t.same(under, ['alone'])
  alone.end()
  await settled()
  t.same(under, ['late'])
})

await test('work that fails gives its place back', async (t) => {
  const { sharing, under, begin } = floor()
  await t.rejects(sharing.share(() => Promise.reject(new Error('torn'))))
  await t.rejects(sharing.alone(() => Promise.reject(new Error('torn'))))
  begin('alone', true)
  await settled()
  t.same(under, ['alone'])
})

await test('who is alone never is with others, and everybody comes to the end', async (t) => {
  const worker = fc.record({ isAlone: fc.boolean(), ends: fc.nat(30) })
  const property = fc.asyncProperty(fc.array(worker, { maxLength: 12 }), async (workers) => {
    const { under, most, begin } = floor()
    const begun = workers.map(({ isAlone, ends }, i) => ({
      ...begin(`${isAlone ? 'alone' : 'shared'} ${i}`, isAlone),
      ends,
    }))
    for (const { end } of begun.toSorted((one, other) => one.ends - other.ends)) {
      end()
      await settled()
    }
    await Promise.all(begun.map(({ over }) => over))
    return under.length === 0 && most.alone <= 1
  })
  await fc.assert(property, { seed: 20261129, numRuns: 200 })
  t.pass()
})
