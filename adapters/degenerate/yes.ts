// Says that everything succeeded at once and moves no data: plausible to whoever believes return codes.
import type { Call, CallBody, Return } from '../../spec/vocabulary/calls.ts'
import type { EmpCompletion } from '../../spec/vocabulary/emp.ts'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import type { Range } from '../../spec/vocabulary/memory.ts'
import { isViaCall } from '../../spec/vocabulary/via-calls.ts'
import { QueuedEndpoint } from '../queued-endpoint.ts'
import { HonestMemory } from './honest-memory.ts'
import { ViaYes } from './via-yes.ts'

type Extras = Omit<Return, 'id' | 'status'>

const descriptorOctets = 20

export class YesEndpoint extends QueuedEndpoint {
  private readonly memory = new HonestMemory()
  private readonly requests = new Map<string, EmpCompletion>()
  private readonly via: ViaYes

  constructor(setting: EndpointSetting) {
    super()
    this.via = new ViaYes(setting, this.memory)
  }

  override apply({ id, body }: Call): void {
    this.returned({ id, status: 'ok', ...this.effect(body) })
    if (body.operation !== 'emp.isend' && body.operation !== 'emp.irecv') return
    this.event({ event: 'emp.completion', ...this.completion(body.as) })
  }

  override reset(seed: number): void {
    super.reset(seed)
    this.memory.clear()
    this.requests.clear()
    this.via.clear()
  }

  private effect(body: CallBody): Extras {
    if (isViaCall(body)) return this.via.answer(body)
    switch (body.operation) {
      case 'emp.isend':
        return this.post(body.as, body.to, body)
      case 'emp.irecv':
        return this.post(body.as, body.from, body)
      case 'emp.test':
      case 'emp.wait':
        return { completions: [this.completion(body.request)] }
      case 'emp.testall':
      case 'emp.waitall':
        return { completions: body.requests.map((request) => this.completion(request)) }
      case 'emp.waitany':
        return { completions: body.requests.slice(0, 1).map((request) => this.completion(request)) }
      case 'emp.probe':
        return { message: { peer: body.from, tag: body.tag, bytes: 0 } }
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
        return this.memory.answer(body)
      case 'emp.cancel':
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

  private completion(request: string): EmpCompletion {
    return this.requests.get(request) ?? { request, outcome: 'done', bytes: 0, peer: 0, tag: 0 }
  }
}
