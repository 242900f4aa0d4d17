// Calls on memory: what is written, and whether what is read back can stand there.
import type { Return } from '../../vocabulary/calls.ts'
import type { MemoryCall, Pattern } from '../../vocabulary/memory.ts'
import { viaDescriptorShape } from '../../vocabulary/via-constants.ts'
import { bufferOf, overlap, pieceOfCall, type Allocation, type Piece } from '../memory.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { judgeIneffective, type OpenMemoryCall } from '../memory-calls.ts'
import { damage } from './descriptor.ts'
import type { Host, ViaBuffer } from './host.ts'
import { judgeOctets, learnSegments } from './octets.ts'
import { crosses } from './rdma.ts'
import type { World } from './world.ts'

/** A host calls on its memory. A buffer exists from the call on; a write counts when it is answered. */
export function askMemory(world: World, host: Host, call: MemoryCall): OpenMemoryCall {
  const piece = pieceOfCall(host.buffers, call, viaBufferOf)
  if (piece && (call.operation === 'memory.write' || call.operation === 'memory.free')) {
    disturb(world, host, piece, call.operation === 'memory.write' ? call.fill : undefined)
    world.changes++
  }
  if (call.operation === 'memory.free') host.buffers.delete(call.buffer)
  return { call, piece, changes: world.changes }
}

function viaBufferOf(call: Allocation): ViaBuffer {
  return { descriptors: new Map(), address: undefined, ...bufferOf(call) }
}

/** The program changes memory: of what the NIC reads or writes there meanwhile nothing is known any more. */
function disturb(world: World, host: Host, piece: Piece, fill: Pattern | undefined): void {
  const pieces = [piece]
  crosses(world, host, { pieces, writes: true })
  const buffer = host.buffers.get(piece.buffer.name)
  if (buffer) damage(buffer, piece.offset, piece.offset + piece.bytes, fill)
  for (const { send, recv } of host.liveVis) {
    for (const item of send.items) if (item.status === undefined && overlap(pieces, item.pieces)) item.steady = false
    for (const item of recv.items) if (item.status === undefined && overlap(pieces, item.pieces)) item.steady = false
  }
}

/** Judges the answer to a call on memory. */
export function judgeMemory(world: World, host: Host, open: OpenMemoryCall, answer: Return): Judged {
  const { call, piece } = open
  if (answer.status !== 'ok' || !piece) return judgeIneffective(host, open, answer)
  switch (call.operation) {
    case 'memory.write':
      write(world, host, { call, piece }, open.changes === world.changes)
      return undefined
    case 'memory.digest':
    case 'memory.read': {
      if (open.changes !== world.changes) return undefined
      const judged = judgeOctets(world, host, piece, answer)
      if (!judged && answer.octets !== undefined) learnSegments(host, piece, answer.octets)
      return judged
    }
    case 'memory.guards':
      if (answer.damaged === null || host.isMemoryLoose) return undefined
      return forbidden(
        ['VIA-RECV-006', 'VIA-RDMA-002', 'VIA-RDMA-003'],
        `${host.name}'s guard zone of ${call.buffer} is damaged at ${answer.damaged}`,
      )
    case 'memory.allocate':
    case 'memory.free':
      return undefined
  }
}

function write(
  world: World,
  host: Host,
  { call, piece }: { call: Extract<MemoryCall, { operation: 'memory.write' }>; piece: Piece },
  isAlone: boolean,
): void {
  const { buffer, offset: from, bytes } = piece
  const to = from + bytes
  buffer.layers.push(isAlone ? { kind: 'pattern', pattern: call.fill, from, to } : { kind: 'unknown', from, to })
  for (const { posting, offset } of host.buffers.get(buffer.name)?.descriptors.values() ?? []) {
    if (!posting?.isOutstanding || offset >= to || offset + viaDescriptorShape.controlOctets <= from) continue
    buffer.layers.push({ kind: 'unknown', from: offset, to: offset + viaDescriptorShape.controlOctets })
  }
  world.changes++
}
