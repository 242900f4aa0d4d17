// Refuses every call at once: what an option offers as unsupported, everything else as invalid.
import type { Call, CallBody } from '../../spec/vocabulary/calls.ts'
import { InertEndpoint } from './inert.ts'

const optional: ReadonlySet<CallBody['operation']> = new Set(['emp.counters', 'emp.descriptor'])

export class NoEndpoint extends InertEndpoint {
  override apply({ id, body }: Call): void {
    this.tell({ id, status: optional.has(body.operation) ? 'unsupported' : 'invalid' })
  }
}
