// Which octets of a host's buffers a provider may write in a case, and which must therefore stay as they were.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { onceFor } from '../../plan/once-for.ts'
import { crc32c, type MemoryCall, type Range } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { viaDescriptorShape } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaPlace } from '../../../spec/vocabulary/via-descriptor.ts'
import type { CallStep, Permutation } from '../../plan/permutation.ts'
import { callsOf } from '../../plan/numbering.ts'
import { writeExpected } from '../memory/expected-octets.ts'
import { overlap } from '../memory/ranges.ts'
import { placeOf } from './story.ts'

/** A range that nobody may write, with the digest of what it was filled with. */
export interface Quiet {
  readonly node: NodeIndex
  readonly at: Range
  readonly digest: number
}

/** A buffer with guard zones that is there until the end. */
export interface Guarded {
  readonly node: NodeIndex
  readonly buffer: string
}

type Allocate = Extract<MemoryCall, { operation: 'memory.allocate' }>

interface BufferUse {
  readonly node: NodeIndex
  readonly allocate: Allocate
  readonly writable: { from: number; to: number }[]
}

/** More ranges of one buffer than this are not looked at one by one. */
const rangesMax = 12

/** Buffers of a case that are never freed, with what may be written in each. */
function usesOf(permutation: Permutation): readonly BufferUse[] {
  const calls = permutation.steps.flatMap((step) => callsOf(step))
  const allocations = [
    ...permutation.memory,
    ...calls.flatMap(({ node, body }) => (body.operation === 'memory.allocate' ? [{ node, allocate: body }] : [])),
  ]
  const freed = new Set(
    calls.flatMap(({ node, body }) => (body.operation === 'memory.free' ? [`${node}.${body.buffer}`] : [])),
  )
  const uses = allocations
    .filter(({ node, allocate }) => !freed.has(`${node}.${allocate.as}`))
    .map(({ node, allocate }): BufferUse => ({ node, allocate, writable: [] }))
  const written = writtenBy(calls)
  for (const call of calls) noteWritable(call, written, uses)
  return uses
}

function noteWritable({ node, body }: CallStep, written: readonly Written[], uses: readonly BufferUse[]): void {
  const open = (buffer: string, from: number, bytes: number): void => {
    const use = uses.find((each) => each.node === node && each.allocate.as === buffer)
    use?.writable.push({ from, to: from + bytes })
  }
  switch (body.operation) {
    case 'memory.write':
      open(body.at.buffer, body.at.offset, body.at.bytes)
      return
    case 'descriptor.write': {
      const { controlOctets, segmentOctets } = viaDescriptorShape
      const segments = body.segments.length + (body.remote ? 1 : 0)
      const patched = (body.patch ?? []).map(({ offset, width }) => offset + width)
      const octets = Math.max(controlOctets + segments * segmentOctets, ...patched)
      if ('buffer' in body.at) open(body.at.buffer, body.at.offset, octets)
      return
    }
    case 'VipPostRecv':
    case 'VipPostSend':
      for (const { at, bytes } of segmentsOf(body, written[node])) {
        if ('buffer' in at) open(at.buffer, at.offset, bytes)
      }
      return
    case 'VipRegisterMem':
    case 'VipSetMemAttributes':
      // The peer may write there, wherever it likes.
      if (body.attributes?.enableRdmaWrite === true && 'buffer' in body.at) open(body.at.buffer, 0, Infinity)
      return
    default:
  }
}

type Post = Extract<CallBody, { operation: 'VipPostSend' | 'VipPostRecv' }>
type Write = Extract<CallBody, { operation: 'descriptor.write' }>
type Segment = Write['segments'][number]

/** The descriptors of a host. */
interface Written {
  readonly byName: Map<string, Write[]>
  readonly byPlace: Map<string, Write[]>
  /** Names that were posted. */
  readonly posted: Set<string | null>
}

