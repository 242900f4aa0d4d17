// Calls on memory: what is written, and whether what is read back can stand there (R10, R25, R26).
import type { Return } from '../../vocabulary/calls.ts'
import type { MemoryCall } from '../../vocabulary/memory.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import { bufferOf, overlap, pieceOfCall, type Piece } from '../memory.ts'
import { judgeIneffective, type OpenMemoryCall } from '../memory-calls.ts'
import type { Host, Request } from './request.ts'
import type { World } from './world.ts'

/** A host calls on its memory. A buffer exists from the call on; a write counts when it is answered. */
export function askMemory(world: World, host: Host, call: MemoryCall): OpenMemoryCall {
  const piece = pieceOfCall(host.buffers, call, bufferOf)
  if (piece && (call.operation === 'memory.write' || call.operation === 'memory.free')) {
    disturb(world, host, piece)
    world.changes++
  }
  if (call.operation === 'memory.free') host.buffers.delete(call.buffer)
  return { call, piece, changes: world.changes }
}

/** Judges the answer to a call on memory. */
export function judgeMemory(world: World, host: Host, open: OpenMemoryCall, answer: Return): Judged {
  const { call, piece } = open
  if (answer.status !== 'ok' || !piece) return judgeIneffective(host, open, answer)
  switch (call.operation) {
    case 'memory.write': {
      const span = { from: piece.offset, to: piece.offset + piece.bytes }
      const isAlone = open.changes === world.changes
      piece.buffer.layers.push(
        isAlone ? { kind: 'pattern', pattern: call.fill, ...span } : { kind: 'unknown', ...span },
      )
      world.changes++
      return undefined
    }
    case 'memory.digest':
    case 'memory.read':
      return open.changes === world.changes ? judgeOctets(world, host, piece, answer) : undefined
    case 'memory.guards':
      if (answer.damaged === null) return undefined
      return forbidden(['EMP-MATCH-013'], `${host.name}'s guard zone of ${call.buffer} is damaged at ${answer.damaged}`)
    case 'memory.allocate':
    case 'memory.free':
      return undefined
  }
}

/** The program changes memory: of what the NIC reads or writes there meanwhile nothing is known any more (R26). */
function disturb(world: World, host: Host, piece: Piece): void {
  const pieces = [piece]
  for (const request of host.holding) {
    if (world.matching.isDelivered(request) && request.kind === 'send') continue
    if (request.completion || !overlap(pieces, request.pieces)) continue
    if (request.kind === 'send' || extentOf(world, request) > 0) request.steady = false
  }
}

/** How many octets of an outstanding receive its message may be writing: none while there is no message (R6, R10). */
function extentOf({ matching }: World, receive: Request): number {
  if (matching.isOpen(receive)) return receive.bytes
  const message = matching.counterpart(receive)
  return message ? Math.min(message.bytes, receive.bytes) : 0
}

/** Octets that no message can be writing just now must be what was last written there. */
function judgeOctets(world: World, host: Host, piece: Piece, answer: Return): Judged {
  const { canvas } = world
  canvas.paintRange(piece)
  for (const request of host.holding) {
    if (request.kind === 'receive' && !request.completion) forgetReceive(world, request, piece)
  }
  const found =
    answer.octets === undefined ? differingDigest(world, piece, answer) : differingOctet(world, piece, answer.octets)
  if (found === undefined) return affirm(world, piece)
  const requirements = canvas.hasMessage ? ['EMP-REL-001', 'EMP-REL-020', 'EMP-DESC-009'] : []
  if (canvas.hasPattern) requirements.push('EMP-MATCH-013')
  return forbidden(requirements, `${host.name}'s ${piece.buffer.name}@${piece.offset}+${piece.bytes} has ${found}`)
}

/** Each octet is known, and stands there. */
function affirm({ canvas, affirmed }: World, { bytes }: Piece): undefined {
  if (!affirmed.isWanted || canvas.known.subarray(0, bytes).includes(0)) return
  if (canvas.hasMessage) affirmed.right('EMP-REL-001', 'EMP-REL-020', 'EMP-DESC-009')
  if (canvas.hasPattern) affirmed.right('EMP-MATCH-013')
}

function forgetReceive(world: World, receive: Request, piece: Piece): void {
  let left = extentOf(world, receive)
  for (const { buffer, offset, bytes } of receive.pieces) {
    const length = Math.min(bytes, left)
    if (length <= 0) continue
    left -= length
    if (buffer !== piece.buffer) continue
    const from = Math.max(offset, piece.offset)
    const to = Math.min(offset + length, piece.offset + piece.bytes)
    if (from < to) world.canvas.forget(from - piece.offset, to - piece.offset)
  }
}

function differingDigest({ canvas }: World, { bytes }: Piece, { digest }: Return): string | undefined {
  const right = canvas.digest(bytes)
  if (right === undefined || right === digest) return undefined
  return `digest ${digest}; what must stand there has ${right}`
}

function differingOctet({ canvas }: World, { bytes }: Piece, octets: string): string | undefined {
  if (octets.length !== bytes * 2) return `${octets.length / 2} octets; ${bytes} were asked for`
  for (let i = 0; i < bytes; i++) {
    const seen = Number.parseInt(octets.slice(i * 2, i * 2 + 2), 16)
    if (canvas.known[i] === 1 && canvas.octets[i] !== seen) {
      return `octet ${seen} at place ${i}; ${canvas.octets[i]} must stand there`
    }
  }
  return undefined
}
