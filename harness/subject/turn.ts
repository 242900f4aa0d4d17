// The endpoint contract across a pipe: one turn out, one answer back. JSON exists only at the pipe itself.
import type { Call, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import type { Duration, Instant, NodeIndex } from '../../spec/vocabulary/units.ts'

/** By a real clock: how a call of a race begins. All of them begin at one instant, and this one so much later. */
export interface RaceStart {
  readonly delay: Duration
  /** How many calls of the same race are still to be handed over, after this one. */
  readonly behind: number
}

/** What is pushed into an endpoint, in order. */
export type TurnInput =
  | { readonly kind: 'call'; readonly call: Call; readonly race?: RaceStart }
  | { readonly kind: 'frame'; readonly octets: Uint8Array }
  | { readonly kind: 'wake' }
  | { readonly kind: 'run'; readonly activity: number }

/** What an endpoint did, in the order in which it did it. */
export type TurnOutput =
  | { readonly kind: 'return'; readonly answer: Return }
  | { readonly kind: 'frame'; readonly octets: Uint8Array }
  | { readonly kind: 'event'; readonly event: ProviderEvent }

/** One exchange with one endpoint at one instant. */
export interface Turn {
  readonly now: Instant
  readonly endpoint: NodeIndex
  readonly inputs: readonly TurnInput[]
}

export interface TurnAnswer {
  readonly outputs: readonly TurnOutput[]
  /** The earliest armed deadline, or null for none. */
  readonly wakeAt: Instant | null
  /** Stepped: the activities that could go next. */
  readonly runnable?: readonly number[]
}

/** What an endpoint with a clock of its own did, told when it happened. */
export interface LiveOutput {
  readonly endpoint: NodeIndex
  /** Nanoseconds of the adapter's monotonic clock, whose beginning means nothing. */
  readonly at: Instant
  readonly output: TurnOutput
}
