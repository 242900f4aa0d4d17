// What a drawn program tries with VIs, beside connecting them and moving data.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { ViaViAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import { firstNic, secondNic } from './host.ts'
import { exhaust } from './limits.ts'
import type { LinkEnd } from './links.ts'
import { plainly, post, taking } from './posting.ts'
import type { Script } from './script.ts'
import { calls, type Try } from './tries-nic.ts'

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
  const made = { ...end, nic: firstNic, vi: script.fresh('v'), sendCq: null, recvCq: null, ...cqs }
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
