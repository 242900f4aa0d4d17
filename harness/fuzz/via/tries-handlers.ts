// What a drawn program tries with handlers of the Notify calls.
import { millisecond } from '../../../spec/vocabulary/units.ts'
import { blunder } from './blunders.ts'
import { plainly, post } from './posting.ts'
import { lonely, type Try } from './try.ts'
import { arming, armingEntry, createCq, destroyCq, destroyVi, disconnect, taking, takingEntry } from './vipl-calls.ts'

export const notifyTries: readonly Try[] = [
  // Armed for what comes on the connection.
  (script, end) => {
    post(script, end, 'recv', plainly(16))
    script.call(end.node, arming(end.vi, 'recv', script.next()))
  },
  (script, end) => {
    post(script, end, 'send', plainly(16))
    script.call(end.node, arming(end.vi, 'send', script.next()))
    script.pause(millisecond)
    script.call(end.node, taking(end, 'send'))
  },
  // Several, of which the last is for what a disconnect flushes.
  (script, end) => {
    const one = lonely(script, end)
    post(script, one, 'recv', plainly(8))
    post(script, one, 'recv', plainly(8))
    for (const context of [1, 2, 3]) script.call(end.node, arming(one.vi, 'recv', context))
    script.call(end.node, disconnect(one.vi))
    script.call(end.node, taking(one, 'recv'))
    script.call(end.node, destroyVi(one.vi))
  },
  // Alike, and for what two disconnects flush.
  (script, end) => {
    const one = lonely(script, end)
    for (let number = 0; number < 3; number++) script.call(end.node, arming(one.vi, 'recv', 4))
    for (const count of [1, 2]) {
      for (let number = 0; number < count; number++) post(script, one, 'recv', plainly(8))
      script.call(end.node, disconnect(one.vi))
    }
    script.call(end.node, taking(one, 'recv'))
  },
  // Beside one that is NULL.
  (script, end) => {
    const one = lonely(script, end)
    script.call(end.node, arming(one.vi, 'recv', 5))
    script.call(end.node, arming(one.vi, 'recv', 6, null))
    post(script, one, 'recv', plainly(8))
    for (const body of [disconnect(one.vi), taking(one, 'recv')]) script.call(end.node, body)
  },
  // What is flushed at once, before and after.
  (script, end) => {
    const one = lonely(script, end)
    script.call(end.node, arming(one.vi, 'send', 1))
    post(script, one, 'send', plainly(8))
    post(script, one, 'send', plainly(8))
    script.pause(millisecond)
    script.call(end.node, arming(one.vi, 'send', 2))
    script.call(end.node, taking(one, 'send'))
    script.call(end.node, destroyVi(one.vi))
  },
  // Entries: before, after, and of a queue that goes.
  (script, end) => {
    const cq = script.fresh('q')
    script.call(end.node, createCq(cq, 4))
    const one = lonely(script, end, { sendCq: cq, recvCq: cq })
    script.call(end.node, armingEntry(cq, 1))
    post(script, one, 'send', plainly(8))
    post(script, one, 'send', plainly(8))
    script.pause(millisecond)
    const bodies = [armingEntry(cq, 2), takingEntry(cq), armingEntry(cq, 3), taking(one, 'send'), taking(one, 'send')]
    for (const body of [...bodies, destroyVi(one.vi), destroyCq(cq), armingEntry(cq, 4)]) script.call(end.node, body)
  },
  (script, { node }) => {
    for (const body of [arming(null, 'recv', 1), armingEntry(null, 1)]) script.call(node, body)
  },
  (script, end) => {
    script.call(end.node, arming(end.vi, 'recv', 1, null))
    const gone = lonely(script, end)
    for (const body of [arming(gone.vi, 'recv', 5), destroyVi(gone.vi), arming(gone.vi, 'send', 6)]) {
      script.call(end.node, body)
    }
  },
  // For what fails, of one of the kinds of mistakes.
  (script, end) => {
    script.call(end.node, arming(end.vi, 'send', 1))
    blunder(script, end, { kind: script.next(), queue: 'send' })
    script.pause(millisecond)
    script.call(end.node, taking(end, 'send'))
  },
  // Of a VI that goes, while another one has something to tell.
  (script, end) => {
    const [gone, stays] = [lonely(script, end), lonely(script, end)]
    script.call(end.node, arming(gone.vi, 'recv', 7))
    script.call(end.node, destroyVi(gone.vi))
    post(script, stays, 'recv', plainly(8))
    for (const body of [disconnect(stays.vi), taking(stays, 'recv')]) script.call(end.node, body)
  },
  // One for either work queue, whichever was armed first.
  (script, end) => {
    for (const queues of [
      ['recv', 'send'],
      ['send', 'recv'],
    ] as const) {
      const one = lonely(script, end)
      for (const queue of queues) script.call(end.node, arming(one.vi, queue, script.next()))
      for (const queue of queues) post(script, one, queue, plainly(8))
      for (const body of [disconnect(one.vi), taking(one, 'send'), taking(one, 'recv')]) script.call(end.node, body)
    }
  },
  // For one VI, and for one completion queue, while another of either kind goes.
  (script, end) => {
    const [cq, other] = [script.fresh('q'), script.fresh('q')]
    for (const as of [cq, other]) script.call(end.node, createCq(as, 4))
    const [gone, stays, told] = [lonely(script, end), lonely(script, end), lonely(script, end, { recvCq: cq })]
    for (const body of [arming(stays.vi, 'recv', 8), armingEntry(cq, 9), destroyVi(gone.vi), destroyCq(other)]) {
      script.call(end.node, body)
    }
    for (const one of [stays, told]) {
      post(script, one, 'recv', plainly(8))
      for (const body of [disconnect(one.vi), taking(one, 'recv')]) script.call(end.node, body)
    }
    script.call(end.node, takingEntry(cq))
  },
  // Entries that handlers and calls take in turn.
  (script, end) => {
    const cq = script.fresh('q')
    script.call(end.node, createCq(cq, 4))
    const one = lonely(script, end, { recvCq: cq })
    for (let number = 0; number < 2; number++) post(script, one, 'recv', plainly(8))
    script.call(end.node, disconnect(one.vi))
    for (const body of [armingEntry(cq, 1), takingEntry(cq), takingEntry(cq)]) script.call(end.node, body)
  },
]
