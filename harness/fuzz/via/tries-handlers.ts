// What a drawn program tries with handlers of the Notify calls.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { millisecond } from '../../../spec/vocabulary/units.ts'
import { blunder } from './blunders.ts'
import { plainly, post, taking, takingEntry } from './posting.ts'
import type { Try } from './tries-nic.ts'
import { destroyCq, destroyVi, disconnect, lonely, makeCq } from './tries-vi.ts'

type Queue = 'send' | 'recv'

function arming(queue: Queue, vi: string | null, context: number, handler: string | null = 'hears'): CallBody {
  return { operation: queue === 'send' ? 'VipSendNotify' : 'VipRecvNotify', vi, handler, context }
}

function armingEntry(cq: string | null, context: number, handler: string | null = 'hears'): CallBody {
  return { operation: 'VipCQNotify', cq, handler, context }
}

export const notifyTries: readonly Try[] = [
  // Armed for what comes on the connection.
  (script, end) => {
    post(script, end, 'recv', plainly(16))
    script.call(end.node, arming('recv', end.vi, script.next()))
  },
  (script, end) => {
    post(script, end, 'send', plainly(16))
    script.call(end.node, arming('send', end.vi, script.next()))
    script.pause(millisecond)
    script.call(end.node, taking(end, 'send'))
  },
  // Several, of which the last is for what a disconnect flushes.
  (script, end) => {
    const one = lonely(script, end)
    post(script, one, 'recv', plainly(8))
    post(script, one, 'recv', plainly(8))
    for (const context of [1, 2, 3]) script.call(end.node, arming('recv', one.vi, context))
    script.call(end.node, disconnect(one.vi))
    script.call(end.node, taking(one, 'recv'))
    script.call(end.node, destroyVi(one.vi))
  },
  // What is flushed at once, before and after.
  (script, end) => {
    const one = lonely(script, end)
    script.call(end.node, arming('send', one.vi, 1))
    post(script, one, 'send', plainly(8))
    post(script, one, 'send', plainly(8))
    script.pause(millisecond)
    script.call(end.node, arming('send', one.vi, 2))
    script.call(end.node, taking(one, 'send'))
    script.call(end.node, destroyVi(one.vi))
  },
  // Entries: before, after, and of a queue that goes.
  (script, end) => {
    const cq = script.fresh('q')
    script.call(end.node, makeCq(cq, 4))
    const one = lonely(script, end, { sendCq: cq, recvCq: cq })
    script.call(end.node, armingEntry(cq, 1))
    post(script, one, 'send', plainly(8))
    post(script, one, 'send', plainly(8))
    script.pause(millisecond)
    const bodies = [armingEntry(cq, 2), takingEntry(cq), armingEntry(cq, 3), taking(one, 'send'), taking(one, 'send')]
    for (const body of [...bodies, destroyVi(one.vi), destroyCq(cq), armingEntry(cq, 4)]) script.call(end.node, body)
  },
  (script, { node }) => {
    for (const body of [arming('recv', null, 1), armingEntry(null, 1)]) script.call(node, body)
  },
  (script, end) => {
    script.call(end.node, arming('recv', end.vi, 1, null))
    const gone = lonely(script, end)
    for (const body of [arming('recv', gone.vi, 5), destroyVi(gone.vi), arming('send', gone.vi, 6)]) {
      script.call(end.node, body)
    }
  },
  // For what fails, of one of the kinds of mistakes.
  (script, end) => {
    script.call(end.node, arming('send', end.vi, 1))
    blunder(script, end, { kind: script.next(), queue: 'send' })
    script.pause(millisecond)
    script.call(end.node, taking(end, 'send'))
  },
  // Of a VI that goes, while another one has something to tell.
  (script, end) => {
    const [gone, stays] = [lonely(script, end), lonely(script, end)]
    script.call(end.node, arming('recv', gone.vi, 7))
    script.call(end.node, destroyVi(gone.vi))
    post(script, stays, 'recv', plainly(8))
    for (const body of [disconnect(stays.vi), taking(stays, 'recv')]) script.call(end.node, body)
  },
  // Entries that handlers and calls take in turn.
  (script, end) => {
    const cq = script.fresh('q')
    script.call(end.node, makeCq(cq, 4))
    const one = lonely(script, end, { recvCq: cq })
    for (let number = 0; number < 2; number++) post(script, one, 'recv', plainly(8))
    script.call(end.node, disconnect(one.vi))
    for (const body of [armingEntry(cq, 1), takingEntry(cq), takingEntry(cq)]) script.call(end.node, body)
  },
]
