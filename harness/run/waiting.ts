// How long a step waits for calls, and what is said of one that waited in vain.
import { formatDuration, type Duration } from '../../spec/vocabulary/units.ts'
import { viaTimeoutDuration } from '../../spec/vocabulary/via-calls.ts'
import { viaInfinite } from '../../spec/vocabulary/via-constants.ts'
import type { CallStep, Step } from '../plan/permutation.ts'

/**
 * How long calls that are awaited may stay open: `callWithin` beside the time that they are told to wait themselves. One that
 * waits without end is to end by something else that happens.
 */
export function openWithin(steps: readonly CallStep[], callWithin: Duration): Duration {
  const waits = steps.map(({ body }) =>
    'timeout' in body && body.timeout !== viaInfinite ? viaTimeoutDuration(body.timeout) : 0,
  )
  return callWithin + Math.max(0, ...waits)
}

export function waitWords(step: Step, callWithin: Duration): string {
  switch (step.kind) {
    case 'settle':
      return `the world did not come to rest within ${formatDuration(step.within)}`
    case 'until':
      return `what the case waits for was not seen within ${formatDuration(step.within)}`
    case 'join':
      return `the call ${step.label} did not return within ${formatDuration(step.within)}`
    case 'call':
      return `a call did not return within ${formatDuration(openWithin([step], callWithin))}`
    case 'race':
      return `a call did not return within ${formatDuration(openWithin(step.members, callWithin))}`
    case 'advance':
    case 'advance-to':
    case 'craft':
      return `a call did not return within ${formatDuration(callWithin)}`
  }
}
