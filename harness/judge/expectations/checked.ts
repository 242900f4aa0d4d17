// What the check of one expectation says.
import type { Instant } from '../../../spec/vocabulary/units.ts'
import type { CallSeen } from '../seen/history.ts'

export interface Checked {
  readonly verdict: 'pass' | 'inconclusive' | 'fail'
  /** What was seen, in plain words. */
  readonly seen: string
  readonly at?: Instant
  /** The call whose answer shows it. */
  readonly call?: number
  /** Where other requirements are broken than the case names. */
  readonly requirements?: readonly string[]
  /** It would have failed if the clock were not a real one. */
  readonly lostTo?: 'clock'
}

export function passed(seen: string): Checked {
  return { verdict: 'pass', seen }
}

export function failed(seen: string, at?: Instant): Checked {
  return { verdict: 'fail', seen, ...(at === undefined ? {} : { at }) }
}

/** The answer to a call is not as expected. */
export function failedBy({ call, answer }: CallSeen, seen: string): Checked {
  return answer ? { ...failed(seen, answer.time), call: call.id } : failed(seen)
}

/** Only where the observation itself is missing. */
export function missing(seen: string): Checked {
  return { verdict: 'inconclusive', seen }
}

/** Something took longer than it may, by a clock by which that can be anybody's fault. */
export function lostToClock(seen: string): Checked {
  return { verdict: 'inconclusive', seen: `${seen}, but the clock is real`, lostTo: 'clock' }
}

/** Passes or fails with the same words. */
export function judged(holds: boolean, seen: string, at?: Instant): Checked {
  return holds ? passed(seen) : failed(seen, at)
}
