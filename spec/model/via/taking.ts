// Done and Wait: which descriptor they hand out when, and how they answer when there is none (S1).
import { viaInfinite, viaStatusMasks } from '../../vocabulary/via-constants.ts'
import type { Instant } from '../../vocabulary/units.ts'
import { viaTimeoutDuration } from '../../vocabulary/via-calls.ts'
import type { ViaReturnedDescriptor } from '../../vocabulary/via-descriptor.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { scatter } from '../memory.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { judgeCompletion } from './completions.ts'
import { breakSilently } from './silence.ts'
import { found, type Host } from './host.ts'
import { codes } from './ruling.ts'
import type { Posting, Vi, WorkQueue } from './vi.ts'
import { wantVi } from './vis.ts'
import type { World } from './world.ts'

export type TakingCall = ViplCallOf<'VipSendDone' | 'VipRecvDone' | 'VipSendWait' | 'VipRecvWait'>

/** A Done or Wait that has not been answered. */
export interface OpenTaking {
  readonly call: TakingCall
  readonly vi: Vi | null | undefined
  readonly queue: WorkQueue | undefined
  readonly wasLive: boolean
  /** What was at the front of the queue when it was asked. */
  readonly front: 'nothing' | 'complete' | 'unclear'
  /** The first receive, where it must hold a message if its connection is not broken. */
  readonly owed: Posting | undefined
  /** No other call was taking from the queue, and no handler armed. */
  readonly isAlone: boolean
}

/** A host asks for a descriptor. */
export function askDescriptor(host: Host, call: TakingCall): OpenTaking {
  const vi = found(host.vis, call.vi)
  if (!vi) return { call, vi, queue: undefined, wasLive: false, front: 'unclear', owed: undefined, isAlone: true }
  const isSend = call.operation === 'VipSendDone' || call.operation === 'VipSendWait'
  const queue = isSend ? vi.send : vi.recv
  queue.takers++
  return {
    call,
    vi,
    queue,
    wasLive: vi.isLive,
    front: frontOf(queue),
    owed: owedOf(queue),
    isAlone: queue.takers === 1 && queue.armed.length === 0,
  }
}

function owedOf({ items }: WorkQueue): Posting | undefined {
  return items[0]?.owedBy ? items[0] : undefined
}

/** What is at the front of a queue. */
export function frontOf(queue: WorkQueue): OpenTaking['front'] {
  const first = queue.items[0]
  if (!first) return 'nothing'
  if (first.isGhost || first.isCrossed) return 'unclear'
  return first.due || (first.status !== undefined && !first.isOpaque) ? 'complete' : 'unclear'
}

/** Judges the answer; what is handed out is off the queue. */
export function judgeTaken(
  world: World,
  { taking: open, isContested, since }: { taking: OpenTaking; isContested: boolean; since: Instant },
  answer: ViaReturn,
): Judged {
  const { ruling } = world
  const { vi, queue } = open
  if (queue) queue.takers--
  if (!wantVi(world, vi)) return undefined
  if (!vi?.isLive) return open.wasLive ? undefined : ruling.judge(answer)
  if (!queue || answer.code === 'VIP_INVALID_PARAMETER') return ruling.judge(answer)
  const isShared = !open.isAlone || queue.takers + queue.armed.length > 0
  const isLenient = vi.isLoose || queue.isLoose || isContested || isShared
  if (answer.code === 'VIP_NOT_DONE' || answer.code === 'VIP_TIMEOUT') {
    const early = judgeTime(world, open, since, answer)
    return early ?? (isLenient ? undefined : (judgeNothing(open, answer) ?? suspect(queue, open)))
  }
  if (answer.code === 'VIP_ERROR_RESOURCE') {
    ruling.permit(codes.resource)
    return ruling.judge(answer)
  }
  return judgeDescriptor(world, { open, queue, isLenient }, answer)
}

function judgeTime({ now, affirmed }: World, { call, vi }: OpenTaking, since: Instant, { code }: ViaReturn): Judged {
  if (code !== 'VIP_TIMEOUT' || !('timeout' in call)) return undefined
  const words = `${vi?.host.name}'s ${call.operation} answered VIP_TIMEOUT after ${now - since} ns`
  if (call.timeout === viaInfinite) return forbidden(['VIA-WAIT-005'], `${words}, though it has no end`)
  if (now - since >= viaTimeoutDuration(call.timeout)) {
    affirmed.right('VIA-WAIT-002')
    return undefined
  }
  return forbidden(['VIA-WAIT-002', 'VIA-WAIT-001'], `${words}, of ${call.timeout} ms`)
}

function judgeNothing({ call, vi, front, queue }: OpenTaking, { code }: ViaReturn): Judged {
  if (front === 'unclear' || !queue) return undefined
  const requirements = front === 'nothing' ? emptyRequirements(call) : completeRequirements(call, queue)
  const right = front === 'nothing' ? 'the queue is empty' : 'its first descriptor must be complete'
  return forbidden(requirements, `${vi?.host.name}'s ${call.operation} answered ${code}; ${right}`)
}

/** A receive that must hold a message, unless its connection is broken, holds none: so it is (REL-007, REL-012). */
function suspect({ items }: WorkQueue, { owed }: OpenTaking): undefined {
  const first = items[0]
  const connection = first?.owedBy
  if (first && first === owed && connection) breakSilently(connection, first.queue.vi)
}

function emptyRequirements({ operation }: TakingCall): readonly string[] {
  if (operation === 'VipSendDone') return ['VIA-DONE-005']
  return operation === 'VipRecvDone' ? ['VIA-DONE-003'] : ['VIA-WAIT-004']
}

