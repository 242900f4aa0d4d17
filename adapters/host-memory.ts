// The memory of one host in named buffers, and the answers to every call that reaches it.
import type { Return } from '../spec/vocabulary/calls.ts'
import { crc32c, memoryReadMax, writePattern } from '../spec/vocabulary/memory.ts'
import type { MemoryCall, Pattern, Range } from '../spec/vocabulary/memory.ts'
import type { ViaPlace } from '../spec/vocabulary/via-descriptor.ts'

/** What a call answers, without the call's id. */
export type MemoryAnswer = Omit<Return, 'id'>

type Allocation = Extract<MemoryCall, { operation: 'memory.allocate' }>

/** The most octets of one buffer with its guard zones. */
const bufferOctetsMax = 0x1000_0000

/** Above 32 bits, as a host's addresses are; buffers start pages apart. */
const lowestAddress = 0x7f_0000_0000
const pageOctets = 4096

/** No constant, so that a copy that is shifted shows too. */
const guardPattern: Pattern = { kind: 'prng', seed: 0xa5 }

interface HostBuffer {
  /** Of its first octet. Simulated: only differences and alignment mean something. */
  readonly address: number
  readonly octets: Uint8Array
  /** The guard zones, before and behind. */
  readonly before: Uint8Array
  readonly behind: Uint8Array
  readonly locked: boolean
}

const done: MemoryAnswer = { status: 'ok' }
const invalid: MemoryAnswer = { status: 'invalid' }

/** Octets never move: a view of a range stays good until its buffer is freed or all memory is cleared. */
export class HostMemory {
  private readonly buffers = new Map<string, HostBuffer>()
  private nextAddress = lowestAddress

  /** Forgets all buffers, as `open` and `reset` do. */
  clear(): void {
    this.buffers.clear()
    this.nextAddress = lowestAddress
  }

  /** The octets of a range, to be read and written; undefined if there is no such buffer, or it ends before the range. */
  at({ buffer: name, offset, bytes }: Range): Uint8Array | undefined {
    const octets = this.buffers.get(name)?.octets
    if (!octets || ![offset, bytes].every(isCount) || offset + bytes > octets.length) return undefined
    return octets.subarray(offset, offset + bytes)
  }

  /** Whether the pages of a buffer are locked for the NIC. What is not there is not locked. */
  isLocked(name: string): boolean {
    return this.buffers.get(name)?.locked ?? false
  }

  /** The simulated address of a place; that of a buffer that is not there is 0. */
  address(place: ViaPlace): number {
    if ('address' in place) return Number.parseInt(place.address, 16) + place.offset
    const buffer = this.buffers.get(place.buffer)
    return buffer ? buffer.address + place.offset : 0
  }

  /** All octets from an address to the end of its buffer, to be read and written; none if no buffer has it. */
  from(address: number): Uint8Array {
    for (const { address: start, octets } of this.buffers.values()) {
      if (address >= start && address < start + octets.length) return octets.subarray(address - start)
    }
    return new Uint8Array(0)
  }

  answer(call: MemoryCall): MemoryAnswer {
    switch (call.operation) {
      case 'memory.allocate':
        return this.allocate(call)
      case 'memory.guards':
        return this.guards(call.buffer)
      case 'memory.free':
        return this.buffers.delete(call.buffer) ? done : invalid
      case 'memory.write':
      case 'memory.digest':
      case 'memory.read':
        return this.access(call)
    }
  }

  private access(call: Extract<MemoryCall, { at: Range }>): MemoryAnswer {
    const octets = this.at(call.at)
    if (!octets) return invalid
    if (call.operation === 'memory.digest') return { status: 'ok', digest: crc32c(octets) }
    if (call.operation === 'memory.read') {
      return octets.length > memoryReadMax ? invalid : { status: 'ok', octets: Buffer.from(octets).toString('hex') }
    }
    fill(octets, call.fill)
    return done
  }

  private allocate({ as: name, bytes, align, offset, guard, locked, fill: pattern }: Allocation): MemoryAnswer {
    const isSized = [bytes, offset, guard, align - 1].every(isCount) && bytes + 2 * guard <= bufferOctetsMax
    if (this.buffers.has(name) || !isSized) return invalid
    const room = new Uint8Array(bytes + 2 * guard)
    const address = Math.ceil((this.nextAddress + guard) / align) * align + offset
    const buffer: HostBuffer = {
      address,
      octets: room.subarray(guard, guard + bytes),
      before: room.subarray(0, guard),
      behind: room.subarray(guard + bytes),
      locked,
    }
    fill(buffer.before, guardPattern)
    fill(buffer.behind, guardPattern)
    fill(buffer.octets, pattern)
    this.buffers.set(name, buffer)
    this.nextAddress = (Math.floor((address + bytes + guard) / pageOctets) + 1) * pageOctets
    return done
  }

  private guards(name: string): MemoryAnswer {
    const buffer = this.buffers.get(name)
    if (!buffer) return invalid
    const { before, octets, behind } = buffer
    const places = [damageIn(before, -before.length), damageIn(behind, octets.length)]
    return { status: 'ok', damaged: places.find((place) => place !== undefined) ?? null }
  }
}

/** The first octet of a guard zone that was written, counted from the buffer whose zone begins at `offset`. */
function damageIn(zone: Uint8Array, offset: number): number | undefined {
  const whole = fill(new Uint8Array(zone.length), guardPattern)
  const place = zone.findIndex((octet, i) => octet !== whole[i])
  return place === -1 ? undefined : offset + place
}

function fill(octets: Uint8Array, pattern: Pattern): Uint8Array {
  writePattern(pattern, octets, { from: 0, to: octets.length, position: 0 })
  return octets
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
