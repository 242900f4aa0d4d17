// Memory that holds what the host wrote and nothing else: what nobody received is not there.
import type { Return } from '../../spec/vocabulary/calls.ts'
import type { MemoryCall, Pattern, Range } from '../../spec/vocabulary/memory.ts'
import { crc32c, memoryReadMax, writePattern } from '../../spec/vocabulary/memory.ts'
import type { ViaPlace } from '../../spec/vocabulary/via-descriptor.ts'

/** Bounds what is taken for one buffer; what lies beyond reads as nothing. */
const bufferOctetsMax = 64 * 1024 * 1024

const nothing = new Uint8Array(0)

/** Above 32 bits, as a host's addresses are; buffers start pages apart. */
const lowestAddress = 0x7f_0000_0000
const pageOctets = 4096

interface HostBuffer {
  readonly address: number
  readonly octets: Uint8Array
}

export class HonestMemory {
  private readonly buffers = new Map<string, HostBuffer>()
  private nextAddress = lowestAddress

  clear(): void {
    this.buffers.clear()
    this.nextAddress = lowestAddress
  }

  answer(call: MemoryCall): Omit<Return, 'id' | 'status'> {
    switch (call.operation) {
      case 'memory.allocate':
        this.allocate(call)
        return this.write({ buffer: call.as, offset: 0, bytes: call.bytes }, call.fill)
      case 'memory.write':
        return this.write(call.at, call.fill)
      case 'memory.digest':
        return { digest: crc32c(this.octets(call.at)) }
      case 'memory.read':
        return { octets: Buffer.from(this.octets(call.at).subarray(0, memoryReadMax)).toString('hex') }
      case 'memory.guards':
        return { damaged: null }
      case 'memory.free':
        this.buffers.delete(call.buffer)
    }
    return {}
  }

  /** The address of a place; that of a buffer that is not there is 0. */
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
    return nothing
  }

  private allocate({ as: name, bytes, offset }: Extract<MemoryCall, { operation: 'memory.allocate' }>): void {
    const octets = new Uint8Array(Math.max(0, Math.min(bytes, bufferOctetsMax)))
    const address = this.nextAddress + Math.max(0, offset)
    this.buffers.set(name, { address, octets })
    this.nextAddress = (Math.floor((address + octets.length) / pageOctets) + 1) * pageOctets
  }

  private write(at: Range, pattern: Pattern): Record<string, never> {
    const octets = this.octets(at)
    writePattern(pattern, octets, { from: 0, to: octets.length, position: 0 })
    return {}
  }

  private octets({ buffer, offset, bytes }: Range): Uint8Array {
    const from = Math.max(0, offset)
    return (this.buffers.get(buffer)?.octets ?? nothing).subarray(from, from + Math.max(0, bytes))
  }
}
