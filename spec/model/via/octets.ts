// Whether what is read of memory can stand there.
import type { Return } from '../../vocabulary/calls.ts'
import { viaDescriptorShape } from '../../vocabulary/via-constants.ts'
import { crc32c } from '../../vocabulary/memory.ts'
import type { Layer, Piece } from '../memory.ts'
import { forbidden, type Judged } from '../forbidden.ts'
import type { Host } from './host.ts'
import { beingWritten } from './rdma.ts'
import type { Posting } from './vi.ts'
import type { World } from './world.ts'

/** Octets that no message can be writing just now must be what was last written there. */
export function judgeOctets(world: World, host: Host, piece: Piece, answer: Return): Judged {
  if (host.isMemoryLoose || host.liveVis.some(({ isLoose }) => isLoose)) return undefined
  const { canvas } = world
  const pattern = answer.octets === undefined && !isBeingWritten(host, piece) ? patternOf(piece) : undefined
  if (pattern && answer.digest === digestOf(world, pattern, piece)) {
    world.affirmed.right('VIA-RECV-003', 'VIA-RECV-006', 'VIA-FLUSH-008')
    return undefined
  }
  canvas.paintRange(piece)
  for (const vi of host.liveVis) {
    for (const item of vi.recv.items) if (isWritten(item)) forget(world, item, piece)
  }
  for (const each of beingWritten(world, host)) forgetPiece(world, each, piece)
  const found =
    answer.octets === undefined ? differingDigest(world, piece, answer) : differingOctet(world, piece, answer.octets)
  if (found === undefined) return affirm(world, piece)
  const requirements = canvas.hasMessage
    ? ['VIA-REL-002', 'VIA-SEND-001', 'VIA-SEND-002', 'VIA-RECV-002', 'VIA-REL-007', 'VIA-REL-012', 'VIA-DESC-024']
    : []
  if (canvas.hasMessage && piece.offset % 8 !== 0) requirements.push('VIA-DESC-011', 'VIA-MEM-002')
  if (canvas.hasMessage && world.hosts.some(({ reusesPlaces }) => reusesPlaces)) requirements.push('VIA-POST-006')
  if (world.hadRdma) requirements.push(...(canvas.hasMessage ? ofRdma : []), ...beyondRdma)
  if (canvas.hasPattern) requirements.push('VIA-RECV-003', 'VIA-RECV-006', 'VIA-FLUSH-008')
  if (canvas.hasSeen) requirements.push('VIA-DESC-023')
  return forbidden(requirements, `${host.name}'s ${piece.buffer.name}@${piece.offset}+${piece.bytes} has ${found}`)
}

/** What was read of the segments of a descriptor stays: the provider does not write there (DESC-023), and nobody else may. */
export function learnSegments(host: Host, { buffer: { name }, offset: from, bytes }: Piece, octets: string): void {
  if (host.isMemoryLoose || bytes === 0 || octets.length !== 2 * bytes) return
  const to = from + bytes
  const buffer = host.buffers.get(name)
  for (const { offset, octets: length, isDamaged } of buffer?.descriptors.values() ?? []) {
    const start = offset + viaDescriptorShape.controlOctets
    if (isDamaged || from < start || to > offset + length) continue
    buffer?.layers.push({ kind: 'seen', from, to, octets })
    return
  }
}

/** Each octet is known, and stands there. */
function affirm({ canvas, affirmed }: World, { bytes }: Piece): undefined {
  if (!affirmed.isWanted || canvas.known.subarray(0, bytes).includes(0)) return
  if (canvas.hasMessage) affirmed.right('VIA-SEND-001', 'VIA-SEND-002', 'VIA-RECV-002', 'VIA-REL-002')
  if (canvas.hasPattern) affirmed.right('VIA-RECV-003', 'VIA-RECV-006', 'VIA-FLUSH-008')
}

