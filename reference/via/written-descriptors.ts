// Descriptors by the names under which the harness wrote them, and the writing itself.
import {
  viaControl,
  viaDescriptorOffsets as at,
  viaDescriptorOperations,
  viaDescriptorShape,
} from '../../spec/vocabulary/via-constants.ts'
import type {
  ViaDescriptorCall,
  ViaMemory,
  ViaPlace,
  ViaReturnedDescriptor,
  ViaSegment,
} from '../../spec/vocabulary/via-descriptor.ts'
import { writeLe } from '../core/little-endian.ts'
import { invalid } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import { readControl } from './descriptor-access.ts'
import type { Segment } from './objects.ts'

const { controlOctets, segmentOctets } = viaDescriptorShape
type WriteCall = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

export class WrittenDescriptors {
  private readonly board: Board
  /** Addresses by name, and the name that stands for an address. */
  private readonly addresses = new Map<string, number>()
  private readonly names = new Map<number, string>()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.addresses.clear()
    this.names.clear()
  }

  answer(call: ViaDescriptorCall): ViaAnswer {
    if (call.operation === 'descriptor.write') return this.write(call)
    const address = this.addresses.get(call.descriptor)
    if (address === undefined) return invalid
    return { status: 'ok', control: readControl(this.board.memory.octets, this.board.protection.place(address)) }
  }

  address(name: string): number | undefined {
    return this.addresses.get(name)
  }

  /** A descriptor pointer as the harness knows it. */
  returned(address: number): ViaReturnedDescriptor {
    const name = this.names.get(address)
    if (name === undefined) return 'unknown'
    return { name, ...readControl(this.board.memory.octets, this.board.protection.place(address)) }
  }

  /** The virtual address of a place; undefined if its buffer is unknown. */
  addressOf(place: ViaPlace): number | undefined {
    if ('address' in place) return Number.parseInt(place.address, 16) + place.offset
    const start = this.board.buffers.startOf(place.buffer)
    return start === undefined ? undefined : this.board.protection.address(start + place.offset)
  }

  /** The value of a memory handle; undefined for a name that was never given. */
  handleOf(memory: ViaMemory): number | undefined {
    return typeof memory === 'number' ? memory : this.board.names.memory(memory)
  }

  private write(call: WriteCall): ViaAnswer {
    const address = this.addressOf(call.at)
    if (address === undefined || !call.segments.every((segment) => this.isKnown(segment))) return invalid
    const place = this.board.protection.place(address)
    const { octets } = this.board.memory
    const count = call.segments.length + (call.remote ? 1 : 0)
    let end = controlOctets + count * segmentOctets
    for (const { offset, width } of call.patch ?? []) end = Math.max(end, offset + width)
    if (!this.board.memory.holds(place, end)) return invalid
    writeControl(octets, place, call)
    this.writeSegments(octets, place + controlOctets, call)
    for (const { offset, width, value } of call.patch ?? []) writeLe(octets, place + offset, width, value)
    this.name(call.as, address)
    return { status: 'ok' }
  }

  private isKnown({ at: where, memory }: ViaSegment): boolean {
    return this.addressOf(where) !== undefined && this.handleOf(memory) !== undefined
  }

  private writeSegments(octets: Uint8Array, place: number, { segments, remote }: WriteCall): void {
    let next = place
    if (remote) {
      const address = Number.parseInt(remote.address, 16) + remote.offset
      writeSegment(octets, next, { address, handle: remote.handle, bytes: 0 })
      next += segmentOctets
    }
    for (const { at: where, memory, bytes } of segments) {
      const address = this.addressOf(where) ?? 0
      writeSegment(octets, next, { address, handle: this.handleOf(memory) ?? 0, bytes })
      next += segmentOctets
    }
  }

  /** A name stands for one address, and an address for the name that was written there last. */
  private name(name: string, address: number): void {
    const before = this.addresses.get(name)
    if (before === address && this.names.get(address) === name) return
    if (before !== undefined && this.names.get(before) === name) this.names.delete(before)
    this.addresses.set(name, address)
    this.names.set(address, name)
  }
}

function writeControl(octets: Uint8Array, place: number, call: WriteCall): void {
  const { segments, remote, immediate } = call
  const count = segments.length + (remote ? 1 : 0)
  let total = 0
  for (const { bytes } of segments) total += bytes
  const flag = immediate === undefined ? 0 : viaControl.immediate
  octets.fill(0, place, place + controlOctets)
  writeLe(octets, place + at.segmentCount, 2, count)
  writeLe(octets, place + at.control, 2, viaDescriptorOperations[call.op] | flag | (call.control ?? 0))
  writeLe(octets, place + at.immediate, 4, immediate ?? 0)
  writeLe(octets, place + at.length, 4, total)
}

function writeSegment(octets: Uint8Array, place: number, { address, handle, bytes }: Segment): void {
  writeLe(octets, place, 8, address)
  writeLe(octets, place + 8, 4, handle)
  writeLe(octets, place + 12, 4, bytes)
}
