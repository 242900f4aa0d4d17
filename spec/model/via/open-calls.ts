// Calls that wait and are open still, though they must have returned.
import type { Instant } from '../../vocabulary/units.ts'
import type { ViplOperation } from '../../vocabulary/via-calls.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { Asked } from './asking.ts'
import { dueQueue } from './completion-queues.ts'
import { judgeOpenPairing } from './peering.ts'
import type { Host } from './host.ts'
import { completeRequirements, frontOf, type TakingCall } from './taking.ts'
import type { WorkQueue } from './vi.ts'
import type { World } from './world.ts'

/** By which requirement the time of a waiting call ends. */
const requirementsOfEnd: Readonly<Partial<Record<ViplOperation, readonly string[]>>> = {
  VipSendWait: ['VIA-WAIT-002', 'VIA-WAIT-003'],
  VipRecvWait: ['VIA-WAIT-002', 'VIA-WAIT-003'],
  VipCQWait: ['VIA-CQ-008'],
  VipConnectWait: ['VIA-CON-012', 'VIA-CON-013'],
  VipConnectRequest: ['VIA-CON-009', 'VIA-CON-010', 'VIA-CON-008'],
  VipConnectAccept: ['VIA-CON-001', 'VIA-CON-020'],
}

/** What is known of the moment: when the call's time was over, if it was; and whether nothing more will happen. */
interface Moment {
  readonly until: Instant | undefined
  readonly isRest: boolean
}

/** Judges a call that is still open. */
export function judgeOpen(
  world: World,
  host: Host,
  { operation, asked }: { readonly operation: ViplOperation; readonly asked: Asked },
  { until, isRest }: Moment,
): Judged {
  if (host.isLoose || isLoose(asked)) return undefined
  const isEndless = until === undefined || until === Infinity
  if (!isEndless || (isRest && operation === 'VipConnectAccept')) {
    return forbidden(
      requirementsOfEnd[operation] ?? [],
      `${host.name}'s ${operation} does not return, though its time is over`,
    )
  }
  if (asked.kind === 'pairing') return judgeOpenPairing(world, host, asked.pairing)
  if (asked.kind === 'taking') {
    const { queue, isAlone, vi } = asked.taking
    if (!queue || !isAlone || queue.takers > 1 || !vi?.isLive) return undefined
    const front = frontOf(queue)
    if (front === 'unclear' || (front === 'nothing' && asked.taking.front !== 'nothing')) return undefined
    const requirements = front === 'nothing' ? ['VIA-WAIT-004'] : requirementsOfWaking(asked.taking.call, queue)
    const words = front === 'nothing' ? 'the queue is empty' : 'the first descriptor must be complete'
    return forbidden(requirements, `${host.name}'s ${operation} does not return, though ${words}`)
  }
  if (asked.kind === 'entry') {
    const { cq } = asked.entry
    if (!cq || cq.takers + cq.armed.length > 1 || !dueQueue(host, cq)) return undefined
    return forbidden(
      ['VIA-CQ-009', 'VIA-CQ-004', ...cq.resized],
      `${host.name}'s ${operation} does not return, though there is an entry`,
    )
  }
  return undefined
}

/** By which requirements a Wait for a descriptor that is complete returns; one that was flushed wakes it, too (FLUSH-007). */
function requirementsOfWaking(call: TakingCall, queue: WorkQueue): readonly string[] {
  const isFlushed = queue.items[0]?.mayFlush === true
  return [...completeRequirements(call, queue), ...(isFlushed ? ['VIA-FLUSH-007', 'VIA-WAIT-005'] : ['VIA-WAIT-005'])]
}

function isLoose(asked: Asked): boolean {
  switch (asked.kind) {
    case 'taking':
      return asked.taking.vi?.isLoose === true || asked.taking.queue?.isLoose === true
    case 'request':
      return asked.request.vi?.isLoose === true || asked.request.request?.isCancelled === true
    case 'accept':
      return asked.accept.vi?.isLoose === true
    case 'plain':
    case 'posting':
    case 'entry':
    case 'wait':
    case 'disconnect':
    case 'arming':
    case 'peer':
    case 'pairing':
      return false
  }
}
