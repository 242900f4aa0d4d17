// Makes a failing run smaller, as a plan and then call by call, until nothing can be left out of it.
import type { BufferPlan, CallStep, Permutation, Step } from '../plan/permutation.ts'
import type { CallBody } from '../../spec/vocabulary/calls.ts'
import { hostsMin, type Move, type Plan } from './plan.ts'

/** Whether what is tried still fails in the same way. */
export type StillFails<Tried> = (tried: Tried) => Promise<boolean>

/** How many runs a shrinking may cost, and whether it has to end now. A long run may be taken for several. */
export interface ShrinkBound {
  runs: number
  readonly isOver: () => boolean
}

/** The smallest plan that was found: no part of it can be left out, and no number lowered, by one step. */
export async function shrinkPlan<Drawn extends Move>(
  failing: Plan<Drawn>,
  fails: StillFails<Plan<Drawn>>,
  bound: ShrinkBound,
): Promise<Plan<Drawn>> {
  const tries = bounded(fails, bound)
  let smallest = failing
  for (;;) {
    const before = smallest
    smallest = await firstThatFails(smallest, simplerSettings(smallest), tries)
    smallest = await withFewer(smallest, 'moves', tries)
    smallest = await withFewer(smallest, 'mishaps', tries)
    smallest = await withFewer(smallest, 'choices', tries)
    smallest = await withLower(smallest, tries)
    if (smallest === before || bound.runs <= 0 || bound.isOver()) return smallest
  }
}

/** The permutation without the steps, faults and buffers that do not matter to its failure. Its last step, the long calm, stays. */
export async function shrinkPermutation(
  failing: Permutation,
  fails: StillFails<Permutation>,
  bound: ShrinkBound,
): Promise<Permutation> {
  // What names a region that nothing registers any more cannot be said as a case.
  const unmade = unmadeRegions(failing).size
  const isSayable = async (tried: Permutation): Promise<boolean> => unmadeRegions(tried).size <= unmade && fails(tried)
  const tries = bounded(isSayable, bound)
  let smallest = failing
  for (;;) {
    const before = smallest
    const calm = smallest.steps.slice(-1)
    smallest = await shortest(smallest, smallest.steps.slice(0, -1), {
      with: (whole, list) => tidied({ ...whole, steps: [...list, ...calm] }),
      fails: tries,
    })
    smallest = await shortest(smallest, smallest.faults, {
      with: (whole, faults) => ({ ...whole, faults }),
      fails: tries,
    })
    if (smallest === before || bound.runs <= 0 || bound.isOver()) return smallest
  }
}

/** Leaves buffers out that nothing names. */
function tidied(permutation: Permutation): Permutation {
  const used = new Set(permutation.steps.flatMap((step) => buffersOf(step)))
  const isUsed = ({ node, allocate: { as } }: BufferPlan): boolean => used.has(`${node} ${as}`)
  return { ...permutation, memory: permutation.memory.filter(isUsed) }
}

function buffersOf(step: Step): string[] {
  return callsOf(step).flatMap(({ node, body }) => namedIn(body, 'buffer').map((name) => `${node} ${name}`))
}

function callsOf(step: Step): readonly CallStep[] {
  return step.kind === 'call' ? [step] : step.kind === 'race' ? step.members : []
}

/** Every string of a call that stands for a thing of a kind: members that are called so, wherever they are. */
function namedIn(body: CallBody, kind: 'buffer' | 'memory'): string[] {
  const names: string[] = []
  JSON.stringify(body, (key, value: unknown) => {
    if (key === kind && typeof value === 'string') names.push(value)
    return value
  })
  return names
}

/** Memory handles that a host names in its own descriptors before it registers anything under that name. */
function unmadeRegions({ steps }: Permutation): ReadonlySet<string> {
  const made = new Set<string>()
  const unmade = new Set<string>()
  for (const { node, body } of steps.flatMap(callsOf)) {
    if (body.operation === 'VipRegisterMem') made.add(`${node} ${body.as}`)
    if (body.operation !== 'descriptor.write') continue
    for (const { memory } of body.segments)
      if (typeof memory === 'string' && !made.has(`${node} ${memory}`)) unmade.add(`${node} ${memory}`)
  }
  return unmade
}

