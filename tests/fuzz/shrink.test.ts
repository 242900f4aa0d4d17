// Shrinking: what does not matter to a failure is gone, and what is left cannot be made smaller by one step.
import { assert, asyncProperty, array, integer, nat, record } from 'fast-check'
import { test } from 'tap'
import type { Mishap, Move, Plan } from '../../harness/fuzz/plan.ts'
import { shrinkPermutation, shrinkPlan, type ShrinkBound } from '../../harness/fuzz/shrink.ts'
import type { CallStep, Permutation } from '../../harness/plan/permutation.ts'

const unbounded = (): ShrinkBound => ({ runs: 100_000, isOver: () => false })

function move(size: number): Move {
  return { act: 'send', size }
}

const drop: Mishap = { fate: 'drop', host: 1, ordinal: 3, full: 0, amount: 2 }

function planOf(sizes: readonly number[], more: Partial<Plan> = {}): Plan {
  return { hosts: 4, setting: 3, seed: 9, moves: sizes.map(move), mishaps: [], choices: [], ...more }
}

await test('what the failure does not need is left out, and numbers are lowered as far as it lasts', async (t) => {
  const failing = planOf([1, 7, 30, 2], { mishaps: [drop, drop], choices: [3, 1, 2] })
  const shrunk = await shrinkPlan(
    failing,
    ({ moves }) => Promise.resolve(moves.some(({ size }) => Number(size) >= 5)),
    unbounded(),
  )
  t.same(shrunk, { hosts: 2, setting: 0, seed: 0, moves: [move(5)], mishaps: [], choices: [] })
})

await test('choices that the failure needs stay', async (t) => {
  const failing = planOf([1], { choices: [0, 4, 0, 2, 0] })
  const shrunk = await shrinkPlan(failing, ({ choices }) => Promise.resolve(choices.includes(2)), unbounded())
  t.same(shrunk.choices, [2])
})

await test('a bound on runs is kept', async (t) => {
  let runs = 0
  const fails = (): Promise<boolean> => {
    runs++
    return Promise.resolve(true)
  }
  await shrinkPlan(planOf([1, 2, 3, 4, 5, 6, 7, 8]), fails, { runs: 3, isOver: () => false })
  t.equal(runs, 3)
})

await test('the smallest plan fails, and none that lacks a move or a mishap does', async (t) => {
  const plans = record({
    moves: array(nat(40), { minLength: 1, maxLength: 8 }),
    mishaps: nat(4),
    least: integer({ min: 1, max: 60 }),
  })
  await assert(
    asyncProperty(plans, async ({ moves, mishaps, least }) => {
      const fails = (plan: Plan): Promise<boolean> =>
        Promise.resolve(plan.moves.reduce((sum, { size }) => sum + Number(size), plan.mishaps.length) >= least)
      const failing = planOf(moves, { mishaps: Array.from({ length: mishaps }, () => drop) })
      if (!(await fails(failing))) return true
      const shrunk = await shrinkPlan(failing, fails, unbounded())
      if (!(await fails(shrunk))) return false
      for (const [place] of shrunk.moves.entries())
        if (await fails({ ...shrunk, moves: shrunk.moves.toSpliced(place, 1) })) return false
      for (const [place] of shrunk.mishaps.entries())
        if (await fails({ ...shrunk, mishaps: shrunk.mishaps.toSpliced(place, 1) })) return false
      return true
    }),
    { seed: 3 },
  )
  t.pass('seed 3')
})

const allocate = (as: string): Permutation['memory'][number] => ({
  node: 0,
  allocate: {
    operation: 'memory.allocate',
    as,
    bytes: 8,
    align: 1,
    offset: 0,
    fill: { kind: 'const', seed: 0 },
    guard: 0,
    locked: true,
  },
})

const needsB = ({ steps }: Permutation): Promise<boolean> =>
  Promise.resolve(steps.some((step) => step.kind === 'call' && JSON.stringify(step.body).includes('"b"')))

await test('steps and buffers that do not matter are gone, the calm at the end stays', async (t) => {
  const position = { file: 'drawn', line: 0, column: 0 }
  const call = (body: CallStep['body']): CallStep => ({
    kind: 'call',
    node: 0,
    thread: 0,
    body,
    start: false,
    position,
  })
  const reading = (buffer: string): CallStep => call({ operation: 'memory.read', at: { buffer, offset: 0, bytes: 1 } })
  const calm = { kind: 'advance', by: 1, position } as const
  const failing: Permutation = {
    name: 'x/y',
    suite: 'x',
    case: 'y',
    title: '',
    interface: 'emp',
    class: 'core',
    axes: {},
    roles: 'iut-iut',
    hosts: [{ name: 'left', role: 'iut' }],
    seed: 0,
    configuration: {},
    link: { bitsPerSecond: 1e9, delay: 0 },
    memory: [allocate('a'), allocate('b')],
    faults: [{ fate: 'drop', amount: 0 }],
    steps: [reading('a'), reading('b'), reading('a'), calm],
    outcomes: [],
    proves: [],
    position,
  }
  const shrunk = await shrinkPermutation(failing, needsB, unbounded())
  t.same(shrunk.steps, [reading('b'), calm])
  t.same(shrunk.memory, [allocate('b')])
  t.same(shrunk.faults, [])
})
