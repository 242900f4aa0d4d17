// A call that the harness makes after the last step of a case, and when it may be left out.
import type { CallBody } from '../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'

export interface ClosingQuestion {
  readonly node: NodeIndex
  readonly body: CallBody
  /** The same once more, so many times before. */
  readonly again?: number
  /** It is left out when this request has completed or was never accepted. */
  readonly unlessCompleted?: string
  /** Of a reading: it is left out when the range was found to have this digest. */
  readonly unlessDigest?: number
}
