// The invariant of the first frame between two hosts: it is data.
import { hostName } from '../../seen/view.ts'
import type { Monitor } from '../monitor.ts'
import { frameWords } from './frames.ts'

export const firstIsData: Monitor = {
  name: 'first-is-data',
  words: 'the first frame between two hosts is data: nothing sets up a connection',
  requirements: ['EMP-STATE-001'],
  needsWire: true,
  watch(view, watching) {
    const hosts = view.permutation.hosts.length
    let left = (hosts * (hosts - 1)) / 2
    const seen = new Uint8Array(hosts * hosts)
    for (const frame of view.history.frames) {
      const { from, to } = frame
      if (to === undefined || to === from) continue
      const pair = Math.min(from, to) * hosts + Math.max(from, to)
      if (seen[pair] !== 0) continue
      seen[pair] = 1
      // What answers a crafted frame may be the first.
      if (!frame.crafted) {
        watching.watched(from)
        if (frame.type !== 'data') {
          const words = `${frameWords(view, frame)} is the first between it and ${hostName(view, to)}, and no data`
          watching.broken({ node: from, seen: words, at: frame.time })
        }
      }
      if (--left === 0) return
    }
  },
}
