// The invariant of the octets around buffers: nobody writes them.
import { hostName } from '../seen/view.ts'
import type { Monitor } from './monitor.ts'

/** `requirement`: the one of the interface that forbids it. */
export function guardZones(requirement: string): Monitor {
  return {
    name: 'guard-zones',
    words: 'no octet around a buffer is written',
    requirements: [requirement],
    needsWire: false,
    watch(view, watching) {
      for (const { call, node, answer } of view.history.calls) {
        const damaged = answer?.content.damaged
        if (call.body.operation !== 'memory.guards' || damaged === undefined) continue
        watching.watched(node)
        if (damaged === null) continue
        const seen = `the octet at offset ${damaged} of ${hostName(view, node)}'s ${call.body.buffer}, in its guard zone, was overwritten`
        watching.broken({ node, seen, ...(answer === undefined ? {} : { at: answer.time }) })
      }
    },
  }
}
