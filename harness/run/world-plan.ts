// How one run of a world is set up: its link, its faults, and by which clock it goes.
import type { FaultRule, LinkSetting, Weather } from '../../spec/vocabulary/faults.ts'
import type { Classify } from '../fabric/faults.ts'

/** How one run of a world is set up. */
export interface WorldPlan {
  readonly link: LinkSetting
  readonly faults: readonly FaultRule[]
  readonly weather?: Weather | undefined
  readonly seed: number
  readonly classify?: Classify | undefined
  /** Calls to other processes go ahead together where the script knows what follows. */
  readonly foresees?: boolean
  /** Time passes by itself: the world follows it up to `horizon`, and what an endpoint does is told unasked. */
  readonly realClock?: boolean
}
