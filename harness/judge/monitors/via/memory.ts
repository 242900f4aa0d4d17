// The invariant of memory: nothing is written but posted receives and posted descriptors.
import type { Range } from '../../../../spec/vocabulary/memory.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import type { CallSeen } from '../../seen/history.ts'
import { footprintOf } from '../../via/footprint.ts'
import { hostName, type View } from '../../seen/view.ts'
import { were } from '../../words.ts'
import type { Monitor } from '../monitor.ts'

export const onlyPostedMemory: Monitor = {
  name: 'only-posted-memory',
  words: 'octets that lie in no posted receive and in no descriptor stay as they were',
  requirements: ['VIA-RECV-006'],
  needsWire: false,
  watch(view, watching) {
    for (const { node, at, digest: wanted } of footprintOf(view.permutation).quiet) {
      const answer = lastDigest(view, node, at)?.answer
      const digest = answer?.content.digest
      if (digest === undefined) continue
      watching.watched(node)
      if (wanted === digest) continue
      const seen = `${counted(at.bytes, 'octet')} at offset ${at.offset} of ${hostName(view, node)}'s ${at.buffer} ${were(at.bytes)} written to, and no receive was posted there`
      watching.broken({ node, seen, ...(answer === undefined ? {} : { at: answer.time }) })
    }
  },
}

function lastDigest(view: View, node: number, { buffer, offset, bytes }: Range): CallSeen | undefined {
  return view.history.calls.findLast(({ node: where, call }) => {
    const { body } = call
    if (where !== node || body.operation !== 'memory.digest') return false
    return body.at.buffer === buffer && body.at.offset === offset && body.at.bytes === bytes
  })
}
