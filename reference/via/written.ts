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
} from '../../spec/vocabulary/via-descriptor.ts'
import { writeLe } from '../core/little-endian.ts'
import { invalid } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import { readControl } from './descriptor-access.ts'

const { controlOctets, segmentOctets } = viaDescriptorShape
type WriteCall = Extract<ViaDescriptorCall, { operation: 'descriptor.write' }>

/** A descriptor's fields with where they go. */
type Field = readonly [offset: number, width: 1 | 2 | 4 | 8, value: number]

export class Written {
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
    const fields = this.fields(call)
    if (address === undefined || !fields) return invalid
    const place = this.board.protection.place(address)
    const octets = controlOctets + (call.segments.length + (call.remote ? 1 : 0)) * segmentOctets
    const end = fields.reduce((most, [offset, width]) => Math.max(most, offset + width), octets)
    if (!this.board.memory.holds(place, end)) return invalid
    for (const [offset, width, value] of fields) writeLe(this.board.memory.octets, place + offset, width, value)
    const before = this.addresses.get(call.as)
    if (before !== undefined && this.names.get(before) === call.as) this.names.delete(before)
    this.addresses.set(call.as, address)
    this.names.set(address, call.as)
    return { status: 'ok' }
  }

  /** All fields in the order in which they are written; undefined if something named is unknown. */
  private fields(call: WriteCall): readonly Field[] | undefined {
    const segments: { address: number; handle: number; bytes: number }[] = []
    const { remote } = call
    if (remote) {
      const address = Number.parseInt(remote.address, 16) + remote.offset
      segments.push({ address, handle: remote.handle, bytes: 0 })
    }
    let total = 0
    for (const { at: where, memory, bytes } of call.segments) {
      const address = this.addressOf(where)
      const handle = this.handleOf(memory)
      if (address === undefined || handle === undefined) return undefined
      segments.push({ address, handle, bytes })
      total += bytes
    }
    const immediate = call.immediate === undefined ? 0 : viaControl.immediate
    const control = viaDescriptorOperations[call.op] | immediate | (call.control ?? 0)
    const fields: Field[] = [
      [at.next, 8, 0],
      [at.nextHandle, 4, 0],
      [at.segmentCount, 2, segments.length],
      [at.control, 2, control],
      [at.reserved, 4, 0],
      [at.immediate, 4, call.immediate ?? 0],
      [at.length, 4, total],
      [at.status, 4, 0],
    ]
    for (const [i, { address, handle, bytes }] of segments.entries()) {
      const from = controlOctets + i * segmentOctets
      fields.push([from, 8, address], [from + 8, 4, handle], [from + 12, 4, bytes])
    }
    for (const { offset, width, value } of call.patch ?? []) fields.push([offset, width, value])
    return fields
  }
}
