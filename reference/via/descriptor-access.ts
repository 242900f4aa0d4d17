// Descriptors as octets in registered memory: checked, fetched, and written back.
import {
  viaControl,
  viaDescriptorOffsets as at,
  viaDescriptorOperations,
  viaDescriptorShape,
  viaStatusBits,
} from '../../spec/vocabulary/via-constants.ts'
import type { ViaStatusOperation } from '../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../spec/vocabulary/via-descriptor.ts'
import { readU16le, readU32le, readU64le, writeU32le } from '../core/little-endian.ts'
import type { Board } from './board.ts'
import { frameKind } from './frame.ts'
import type { Posting, Segment } from './objects.ts'

const { alignment, controlOctets, segmentOctets } = viaDescriptorShape

/** The frames of what a descriptor asks for. */
const frameKinds: Readonly<Record<ViaStatusOperation, number>> = {
  send: frameKind.data,
  receive: frameKind.data,
  'remote-rdma-write': frameKind.data,
  'rdma-write': frameKind.write,
  'rdma-read': frameKind.read,
}

/** What the completion of a descriptor says that it was. */
function operationOf({ queue }: Posting, { control }: ViaControlFields): ViaStatusOperation {
  if (queue.queue === 'recv') return 'receive'
  const { 'rdma-write': write, 'rdma-read': read } = viaDescriptorOperations
  const operation = control & viaControl.operationMask
  return operation === write ? 'rdma-write' : operation === read ? 'rdma-read' : 'send'
}

function isRdma(operation: ViaStatusOperation): boolean {
  return operation === 'rdma-write' || operation === 'rdma-read'
}

/** The fields of the control segment at `place`. */
export function readControl(octets: Uint8Array, place: number): ViaControlFields {
  return {
    segmentCount: readU16le(octets, place + at.segmentCount),
    control: readU16le(octets, place + at.control),
    immediate: readU32le(octets, place + at.immediate),
    length: readU32le(octets, place + at.length),
    status: readU32le(octets, place + at.status),
  }
}

export class DescriptorAccess {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  /** Next and NextHandle as they stand; zero where nothing can be read. */
  link(address: number): { next: number; nextHandle: number } {
    const place = this.board.protection.place(address)
    const { memory } = this.board
    if (!memory.holds(place, controlOctets)) return { next: 0, nextHandle: 0 }
    return {
      next: readU64le(memory.octets, place + at.next),
      nextHandle: readU32le(memory.octets, place + at.nextHandle),
    }
  }

  /** Whether a posted descriptor is aligned, in memory that its VI may use, and still linked as it was. */
  isValid(posting: Posting): boolean {
    if (!this.isAligned(posting.address) || !this.reaches(posting, controlOctets)) return false
    const { next, nextHandle } = this.link(posting.address)
    if (next !== posting.next || nextHandle !== posting.nextHandle) return false
    const place = this.board.protection.place(posting.address)
    const count = readU16le(this.board.memory.octets, place + at.segmentCount)
    return count > this.board.configuration.segments || this.reaches(posting, controlOctets + count * segmentOctets)
  }

  /** Reads a valid descriptor; answers the status bits of what is wrong with it. */
  fetch(posting: Posting): number {
    const { octets } = this.board.memory
    const place = this.board.protection.place(posting.address)
    const fields = readControl(octets, place)
    posting.control = fields.control
    posting.immediate = fields.immediate
    const operation = operationOf(posting, fields)
    posting.operation = operation
    posting.kind = frameKinds[operation]
    if (this.isMalformed(posting, fields)) return viaStatusBits['format-error']
    const [first, ...others] = this.readSegments(place, fields.segmentCount)
    posting.target = first && isRdma(operation) ? first : undefined
    posting.segments = first && !posting.target ? [first, ...others] : others
    posting.total = posting.segments.reduce((sum, { bytes }) => sum + bytes, 0)
    if (this.isTooLong(posting, fields)) return viaStatusBits['length-error']
    return this.mayUse(posting) ? 0 : viaStatusBits['protection-error']
  }

  /** Writes what came of it, Status last. False if its memory is gone. */
  writeBack(posting: Posting): boolean {
    if (!this.reaches(posting, controlOctets)) return false
    const place = this.board.protection.place(posting.address)
    this.writeLength(place, posting)
    this.writeImmediate(place, posting)
    this.writeStatus(place, posting)
    return true
  }

  protected isAligned(address: number): boolean {
    return address % alignment === 0
  }

  protected isMalformed(posting: Posting, fields: ViaControlFields): boolean {
    const operation = fields.control & viaControl.operationMask
    return (
      fields.segmentCount > this.board.configuration.segments ||
      (fields.control & viaControl.reserved) !== 0 ||
      !this.isKnown(posting, operation) ||
      this.lacksAddress(posting, fields) ||
      (posting.operation === 'rdma-read' && (fields.control & viaControl.immediate) !== 0)
    )
  }

  /** Whether its queue carries such operations out. */
  protected isKnown({ queue, vi }: Posting, operation: number): boolean {
    if (operation === viaDescriptorOperations['rdma-write']) return queue.queue === 'send'
    if (operation === viaDescriptorOperations['rdma-read'])
      return queue.queue === 'send' && this.board.reads.worksAt(vi.attributes.reliabilityLevel)
    return operation === viaDescriptorOperations.send
  }

  // cites: VIA-RDMA-012
  protected lacksAddress({ operation }: Posting, { segmentCount }: ViaControlFields): boolean {
    return isRdma(operation) && segmentCount === 0
  }

  /** Whether a posted descriptor is to wait for the reads before it. */
  hasFence({ address }: Posting): boolean {
    const { control } = readControl(this.board.memory.octets, this.board.protection.place(address))
    return (control & viaControl.queueFence) !== 0
  }

  protected isTooLong(posting: Posting, fields: ViaControlFields): boolean {
    if (posting.queue.queue === 'recv') return false
    return fields.length !== posting.total || posting.total > posting.vi.attributes.maxTransferSize
  }

  protected mayUse(posting: Posting): boolean {
    return posting.segments.every((segment) => segment.bytes === 0 || this.board.protection.allows(posting.vi, segment))
  }

  protected writeLength(place: number, posting: Posting): void {
    writeU32le(this.board.memory.octets, place + at.length, posting.length)
  }

  protected writeImmediate(place: number, posting: Posting): void {
    if ((posting.status & viaStatusBits.immediate) === 0) return
    writeU32le(this.board.memory.octets, place + at.immediate, posting.immediate)
  }

  protected writeStatus(place: number, posting: Posting): void {
    writeU32le(this.board.memory.octets, place + at.status, posting.status)
  }

  /** Whether its VI may use `bytes` octets from its start. */
  protected reaches({ vi, address, handle }: Posting, bytes: number): boolean {
    return this.board.protection.allows(vi, { address, handle, bytes })
  }

  protected readSegments(place: number, count: number): Segment[] {
    const { octets } = this.board.memory
    const segments: Segment[] = []
    for (let i = 0; i < count; i++) {
      const from = place + controlOctets + i * segmentOctets
      segments.push({
        address: readU64le(octets, from),
        handle: readU32le(octets, from + 8),
        bytes: readU32le(octets, from + 12),
      })
    }
    return segments
  }
}