function bounded<Tried>(fails: StillFails<Tried>, bound: ShrinkBound): StillFails<Tried> {
  return async (tried) => {
    if (bound.runs <= 0 || bound.isOver()) return false
    bound.runs--
    return fails(tried)
  }
}

async function firstThatFails<Tried>(
  smallest: Tried,
  candidates: readonly Tried[],
  fails: StillFails<Tried>,
): Promise<Tried> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate
  return smallest
}

/** Fewer hosts, the first setting, no stepping. */
function simplerSettings<Drawn extends Move>(plan: Plan<Drawn>): Plan<Drawn>[] {
  const { hosts, setting, seed, choices } = plan
  return [
    ...(choices.length > 0 ? [{ ...plan, choices: [] }] : []),
    ...(hosts > hostsMin
      ? [
          { ...plan, hosts: hostsMin },
          { ...plan, hosts: hosts - 1 },
        ]
      : []),
    ...(setting > 0 ? [{ ...plan, setting: 0 }] : []),
    ...(seed > 0 ? [{ ...plan, seed: 0 }] : []),
  ]
}

async function withFewer<Drawn extends Move>(
  plan: Plan<Drawn>,
  member: 'moves' | 'mishaps' | 'choices',
  fails: StillFails<Plan<Drawn>>,
): Promise<Plan<Drawn>> {
  return shortest<Plan<Drawn>, Drawn | Plan['mishaps'][number] | number>(plan, plan[member], {
    with: (whole, list) => ({ ...whole, [member]: list }),
    // Without choices hosts are not stepped, which is another thing.
    fails,
  })
}

/** Leaves out stretches of a list, long ones first. */
async function shortest<Whole, Item>(
  whole: Whole,
  list: readonly Item[],
  { with: put, fails }: { with: (whole: Whole, list: readonly Item[]) => Whole; fails: StillFails<Whole> },
): Promise<Whole> {
  let smallest = whole
  let kept = list
  for (let stretch = Math.max(1, kept.length >> 1); stretch >= 1; stretch >>= 1) {
    for (let from = kept.length - stretch; from >= 0;) {
      const fewer = [...kept.slice(0, from), ...kept.slice(from + stretch)]
      const candidate = put(smallest, fewer)
      if (await fails(candidate)) {
        smallest = candidate
        kept = fewer
      }
      from -= stretch
    }
  }
  return smallest
}

/** Lowers numbers one by one: to nothing, to half, by one. */
async function withLower<Drawn extends Move>(plan: Plan<Drawn>, fails: StillFails<Plan<Drawn>>): Promise<Plan<Drawn>> {
  let smallest = plan
  for (const member of ['moves', 'mishaps'] as const) {
    for (let place = 0; place < smallest[member].length; place++) {
      for (const name of Object.keys(smallest[member][place] ?? {})) {
        smallest = await lowered(smallest, { member, place, name }, fails)
      }
    }
  }
  for (let place = 0; place < smallest.choices.length; place++) {
    if ((smallest.choices[place] ?? 0) === 0) continue
    const candidate = { ...smallest, choices: smallest.choices.with(place, 0) }
    if (await fails(candidate)) smallest = candidate
  }
  return smallest
}

async function lowered<Drawn extends Move>(
  plan: Plan<Drawn>,
  { member, place, name }: { member: 'moves' | 'mishaps'; place: number; name: string },
  fails: StillFails<Plan<Drawn>>,
): Promise<Plan<Drawn>> {
  const part: Readonly<Record<string, unknown>> | undefined = plan[member][place]
  const value = part?.[name]
  if (typeof value !== 'number' || value === 0) return plan
  const candidates = [...new Set([0, value >> 1, value - 1])].map((lower) => ({
    ...plan,
    [member]: plan[member].map((each, i) => (i === place ? { ...each, [name]: lower } : each)),
  }))
  return firstThatFails(plan, candidates, fails)
}
