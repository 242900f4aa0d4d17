// Says that everything succeeded at once and moves no data: plausible to whoever believes return codes.
import type { Call, CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { EmpCompletion } from '../../spec/vocabulary/emp.ts'
import type { MemoryCall, Pattern, Range } from '../../spec/vocabulary/memory.ts'
import { crc32c, memoryReadMax, writePattern } from '../../spec/vocabulary/memory.ts'
import { isViaCall } from '../../spec/vocabulary/via-calls.ts'
import { InertEndpoint } from './inert.ts'

type Extras = Omit<Return, 'id' | 'status'>

/** Bounds what is taken for one buffer; what lies beyond reads as nothing. */
const bufferOctetsMax = 64 * 1024 * 1024

const nothing = new Uint8Array(0)
const descriptorOctets = 20

export class YesEndpoint extends InertEndpoint {
  private readonly buffers = new Map<string, Uint8Array>()
  private readonly requests = new Map<string, EmpCompletion>()

  override apply({ id, body }: Call): void {
    this.tell({ id, status: 'ok', ...this.effect(body) })
    if (body.operation !== 'emp.isend' && body.operation !== 'emp.irecv') return
    this.tell({ event: 'emp.completion', ...this.completion(body.as) })
  }

  override reset(): void {
    super.reset()
    this.buffers.clear()
    this.requests.clear()
  }

  private effect(body: CallBody): Extras {
    if (isViaCall(body)) return { vip: { code: 'VIP_SUCCESS' } }
    switch (body.operation) {
      case 'emp.isend':
        return this.post(body.as, body.to, body)
      case 'emp.irecv':
        return this.post(body.as, body.from, body)
      case 'emp.test':
      case 'emp.wait':
        return { completions: [this.completion(body.request)] }
      case 'emp.waitall':
        return { completions: body.requests.map((request) => this.completion(request)) }
      case 'emp.counters':
        return { counters: {} }
      case 'emp.descriptor':
        return { octets: '00'.repeat(descriptorOctets) }
      case 'memory.allocate':
      case 'memory.write':
      case 'memory.digest':
      case 'memory.read':
      case 'memory.guards':
      case 'memory.free':
        return this.memory(body)
      case 'emp.configure':
        break
    }
    return {}
  }

  private post(as: string, peer: number, { tag, pieces }: { tag: number; pieces: readonly Range[] }): Extras {
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0)
    this.requests.set(as, { request: as, outcome: 'done', bytes, peer, tag })
    return {}
  }

  /** Its memory is honest: what nobody received is not there. */
  private memory(call: MemoryCall): Extras {
    switch (call.operation) {
      case 'memory.allocate':
        this.buffers.set(call.as, new Uint8Array(Math.max(0, Math.min(call.bytes, bufferOctetsMax))))
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

  private write(at: Range, pattern: Pattern): Extras {
    const octets = this.octets(at)
    writePattern(pattern, octets, { from: 0, to: octets.length, position: 0 })
    return {}
  }

  private completion(request: string): EmpCompletion {
    return this.requests.get(request) ?? { request, outcome: 'done', bytes: 0, peer: 0, tag: 0 }
  }

  private octets({ buffer, offset, bytes }: Range): Uint8Array {
    const from = Math.max(0, offset)
    return (this.buffers.get(buffer) ?? nothing).subarray(from, from + Math.max(0, bytes))
  }
}
