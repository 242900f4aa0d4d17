// What happened on the work queues of VIs: what was posted, and what came back.
import type { Range } from '../../../spec/vocabulary/memory.ts'
import { onceFor } from '../../plan/once-for.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { viaControl, viaDescriptorShape, viaStatusMasks } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields, ViaDescriptorCall } from '../../../spec/vocabulary/via-descriptor.ts'
import type { ViaQueue } from '../../../spec/vocabulary/via-returns.ts'
import { returned, type CallSeen } from '../seen/history.ts'
import { overlap } from '../memory/ranges.ts'
import type { View } from '../seen/view.ts'
import { HandlersSeen, type HandlerSeen } from './handlers-seen.ts'

export type DescriptorWrite = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

/** A descriptor that was posted, and neither refused nor still being posted at the end. */
export interface PostingSeen {
  readonly name: string
  readonly call: CallSeen
  /** As it was written last before. */
  readonly written: DescriptorWrite | undefined
}

/** A descriptor that was handed out, by a call or to a handler, which is not told a code. */
export interface TakenSeen {
  readonly name: string
  readonly fields: ViaControlFields | undefined
  readonly isGood: boolean
  readonly record: number
  readonly time: number
}

export interface QueueStory {
  readonly node: NodeIndex
  readonly vi: string
  readonly queue: ViaQueue
  readonly posted: readonly PostingSeen[]
  readonly taken: readonly TakenSeen[]
  /** False if calls and handlers overlapped, so that it is not known in which order they took effect. */
  readonly isOrdered: boolean
  /** Handlers were given some of it. */
  readonly isNotified: boolean
}

interface Draft {
  readonly node: NodeIndex
  readonly vi: string
  readonly queue: ViaQueue
  readonly posted: PostingSeen[]
  readonly taken: TakenSeen[]
  isOrdered: boolean
  isNotified: boolean
  lastPost: number
  lastTake: number
}

/** The stories of all queues on which anything was posted or taken. */
export const queueStories: (view: View) => readonly QueueStory[] = onceFor(readStories)

export function storyOf(view: View, node: NodeIndex, vi: string, queue: ViaQueue): QueueStory | undefined {
  return queueStories(view).find((story) => story.node === node && story.vi === vi && story.queue === queue)
}

function readStories(view: View): QueueStory[] {
  const drafts = new Map<string, Draft>()
  const writes = new Map<string, Written>()
  const told = new HandlersSeen(view)
  const at = (node: NodeIndex, vi: string, queue: ViaQueue): Draft => {
    const key = `${node}.${queue}.${vi}`
    const known = drafts.get(key)
    if (known) return known
    const open = { isOrdered: true, isNotified: false, lastPost: -1, lastTake: -1 }
    const fresh: Draft = { node, vi, queue, posted: [], taken: [], ...open }
    drafts.set(key, fresh)
    return fresh
  }
  for (const seen of view.history.calls) {
    const { node, call } = seen
    const { body } = call
    switch (body.operation) {
      case 'descriptor.write': {
        const place = placeOf(body)
        forgetOverwritten(writes, node, place)
        for (const draft of drafts.values()) if (draft.node === node) rename(draft, body, seen.record)
        writes.set(`${node}.${body.as}`, { node, write: body, place })
        break
      }
      case 'memory.write':
        forgetOverwritten(writes, node, body.at)
        break
      case 'VipPostSend':
      case 'VipPostRecv': {
        const written = writes.get(`${node}.${body.descriptor ?? ''}`)?.write
        if (body.vi !== null)
          notePost(at(node, body.vi, body.operation === 'VipPostSend' ? 'send' : 'recv'), seen, written)
        break
      }
      case 'VipSendDone':
      case 'VipSendWait':
        if (body.vi !== null) noteTake(at(node, body.vi, 'send'), seen)
        break
      case 'VipRecvDone':
      case 'VipRecvWait':
        if (body.vi !== null) noteTake(at(node, body.vi, 'recv'), seen)
        break
      case 'VipSendNotify':
      case 'VipRecvNotify':
        if (body.vi !== null) {
          const queue = body.operation === 'VipSendNotify' ? 'send' : 'recv'
          noteHandler(at(node, body.vi, queue), seen, told.handlerOf(seen))
        }
        break
      default:
    }
  }
  for (const draft of drafts.values()) draft.taken.sort((one, other) => one.record - other.record)
  return [...drafts.values()]
}

interface Written {
  readonly node: NodeIndex
  readonly write: DescriptorWrite
  readonly place: Range | undefined
}

/** Where a descriptor lies; undefined if that is in no buffer. */
export function placeOf({ at, segments, remote }: DescriptorWrite): Range | undefined {
  if (!('buffer' in at)) return undefined
  const count = segments.length + (remote ? 1 : 0)
  return { ...at, bytes: viaDescriptorShape.controlOctets + count * viaDescriptorShape.segmentOctets }
}

