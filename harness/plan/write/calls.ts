// Writes the calls of hosts: `left.isend: {...}` and its like.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import type { MemoryCall, Range } from '../../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { isViaCall } from '../../../spec/vocabulary/via-calls.ts'
import { allocationUsual } from '../usual.ts'
import type { Names } from './names.ts'
import { writePattern } from './values.ts'
import { viaKind, writeViaCall } from './via-calls.ts'
import { unless, type WrittenMap } from './written.ts'

/** What stands behind `HOST.`: the operation without its interface. */
export function kindOf(body: CallBody): string {
  return isViaCall(body) ? viaKind(body) : body.operation.slice(body.operation.indexOf('.') + 1)
}

/** Makes known what the call makes known. */
export function writeCall(body: CallBody, node: NodeIndex, names: Names): WrittenMap {
  if (isViaCall(body)) return writeViaCall(body, node, names)
  switch (body.operation) {
    case 'emp.isend':
      return { to: names.host(body.to), tag: body.tag, ...writePieces(body.pieces, node, names), as: body.as }
    case 'emp.irecv':
      return {
        from: writePeer(body.from, names),
        tag: writeTag(body.tag),
        ...writePieces(body.pieces, node, names),
        as: body.as,
      }
    case 'emp.test':
    case 'emp.wait':
    case 'emp.cancel':
    case 'emp.descriptor':
      return { request: body.request }
    case 'emp.probe':
      return { from: writePeer(body.from, names), tag: writeTag(body.tag) }
    case 'emp.waitall':
    case 'emp.waitany':
    case 'emp.testall':
      return { requests: body.requests }
    case 'emp.configure':
      return { collection: body.collection }
    case 'emp.counters':
      return {}
    case 'memory.allocate':
      names.makeBuffer(node, body)
      return { as: body.as, ...writeAllocation(body) }
    case 'memory.write':
      return { at: names.range(node, body.at), fill: writePattern(body.fill) }
    case 'memory.read':
      return { at: names.range(node, body.at) }
    case 'memory.free':
      return { buffer: body.buffer }
    case 'memory.digest':
    case 'memory.guards':
      throw new Error(`${body.operation} is asked at the end of a run, and no step of a case`)
  }
}

function writePeer(peer: number, names: Names): string {
  return peer === empAny ? 'any' : names.host(peer)
}

function writeTag(tag: number): number | string {
  return tag === empAny ? 'any' : tag
}

function writePieces(pieces: readonly Range[], node: NodeIndex, names: Names): WrittenMap {
  const ranges = pieces.map((piece) => names.range(node, piece))
  return ranges.length === 1 ? { buffer: ranges[0] } : { pieces: ranges }
}

type Allocation = Extract<MemoryCall, { operation: 'memory.allocate' }>

/** All of it but the name. */
export function writeAllocation({ bytes, align, offset, fill, guard, locked }: Allocation): WrittenMap {
  const isUsual = fill.kind === allocationUsual.fill.kind && fill.seed === allocationUsual.fill.seed
  return {
    bytes,
    fill: isUsual ? undefined : writePattern(fill),
    guard: unless(allocationUsual.guard, guard),
    align: unless(allocationUsual.align, align),
    offset: unless(allocationUsual.offset, offset),
    locked: unless(allocationUsual.locked, locked),
  }
}
