// How VIs of a drawn program part, meet again, and are taken down.
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { Link, LinkEnd } from './links.ts'
import { drain, plainly, post, taking, takingEntry } from './posting.ts'
import { deregistering } from './regions.ts'
import type { Script } from './script.ts'

const disconnect = ({ vi }: LinkEnd): CallBody => ({ operation: 'VipDisconnect', vi })
const destroy = ({ vi }: LinkEnd): CallBody => ({ operation: 'VipDestroyVi', vi })
const ask = ({ vi }: LinkEnd): CallBody => ({ operation: 'VipQueryVi', vi })

/** Who parts, from the end that the move names. */
export function part(script: Script, { client, server }: Link, end: LinkEnd, who: number): void {
  const other = end === client ? server : client
  const leave = (one: LinkEnd): void => script.call(one.node, disconnect(one))
  if (who === 7) script.pause(30_000_000)
  if (who === 8) {
    // Somebody still waits for what does not come.
    post(script, end, 'recv', plainly(16))
    script.start(end.node, taking(end, 'recv', { waits: true, timeout: viaInfinite }))
  }
  if (who === 9) {
    leaveMidway(script, { end, other })
    return
  }
  leave(end)
  switch (who) {
    case 1:
      leave(other)
      return
    case 2:
      leave(end)
      return
    case 3:
      // The other end is in error by now, if it has heard: what it posts is flushed.
      script.pause(60_000)
      script.call(other.node, ask(other))
      post(script, other, 'recv', plainly(16))
      post(script, other, 'send', plainly(16))
      return
    case 4:
      script.pause(60_000)
      leave(other)
      drain(script, end, 2)
      drain(script, other, 2)
      return
    case 5:
      script.pause(60_000)
      script.call(other.node, destroy(other))
      return
    case 6:
      script.pause(6_000_000)
      leave(other)
  }
}

/** Leaves while a message comes, and uses its memory for something else. */
function leaveMidway(script: Script, { end, other }: { end: LinkEnd; other: LinkEnd }): void {
  const [first] = post(script, end, 'recv', plainly(1_900)).segments
  post(script, other, 'send', plainly(1_900))
  script.pause(12_000)
  script.call(end.node, disconnect(end))
  script.call(end.node, taking(end, 'recv'))
  if (!first || !('buffer' in first.at)) return
  const { buffer, offset } = first.at
  const at = { buffer, offset, bytes: first.bytes }
  script.call(end.node, { operation: 'memory.write', at, fill: { kind: 'const', seed: 0x3c } })
}

/** Takes away what others need. */
export const withdrawals: readonly ((script: Script, end: LinkEnd) => readonly CallBody[])[] = [
  (_, end) => [destroy(end)],
  (script, end) => [deregister(script, end, 'in')],
  (script, end) => [deregister(script, end, 'out')],
  (_, { nic }) => [{ operation: 'VipDestroyPtag', nic: nic.nic, ptag: nic.ptag }],
  (_, { nic }) => [{ operation: 'VipCloseNic', nic: nic.nic }],
  (script, end) => [deregister(script, end, 'pool')],
  (_, { sendCq, recvCq }) => [{ operation: 'VipDestroyCQ', cq: recvCq ?? sendCq }],
  // All that one end has, in order.
  (script, end) => [
    disconnect(end),
    ...Array.from({ length: 3 }, () => [taking(end, 'send'), taking(end, 'recv')]).flat(),
    destroy(end),
    ask(end),
    ...[...new Set([end.sendCq, end.recvCq])].flatMap((cq): CallBody[] =>
      cq === null ? [] : [takingEntry(cq), { operation: 'VipDestroyCQ', cq }],
    ),
    ...script.host(end.node).inUse.map((buffer) => deregister(script, end, buffer)),
    { operation: 'VipDestroyPtag', nic: end.nic.nic, ptag: end.nic.ptag },
    { operation: 'VipCloseNic', nic: end.nic.nic },
  ],
]

function deregister(script: Script, end: LinkEnd, buffer: 'in' | 'out' | 'pool'): CallBody {
  script.host(end.node).needs(buffer)
  return deregistering(end, { at: { buffer, offset: 0 }, memory: `${buffer}${end.nic.suffix}` })
}
