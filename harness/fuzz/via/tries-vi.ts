// What a drawn program tries with VIs, beside connecting them and moving data.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { firstNic, secondNic } from './host.ts'
import { exhaust, exhaustKept } from './limits.ts'
import { plainly, post } from './posting.ts'
import type { Script } from './script.ts'
import { calls, lonely, makeVi, type Try } from './try.ts'
import { createCq, destroyVi, disconnect, queryVi, setViAttributes, taking, takingEntry } from './vipl-calls.ts'

/** A VI is made with attributes that are not the usual ones. */
function withAttributes(changed: (script: Script) => Partial<ViaViAttributes>): Try {
  return (script, end) => {
    const attributes = { ...end.attributes, ptag: firstNic.ptag, ...changed(script) }
    const as = script.fresh('v')
    script.call(end.node, makeVi(end, as, { attributes }))
  }
}

export const viTries: readonly Try[] = [
  withAttributes(() => ({ maxTransferSize: 1_234, enableRdmaWrite: true })),
  withAttributes(() => ({ reliabilityLevel: 0 })),
  withAttributes(() => ({ reliabilityLevel: 3 })),
  withAttributes(() => ({ reliabilityLevel: 8 })),
  withAttributes(() => ({ maxTransferSize: 0 })),
  withAttributes((script) => ({ maxTransferSize: script.value('via.max-transfer') + 1 })),
  withAttributes((script) => ({ maxTransferSize: script.value('via.max-transfer') })),
  withAttributes(() => ({ enableRdmaRead: true })),
  calls((script, end) => [makeVi(end, script.fresh('v'), { attributes: null })]),
  calls(() => [destroyVi(null), disconnect(null), queryVi(null)]),
  // Used when it is gone.
  calls((script, end) => {
    const vi = script.fresh('v')
    return [makeVi(end, vi), destroyVi(vi), queryVi(vi), disconnect(vi), taking({ vi }, 'recv'), destroyVi(vi)]
  }),
  (script, end) =>
    exhaust(script, end.node, {
      most: script.value('via.max-vis'),
      makes: (as) => makeVi(end, as),
      gives: destroyVi,
    }),
  // One has a receive, and is to be destroyed again and again.
  (script, end) =>
    exhaustKept(script, end.node, {
      most: script.value('via.max-vis'),
      makes: (as) => makeVi(end, as),
      uses: (vi) => void post(script, { ...end, nic: firstNic, vi, sendCq: null, recvCq: null }, 'recv', plainly(16)),
      asksBack: destroyVi,
    }),
  // Idle, with a receive: disconnected, taken, destroyed.
  (script, end) => {
    const made = { ...end, nic: firstNic, vi: script.fresh('v') }
    script.call(end.node, makeVi(end, made.vi))
    post(script, made, 'recv', plainly(16))
    for (const body of [
      queryVi(made.vi),
      destroyVi(made.vi),
      disconnect(made.vi),
      destroyVi(made.vi),
      queryVi(made.vi),
    ])
      script.call(end.node, body)
    script.call(end.node, taking(made, 'recv'))
    script.call(end.node, destroyVi(made.vi))
  },
  // Idle, with a send, which is flushed.
  (script, end) => {
    const made = { ...end, nic: firstNic, vi: script.fresh('v') }
    script.call(end.node, makeVi(end, made.vi))
    post(script, made, 'send', plainly(16))
    for (const body of [queryVi(made.vi), destroyVi(made.vi), disconnect(made.vi), disconnect(made.vi)])
      script.call(end.node, body)
  },
  calls((_, { vi }) => [destroyVi(vi), queryVi(vi)]),
  calls((_, end) => [setViAttributes(end.vi, { ...end.attributes, maxTransferSize: 1_000 }), queryVi(end.vi)]),
  // Set well, wrongly, and back, when it is idle.
  calls((script, end) => {
    const vi = script.fresh('v')
    const set = (over: Partial<ViaViAttributes> | null): CallBody => {
      const attributes = over && { ...end.attributes, ptag: firstNic.ptag, ...over }
      return setViAttributes(vi, attributes)
    }
    const bad = [{ reliabilityLevel: 3 }, { maxTransferSize: 0 }, { ptag: null }, { enableRdmaRead: true }, null]
    const good = [set({ maxTransferSize: 999, enableRdmaWrite: true }), queryVi(vi)]
    return [makeVi(end, vi), ...good, ...bad.map(set), queryVi(vi), set({}), queryVi(vi), destroyVi(vi), set({})]
  }),
  // Two alike, of which one is given other attributes.
  calls((script, end) => {
    const [one, other] = [script.fresh('v'), script.fresh('v')]
    const changed = setViAttributes(one, { ...end.attributes, ptag: firstNic.ptag, maxTransferSize: 777 })
    return [makeVi(end, one), makeVi(end, other), changed, queryVi(one), queryVi(other)]
  }),
  // With an entry, and not to be destroyed before its descriptor was taken.
  (script, end) => {
    const cq = script.fresh('q')
    script.call(end.node, createCq(cq, 2))
    const one = lonely(script, end, { recvCq: cq })
    post(script, one, 'recv', plainly(16))
    for (const body of [disconnect(one.vi), destroyVi(one.vi), takingEntry(cq), taking(one, 'recv'), destroyVi(one.vi)])
      script.call(end.node, body)
  },
  // Of things of another handle of the NIC.
  (script, end) => {
    script.host(end.node).hasSecond = true
    const cq = script.fresh('q')
    script.call(end.node, createCq(cq, 2, secondNic.nic))
    script.call(end.node, makeVi(end, script.fresh('v'), { recvCq: cq }))
  },
]