/** What lies where something else was written says now what nobody knows. */
function forgetOverwritten(writes: Map<string, Written>, node: NodeIndex, range: Range | undefined): void {
  if (!range) return
  for (const [key, written] of writes) {
    if (written.node === node && written.place && overlap(range, written.place)) writes.delete(key)
  }
}

/** A posted descriptor goes by the name of what is written in its place before it comes back. */
function rename({ posted, taken }: Draft, { as: name, at }: DescriptorWrite, record: number): void {
  if (!('buffer' in at)) return
  for (const [place, posting] of posted.entries()) {
    const before = posting.written?.at
    if (!before || !('buffer' in before) || before.offset !== at.offset || before.buffer !== at.buffer) continue
    const isBack = taken.some(
      (one) => one.name === posting.name && one.record > posting.call.record && one.record < record,
    )
    if (!isBack) posted[place] = { ...posting, name }
  }
}

function notePost(draft: Draft, seen: CallSeen, written: DescriptorWrite | undefined): void {
  const { call, answer, record } = seen
  if (record < draft.lastPost) draft.isOrdered = false
  draft.lastPost = Math.max(draft.lastPost, returned(seen))
  if (answer?.content.vip?.code !== 'VIP_SUCCESS' || !('descriptor' in call.body)) return
  const name = call.body.descriptor
  if (name !== null) draft.posted.push({ name, call: seen, written })
}

function noteTake(draft: Draft, seen: CallSeen): void {
  const { answer, record } = seen
  if (record < draft.lastTake) draft.isOrdered = false
  draft.lastTake = Math.max(draft.lastTake, returned(seen))
  const vip = answer?.content.vip
  const descriptor = vip?.descriptor
  if (!answer || descriptor === undefined || descriptor === null) return
  const fields = descriptor === 'unknown' ? undefined : descriptor
  draft.taken.push({
    name: descriptor === 'unknown' ? descriptor : descriptor.name,
    fields,
    isGood: vip?.code === 'VIP_SUCCESS',
    record: answer.record,
    time: answer.time,
  })
}

/** A handler takes its descriptor at any time between the call that armed it and its run. */
function noteHandler(draft: Draft, { record }: CallSeen, seen: HandlerSeen | undefined): void {
  if (record < draft.lastTake) draft.isOrdered = false
  draft.lastTake = Math.max(draft.lastTake, seen?.record ?? Infinity)
  if (seen?.event.event !== 'via.notify' || seen.event.descriptor === null) return
  draft.isNotified = true
  const { descriptor } = seen.event
  const fields = descriptor === 'unknown' ? undefined : descriptor
  draft.taken.push({
    name: descriptor === 'unknown' ? descriptor : descriptor.name,
    fields,
    isGood: ((fields?.status ?? 0) & viaStatusMasks.errors) === 0,
    record: seen.record,
    time: seen.time,
  })
}

/** Octets that a descriptor moves; undefined where what was written was overwritten. */
export function lengthOf(written: DescriptorWrite | undefined): number | undefined {
  if (!written || written.patch) return undefined
  return written.segments.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Whether a descriptor of a send queue takes a receive of the peer, as far as is known. */
export function isMessage(written: DescriptorWrite | undefined): boolean {
  if (!written || written.patch) return true
  const { op, immediate, control = 0 } = written
  if (op === 'rdma-write') return immediate !== undefined || (control & viaControl.immediate) !== 0
  return op !== 'rdma-read'
}

/** Whether the peer may have been let write to a buffer of a host by RDMA. */
export function isExposed({ history }: View, node: NodeIndex, { buffer }: Range): boolean {
  return history.calls.some(({ node: where, call: { body } }) => {
    if (where !== node || (body.operation !== 'VipRegisterMem' && body.operation !== 'VipSetMemAttributes'))
      return false
    return body.attributes?.enableRdmaWrite === true && 'buffer' in body.at && body.at.buffer === buffer
  })
}

/** Whether there may have been an RDMA operation before a record. */
export function mayDoRdma({ history }: View, before: number): boolean {
  return history.calls.some(({ call: { body }, record }) => {
    if (record > before) return false
    // Octets written by hand may be a descriptor.
    if (body.operation === 'memory.write') return true
    if (body.operation !== 'descriptor.write') return false
    return body.op === 'rdma-write' || body.op === 'rdma-read' || body.patch !== undefined
  })
}

/** What has a name, if only one has. */
export function onlyOf<Named extends { readonly name: string }>(
  all: readonly Named[],
  name: string,
): Named | undefined {
  const first = all.findIndex((each) => each.name === name)
  return all.findLastIndex((each) => each.name === name) === first ? all[first] : undefined
}
