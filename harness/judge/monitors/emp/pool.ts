// Invariants of posting: what the pool of descriptors takes and what not, and that memory is locked.
import { empDefaults } from '../../../../spec/vocabulary/endpoint.ts'
import { counted } from '../../../../spec/vocabulary/units.ts'
import { isAccepted } from '../../emp/lanes.ts'
import { returned, type CallSeen, type PostedSeen } from '../../seen/history.ts'
import { hostName, type View } from '../../seen/view.ts'
import { timeWords } from '../../words.ts'
import type { Monitor, Watching } from '../monitor.ts'
import { piecesOf } from './pieces.ts'

/** Octets of an entry of an indirect page (R14), and the most slots of a chain (R13). */
const entryOctets = 10
const chainSlots = 4

export const poolHolds: Monitor = {
  name: 'pool-holds',
  words: 'as many requests are outstanding as there are descriptors, and not one more',
  requirements: ['EMP-DESC-002', 'EMP-DESC-004', 'EMP-HOST-006'],
  needsWire: false,
  watch(view, watching) {
    const { postings } = view.history
    const size = view.permutation.configuration['emp.descriptors']
    if (size === undefined) return
    for (const post of postings) {
      const status = post.call.answer?.content.status
      if (status === 'no-descriptor') watchRefused(view, watching, post, size)
      else if (status === 'ok' && postings.length > size) watchAccepted(view, watching, post, size)
    }
  },
}

/** Whether a request was surely outstanding while another was posted: accepted before, and not seen done. */
function isHeld({ call, completions }: PostedSeen, posting: CallSeen): boolean {
  if (call === posting || call.answer?.content.status !== 'ok' || call.answer.record > posting.record) return false
  const end = returned(posting)
  return !completions.some(({ call: question }) => question !== undefined && question.record < end)
}

/** Whether it may have been. */
function mayBeHeld({ call, completions }: PostedSeen, posting: CallSeen): boolean {
  if (call === posting || call.record > returned(posting)) return false
  if (call.answer && call.answer.content.status !== 'ok') return false
  return !completions.some(({ source, record }) => source === 'return' && record < posting.record)
}

function watchAccepted(view: View, watching: Watching, { node, request, call }: PostedSeen, size: number): void {
  const before = view.history.postings.filter((other) => other.node === node && other.call.record < call.record)
  // There was a descriptor for each of the first.
  if (before.length < size) return
  for (const requirement of ['EMP-DESC-002', 'EMP-DESC-004']) watching.watched(node, requirement)
  const held = before.filter((other) => isHeld(other, call))
  if (held.length < size) return
  const told = held.filter(({ completions }) => (completions[0]?.record ?? Infinity) < call.record)
  const isFreed = held.length - told.length < size
  const seen = `${hostName(view, node)}'s ${request} was accepted at ${timeWords(call.time)}, when ${counted(held.length, 'request')} had not been seen done; there are ${counted(size, 'descriptor')}`
  watching.broken({ node, seen, at: call.time, requirements: [isFreed ? 'EMP-DESC-004' : 'EMP-DESC-002'] })
}

/** A chain may be refused although its slots are free, if they are not next to each other. */
function watchRefused(view: View, watching: Watching, { node, request, call, bytes }: PostedSeen, size: number): void {
  let slots = 0
  let count = 0
  let named = 0
  for (const other of view.history.postings) {
    if (other.node !== node) continue
    if (!mayBeHeld(other, call)) {
      if (wasNamed(other, call)) named++
      continue
    }
    slots += isSingle(other.bytes) ? 1 : chainSlots
    count++
  }
  watching.watched(node, 'EMP-DESC-002')
  if (named > 0) watching.watched(node, 'EMP-HOST-006')
  const room = size - slots
  if (isSingle(bytes) ? room < 1 : room < chainSlots * (count + 1)) return
  const seen = `${hostName(view, node)}'s ${request} was refused at ${timeWords(call.time)} for want of a descriptor, when at most ${counted(slots, 'slot')} of ${size} could be in use`
  // One that a waitany has named is seen, and holds no descriptor any more.
  const requirements = named > 0 ? ['EMP-DESC-002', 'EMP-HOST-006'] : ['EMP-DESC-002']
  watching.broken({ node, seen, at: call.time, requirements })
}

