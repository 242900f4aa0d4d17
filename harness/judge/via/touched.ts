// Whether somebody else than the provider may have changed a descriptor that was posted, so that what it says is nobody's fault.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { overlap } from '../memory/ranges.ts'
import type { View } from '../seen/view.ts'
import { isExposed, placeOf, type PostingSeen, type QueueStory } from './story.ts'

/**
 * Whether anybody may have written over a descriptor while it was posted, or up to a record: its host, a message, or the peer by
 * RDMA.
 */
export function isTouched(
  view: View,
  node: NodeIndex,
  { written, call: post }: PostingSeen,
  until = Infinity,
): boolean {
  const place = written ? placeOf(written) : undefined
  if (!place || isExposed(view, node, place)) return true
  return view.history.calls.some(({ node: where, record, call: { body } }) => {
    if (where !== node) return false
    const isMeanwhile = record > post.record && record < until
    if (body.operation === 'memory.write') return isMeanwhile && overlap(body.at, place)
    if (body.operation !== 'descriptor.write') return false
    const other = placeOf(body)
    if (isMeanwhile && other && overlap(other, place)) return true
    return body.segments.some(
      ({ at, bytes }) => 'buffer' in at && overlap({ buffer: at.buffer, offset: at.offset, bytes }, place),
    )
  })
}

/** Whether any descriptor of a queue may have been written over before it came back. */
export function isAnyTouched(view: View, { node, posted, taken }: QueueStory): boolean {
  return posted.some((posting) => {
    const back = taken.find(({ name, record }) => name === posting.name && record > posting.call.record)
    return isTouched(view, node, posting, back?.record)
  })
}
