// What a drawn program tries with VIs and completion queues, beside connecting them and moving data.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { firstNic, secondNic } from './host.ts'
import { exhaust } from './limits.ts'
import type { LinkEnd } from './links.ts'
import { plainly, post, taking, takingEntry } from './posting.ts'
import type { Script } from './script.ts'
import type { Try } from './tries-nic.ts'

const { nic } = firstNic

interface Making {
  readonly attributes?: ViaViAttributes | null
  readonly sendCq?: string | null
  readonly recvCq?: string | null
}

export function makeVi(
  { attributes }: LinkEnd,
  as: string,
  { sendCq = null, recvCq = null, ...given }: Making = {},
): CallBody {
  const usual = { ...attributes, ptag: firstNic.ptag }
  const asked = given.attributes === undefined ? usual : given.attributes
  return { operation: 'VipCreateVi', nic, attributes: asked, sendCq, recvCq, as }
}

/** A VI of its own beside the link, which is connected to nobody. */
export function lonely(script: Script, end: LinkEnd, cqs: { sendCq?: string; recvCq?: string } = {}): LinkEnd {
  const made = { ...end, nic: firstNic, vi: script.fresh('v'), sendCq: null, recvCq: null }
  script.call(end.node, makeVi(end, made.vi, cqs))
  return made
}

export const makeCq = (as: string, entryCount: number): CallBody => ({ operation: 'VipCreateCQ', nic, entryCount, as })
export const destroyCq = (cq: string | null): CallBody => ({ operation: 'VipDestroyCQ', cq })
export const destroyVi = (vi: string | null): CallBody => ({ operation: 'VipDestroyVi', vi })
export const disconnect = (vi: string | null): CallBody => ({ operation: 'VipDisconnect', vi })
const ask = (vi: string | null): CallBody => ({ operation: 'VipQueryVi', vi })

/** A VI is made with attributes that are not the usual ones, and looked at if it is there. */
function withAttributes(changed: (script: Script) => Partial<ViaViAttributes>): Try {
  return (script, end) => {
    const attributes = { ...end.attributes, ptag: firstNic.ptag, ...changed(script) }
    const as = script.fresh('v')
    script.call(end.node, makeVi(end, as, { attributes }))
  }
}

