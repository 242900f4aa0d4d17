// Why a world stands still and hands over to whoever drives it.
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Turn } from '../subject/turn.ts'

/** Why `advance` came back. */
export type Standstill =
  | { readonly kind: 'finished' }
  /** Remote endpoints must be asked: send the turns, hand the answers to `resume`, in order, and advance again. */
  | { readonly kind: 'exchange'; readonly turns: readonly Turn[] }
  /** Calls were sent ahead that the script does not issue now: `operation` did not return at once. The run must be made again. */
  | { readonly kind: 'misled'; readonly operation: string }
  /** An endpoint in this process threw. */
  | { readonly kind: 'crash'; readonly node: NodeIndex; readonly thrown: unknown }
  /** Nothing happens before `until` unless an endpoint tells of it: let time pass, and advance again. Only by a real clock. */
  | { readonly kind: 'wait'; readonly until: Instant }
  /** Nothing will ever happen again, and the script still waits. */
  | { readonly kind: 'stuck' }
  /** More turns than any case needs: an endpoint that never comes to rest. */
  | { readonly kind: 'flood' }