/** By which requirements the first descriptor comes now. */
export function completeRequirements({ operation }: TakingCall, { items }: WorkQueue): readonly string[] {
  const [first] = items
  const due = [...(first?.due ?? []), ...ofRdma(first)]
  if (operation === 'VipSendDone') return ['VIA-DONE-005', ...due]
  return operation === 'VipRecvDone' ? ['VIA-DONE-001', ...due] : ['VIA-WAIT-001', ...due]
}

/** By which requirements RDMA, and what waits for it, comes to its end. */
function ofRdma(first: Posting | undefined): readonly string[] {
  const rdma = first?.form.rdma
  const fence = first?.form.hasFence ? ['VIA-RDMA-011'] : []
  if (!rdma) return fence
  return rdma.kind === 'read' ? ['VIA-RDMA-009', 'VIA-RDMA-026', ...fence] : ['VIA-RDMA-020', 'VIA-RDMA-001', ...fence]
}

interface Taking {
  readonly open: OpenTaking
  readonly queue: WorkQueue
  readonly isLenient: boolean
}

function judgeDescriptor(world: World, taking: Taking, answer: ViaReturn): Judged {
  const { open, queue, isLenient } = taking
  const { call, vi } = open
  const { descriptor = null, code } = answer
  const wrong = (requirements: readonly string[], right: string): Judged =>
    forbidden(
      requirements,
      `${vi?.host.name}'s ${call.operation} answered ${code} with ${wordsOf(descriptor)}; ${right}`,
    )
  if (descriptor === null) {
    const isEmpty = isLenient || open.front === 'nothing' || queue.items.every(({ isGhost }) => isGhost)
    if (isEmpty && code === 'VIP_DESCRIPTOR_ERROR') {
      queue.hasLost ||= queue.items.length > 0
      if (!isLenient) for (const item of queue.items.splice(0)) leaveUnknown(item)
      if (!isLenient && open.front === 'nothing') world.affirmed.right(...emptyRequirements(call))
      return undefined
    }
    return wrong(
      nullRequirements(call),
      isEmpty ? 'the queue is empty' : `the queue has ${queue.items.length} descriptors`,
    )
  }
  const item = descriptor === 'unknown' ? undefined : find(queue, descriptor.name, isLenient)
  if (descriptor === 'unknown' || !item) {
    if (vi?.isLoose || queue.isLoose) return undefined
    return wrong(orderRequirements(taking, descriptor), `${queue.items[0]?.descriptor.written.as ?? 'NULL'} is first`)
  }
  take(queue, item)
  if (vi?.isLoose) return undefined
  const isWell = (descriptor.status & viaStatusMasks.errors) === 0
  if (isWell !== (code === 'VIP_SUCCESS') && !item.isOpaque) {
    return wrong(['VIA-DESC-016', ...codeRequirements(call)], `its status is 0x${descriptor.status.toString(16)}`)
  }
  const judged = judgeCompletion(world, item, descriptor)
  if (item.descriptor.posting === item && item.descriptor.isPlain) item.descriptor.returned = descriptor
  return judged
}

function nullRequirements({ operation }: TakingCall): readonly string[] {
  if (operation === 'VipSendDone') return ['VIA-DONE-005', 'VIA-DONE-007']
  if (operation === 'VipRecvDone') return ['VIA-DONE-003', 'VIA-DONE-004', 'VIA-DONE-002', 'VIA-DONE-007', 'VIA-CQ-005']
  return ['VIA-WAIT-001', 'VIA-WAIT-002', 'VIA-DONE-002', 'VIA-DONE-007']
}

function codeRequirements({ operation }: TakingCall): readonly string[] {
  return operation === 'VipRecvDone'
    ? ['VIA-DONE-001', 'VIA-DONE-002', 'VIA-FLUSH-003']
    : ['VIA-DONE-005', 'VIA-FLUSH-003']
}

function orderRequirements({ open, queue }: Taking, descriptor: ViaReturnedDescriptor): readonly string[] {
  const isQueued =
    descriptor !== 'unknown' && queue.items.some((item) => item.descriptor.place.name === descriptor?.name)
  const done = open.call.operation === 'VipRecvDone' ? 'VIA-DONE-001' : 'VIA-DONE-005'
  if (!isQueued) return ['VIA-DONE-007', done]
  return queue.kind === 'send'
    ? ['VIA-SEND-003', 'VIA-FLUSH-003', done]
    : ['VIA-RECV-007', 'VIA-RECV-001', 'VIA-FLUSH-003', 'VIA-CON-025', done]
}

/** The descriptor of that name, if it can be the first: those before it are not queued, or were posted at the same time. */
export function find({ items }: WorkQueue, name: string, isLenient: boolean): Posting | undefined {
  for (const item of items) {
    if (item.descriptor.place.name === name) return item
    if (!item.isGhost && !item.isCrossed && !isLenient) return undefined
  }
  return undefined
}

/** A descriptor comes off its queue. */
export function take(queue: WorkQueue, item: Posting): void {
  const { items } = queue
  item.isOutstanding = false
  queue.taken++
  // Descriptors before it that are perhaps not queued are not.
  for (let place = items.indexOf(item); place >= 0; place--) {
    if (items[place] === item || items[place]?.isGhost) for (const gone of items.splice(place, 1)) leaveUnknown(gone)
  }
}

/** A receive of which nothing is known may have been written to before it left its queue. */
function leaveUnknown({ isGhost, isOpaque, queue, pieces, bytes, transfer }: Posting): void {
  if (isGhost && transfer?.kind === 'read') scatter(pieces, bytes, undefined)
  if (isGhost && isOpaque && queue.kind === 'recv') scatter(pieces, bytes, undefined)
}

function wordsOf(descriptor: ViaReturnedDescriptor): string {
  if (descriptor === null) return 'NULL'
  return descriptor === 'unknown' ? 'an unknown descriptor' : descriptor.name
}
