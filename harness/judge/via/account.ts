// How many descriptors stand on a work queue: the least and the most, since calls may overlap.
import { viaDescriptorShape } from '../../../spec/vocabulary/via-constants.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { returned, type CallSeen } from '../seen/history.ts'
import { overlap } from '../memory/ranges.ts'
import type { View } from '../seen/view.ts'
import { isError } from './errors.ts'
import { handleOf, isDead, type QueueCalls, type ViLife } from './lives.ts'
import { succeeded } from './sessions.ts'
import { placeOf, type DescriptorWrite } from './story.ts'

/** Descriptors on a queue, complete and not yet taken ones among them. */
export interface Account {
  readonly least: number
  readonly most: number
}

/** While a call was open; undefined where descriptors may have gone without being taken. */
export function accountAt(view: View, life: ViLife, queue: QueueCalls, call: CallSeen): Account | undefined {
  if (life.isNotified || dropsDescriptors(view, life)) return undefined
  const end = returned(call)
  let [least, most] = [0, 0]
  for (const post of queue.posts) {
    if (post.record > end) break
    if (post === call || (post.answer && !succeeded(post))) continue
    if (returned(post) < call.record) least++
    most++
  }
  for (const take of queue.takes) {
    if (take.record > end) break
    if (take === call) continue
    const isDone = returned(take) < call.record
    if (isDone && !hasTaken(take)) continue
    // One that is still open may take one, or have taken one already.
    if (isDone) most--
    if (hasTaken(take) || !take.answer) least--
  }
  return { least: Math.max(0, least), most }
}

/** Whether a call handed out a descriptor. */
export function hasTaken({ answer }: CallSeen): boolean {
  const descriptor = answer?.content.vip?.descriptor
  return descriptor !== undefined && descriptor !== null
}

const dropping: ReadonlySet<string> = new Set(['post-descriptor', 'vi-overrun', 'completion-protection'])

/** Whether the provider has said by an asynchronous error that it took descriptors of a VI away. */
export function dropsDescriptors({ history }: View, { node, name }: { node: NodeIndex; name: string }): boolean {
  for (const seen of history.viaEvents) {
    if (seen.node === node && isError(seen) && dropping.has(seen.event.code) && (seen.event.vi ?? name) === name)
      return true
  }
  return false
}

/**
 * Whether every descriptor that was posted on a queue was surely queued, and surely stayed there until a call had returned:
 * nobody need be told of the asynchronous errors of one that was not, for it lay where it must not, or the queue was full, or
 * its memory went.
 */
export function areQueued(view: View, life: ViLife, { posts }: QueueCalls, call: CallSeen): boolean {
  if (posts.length > (view.permutation.configuration['via.max-descriptors'] ?? 0)) return false
  return posts.every((post) => isSound(view, life, { post, call }))
}

interface Posted {
  readonly post: CallSeen
  /** Until this call had returned. */
  readonly call: CallSeen
}

function isSound(view: View, life: ViLife, { post, call: until }: Posted): boolean {
  const { body } = post.call
  const name = 'descriptor' in body ? body.descriptor : null
  const memory = 'memory' in body ? body.memory : undefined
  if (name === null || typeof memory !== 'string') return false
  const calls = view.history.calls.filter(({ node, record }) => node === life.node && record < post.record)
  const written = calls.findLast(({ call }) => call.body.operation === 'descriptor.write' && call.body.as === name)
  const write = written?.call.body.operation === 'descriptor.write' ? written.call.body : undefined
  if (!write || write.patch || !isAligned(calls, write) || isOverwritten(calls, written, write)) return false
  return isRegistered(view, life, { memory, post, write, until })
}

function isAligned(calls: readonly CallSeen[], { at }: DescriptorWrite): boolean {
  if (!('buffer' in at)) return false
  const { alignment } = viaDescriptorShape
  for (const { call } of calls.toReversed()) {
    if (call.body.operation !== 'memory.allocate' || call.body.as !== at.buffer) continue
    return call.body.align % alignment === 0 && (call.body.offset + at.offset) % alignment === 0
  }
  return false
}

function isOverwritten(calls: readonly CallSeen[], written: CallSeen | undefined, write: DescriptorWrite): boolean {
  const place = placeOf(write)
  return calls.some(({ call: { body }, record }) => {
    if (record <= (written?.record ?? 0) || !place) return false
    if (body.operation === 'memory.write') return overlap(body.at, place)
    const other = body.operation === 'descriptor.write' ? placeOf(body) : undefined
    return other !== undefined && overlap(other, place)
  })
}

/** Whether a descriptor lies in the region that it was posted with, all of it. */
function isRegistered(
  view: View,
  life: ViLife,
  { memory, post, write, until }: { memory: string; post: CallSeen; write: DescriptorWrite; until: CallSeen },
): boolean {
  const handle = handleOf(view, 'memory', life.node, memory)
  const [made] = handle?.made ?? []
  const place = placeOf(write)
  if (!handle || handle.made.length !== 1 || !made || isDead(handle, post) || !place) return false
  if (handle.ended.some((ended) => ended.record < returned(until))) return false
  const { body } = made.call
  if (body.operation !== 'VipRegisterMem' || !('buffer' in body.at) || body.nic !== life.body.nic) return false
  if (body.attributes?.ptag !== life.body.attributes?.ptag || body.at.buffer !== place.buffer) return false
  return body.at.offset <= place.offset && place.offset + place.bytes <= body.at.offset + body.at.bytes
}
