// Refuses every call at once: what an option offers as unsupported, everything else as invalid, in VIPL's own words for it.
import type { Call, CallBody } from '../../spec/vocabulary/calls.ts'
import { isVipl } from '../../spec/vocabulary/via-returns.ts'
import { QueuedEndpoint } from '../queued-endpoint.ts'

const optional: ReadonlySet<CallBody['operation']> = new Set(['emp.counters', 'emp.descriptor'])

export class NoEndpoint extends QueuedEndpoint {
  override apply({ id, body }: Call): void {
    if (isVipl(body.operation)) {
      this.returned({ id, status: 'ok', vip: { code: 'VIP_INVALID_PARAMETER' } })
      return
    }
    this.returned({ id, status: optional.has(body.operation) ? 'unsupported' : 'invalid' })
  }
}
