// Posting descriptors: what may be refused, what is queued, and which message comes of a send (S5, S8).
import { viaControl, viaDescriptorShape } from '../../vocabulary/via-constants.ts'
import type { ViaReturn } from '../../vocabulary/via-returns.ts'
import { overlap, overlapEachOther } from '../memory.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { ViplCallOf } from './calls.ts'
import { watchRoom } from './completion-queues.ts'
import { damage } from './descriptor.ts'
import { anyError, formOf, isRdma } from './form.ts'
import { found, type Host } from './host.ts'
import { launch, receivesToCome } from './messages.ts'
import { crosses } from './rdma.ts'
import { codes } from './ruling.ts'
import { Posting, states, type Form, type Vi, type WorkQueue } from './vi.ts'
import { wantVi } from './vis.ts'
import type { World } from './world.ts'

export type PostingCall = ViplCallOf<'VipPostSend' | 'VipPostRecv'>

/** A posting that has not been answered. */
export interface OpenPosting {
  readonly vi: Vi | null | undefined
  /** Undefined if nothing can be posted: NULL, a name that stands for nothing, a VI that is gone. */
  readonly posting: Posting | undefined
  readonly isNull: boolean
  /** Whether the work queue has no room for it. */
  readonly isFull: 'no' | 'unclear' | 'sure'
  /** Errors of the VI that had been told when it was asked. */
  readonly heard: number
}

/** A host posts: from here on the descriptor may be worked on, though whether it is accepted comes later. */
export function post(world: World, host: Host, call: PostingCall): OpenPosting {
  const vi = found(host.vis, call.vi)
  const isNull = call.descriptor === null
  const descriptor = call.descriptor === null ? undefined : host.descriptors.get(call.descriptor)
  if (!vi?.isLive || !descriptor) return { vi, posting: undefined, isNull, isFull: 'no', heard: 0 }
  const isSend = call.operation === 'VipPostSend'
  const queue = isSend ? vi.send : vi.recv
  const isFull = fullness(host, queue)
  const { heard } = vi
  if (isFull !== 'no') vi.overruns++
  const form = formOf(world, vi, { descriptor, memory: call.memory, isSend })
  const posting = new Posting(queue, descriptor, form, world.postings++)
  // What stands in its control segment is the provider's from here on.
  if (descriptor.posting?.isOutstanding) posting.isOpaque = descriptor.posting.isOpaque = true
  descriptor.posting = posting
  descriptor.returned = undefined
  const { buffer, offset: from } = descriptor
  buffer?.layers.push({ kind: 'unknown', from, to: from + viaDescriptorShape.controlOctets })
  const last = queue.items[queue.items.length - 1]
  if (last && !last.isAccepted) last.isCrossed = posting.isCrossed = true
  world.changes++
  if (posting.isOpaque) vi.hadOpaque = true
  if (!isSend && overlapEachOther(posting.pieces)) posting.steady = false
  if (isSend) watchRdma(vi, posting)
  else if (descriptor.isAstray || descriptor.isDamaged) host.isMemoryLoose = true
  watchMemory(world, host, posting)
  queue.items.push(posting)
  if (isNowhere(posting.form)) makeGhost(posting)
  if (posting.form.place !== 'right') vi.badPostings++
  if (posting.form.place !== 'right' || isFull !== 'no') disturbVi(vi)
  expectFlush(posting)
  if (isSend) launch(world, posting)
  else for (const message of vi.connection?.messagesTo(vi) ?? []) message.isUnserved = false
  watchRoom(host, queue.cq)
  return { vi, posting, isNull, isFull, heard }
}

function fullness(host: Host, queue: WorkQueue): OpenPosting['isFull'] {
  if (queue.items.length < host.limits['via.max-descriptors']) return 'no'
  const isAll = queue.kind === 'recv' && receivesToCome(queue.vi) === queue.items.length
  const { connection } = queue.vi
  const isStill = !connection || connection.messagesTo(queue.vi).length === 0
  return isAll && isStill ? 'sure' : 'unclear'
}

/** No descriptor can be there. */
function isNowhere({ place }: Form): boolean {
  return place === 'wrong' || place === 'foreign'
}

/** It is perhaps not queued; if it is, it does not complete well. */
function makeGhost(posting: Posting): void {
  posting.isGhost = true
  posting.mayFail = anyError
}

/** Whether its VI is, or may be, in a state in which what is posted is flushed at once (POST-003, POST-004). */
function expectFlush(posting: Posting): void {
  const { queue } = posting
  const { vi } = queue
  const working = queue.kind === 'send' ? states.connected : ~states.error
  if (vi.isLoose || (vi.states & ~working) !== 0) posting.mayFlush = true
  if (vi.isLoose || (vi.states & working) !== 0) return
  posting.mustFlush = vi.states === states.error ? ['VIA-POST-004'] : ['VIA-POST-003', 'VIA-POST-004']
}

