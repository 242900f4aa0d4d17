// Memory that holds what the host wrote and nothing else, and never refuses: what nobody received is not there.
import type { MemoryCall, Range } from '../../spec/vocabulary/memory.ts'
import { memoryReadMax } from '../../spec/vocabulary/memory.ts'
import { HostMemory, type MemoryAnswer } from '../host-memory.ts'

export class HonestMemory extends HostMemory {
  /** As much of the range as there is. */
  override at({ buffer, offset, bytes }: Range): Uint8Array {
    const octets = this.from(this.address({ buffer, offset: 0 }))
    const from = Math.max(0, offset)
    return octets.subarray(from, from + Math.max(0, bytes))
  }

  override answer(call: MemoryCall): MemoryAnswer {
    return { ...super.answer(withinBounds(call)), status: 'ok' }
  }
}

function withinBounds(call: MemoryCall): MemoryCall {
  if (call.operation !== 'memory.read') return call
  return { ...call, at: { ...call.at, bytes: Math.min(call.at.bytes, memoryReadMax) } }
}
