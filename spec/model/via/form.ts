// What a descriptor asks for when it is posted, and with which errors of its own it may or must complete.
import {
  viaControl,
  viaDescriptorOperations,
  viaDescriptorShape,
  viaStatusBits,
} from '../../vocabulary/via-constants.ts'
import type { ViaMemory } from '../../vocabulary/via-descriptor.ts'
import type { Piece } from '../memory.ts'
import { accessOf, pieceOf, regionOf, type Refused } from './access.ts'
import type { Descriptor } from './descriptor.ts'
import type { Region } from './host.ts'
import type { Rdma } from './rdma.ts'
import type { Form, Vi } from './vi.ts'
import type { World } from './world.ts'

const bits = {
  form: viaStatusBits['format-error'],
  protection: viaStatusBits['protection-error'],
  length: viaStatusBits['length-error'],
} as const

/** Errors of a descriptor of which nothing is known. */
export const anyError = 0x1fe

/** Gathers what becomes of one descriptor; it is used again for each. */
class Findings {
  mayFail = 0
  mustFailBits = 0
  readonly mustFail: string[] = []
  readonly pieces: Piece[] = []
  readonly regions: Region[] = []
  isOpaque = false
  isTagged = false
  rdma: Rdma | undefined = undefined

  clear(): void {
    this.mayFail = this.mustFailBits = 0
    this.isTagged = false
    if (this.mustFail.length > 0) this.mustFail.length = 0
    if (this.pieces.length > 0) this.pieces.length = 0
    if (this.regions.length > 0) this.regions.length = 0
    this.isOpaque = false
    this.rdma = undefined
  }

  fail(bit: number, requirement: string): void {
    this.mayFail |= bit
    this.mustFailBits |= bit
    this.mustFail.push(requirement)
  }
}

const findings = new Findings()
const refused: Refused = { requirements: [] }

/** Looks at a descriptor as it is posted on a queue of a VI. */
export function formOf(
  world: World,
  vi: Vi,
  { descriptor, memory, isSend }: { descriptor: Descriptor; memory: ViaMemory; isSend: boolean },
): Form {
  findings.clear()
  inspectControl(vi, descriptor, isSend)
  if (isSend) inspectRdma(world, vi, descriptor)
  for (const segment of descriptor.segments) inspectSegment(vi, segment)
  const isLong = descriptor.sum > vi.attributes.maxTransferSize
  if (isLong && isSend) findings.fail(bits.length, 'VIA-DESC-019')
  else if (isLong || (isSend && descriptor.sum !== descriptor.length)) findings.mayFail |= bits.length
  if (!descriptor.isPlain) findings.isOpaque = true
  const { isOpaque } = findings
  return {
    mayFail: isOpaque ? anyError : findings.mayFail,
    mustFailBits: isOpaque ? 0 : findings.mustFailBits,
    mustFail: isOpaque || findings.mustFail.length === 0 ? none : [...findings.mustFail],
    place: placeOf(vi, descriptor, memory),
    pieces: [...findings.pieces],
    bytes: descriptor.sum,
    hasImmediate: (descriptor.control & viaControl.immediate) !== 0,
    immediate: descriptor.immediate,
    hasFence: (descriptor.control & viaControl.queueFence) !== 0,
    rdma: findings.rdma,
    regions: [...findings.regions],
    home: regionOf(vi.host, memory) ?? undefined,
    isOfOtherTag: isSend && findings.isTagged,
    isOpaque,
  }
}

const none: readonly string[] = []

function inspectControl(vi: Vi, descriptor: Descriptor, isSend: boolean): void {
  const { written, control, segmentCount, hasReserved } = descriptor
  const operation = control & viaControl.operationMask
  if (segmentCount > vi.host.limits['via.max-segments']) findings.fail(bits.form, 'VIA-DESC-008')
  if (control & viaControl.reserved || hasReserved) findings.mayFail |= bits.form
  // An address segment where there should be none is a data segment that nobody knows.
  if (written.remote && !(isSend && isRdma(operation))) findings.isOpaque = true
  if (isSend) {
    if (operation === viaDescriptorOperations.reserved) findings.fail(bits.form, 'VIA-DESC-018')
  } else if (operation !== viaDescriptorOperations.receive || control & viaControl.queueFence) {
    findings.mayFail |= bits.form
  }
}

export function isRdma(operation: number): boolean {
  return operation === viaDescriptorOperations['rdma-write'] || operation === viaDescriptorOperations['rdma-read']
}

/** What RDMA asks for of the other end, and whether there is such a thing (RDMA-012, RDMA-019). */
function inspectRdma(world: World, vi: Vi, { control, written, segmentCount }: Descriptor): void {
  const operation = control & viaControl.operationMask
  if (!isRdma(operation)) return
  const { remote } = written
  // The first data segment is taken for the address segment.
  if (!remote && segmentCount > 0) findings.isOpaque = true
  const kind = operation === viaDescriptorOperations['rdma-write'] ? 'write' : 'read'
  findings.rdma = { kind, remote }
  if (segmentCount === 0) findings.fail(bits.form, 'VIA-RDMA-012')
  if (kind === 'write') return
  if (control & viaControl.immediate) findings.mayFail |= bits.form
  if (!vi.isReliable) findings.fail(anyError, 'VIA-RDMA-019')
  else if (!world.setting.rdmaRead || !readsAt(vi)) findings.mayFail = anyError
}

/** Whether RDMA read works at the level of a VI, by what its NIC has told; at all reliable ones if that was not asked. */
function readsAt({ host: { attributes: told }, attributes: { reliabilityLevel } }: Vi): boolean {
  return told === undefined || (told.rdmaReadSupport & reliabilityLevel) !== 0
}

function inspectSegment(vi: Vi, segment: Descriptor['written']['segments'][number]): void {
  const access = accessOf(vi, segment, refused)
  if (access === 'wrong') for (const requirement of refused.requirements) findings.fail(bits.protection, requirement)
  else if (access === 'unclear') findings.mayFail |= bits.protection
  const region = regionOf(vi.host, segment.memory)
  if (region) findings.regions.push(region)
  const piece = pieceOf(vi.host, segment)
  if (segment.bytes === 0) return
  if (piece) findings.pieces.push(piece)
  else if (access !== 'wrong') findings.isOpaque = true
}

/** Whether the descriptor itself is aligned, and lies in memory of the handle that it is posted with. */
function placeOf(vi: Vi, { written, offset, octets, buffer }: Descriptor, memory: ViaMemory): Form['place'] {
  const { at } = written
  const access = accessOf(vi, { at, memory, bytes: octets }, refused)
  const { alignment } = viaDescriptorShape
  const isKnown = buffer && (buffer.address !== undefined || buffer.align % alignment === 0)
  if (isKnown && ((buffer.address ?? buffer.offset) + offset) % alignment !== 0) return 'wrong'
  if (access !== 'wrong') return isKnown ? access : 'unclear'
  // When its tag is looked at, and whether that is told, is open; what is of another NIC handle may be refused in any way.
  findings.isTagged = refused.requirements.includes('VIA-PTAG-005')
  if (findings.isTagged) return 'unclear'
  return refused.requirements.includes('VIA-NIC-012') ? 'foreign' : 'wrong'
}
