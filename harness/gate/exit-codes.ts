// What the exit codes mean; of several, the first in this list that applies is taken.

export const exitCodes = {
  /** Wrong usage, or an error in a suite file or adapter.yaml. */
  usage: 3,
  /** The adapter is unknown, or could not be built or started. */
  adapter: 5,
  /** Ctrl-C, SIGTERM or SIGHUP: the report of a run that has begun is partial. */
  interrupted: 130,
  /** Whoever read the output went away before its end, as `| head` does: nothing was judged as a whole. */
  unread: 141,
  /** The harness itself failed, or its judges disagree. */
  harness: 4,
  /** An unexpected fail, timeout or crash, or an entry of the baseline, or a waiver, that is no longer right. */
  failed: 1,
  /** Nothing ran, a MUST that applies is neither verified nor deferred, or a term of the gate is missed. */
  indeterminate: 2,
  ok: 0,
} as const
