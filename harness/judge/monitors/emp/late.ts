// Whether a request that must be done by now is told to be.
import type { Instant } from '../../../../spec/vocabulary/units.ts'
import { requestKey, type PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Watching } from '../monitor.ts'
import { hasSentFoul } from './foul.ts'

interface Due {
  readonly post: PostedSeen
  /** When what makes it done had happened. */
  readonly since: Instant
  /** What had happened, in words. */
  readonly why: string
  readonly requirements?: readonly string[]
}

/** A test long after that must not say pending; and an adapter that tells of completions must have told of this one. */
export function watchLate(view: View, watching: Watching, given: Due): void {
  const { post, since } = given
  const { node, completions } = post
  const due = since + view.emp.patience
  const { history } = view
  if (history.end <= due) return
  if (given.requirements) for (const requirement of given.requirements) watching.watched(node, requirement)
  else watching.watched(node)
  const first = completions[0]
  if (first !== undefined && first.time <= due) return
  const wasAsked = isPendingAfter(view, post, due)
  if (!wasAsked && (!history.tellers.has(node) || first?.source === 'event')) return
  if (post.peer !== node && hasSentFoul(view, post.peer)) return
  const how = wasAsked ? 'it tested pending later' : 'nothing told so'
  const seen = `${hostName(view, node)}'s ${post.request} was not done by ${timeWords(due)}: ${given.why} at ${timeWords(since)}, and ${how}`
  const breach = { node, seen, at: due }
  watching.broken(given.requirements ? { requirements: given.requirements, ...breach } : breach)
}

/** Whether a request tested pending after an instant. */
function isPendingAfter({ history }: View, post: PostedSeen, due: Instant): boolean {
  const { node, request, call } = post
  // Its name may have come to stand for another.
  if (history.posted.get(requestKey(node, request)) !== post) return false
  for (const other of history.calls) {
    const { body } = other.call
    if (other.time <= due || other.node !== node || other.record < call.record) continue
    if (body.operation !== 'emp.test' || body.request !== request) continue
    if (other.answer?.content.status === 'pending') return true
  }
  return false
}
