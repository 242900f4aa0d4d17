// What a drawn program tries with completion queues.
import { millisecond } from '../../../spec/vocabulary/units.ts'
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import { firstNic } from './host.ts'
import { exhaust, exhaustKept } from './limits.ts'
import type { LinkEnd } from './links.ts'
import { plainly, post } from './posting.ts'
import type { Script } from './script.ts'
import { calls, lonely, makeVi, type Try } from './try.ts'
import {
  armingEntry,
  createCq,
  destroyCq,
  destroyVi,
  disconnect,
  resizeCq,
  taking,
  takingEntry,
  type Patience,
} from './vipl-calls.ts'

/** Milliseconds of a wait that an entry ends. */
const patience = 40
/** Milliseconds after which the model sees a wait that lasts twice as long. */
const long = 4_000
/** Waits until there is something. */
const endless: Patience = { waits: true, timeout: viaInfinite }

/** A VI of its own, connected to nobody, whose receives are told of on a completion queue of its own. */
function queued(script: Script, end: LinkEnd, entryCount: number): { cq: string; vi: LinkEnd } {
  const cq = script.fresh('q')
  script.call(end.node, createCq(cq, entryCount))
  return { cq, vi: lonely(script, end, { recvCq: cq }) }
}

/** So many receives come back at once, each with an entry. */
function flushed(script: Script, vi: LinkEnd, count: number): void {
  for (let number = 0; number < count; number++) post(script, vi, 'recv', plainly(8))
  script.call(vi.node, disconnect(vi.vi))
}

/** Takes so many entries with their descriptors, and one entry more, which is not there. */
function takenAll(script: Script, vi: LinkEnd, count: number): void {
  for (let number = 0; number < count; number++) {
    script.call(vi.node, takingEntry(vi.recvCq))
    script.call(vi.node, taking(vi, 'recv'))
  }
  script.call(vi.node, takingEntry(vi.recvCq))
}

