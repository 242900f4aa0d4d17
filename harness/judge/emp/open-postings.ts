// Postings that were open for a while, since addresses take time to be translated (R28).
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import { returned, type CallSeen, type History } from '../seen/history.ts'

/** What is needed of a view. */
interface Seen {
  readonly history: History
}

/** A posting of the same host that was open when a call was made. */
export function postingAt({ history }: Seen, { node, record }: CallSeen): CallSeen | undefined {
  return history.postings.find(
    ({ node: host, call }) => host === node && call.record < record && returned(call) > record,
  )?.call
}

/** A posting of a host that was open from one instant to another, and when it was over. */
export function postingThrough(
  { history }: Seen,
  node: NodeIndex,
  [from, until]: readonly [Instant, Instant],
): CallSeen | undefined {
  return history.postings.find(
    ({ node: host, call }) =>
      host === node && call.time <= from && call.answer !== undefined && call.answer.time >= until,
  )?.call
}

/** Whether a posting of a host was still open at the end. */
export function hasOpenPosting({ history }: Seen, node: NodeIndex): boolean {
  return history.postings.some(({ node: host, call }) => host === node && !call.answer)
}
