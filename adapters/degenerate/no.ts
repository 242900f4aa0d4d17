// Refuses every call at once: what an option offers as unsupported, everything else as invalid, in VIPL's own words for it.
import type { Call, CallBody } from '../../spec/vocabulary/calls.ts'
import { isVipl } from '../../spec/vocabulary/via-returns.ts'
import { InertEndpoint } from './inert.ts'

const optional: ReadonlySet<CallBody['operation']> = new Set(['emp.counters', 'emp.descriptor'])

export class NoEndpoint extends InertEndpoint {
  override apply({ id, body }: Call): void {
    if (isVipl(body.operation)) {
      this.tell({ id, status: 'ok', vip: { code: 'VIP_INVALID_PARAMETER' } })
      return
    }
    this.tell({ id, status: optional.has(body.operation) ? 'unsupported' : 'invalid' })
  }
}