/** RDMA of which nobody knows to where is not followed. */
function watchRdma(vi: Vi, { descriptor, isOpaque }: Posting): void {
  if (isRdma(descriptor.control & viaControl.operationMask) && (vi.isLoose || isOpaque)) vi.loosen()
}

/** Of octets that two descriptors work on at once nothing is known. */
function watchMemory(world: World, host: Host, posting: Posting): void {
  const { pieces, queue, form } = posting
  if (pieces.length === 0) return
  // A read writes to where it scatters.
  const isSend = queue.kind === 'send' && form.rdma?.kind !== 'read'
  if (crosses(world, host, { pieces, writes: !isSend })) posting.steady = false
  for (const { send, recv } of host.liveVis) {
    for (const other of recv.items) if (other.status === undefined) blend(posting, other)
    if (isSend) continue
    for (const other of send.items) if (other.status === undefined && other !== posting) blend(posting, other)
  }
  if (isSend) return
  for (const { buffer, offset, bytes } of pieces) {
    const where = host.buffers.get(buffer.name)
    if (where && where.descriptors.size > 0) damage(where, offset, offset + bytes)
  }
}

function blend(one: Posting, other: Posting): void {
  if (!overlap(one.pieces, other.pieces)) return
  one.steady = false
  other.steady = false
}

/** Judges the answer to a posting. */
export function judgePosted(world: World, open: OpenPosting, answer: ViaReturn): Judged {
  const { ruling } = world
  const { vi, posting, isNull } = open
  if (!wantVi(world, vi)) return undefined
  if (isNull) ruling.refuse(codes.parameter, 'VIA-DESC-005')
  if (!vi?.isLive || !posting) return isNull || !vi?.isLive ? ruling.judge(answer) : undefined
  const { form } = posting
  if (vi.isLoose) ruling.permit(~0)
  // Where the form is unclear, so is whether the call looks at it.
  if ((form.mayFail & ~form.mustFailBits) !== 0) ruling.permit(codes.parameter)
  if (form.place !== 'right' || posting.isOpaque || form.mustFail.includes('VIA-DESC-008'))
    ruling.permit(codes.parameter)
  if (form.mustFail.includes('VIA-DESC-018')) ruling.permit(~0)
  if (form.place === 'foreign' || form.mustFail.includes('VIA-NIC-012')) ruling.permit(~0)
  if (open.isFull !== 'no') ruling.permit(codes.resource)
  const judged = ruling.judge(answer)
  if (open.isFull === 'sure' && answer.code === 'VIP_ERROR_RESOURCE') owe(vi, 'vi-overrun', open)
  if (answer.code === 'VIP_SUCCESS') accept(vi, posting, open)
  else return withdraw(vi, posting) ?? judged
  return judged
}

function accept(vi: Vi, posting: Posting, open: OpenPosting): void {
  const { isFull } = open
  posting.isAccepted = true
  const { form } = posting
  if (form.place !== 'right') {
    makeGhost(posting)
    if (form.place === 'wrong' && !mayHaveBroken(vi, posting)) owe(vi, 'post-descriptor', open)
  }
  if (isFull === 'no') return
  if (isFull === 'sure') {
    drop(posting)
    owe(vi, 'vi-overrun', open)
  } else makeGhost(posting)
}

/** Whether a send ahead may have put the VI into error before the provider looks at this one: it is flushed unread then. */
function mayHaveBroken(vi: Vi, posting: Posting): boolean {
  return vi.isReliable && vi.send.items.some((item) => item !== posting && item.mayFail !== 0)
}

/** The handler must hear of it, unless it has heard something while the call was open. */
function owe(vi: Vi, code: 'post-descriptor' | 'vi-overrun', { heard }: OpenPosting): void {
  if (vi.nic.handler !== null && vi.heard === heard) vi.owed.push(code)
}

/** What becomes of a VI after a posting that could not be is not judged (ERR-007, ERR-008). */
function disturbVi(vi: Vi): void {
  vi.mayBreak()
  vi.connection?.trouble()
}

function drop(posting: Posting): void {
  posting.queue.remove(posting)
  posting.isOutstanding = false
  const messages = posting.connection?.messagesFrom(posting.queue.vi)
  const place = messages?.indexOf(posting) ?? -1
  if (place >= 0) messages?.splice(place, 1)
  if (posting.transfer) posting.transfer.isOver = true
}

/** A posting that was refused has no effect. */
function withdraw(vi: Vi, posting: Posting): Judged {
  drop(posting)
  if (!posting.isGone || posting.queue.kind === 'recv') return undefined
  const words = `${vi.host.name}'s posting of ${posting.descriptor.written.as} was refused, and yet its message was received`
  return forbidden(['VIA-RECV-001', 'VIA-POST-003'], words)
}