export const queueTries: readonly Try[] = [
  calls((script) => {
    const cq = script.fresh('q')
    return [createCq(cq, 2), takingEntry(cq), destroyCq(cq), destroyCq(cq), takingEntry(cq)]
  }),
  calls((script) => [createCq(script.fresh('q'), 0)]),
  calls((script) => [createCq(script.fresh('q'), script.value('via.max-cq-entries') + 1)]),
  calls((script) => [createCq(script.fresh('q'), script.value('via.max-cq-entries'))]),
  // In use, and then not.
  calls((script, end) => {
    const [cq, vi] = [script.fresh('q'), script.fresh('v')]
    return [createCq(cq, 2), makeVi(end, vi, { recvCq: cq }), destroyCq(cq), destroyVi(vi), destroyCq(cq)]
  }),
  calls((script, end) => {
    const cq = script.fresh('q')
    return [createCq(cq, 2), destroyCq(cq), makeVi(end, script.fresh('v'), { sendCq: cq })]
  }),
  (script, { node }) =>
    exhaust(script, node, {
      most: script.value('via.max-cqs'),
      makes: (as) => createCq(as, 1),
      gives: destroyCq,
    }),
  // A VI has one that is to be destroyed again and again.
  (script, end) =>
    exhaustKept(script, end.node, {
      most: script.value('via.max-cqs'),
      makes: (as) => createCq(as, 1),
      uses: (cq) => script.call(end.node, makeVi(end, script.fresh('v'), { recvCq: cq })),
      asksBack: destroyCq,
    }),
  // Entries are left when the VI goes.
  (script, end) => {
    const made = { ...end, nic: firstNic, vi: script.fresh('v') }
    const [cq, other] = [script.fresh('q'), script.fresh('v')]
    script.call(end.node, createCq(cq, 4))
    script.call(end.node, makeVi(end, made.vi, { sendCq: cq, recvCq: cq }))
    script.call(end.node, makeVi(end, other, { sendCq: cq, recvCq: cq }))
    post(script, made, 'send', plainly(8))
    post(script, { ...made, vi: other }, 'send', plainly(8))
    const bodies = [taking(made, 'send'), destroyVi(made.vi), destroyCq(cq), takingEntry(cq), takingEntry(cq)]
    const rest = [taking({ vi: other }, 'send'), destroyVi(other), takingEntry(cq), destroyCq(cq)]
    for (const body of [...bodies, ...rest]) script.call(end.node, body)
  },
  // The same where receives have no completion queue.
  (script, end) => {
    const cq = script.fresh('q')
    script.call(end.node, createCq(cq, 4))
    const one = lonely(script, end, { sendCq: cq })
    post(script, one, 'send', plainly(8))
    for (const body of [taking(one, 'send'), destroyVi(one.vi), takingEntry(cq), destroyCq(cq)])
      script.call(end.node, body)
  },
  // A wait that is over before an entry comes, and one that finds it.
  (script, end) => {
    const made = { ...end, nic: firstNic, vi: script.fresh('v') }
    const cq = script.fresh('q')
    script.call(end.node, createCq(cq, 4))
    script.call(end.node, makeVi(end, made.vi, { recvCq: cq }))
    post(script, made, 'send', plainly(8))
    post(script, made, 'recv', plainly(8))
    script.join(script.start(end.node, takingEntry(cq, { waits: true, timeout: 1 })))
    const waiting = script.start(end.node, takingEntry(cq, { waits: true, timeout: 5 }))
    script.call(end.node, disconnect(made.vi))
    script.join(waiting)
    script.call(end.node, taking(made, 'recv'))
  },
  // Entries are there when another VI goes that has none.
  (script, end) => {
    const { cq, vi } = queued(script, end, 4)
    const gone = lonely(script, end, { sendCq: cq, recvCq: cq })
    flushed(script, vi, 2)
    script.call(end.node, destroyVi(gone.vi))
    takenAll(script, vi, 2)
  },
  // A wait that lasts longer than one before it, which had its entry; of receives, and of entries.
  (script, end) => {
    const { vi } = queued(script, end, 4)
    for (const one of [vi, lonely(script, end)]) {
      const wait = (timeout: number): string => {
        const how = { waits: true, timeout }
        if (one.recvCq === null) post(script, one, 'recv', plainly(8))
        return script.start(end.node, one.recvCq === null ? taking(one, 'recv', how) : takingEntry(one.recvCq, how))
      }
      for (const pause of [0, patience / 4]) {
        const waiting = wait(pause === 0 ? 3 : patience)
        if (pause > 0) script.pause(pause * millisecond)
        if (one.recvCq === null) script.call(end.node, disconnect(one.vi))
        else flushed(script, one, 1)
        script.join(waiting)
      }
    }
  },
  calls((_, { sendCq, recvCq }) => [destroyCq(recvCq ?? sendCq)]),
  // A VI that is refused was to use it.
  calls((script, end) => {
    const cq = script.fresh('q')
    const attributes = { ...end.attributes, ptag: firstNic.ptag, maxTransferSize: 0 }
    return [createCq(cq, 2), makeVi(end, script.fresh('v'), { attributes, sendCq: cq, recvCq: cq }), destroyCq(cq)]
  }),
  // A handler waits where it is not to be destroyed.
  (script, end) => {
    const { cq, vi } = queued(script, end, 2)
    for (const body of [armingEntry(cq, 2), destroyCq(cq)]) script.call(end.node, body)
    flushed(script, vi, 1)
  },
  // Two wait, and one entry comes.
  (script, end) => {
    const { cq, vi } = queued(script, end, 2)
    const waiting = [0, 1].map(() => script.start(end.node, takingEntry(cq, { waits: true, timeout: long })))
    script.pause((long - patience) * millisecond)
    flushed(script, vi, 1)
    for (const each of waiting) script.join(each)
  },
  // Two wait, and two entries come at once; then two receives.
  (script, end) => {
    const { cq, vi } = queued(script, end, 4)
    for (let number = 0; number < 2; number++) script.start(end.node, takingEntry(cq, endless))
    script.pause(millisecond)
    flushed(script, vi, 2)
  },
  (script, end) => {
    const vi = lonely(script, end)
    for (let number = 0; number < 2; number++) post(script, vi, 'recv', plainly(8))
    for (let number = 0; number < 2; number++) script.start(end.node, taking(vi, 'recv', endless))
    script.pause(millisecond)
    script.call(end.node, disconnect(vi.vi))
  },
  calls((script) => {
    const cq = script.fresh('q')
    const most = script.value('via.max-cq-entries')
    const sizes = [4, 0, most + 1, most, 1].map((count) => resizeCq(cq, count))
    return [createCq(cq, 2), ...sizes, destroyCq(cq), resizeCq(cq, 3), resizeCq(null, 3)]
  }),
  // Made larger while entries are on it, and filled.
  (script, end) => {
    const { cq, vi } = queued(script, end, 2)
    flushed(script, vi, 2)
    script.call(end.node, resizeCq(cq, 4))
    flushed(script, vi, 2)
    takenAll(script, vi, 4)
  },
  // Made just large enough for what is on it, and then too small.
  (script, end) => {
    const { cq, vi } = queued(script, end, 4)
    flushed(script, vi, 2)
    for (const body of [resizeCq(cq, 2), resizeCq(cq, 1)]) script.call(end.node, body)
    takenAll(script, vi, 2)
  },
  // Made smaller once enough was taken.
  (script, end) => {
    const { cq, vi } = queued(script, end, 4)
    flushed(script, vi, 2)
    for (const body of [takingEntry(cq), taking(vi, 'recv'), resizeCq(cq, 1)]) script.call(end.node, body)
    takenAll(script, vi, 1)
  },
  // Made larger once some were taken and others have come behind them.
  (script, end) => {
    const { cq, vi } = queued(script, end, 3)
    flushed(script, vi, 2)
    takenAll(script, vi, 2)
    flushed(script, vi, 2)
    script.call(end.node, resizeCq(cq, 4))
    takenAll(script, vi, 2)
  },
  // While a call or a handler waits for an entry.
  (script, end) => {
    const { cq, vi } = queued(script, end, 2)
    const waiting = script.start(end.node, takingEntry(cq, { waits: true, timeout: patience }))
    script.call(end.node, resizeCq(cq, 4))
    flushed(script, vi, 1)
    script.join(waiting)
    script.call(end.node, armingEntry(cq, 1))
    script.call(end.node, resizeCq(cq, 3))
    flushed(script, vi, 1)
  },
  calls(() => [destroyCq(null), takingEntry(null)]),
]