/** What RDMA puts where it shall, and leaves alone. */
const ofRdma = [
  'VIA-RDMA-006',
  'VIA-RDMA-009',
  'VIA-RDMA-011',
  'VIA-RDMA-020',
  'VIA-RDMA-021',
  'VIA-RDMA-022',
  'VIA-RDMA-001',
  'VIA-RDMA-004',
]
const beyondRdma = [
  'VIA-RDMA-002',
  'VIA-RDMA-003',
  'VIA-RDMA-005',
  'VIA-RDMA-010',
  'VIA-RDMA-019',
  'VIA-RDMA-025',
  'VIA-PTAG-005',
  'VIA-MEM-008',
  'VIA-MEM-009',
]

type PatternLayer = Extract<Layer, { readonly kind: 'pattern' }>

/** The write that alone made up a range; undefined if there were several, or it was no pattern. */
function patternOf({ buffer: { layers }, offset, bytes }: Piece): PatternLayer | undefined {
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i]
    if (!layer || layer.to <= offset || layer.from >= offset + bytes) continue
    return layer.kind === 'pattern' && layer.from <= offset && layer.to >= offset + bytes ? layer : undefined
  }
  return undefined
}

/** Digests of patterns that are kept: most of what is read was never written to. */
const digestsMax = 4096

function digestOf(world: World, { from, pattern: { kind, seed } }: PatternLayer, piece: Piece): number {
  const { digests, canvas } = world
  const key = `${kind} ${seed} ${piece.offset - from} ${piece.bytes}`
  const known = digests.get(key)
  if (known !== undefined) return known
  canvas.paintRange(piece)
  const digest = crc32c(canvas.octets, 0, piece.bytes)
  if (digests.size >= digestsMax) digests.clear()
  digests.set(key, digest)
  return digest
}

function isBeingWritten({ liveVis }: Host, { buffer }: Piece): boolean {
  for (const { recv } of liveVis) {
    for (const item of recv.items) {
      if (isWritten(item) && item.pieces.some((piece) => piece.buffer === buffer)) return true
    }
  }
  return false
}

/** Whether a message may be written into the receive: one is on its way, or was. */
function isWritten({ queue, connection, isOpaque, isLanded, status }: Posting): boolean {
  if (isLanded || status !== undefined) return false
  const { vi } = queue
  const messages = (connection ?? vi.connection)?.messagesTo(vi)
  return isOpaque || (messages !== undefined && messages.some(({ isWrite }) => !isWrite))
}

function forget(world: World, { pieces }: Posting, piece: Piece): void {
  for (const each of pieces) forgetPiece(world, each, piece)
}

function forgetPiece({ canvas }: World, { buffer, offset, bytes }: Piece, piece: Piece): void {
  if (buffer !== piece.buffer) return
  const from = Math.max(offset, piece.offset)
  const to = Math.min(offset + bytes, piece.offset + piece.bytes)
  if (from < to) canvas.forget(from - piece.offset, to - piece.offset)
}

function differingDigest({ canvas }: World, { bytes }: Piece, { digest }: Return): string | undefined {
  if (canvas.known.subarray(0, bytes).includes(0)) return undefined
  const right = crc32c(canvas.octets, 0, bytes)
  return right === digest ? undefined : `digest ${digest}; what must stand there has ${right}`
}

function differingOctet({ canvas }: World, { bytes }: Piece, octets: string): string | undefined {
  if (octets.length !== bytes * 2) return `${octets.length / 2} octets; ${bytes} were asked for`
  for (let i = 0; i < bytes; i++) {
    if (canvas.known[i] !== 1) continue
    const seen = digitAt(octets, i * 2) * 16 + digitAt(octets, i * 2 + 1)
    if (canvas.octets[i] !== seen) return `octet ${seen} at place ${i}; ${canvas.octets[i]} must stand there`
  }
  return undefined
}

/** The value of a hexadecimal digit, lower case. */
function digitAt(octets: string, place: number): number {
  const code = octets.charCodeAt(place)
  return code < 0x3a ? code - 0x30 : code - 0x57
}