/** Whether a waitany had named a request before a posting. */
function wasNamed({ completions }: PostedSeen, posting: CallSeen): boolean {
  return completions.some(({ call, record }) => call?.call.body.operation === 'emp.waitany' && record < posting.record)
}

/** Whether a request takes one slot, wherever its octets lie. */
function isSingle(bytes: number): boolean {
  return bytes <= 1
}

export const piecesFit: Monitor = {
  name: 'pieces-fit',
  words: 'a posting is refused for its number of pieces if and only if a page cannot list them',
  requirements: ['EMP-DESC-007', 'EMP-DESC-011'],
  needsWire: false,
  watch(view, watching) {
    const page = view.permutation.configuration['emp.page'] ?? empDefaults['emp.page']
    const limit = Math.floor(page / entryOctets)
    for (const { node, request, call, bytes } of view.history.postings) {
      const status = call.answer?.content.status
      const isTold = status === 'too-many-pieces'
      if (!isTold && (status !== 'ok' || bytes < limit)) continue
      const { least, most } = piecesOf(call, page)
      const requirement = isTold ? 'EMP-DESC-007' : 'EMP-DESC-011'
      if (isTold || most > limit) watching.watched(node, requirement)
      if (isTold ? most > limit : least <= limit) continue
      const seen = `${hostName(view, node)}'s ${request}, of ${least} to ${most} pieces, was answered ${status} at ${timeWords(call.time)}; a page lists ${limit}`
      watching.broken({ node, seen, at: call.time, requirements: [requirement] })
    }
  },
}

export const lockedOnly: Monitor = {
  name: 'locked-only',
  words: 'memory is posted if and only if it is locked',
  requirements: ['EMP-MEM-001'],
  needsWire: false,
  watch(view, watching) {
    const hasUnlocked = view.history.calls.some(isUnlocked)
    for (const post of view.history.postings) {
      const isTold = post.call.answer?.content.status === 'not-locked'
      if (!isTold && (!hasUnlocked || !isAccepted(post))) continue
      watching.watched(post.node)
      const locked = isLocked(view, post)
      if (locked === undefined || locked !== isTold) continue
      const seen = `${hostName(view, post.node)}'s ${post.request} was ${isTold ? 'refused as not locked' : 'accepted'} at ${timeWords(post.call.time)}, though ${isTold ? 'all' : 'not all'} of its memory is locked`
      watching.broken({ node: post.node, seen, at: post.call.time })
    }
  },
}

function isUnlocked({ call: { body } }: CallSeen): boolean {
  return body.operation === 'memory.allocate' && !body.locked
}

/** Whether all memory of a posting is locked; undefined where that is open: octets that no message has may lie anywhere. */
function isLocked(view: View, { node, call }: PostedSeen): boolean | undefined {
  let all: boolean | undefined = true
  for (const { buffer, bytes } of 'pieces' in call.call.body ? call.call.body.pieces : []) {
    const locked = isBufferLocked(view, { node, buffer, record: call.record })
    if (locked === true) continue
    if (locked === undefined || bytes === 0) all = undefined
    else return false
  }
  return all
}

/** As the buffer of that name was made last. */
function isBufferLocked(
  { history }: View,
  { node, buffer, record }: { node: number; buffer: string; record: number },
): boolean | undefined {
  let locked: boolean | undefined
  for (const { call, node: where, record: made } of history.calls) {
    if (made > record) break
    if (where !== node || call.body.operation !== 'memory.allocate' || call.body.as !== buffer) continue
    locked = call.body.locked
  }
  return locked
}
