// Whether a failure comes again, and on what it depends.
import type { Permutation } from '../plan/permutation.ts'
import type { Finding } from '../result/report.ts'
import { dependenceOf } from '../run/stability.ts'
import { kindOf, withForged, type Attempts } from './attempt.ts'

/**
 * `deterministic`: it fails whatever order is taken. `schedule`: only in the order that its choices say. `unsteady`: the same
 * plan came out differently when it was run again, so that it depends on a clock, or on something that nobody handed in.
 */
export type Label = 'deterministic' | 'schedule' | 'unsteady'

export interface Believed {
  /** The failure as the smallest run shows it; undefined: it did not come again. */
  readonly finding: Finding | undefined
  readonly rest: { readonly wrong: readonly Finding[]; readonly label: Label; readonly digest: string }
}

/** Runs a failing permutation twice, beginning in a fresh process, and once without its choices if it has any. */
export async function believe(attempts: Attempts, permutation: Permutation, kind: string): Promise<Believed> {
  await attempts.renew()
  const first = await attempts.make(permutation)
  const digest = first.trace.digest()
  const bare = first.wrong.find((each) => kindOf(each) === kind)
  const finding = bare && withForged(bare, first, attempts.layoutOf(permutation))
  const wrong = first.wrong.map((each) => (each === bare && finding ? finding : each))
  const again = await attempts.make(permutation)
  const comesAgain = finding !== undefined && again.trace.digest() === digest
  const needsOrder = comesAgain && (await failsOtherwise(attempts, permutation, kind))
  const dependence = dependenceOf({ clock: 'virtual', comesAgain, needsOrder })
  return {
    finding,
    rest: {
      wrong,
      digest,
      label: dependence === 'deterministic' || dependence === 'schedule' ? dependence : 'unsteady',
    },
  }
}

/** Whether it does not fail so without its choices. */
async function failsOtherwise(attempts: Attempts, permutation: Permutation, kind: string): Promise<boolean> {
  const { schedule, ...unscheduled } = permutation
  if (!schedule) return false
  const { wrong } = await attempts.make(unscheduled)
  return !wrong.some((each) => kindOf(each) === kind)
}
