// Which runs of a case are made: orders depth first and then drawn, one order by hand, timings by a real clock.
import * as fc from 'fast-check'
import { test } from 'tap'
import type { Permutation } from '../../harness/plan/permutation.ts'
import {
  explorationOf,
  inOneOrder,
  orderAsked,
  whyNoOrder,
  type Circumstances,
  type Exploration,
} from '../../harness/run/explorations.ts'
import type { Schedule } from '../../harness/run/schedule.ts'
import { permutation } from './emp-story.ts'

const last = (alternatives: number): number => alternatives - 1

/** The exploration of a race by virtual time, in which the last of all alternatives is drawn, unless it is said otherwise. */
function exploring(over: Partial<Permutation>, more: Partial<Circumstances> = {}): Exploration {
  const usual = { clock: 'virtual', asked: undefined, count: undefined, draw: last } as const
  return explorationOf(permutation(over), { ...usual, ...more })
}

interface Runs {
  readonly choose: (schedule: Schedule) => void
  /** How long each run takes, in nanoseconds. */
  readonly took?: number
  /** No more than so many runs are made, even if there are further ones. */
  readonly most?: number
}

/** Makes all runs of an exploration; what was chosen in each, in order. */
function made(exploration: Exploration, { choose, took = 0, most = Infinity }: Runs): readonly string[] {
  const chosen: string[] = []
  for (const schedule of exploration.schedules()) {
    choose(schedule)
    exploration.ran(schedule, took)
    chosen.push(schedule.choices.join(''))
    if (chosen.length === most) break
  }
  return chosen
}

/** Runs in which there are so many alternatives at the first choice, so many at the second. */
function choosing(...alternatives: readonly number[]): Runs {
  return { choose: (schedule) => alternatives.forEach((each) => schedule.choose(each)) }
}

// --- depth first, up to the bound -----------------------------------------------------------------------------------

/** A tree of choices: the alternatives at a point; none: the run is over. */
interface Tree {
  readonly below: readonly Tree[]
}

const leaf: Tree = { below: [] }

const tree = fc.memo((depth): fc.Arbitrary<Tree> =>
  depth === 1 ? fc.constant(leaf) : fc.array(tree(), { maxLength: 3 }).map((below) => ({ below })),
)

function leaves({ below }: Tree): string[] {
  if (below.length === 0) return ['']
  return below.flatMap((child, i) => leaves(child).map((path) => `${i}${path}`))
}

await test('the walk over all orders visits each once, later choices first', async () => {
  fc.assert(
    fc.property(tree(5), (root) => {
      const choose = (schedule: Schedule): void => {
        let at: Tree | undefined = root
        while (at && at.below.length > 0) at = at.below[schedule.choose(at.below.length)]
      }
      return made(exploring({ ordersMax: 1000 }), { choose }).join() === leaves(root).join()
    }),
    { seed: 20260101, numRuns: 200 },
  )
})

await test('no more runs are made than the bound, and the summary says what it was', async (t) => {
  const exploration = exploring({ ordersMax: 7 })
  t.equal(made(exploration, choosing(5, 5)).length, 7)
  t.match(exploration.summary(), { of: 'orders', bound: 7 })
})

await test('a rule that is explored has a bound of its own', async (t) => {
  const exploration = exploring({ explored: { kind: 'victims', rule: 0, from: 0, most: 4 } })
  t.equal(made(exploration, choosing(9)).length, 4)
  t.match(exploration.summary(), { of: 'victims', bound: 4 })
})

// --- wandering ------------------------------------------------------------------------------------------------------

await test('a walk that has not ended at half of its bound is drawn from all over from there on', async (t) => {
  t.same(made(exploring({ ordersMax: 6 }), choosing(3, 3, 3)), ['000', '001', '002', '222', '222', '222'])
})

await test('of an odd bound the larger half is depth first', async (t) => {
  t.same(made(exploring({ ordersMax: 5 }), choosing(3, 3, 3)), ['000', '001', '002', '222', '222'])
})

await test('runs that are known to fit within the bound are never drawn', async (t) => {
  t.same(made(exploring({ ordersMax: 4 }, { count: 4 }), choosing(2, 2)), ['00', '01', '10', '11'])
})

await test('runs that are known to be too many are drawn from half of the bound on', async (t) => {
  t.same(made(exploring({ ordersMax: 4 }, { count: 5 }), choosing(5)), ['0', '1', '4', '4'])
})

await test('an order that is drawn again counts once', async (t) => {
  const exploration = exploring({ ordersMax: 6 })
  made(exploration, choosing(3, 3, 3))
  t.equal(exploration.summary().orders, 4)
})

// --- what is exhausted ----------------------------------------------------------------------------------------------

