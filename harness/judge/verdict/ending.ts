// How a run ended: at its last step, or before it and why.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { SourcePosition } from '../../plan/position.ts'
import type { Incident } from '../../subject/incident.ts'

export type RunEnding =
  | { readonly kind: 'finished' }
  /** A step waited in vain. */
  | { readonly kind: 'timeout'; readonly words: string; readonly position: SourcePosition }
  /** A call that the case takes for granted was not answered well, so that what it speaks of did not come about. */
  | { readonly kind: 'unmet'; readonly words: string; readonly position: SourcePosition }
  /** An endpoint threw, or its process died; `node` is -1 when that was before any host. */
  | Trouble<'crash'>
  /** No answer within the real time that an answer may take. */
  | Trouble<'hang'>
  /** An adapter said what the protocol does not allow. */
  | Trouble<'protocol'>
  /** An endpoint produced more, or went on longer at one instant, than is allowed. */
  | { readonly kind: 'flood'; readonly message: string }
  /** A fault of our own. */
  | { readonly kind: 'harness-error'; readonly message: string; readonly stack?: string | undefined }

interface Trouble<Kind> {
  readonly kind: Kind
  readonly node: NodeIndex
  readonly message: string
  readonly stack?: string | undefined
  readonly stderr?: string | undefined
  /** Present if it may be the failure of another world of the process. */
  readonly incident?: Incident | undefined
}

/** What a run has ended by that may be the failure of another world of its process. */
export function incidentOf(ending: RunEnding): Incident | undefined {
  return 'incident' in ending ? ending.incident : undefined
}
