// The invariant of flow control: not more than a window of a message is under way.
import { counted } from '../../../../spec/vocabulary/units.ts'
import type { Course } from '../../emp/course.ts'
import type { FrameSeen } from '../../seen/history.ts'
import { hostName } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const window: Monitor = {
  name: 'window',
  words: 'never is more than a window of a message sent and not yet acknowledged',
  requirements: ['EMP-REL-015'],
  needsWire: true,
  needsExactTime: true,
  watch(view, watching) {
    const most = view.permutation.configuration['emp.window'] ?? Infinity
    for (const course of view.emp.courses) {
      const { from, collections, message } = course
      if (collections.length <= most) continue
      watching.watched(from)
      const fullest = fullestWindow(course)
      if (fullest.count <= most) continue
      const seen = `${hostName(view, from)} had ${counted(fullest.count, 'collection')} of message ${message.id} sent and not acknowledged at ${timeWords(fullest.time)}; a window is ${most}`
      watching.broken({ node: from, seen, at: fullest.time })
    }
  },
}

/** The most collections of a message that were under way together, and when that was first so. */
function fullestWindow({ message, collections }: Course): { count: number; time: number } {
  const launches: FrameSeen[] = []
  for (const { first, last } of collections) {
    let launch: FrameSeen | undefined
    for (let frame = first; frame <= last; frame++) {
      const sent = message.sent.get(frame)?.[0]
      if (sent && (!launch || sent.record < launch.record)) launch = sent
    }
    if (launch) launches.push(launch)
  }
  const landings = Float64Array.from(collections, ({ acknowledged }) => acknowledged).toSorted()
  let fullest = { count: 0, time: 0 }
  let landed = 0
  for (const [before, { record, time }] of launches.toSorted((a, b) => a.record - b.record).entries()) {
    while ((landings[landed] ?? Infinity) < record) landed++
    const count = before + 1 - landed
    if (count > fullest.count) fullest = { count, time }
  }
  return fullest
}
