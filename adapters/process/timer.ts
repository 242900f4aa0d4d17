// How long Node's timers can wait.
import { millisecond, type Duration } from '../../spec/vocabulary/units.ts'

/** The longest that a timer takes, in milliseconds: it would fire at once if it were to wait longer. */
const timerMax = 2 ** 31 - 1

/**
 * A duration as a timer takes it: rounded up, since whoever waits for an instant must not be woken before it, and cut off at
 * what a timer can wait (24 days).
 */
export function timerMilliseconds(duration: Duration): number {
  return Math.min(Math.max(0, Math.ceil(duration / millisecond)), timerMax)
}
