// What a rule that is explored says in one run of many: which frame it hits, or in which order frames arrive.
import type { FaultRule } from '../../spec/vocabulary/faults.ts'
import type { ExploredRule, Permutation } from '../plan/case.ts'
import type { Schedule } from './schedule.ts'

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