/** By node. */
function writtenBy(calls: readonly CallStep[]): readonly Written[] {
  const hosts: Written[] = []
  for (const { node, body } of calls) {
    const host = (hosts[node] ??= { byName: new Map(), byPlace: new Map(), posted: new Set() })
    if (isPost(body)) host.posted.add(body.descriptor)
    if (body.operation !== 'descriptor.write') continue
    among(host.byName, body.as).push(body)
    among(host.byPlace, keyOf(body.at)).push(body)
  }
  return hosts
}

function among(writes: Map<string, Write[]>, key: string): Write[] {
  const known = writes.get(key) ?? []
  writes.set(key, known)
  return known
}

function keyOf(place: ViaPlace): string {
  return 'buffer' in place ? `${place.buffer} ${place.offset}` : ''
}

function isPost(body: CallBody): body is Post {
  return body.operation === 'VipPostSend' || body.operation === 'VipPostRecv'
}

/** Segments that may be written to of every descriptor that was ever written under the name of the one that is posted, or over it. */
function segmentsOf({ operation, descriptor }: Post, written: Written | undefined): readonly Segment[] {
  if (!written || descriptor === null) return []
  const own = written.byName.get(descriptor) ?? []
  const places = new Set(own.map(({ at }) => keyOf(at)).filter((key) => key !== ''))
  const over = [...places].flatMap((place) => written.byPlace.get(place) ?? [])
  return [...own, ...over.filter(({ as }) => !written.posted.has(as))].flatMap(({ op, patch, segments }) => {
    const isWritable = operation === 'VipPostRecv' || op === 'rdma-read' || patch !== undefined
    return isWritable ? segments : []
  })
}

/** Hosts whose descriptors say something else than was written: where they may lead is not known. */
function unknownHosts(permutation: Permutation): ReadonlySet<NodeIndex> {
  const { controlOctets } = viaDescriptorShape
  const calls = permutation.steps.flatMap((step) => callsOf(step))
  return new Set(
    calls.flatMap(({ node, body }) => {
      if (body.operation === 'memory.write') return isOverDescriptor(node, body.at, calls) ? [node] : []
      const patch = body.operation === 'descriptor.write' ? (body.patch ?? []) : []
      return patch.some(({ offset, width }) => offset + width > controlOctets) ? [node] : []
    }),
  )
}

/** Whether octets are written by hand where a descriptor is written. */
function isOverDescriptor(node: NodeIndex, at: Range, calls: readonly CallStep[]): boolean {
  return calls.some(({ node: where, body }) => {
    const place = where === node && body.operation === 'descriptor.write' ? placeOf(body) : undefined
    return place !== undefined && overlap(at, place)
  })
}

/** What of a case about VIA has to be at the end as it was at first. */
export interface Footprint {
  readonly quiet: readonly Quiet[]
  readonly guarded: readonly Guarded[]
}

export const footprintOf: (permutation: Permutation) => Footprint = onceFor((permutation) => {
  const uses = permutation.interface === 'via' ? usesOf(permutation) : []
  return { quiet: quietRanges(permutation, uses), guarded: guardedBuffers(uses) }
})

function quietRanges(permutation: Permutation, uses: readonly BufferUse[]): readonly Quiet[] {
  const unknown = unknownHosts(permutation)
  return uses.flatMap(({ node, allocate, writable }) => {
    const ranges = gaps(allocate.bytes, writable)
    if (unknown.has(node) || ranges.length > rangesMax) return []
    return ranges.map(({ from, to }) => {
      const at = { buffer: allocate.as, offset: from, bytes: to - from }
      const octets = writeExpected([{ pattern: allocate.fill, position: from, bytes: at.bytes }])
      return { node, at, digest: crc32c(octets) }
    })
  })
}

function guardedBuffers(uses: readonly BufferUse[]): readonly Guarded[] {
  return uses.flatMap(({ node, allocate }) => (allocate.guard > 0 ? [{ node, buffer: allocate.as }] : []))
}

function gaps(bytes: number, writable: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  let end = 0
  for (const { from, to } of writable.toSorted((one, other) => one.from - other.from)) {
    if (from > end) found.push({ from: end, to: Math.min(from, bytes) })
    end = Math.max(end, to)
  }
  if (end < bytes) found.push({ from: end, to: bytes })
  return found.filter(({ from, to }) => to > from)
}
