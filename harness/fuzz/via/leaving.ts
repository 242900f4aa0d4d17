// How VIs of a drawn program part, meet again, and are taken down.
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { descriptorPool } from '../../plan/usual.ts'
import { pick } from '../drawn.ts'
import { usedAnew, type DataBuffer } from './host.ts'
import { otherEnd, type Link, type LinkEnd } from './links.ts'
import { drain, plainly, post } from './posting.ts'
import { deregistering } from './regions.ts'
import type { Script } from './script.ts'
import { closeNic, destroyCq, destroyPtag, destroyVi, disconnect, queryVi, taking, takingEntry } from './vipl-calls.ts'

/** Two ends that part, from the one that the move names. */
interface Parting {
  readonly script: Script
  readonly end: LinkEnd
  readonly other: LinkEnd
}

/** Nanoseconds in which the other end hears that it was left. */
const heard = 60_000

/** Who parts, and how. */
export const partings: readonly ((parting: Parting) => void)[] = [
  function one({ script, end }): void {
    leave(script, end)
  },
  function both({ script, end, other }): void {
    leave(script, end)
    leave(script, other)
  },
  function oneTwice({ script, end }): void {
    leave(script, end)
    leave(script, end)
  },
  /** The other end is in error by now, if it has heard: what it posts is flushed. */
  function oneAndTheOtherGoesOn({ script, end, other }): void {
    leave(script, end)
    script.pause(heard)
    script.call(other.node, queryVi(other.vi))
    post(script, other, 'recv', plainly(16))
    post(script, other, 'send', plainly(16))
  },
  function bothAndAllIsTaken({ script, end, other }): void {
    leave(script, end)
    script.pause(heard)
    leave(script, other)
    drain(script, end, 2)
    drain(script, other, 2)
  },
  function oneAndTheOtherIsDestroyed({ script, end, other }): void {
    leave(script, end)
    script.pause(heard)
    script.call(other.node, destroyVi(other.vi))
  },
  function bothLongAfterEachOther({ script, end, other }): void {
    leave(script, end)
    script.pause(6_000_000)
    leave(script, other)
  },
  function oneAtRest({ script, end }): void {
    script.pause(30_000_000)
    leave(script, end)
  },
  /** Somebody still waits for what does not come. */
  function oneThatWaits({ script, end }): void {
    post(script, end, 'recv', plainly(16))
    script.start(end.node, taking(end, 'recv', { waits: true, timeout: viaInfinite }))
    leave(script, end)
  },
  /** While a message comes, whose memory is used for something else. */
  function oneMidway({ script, end, other }): void {
    const [first] = post(script, end, 'recv', plainly(1_900)).segments
    post(script, other, 'send', plainly(1_900))
    script.pause(12_000)
    leave(script, end)
    script.call(end.node, taking(end, 'recv'))
    if (!first || !('buffer' in first.at)) return
    const { buffer, offset } = first.at
    const at = { buffer, offset, bytes: first.bytes }
    script.call(end.node, { operation: 'memory.write', at, fill: usedAnew })
  },
]

/** The two ends of a link part in one of these ways. */
export function part(script: Script, link: Link, end: LinkEnd, who: number): void {
  pick(partings, who)({ script, end, other: otherEnd(link, end) })
}

function leave(script: Script, { node, vi }: LinkEnd): void {
  script.call(node, disconnect(vi))
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
