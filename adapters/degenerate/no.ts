// Refuses every call at once: what an option offers as unsupported, everything else as invalid, in VIPL's own words for it. Only memory it has.
import { isMemoryCall, type Call, type CallBody } from '../../spec/vocabulary/calls.ts'
import { isVipl } from '../../spec/vocabulary/via-returns.ts'
import { QueuedEndpoint } from '../queued-endpoint.ts'
import { HonestMemory } from './honest-memory.ts'

const optional: ReadonlySet<CallBody['operation']> = new Set(['emp.counters', 'emp.descriptor'])

export class NoEndpoint extends QueuedEndpoint {
  private readonly memory = new HonestMemory()

  override apply({ id, body }: Call): void {
    if (isMemoryCall(body)) this.returned({ id, ...this.memory.answer(body) })
    else if (isVipl(body.operation)) this.returned({ id, status: 'ok', vip: { code: 'VIP_INVALID_PARAMETER' } })
    else this.returned({ id, status: optional.has(body.operation) ? 'unsupported' : 'invalid' })
  }

  override reset(seed: number): void {
    super.reset(seed)
    this.memory.clear()
  }
}