function calls(bodies: (script: Script, end: LinkEnd) => readonly CallBody[]): Try {
  return (script, end) => {
    for (const body of bodies(script, end)) script.call(end.node, body)
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
  calls(() => [destroyVi(null), disconnect(null), ask(null)]),
  // Used when it is gone.
  calls((script, end) => {
    const vi = script.fresh('v')
    return [makeVi(end, vi), destroyVi(vi), ask(vi), disconnect(vi), taking({ vi }, 'recv'), destroyVi(vi)]
  }),
  (script, end) =>
    exhaust(script, end.node, {
      most: script.value('via.max-vis'),
      makes: (as) => makeVi(end, as),
      gives: destroyVi,
    }),
  // Idle, with a receive: disconnected, taken, destroyed.
  (script, end) => {
    const made = { ...end, nic: firstNic, vi: script.fresh('v') }
    script.call(end.node, makeVi(end, made.vi))
    post(script, made, 'recv', plainly(16))
    for (const body of [ask(made.vi), destroyVi(made.vi), disconnect(made.vi), destroyVi(made.vi), ask(made.vi)])
      script.call(end.node, body)
    script.call(end.node, taking(made, 'recv'))
    script.call(end.node, destroyVi(made.vi))
  },
  // Idle, with a send, which is flushed.
  (script, end) => {
    const made = { ...end, nic: firstNic, vi: script.fresh('v') }
    script.call(end.node, makeVi(end, made.vi))
    post(script, made, 'send', plainly(16))
    for (const body of [ask(made.vi), destroyVi(made.vi), disconnect(made.vi), disconnect(made.vi)])
      script.call(end.node, body)
  },
  calls((_, { vi }) => [destroyVi(vi), ask(vi)]),
  calls((_, end) => [
    { operation: 'VipSetViAttributes', vi: end.vi, attributes: { ...end.attributes, maxTransferSize: 1_000 } },
    ask(end.vi),
  ]),
  // Set well, wrongly, and back, when it is idle.
  calls((script, end) => {
    const vi = script.fresh('v')
    const set = (over: Partial<ViaViAttributes> | null): CallBody => {
      const attributes = over && { ...end.attributes, ptag: firstNic.ptag, ...over }
      return { operation: 'VipSetViAttributes', vi, attributes }
    }
    const bad = [{ reliabilityLevel: 3 }, { maxTransferSize: 0 }, { ptag: null }, { enableRdmaRead: true }, null]
    const good = [set({ maxTransferSize: 999, enableRdmaWrite: true }), ask(vi)]
    return [makeVi(end, vi), ...good, ...bad.map(set), ask(vi), set({}), ask(vi), destroyVi(vi), set({})]
  }),
  // Of things of another handle of the NIC.
  (script, end) => {
    script.host(end.node).hasSecond = true
    const cq = script.fresh('q')
    script.call(end.node, { operation: 'VipCreateCQ', nic: secondNic.nic, entryCount: 2, as: cq })
    script.call(end.node, makeVi(end, script.fresh('v'), { recvCq: cq }))
  },
]

export const queueTries: readonly Try[] = [
  calls((script) => {
    const cq = script.fresh('q')
    return [makeCq(cq, 2), takingEntry(cq), destroyCq(cq), destroyCq(cq), takingEntry(cq)]
  }),
  calls((script) => [makeCq(script.fresh('q'), 0)]),
  calls((script) => [makeCq(script.fresh('q'), script.value('via.max-cq-entries') + 1)]),
  calls((script) => [makeCq(script.fresh('q'), script.value('via.max-cq-entries'))]),
  // In use, and then not.
  calls((script, end) => {
    const [cq, vi] = [script.fresh('q'), script.fresh('v')]
    return [makeCq(cq, 2), makeVi(end, vi, { recvCq: cq }), destroyCq(cq), destroyVi(vi), destroyCq(cq)]
  }),
  calls((script, end) => {
    const cq = script.fresh('q')
    return [makeCq(cq, 2), destroyCq(cq), makeVi(end, script.fresh('v'), { sendCq: cq })]
  }),
  (script, { node }) =>
    exhaust(script, node, {
      most: script.value('via.max-cqs'),
      makes: (as) => makeCq(as, 1),
      gives: destroyCq,
    }),
  // Entries are left when the VI goes.
  (script, end) => {
    const made = { ...end, nic: firstNic, vi: script.fresh('v') }
    const [cq, other] = [script.fresh('q'), script.fresh('v')]
    script.call(end.node, makeCq(cq, 4))
    script.call(end.node, makeVi(end, made.vi, { sendCq: cq, recvCq: cq }))
    script.call(end.node, makeVi(end, other, { sendCq: cq }))
    post(script, made, 'send', plainly(8))
    post(script, { ...made, vi: other }, 'send', plainly(8))
    const bodies = [taking(made, 'send'), destroyVi(made.vi), takingEntry(cq), takingEntry(cq)]
    const rest = [taking({ vi: other }, 'send'), destroyVi(other), takingEntry(cq), destroyCq(cq)]
    for (const body of [...bodies, ...rest]) script.call(end.node, body)
  },
  // A wait that is over before an entry comes, and one that finds it.
  (script, end) => {
    const made = { ...end, nic: firstNic, vi: script.fresh('v') }
    const cq = script.fresh('q')
    script.call(end.node, makeCq(cq, 4))
    script.call(end.node, makeVi(end, made.vi, { recvCq: cq }))
    post(script, made, 'send', plainly(8))
    post(script, made, 'recv', plainly(8))
    script.join(script.start(end.node, takingEntry(cq, { waits: true, timeout: 1 })))
    const waiting = script.start(end.node, takingEntry(cq, { waits: true, timeout: 5 }))
    script.call(end.node, disconnect(made.vi))
    script.join(waiting)
    script.call(end.node, taking(made, 'recv'))
  },
  calls((_, { sendCq, recvCq }) => [destroyCq(recvCq ?? sendCq)]),
  calls((script) => {
    const cq = script.fresh('q')
    const resize = (entryCount: number): CallBody => ({ operation: 'VipResizeCQ', cq, entryCount })
    return [makeCq(cq, 2), resize(4), resize(0), destroyCq(cq)]
  }),
  calls(() => [destroyCq(null), { operation: 'VipCQDone', cq: null }]),
]
