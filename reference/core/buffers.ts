// The named buffers of one host, and the calls by which the harness reaches them.
import type { Return } from '../../spec/vocabulary/calls.ts'
import { bufferBytesMax, crc32c, memoryReadMax, writePattern } from '../../spec/vocabulary/memory.ts'
import type { MemoryCall, Range } from '../../spec/vocabulary/memory.ts'
import { toHex } from './octets.ts'
import type { Memory } from './memory.ts'

/** What a call answers, without the call's id. */
export type Answer = Omit<Return, 'id'>

/** A buffer in the arena of its host's memory. */
export interface Buffer {
  /** Place of its first octet. */
  readonly start: number
  readonly bytes: number
  /** Octets of guard zone on either side. */
  readonly guard: number
  /** Whether its pages are resident (E48). */
  readonly locked: boolean
}

const invalid: Answer = { status: 'invalid' }

/** All buffers of one host. Freed pages are not used again before `clear`, since the NIC may still own them. */
export class Buffers {
  private readonly memory: Memory
  private readonly named = new Map<string, Buffer>()

  constructor(memory: Memory) {
    this.memory = memory
  }

  clear(): void {
    this.named.clear()
  }

  /** The buffer that holds all of `range`; undefined if there is none. */
  holding(range: Range): Buffer | undefined {
    const buffer = this.named.get(range.buffer)
    const fits = buffer && isCount(range.offset) && isCount(range.bytes) && range.offset + range.bytes <= buffer.bytes
    return fits ? buffer : undefined
  }

  /** Place of the first octet of a buffer; undefined if there is none. */
  startOf(name: string): number | undefined {
    return this.named.get(name)?.start
  }

  answer(call: MemoryCall): Answer {
    if (call.operation === 'memory.allocate') return this.allocate(call)
    if (call.operation === 'memory.guards') return this.guards(call.buffer)
    if (call.operation === 'memory.free') return this.named.delete(call.buffer) ? { status: 'ok' } : invalid
    return this.access(call)
  }

  private allocate(call: Extract<MemoryCall, { operation: 'memory.allocate' }>): Answer {
    const { bytes, align, offset, guard, locked } = call
    if (this.named.has(call.as) || ![bytes, offset, guard, align - 1].every(isCount)) return invalid
    if (bytes + 2 * guard + align + offset > bufferBytesMax) return invalid
    const { page } = this.memory
    // The first page may not be aligned as asked: then that much more is taken.
    const slack = page % align === 0 ? 0 : align
    const pages = Math.ceil((Math.ceil(guard / align) * align + offset + bytes + guard + slack) / page) || 1
    const first = this.memory.takePages(pages)
    const start = Math.ceil((first + guard) / align) * align + offset
    const { octets } = this.memory
    for (let i = 1; i <= guard; i++) octets[start - i] = guardOctet(-i)
    for (let i = 0; i < guard; i++) octets[start + bytes + i] = guardOctet(bytes + i)
    writePattern(call.fill, octets, { from: start, to: start + bytes, position: 0 })
    this.named.set(call.as, { start, bytes, guard, locked })
    return { status: 'ok' }
  }

  private access(call: Extract<MemoryCall, { at: Range }>): Answer {
    const buffer = this.holding(call.at)
    if (!buffer) return invalid
    const { octets } = this.memory
    const from = buffer.start + call.at.offset
    const to = from + call.at.bytes
    if (call.operation === 'memory.digest') return { status: 'ok', digest: crc32c(octets, from, to) }
    if (call.operation === 'memory.read') {
      return to - from > memoryReadMax ? invalid : { status: 'ok', octets: toHex(octets, from, to) }
    }
    writePattern(call.fill, octets, { from, to, position: 0 })
    return { status: 'ok' }
  }

  private guards(name: string): Answer {
    const buffer = this.named.get(name)
    if (!buffer) return invalid
    const { start, bytes, guard } = buffer
    const { octets } = this.memory
    for (let i = -guard; i < 0; i++) if (octets[start + i] !== guardOctet(i)) return { status: 'ok', damaged: i }
    for (let i = bytes; i < bytes + guard; i++) {
      if (octets[start + i] !== guardOctet(i)) return { status: 'ok', damaged: i }
    }
    return { status: 'ok', damaged: null }
  }
}

/** What stands in a guard zone, by offset from the buffer's start: no constant, so that a shifted copy shows too. */
function guardOctet(offset: number): number {
  return (0xa5 + Math.imul(offset, 7)) & 0xff
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
