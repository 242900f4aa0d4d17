// How VIs of a drawn program part, meet again, and are taken down.
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { descriptorPool } from '../../plan/via/descriptors.ts'
import { usedAnew, type DataBuffer } from './host.ts'
import { otherEnd, type Link, type LinkEnd } from './links.ts'
import { drain, plainly, post } from './posting.ts'
import { deregistering } from './regions.ts'
import type { Script } from './script.ts'
import { closeNic, destroyCq, destroyPtag, destroyVi, disconnect, queryVi, taking, takingEntry } from './vipl-calls.ts'

/** Who parts, from the end that the move names. */
export function part(script: Script, link: Link, end: LinkEnd, who: number): void {
  const other = otherEnd(link, end)
  const leave = (one: LinkEnd): void => script.call(one.node, disconnect(one.vi))
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
      script.call(other.node, queryVi(other.vi))
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
      script.call(other.node, destroyVi(other.vi))
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
  script.call(end.node, disconnect(end.vi))
  script.call(end.node, taking(end, 'recv'))
  if (!first || !('buffer' in first.at)) return
  const { buffer, offset } = first.at
  const at = { buffer, offset, bytes: first.bytes }
  script.call(end.node, { operation: 'memory.write', at, fill: usedAnew })
}

/** Takes away what others need. */
export const withdrawals: readonly ((script: Script, end: LinkEnd) => readonly CallBody[])[] = [
  (_, { vi }) => [destroyVi(vi)],
  (script, end) => [deregister(script, end, 'in')],
  (script, end) => [deregister(script, end, 'out')],
  (_, { nic }) => [destroyPtag(nic.ptag, nic.nic)],
  (_, { nic }) => [closeNic(nic.nic)],
  (script, end) => [deregister(script, end, descriptorPool)],
  (_, { sendCq, recvCq }) => [destroyCq(recvCq ?? sendCq)],
  // All that one end has, in order.
  (script, end) => [
    disconnect(end.vi),
    ...Array.from({ length: 3 }, () => [taking(end, 'send'), taking(end, 'recv')]).flat(),
    destroyVi(end.vi),
    queryVi(end.vi),
    ...[...new Set([end.sendCq, end.recvCq])].flatMap((cq): CallBody[] =>
      cq === null ? [] : [takingEntry(cq), destroyCq(cq)],
    ),
    ...script.host(end.node).inUse.map((buffer) => deregister(script, end, buffer)),
    destroyPtag(end.nic.ptag, end.nic.nic),
    closeNic(end.nic.nic),
  ],
]

function deregister(script: Script, end: LinkEnd, buffer: DataBuffer | typeof descriptorPool): CallBody {
  script.host(end.node).needs(buffer)
  return deregistering(end, { at: { buffer, offset: 0 }, memory: `${buffer}${end.nic.suffix}` })
}
