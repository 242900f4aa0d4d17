// What a rule that is explored says in one run of many: which frame it hits, or in which order frames arrive.
import type { FaultRule } from '../../spec/vocabulary/faults.ts'
import type { ExploredRule, Permutation } from '../plan/permutation.ts'
import { ordersOf } from '../plan/shuffled.ts'
import type { Schedule } from './schedule.ts'

/** What is played in each run of a permutation that is run many times. */
export interface Variants {
  /** How many there are, 0 if the rule has nothing to hit; undefined where only running tells. */
  readonly count: number | undefined
  /** The one that the schedule chooses. */
  readonly chosenBy: (schedule: Schedule) => Permutation
}

/** `matches` plays a permutation, and says how many frames the rule at that place could hit. */
export async function variantsOf(
  permutation: Permutation,
  matches: (played: Permutation, rule: number) => Promise<number>,
): Promise<Variants> {
  const { explored } = permutation
  if (!explored) return { count: undefined, chosenBy: () => permutation }
  if (explored.kind === 'shuffle')
    return { count: ordersOf(explored.frames), chosenBy: (schedule) => inOrder(permutation, explored, schedule) }
  // The rule counts what it could hit, and hits nothing.
  const count = await matches(withVictim(permutation, explored, 0), explored.rule)
  const victim = (schedule: Schedule): number => 1 + (count === 0 ? 0 : schedule.choose(count))
  return { count, chosenBy: (schedule) => withVictim(permutation, explored, victim(schedule)) }
}

/** The permutation in which the rule hits its n-th match, from 1; with 0, none. */
export function withVictim(permutation: Permutation, { rule }: ExploredRule, occurrence: number): Permutation {
  return resolved(permutation, rule, (each) => [{ ...each, occurrence }])
}

/** The permutation in which the frames arrive in the order that the schedule chooses. */
export function inOrder(
  permutation: Permutation,
  { rule, frames }: Extract<ExploredRule, { kind: 'shuffle' }>,
  schedule: Schedule,
): Permutation {
  const places = Array.from({ length: frames }, (_, place) => place)
  // What a rule has hit does not count for those behind it, so that each of them hits the next frame.
  return resolved(permutation, rule, (each) =>
    Array.from({ length: frames }, () => {
      const choice = places.length > 1 ? schedule.choose(places.length) : 0
      const [place = 0] = places.splice(choice, 1)
      return { ...each, occurrence: 1, amount: place * each.amount }
    }),
  )
}

function resolved(
  permutation: Permutation,
  explored: number,
  rules: (rule: FaultRule) => readonly FaultRule[],
): Permutation {
  const { explored: _resolved, ...rest } = permutation
  return { ...rest, faults: permutation.faults.flatMap((each, rule) => (rule === explored ? rules(each) : [each])) }
}