await test('a walk is exhausted when it has run every order, even with its last run', async (t) => {
  const exploration = exploring({ ordersMax: 4 }, { count: 4 })
  made(exploration, choosing(2, 2))
  t.match(exploration.summary(), { orders: 4, exhausted: true })
})

await test('a walk that was drawn is not exhausted, whatever it has come upon', async (t) => {
  const exploration = exploring({ ordersMax: 4 })
  t.same(made(exploration, choosing(3)), ['0', '1', '2', '2'])
  t.match(exploration.summary(), { orders: 3, exhausted: false })
})

await test('a walk that is broken off is not exhausted, since nobody asked whether there is more', async (t) => {
  const exploration = exploring({ ordersMax: 100 })
  t.equal(made(exploration, { ...choosing(2, 2), most: 4 }).length, 4)
  t.match(exploration.summary(), { orders: 4, exhausted: false })
})

await test('where nothing is to be chosen one run is all', async (t) => {
  const exploration = exploring({ ordersMax: 100 })
  t.same(made(exploration, choosing()), [''])
  t.match(exploration.summary(), { orders: 1, exhausted: true })
})

// --- one order ------------------------------------------------------------------------------------------------------

await test('an order that is asked for is the only one run, and does not exhaust anything', async (t) => {
  const exploration = exploring({ ordersMax: 100 }, { asked: { choices: [1, 0] } })
  t.same(made(exploration, choosing(2, 2, 2)), ['100'])
  t.same(exploration.summary(), { of: 'orders', orders: 1, bound: 1, exhausted: false })
})

await test('an order by hand goes before the one that the case names', async (t) => {
  const pinned = permutation({ ordersMax: 9, schedule: [0, 1] })
  t.match(orderAsked(pinned, { clock: 'virtual' }, { choices: [2] }), { choices: [2] })
  t.match(orderAsked(pinned, { clock: 'virtual' }, undefined), { choices: [0, 1] })
})

await test('a case that names no order is asked for none', async (t) => {
  t.equal(orderAsked(permutation({ ordersMax: 9 }), { clock: 'virtual' }, undefined), undefined)
})

await test('by a real clock no order of a race can be asked for', async (t) => {
  t.equal(orderAsked(permutation({ ordersMax: 9, schedule: [0] }), { clock: 'real' }, { choices: [1] }), undefined)
})

await test('an order can be chosen for a race, but for none by a real clock, and for no case without one', (t) => {
  const race = permutation({ ordersMax: 9 })
  t.equal(whyNoOrder(race, { clock: 'virtual' }), undefined)
  t.match(whyNoOrder(race, { clock: 'real' }), /real clock/)
  t.match(whyNoOrder(permutation({}), { clock: 'virtual' }), /no race/)
  t.end()
})

/** What is said of choices that do not fit a case of one choice among two. */
function misfits(over: Partial<Permutation>, choices?: readonly number[]): readonly string[] {
  const said: string[] = []
  const onMisfit = (words: string): void => void said.push(words)
  const asked = orderAsked(permutation(over), { clock: 'virtual' }, choices && { choices, onMisfit })
  made(exploring(over, { asked }), choosing(2))
  return said
}

await test('whoever asks for an order by hand is told that it does not fit', async (t) => {
  t.match(misfits({ ordersMax: 9, name: 'a/b' }, [5]), [/^a\/b: choice 1 of the schedule is 5/])
  t.match(misfits({ ordersMax: 9 }, [1, 1]), [/has 2 choices, and there was only 1 to make/])
  t.same(misfits({ ordersMax: 9 }, [1]), [])
})

await test('an order that the case names need not fit, and nothing is said of it', async (t) => {
  t.same(misfits({ ordersMax: 9, schedule: [5] }), [])
})

await test('of a case in one order nobody wants proof of several', async (t) => {
  const proves = [
    { kind: 'orders', times: { least: 2 } },
    { kind: 'reordered', times: { least: 1 } },
  ] as const
  t.match(inOneOrder(permutation({ proves })).proves, [{ kind: 'reordered' }])
})

// --- timings --------------------------------------------------------------------------------------------------------

await test('by a real clock the first run of a race is in order, and the others are drawn', async (t) => {
  t.same(made(exploring({ ordersMax: 4 }, { clock: 'real' }), choosing(2, 2)), ['00', '11', '11', '11'])
})

await test('each timing counts, and there are always more', async (t) => {
  const exploration = exploring({ ordersMax: 4 }, { clock: 'real' })
  made(exploration, choosing())
  t.same(exploration.summary(), { of: 'timings', orders: 4, bound: 4, exhausted: false })
})

await test('how long the first timing took says how many there are', async (t) => {
  const exploration = exploring({ ordersMax: 1000 }, { clock: 'real' })
  const second = 1_000_000_000
  t.equal(made(exploration, { ...choosing(), took: second }).length, 10)
  t.equal(exploration.summary().bound, 10)
})
