// What is wrong with a file, where, and what to do about it.
import type { SourcePosition } from '../position.ts'

export interface Diagnostic {
  readonly position: SourcePosition
  /** How many columns the caret underlines; at least 1. */
  readonly length: number
  readonly message: string
  /** What to do: the nearest name, the missing key. Empty if nothing helps. */
  readonly suggestion: string
  /** For a place in a fixture: where a case used it. */
  readonly usedAt?: SourcePosition
}
