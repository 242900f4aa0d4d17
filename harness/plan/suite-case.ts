// A case of a suite after it was read: what its permutations share, and a plan for each combination of its axes.
import type { Configuration, InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import type { FaultRule, LinkSetting, Weather } from '../../spec/vocabulary/faults.ts'
import type { BufferPlan, ExploredRule, Outcome, PlannedStep } from './permutation.ts'
import type { Proof } from './expectation.ts'
import type { SourcePosition } from './position.ts'

/** `expand` makes its permutations. */
export interface SuiteCase {
  readonly declared: DeclaredCase
  /** One for each combination of axes, in order. */
  readonly plans: readonly { readonly axes: Readonly<Record<string, string>>; readonly plan: CasePlan }[]
}

/** What is the same in all permutations of a case, as `list`, `explain` and `coverage` need it. */
export interface DeclaredCase {
  /** `emp.loss/one-data-frame-lost`. */
  readonly id: string
  readonly suite: string
  readonly case: string
  /** Slugs that it had before; patterns may still name them. */
  readonly was: readonly string[]
  readonly title: string
  readonly interface: InterfaceName
  readonly class: string
  readonly needs: readonly string[]
  /** Options that the implementation must not offer. */
  readonly lacks: readonly string[]
  readonly axes: Readonly<Record<string, readonly string[]>>
  readonly roles: readonly string[]
  /** Requirements that its expectations name, each once, in order. */
  readonly requirements: readonly string[]
  readonly kills: readonly string[]
  readonly hosts: readonly string[]
  /** Steps, allowed outcomes, faults and proofs in plain words, one line each, axes as `$name`. */
  readonly words: {
    readonly memory: readonly string[]
    readonly faults: readonly string[]
    readonly steps: readonly string[]
    readonly expect: readonly string[]
    readonly proves: readonly string[]
  }
  readonly position: SourcePosition
}

/** Everything that a permutation needs but roles and PICS. */
export interface CasePlan {
  readonly title: string
  /** Configuration keys that the case names, and no others. */
  readonly wanted: Configuration
  readonly link: LinkSetting
  readonly memory: readonly BufferPlan[]
  readonly faults: readonly FaultRule[]
  readonly weather: Weather | undefined
  readonly steps: readonly PlannedStep[]
  readonly ordersMax: number | undefined
  readonly explored: ExploredRule | undefined
  /** The seed, where it is not to follow from the name. */
  readonly seed: number | undefined
  readonly schedule: readonly number[] | undefined
  /** Options that the calls of the case need, beside those that it names. */
  readonly needs: readonly string[]
  readonly outcomes: readonly Outcome[]
  readonly proves: readonly Proof[]
}
