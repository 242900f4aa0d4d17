// Calls that wait and are open still, though they must have returned.
import type { Instant } from '../../vocabulary/units.ts'
import type { ViplOperation } from '../../vocabulary/via-calls.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { Asked } from './asking.ts'
import { dueQueue } from './completion-queues.ts'
import { judgeOpenPairing } from './peering.ts'
import type { Cq, Host } from './host.ts'
import { completeRequirements, frontOf, type OpenTaking, type TakingCall } from './taking.ts'
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
  if (asked.kind === 'taking') return judgeOpenTaking(world, host, operation, asked.taking)
  if (asked.kind === 'entry') {
    const { cq } = asked.entry
    if (!cq || isUnclear(world, cq) || !dueQueue(host, cq)) return undefined
    return forbidden(
      ['VIA-CQ-009', 'VIA-CQ-004', ...cq.resized],
      `${host.name}'s ${operation} does not return, though there is an entry`,
    )
  }
  return undefined
}

function judgeOpenTaking(
  world: World,
  host: Host,
  operation: ViplOperation,
  { call, queue, vi, front: before, isAlone }: OpenTaking,
): Judged {
  if (!queue || !vi?.isLive || isUnclear(world, queue)) return undefined
  const front = frontOf(queue)
  if (front === 'unclear') return undefined
  // What was there when another call was taking as well is open.
  if (front === 'nothing' && (before !== 'nothing' || !isAlone || queue.takers > 1)) return undefined
  const requirements = front === 'nothing' ? ['VIA-WAIT-004'] : requirementsOfWaking(call, queue)
  const words = front === 'nothing' ? 'the queue is empty' : 'the first descriptor must be complete'
  return forbidden(requirements, `${host.name}'s ${operation} does not return, though ${words}`)
}

/**
 * Whether a handler may get what completes; or several calls wait, and the implementation does not say that it is made for
 * that. Otherwise whatever has been taken was handed out: what is there now is for one of those that are still open.
 */
function isUnclear({ setting }: World, { takers, armed }: WorkQueue | Cq): boolean {
  return armed.length > 0 || (takers > 1 && !setting.threadSafe)
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
