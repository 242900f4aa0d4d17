// What a case may expect, await and prove: the closed vocabulary of suites, after everything is resolved.
import type { ReturnStatus } from '../../spec/vocabulary/calls.ts'
import type { EmpDropReason, EmpMessage, EmpOutcome } from '../../spec/vocabulary/emp.ts'
import type { Pattern, Range } from '../../spec/vocabulary/memory.ts'
import type { Duration, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { VipReturn } from '../../spec/vocabulary/via-returns.ts'
import type { SourcePosition } from './position.ts'
import type { ErrorFilter, NotifiedFilter, ViaExpectation } from './via/expectation.ts'

/** Octets that something must equal: pieces of patterns, one after the other. */
export type ExpectedOctets = readonly { readonly pattern: Pattern; readonly position: number; readonly bytes: number }[]

/** How often; `most` absent means any number from `least`. A plain number n in a suite file is exactly n. */
export interface Times {
  readonly least: number
  readonly most?: number
}

/** Which frames of the wire. Absent members match all. */
export interface FrameFilter {
  readonly from?: NodeIndex
  readonly to?: NodeIndex
  readonly type?: string
  /** The n-th message first seen from that sender (from 1); for acknowledgements, the n-th of the peer's messages. */
  readonly message?: number
  readonly frame?: number | 'last'
  /** Frames that the harness crafted are left out unless this is true. */
  readonly crafted?: boolean
  /** Only frames that differ from this one by fields: values by field name. */
  readonly fields?: Readonly<Record<string, number>>
}

/** Something that happens during a run and can be awaited. */
export type Sighting =
  | { readonly kind: 'frames'; readonly filter: FrameFilter; readonly times: Times }
  /** Frames that were handed to their host, not only sent. */
  | { readonly kind: 'arrived'; readonly filter: FrameFilter; readonly times: Times }
  | { readonly kind: 'returned'; readonly label: string }
  /** A completion event of that request (option emp.completion-events). */
  | { readonly kind: 'completed'; readonly node: NodeIndex; readonly request: string }
  /** VIA: the host was told of asynchronous errors. */
  | { readonly kind: 'error'; readonly filter: ErrorFilter; readonly times: Times }
  /** VIA: handlers of the Notify calls ran. */
  | { readonly kind: 'notified'; readonly filter: NotifiedFilter; readonly times: Times }

/** The sightings without which a pass is only inconclusive. */
export type Proof =
  | Sighting
  /** The n-th rule of the fault plan hit so often. */
  | { readonly kind: 'fault'; readonly rule: number; readonly times: Times }
  /** Weather hit so often. */
  | { readonly kind: 'weather'; readonly times: Times }
  /** Frames that had been sent before were sent again. */
  | { readonly kind: 'retransmission'; readonly from: NodeIndex; readonly times: Times }
  /** Frames reached a host in another order than they were sent in. */
  | { readonly kind: 'reordered'; readonly times: Times }
  /** A labelled call answered `pending`, or any status. */
  | { readonly kind: 'status'; readonly label: string; readonly status: ReturnStatus }
  /** A labelled call of VIPL answered this. */
  | { readonly kind: 'code'; readonly label: string; readonly code: VipReturn }
  /** Orders of a race that were run. */
  | { readonly kind: 'orders'; readonly times: Times }
  /** Frames that were the victim of a rule, each in a run of its own. */
  | { readonly kind: 'victims'; readonly times: Times }

/** One thing that must hold, with the requirements that it verifies. */
export type Expectation = ExpectationBody & {
  readonly requirements: readonly string[]
  readonly position: SourcePosition
  /** As the suite file says it, on one line. */
  readonly text: string
}

export type ExpectationBody = HostExpectation | WireExpectation | ModelExpectation

/** `model.allows: everything`: the model of the interface forbids nothing that the hosts were told. It verifies nothing. */
export interface ModelExpectation {
  readonly kind: 'allowed'
}

/** About one host: `right.done: {...}` in a suite file. */
export type HostExpectation =
  | ViaExpectation
  | {
      /** The request has completed; every member present must agree. */
      readonly kind: 'done'
      readonly node: NodeIndex
      readonly request: string
      readonly outcome: EmpOutcome
      readonly bytes?: number
      readonly peer?: NodeIndex
      readonly tag?: number
      /** A receive: where the message must now stand, and what it must be; ranges in order of the posted pieces. */
      readonly data?: { readonly at: readonly Range[]; readonly octets: ExpectedOctets }
      /** How often it may be reported as completed by events (option emp.completion-events); 1 unless said. */
      readonly times: number
    }
  /** The request has not completed. */
  | { readonly kind: 'pending'; readonly node: NodeIndex; readonly request: string }
  /** What the labelled call answered. `open`: it has not returned. */
  | {
      readonly kind: 'returned'
      readonly node: NodeIndex
      readonly label: string
      readonly status: ReturnStatus | 'open'
      /** Requests that its completions must name, in order. */
      readonly completions?: readonly string[]
      /** Its completions must name exactly one request, and that one of these. */
      readonly oneOf?: readonly string[]
      /** The message that a probe must have found. */
      readonly message?: EmpMessage
    }
  /** A range of memory equals these octets. `untouched: RANGE` in a suite file becomes this with the buffer's first content. */
  | {
      readonly kind: 'memory'
      readonly node: NodeIndex
      readonly at: Range
      readonly octets: ExpectedOctets
      readonly untouched: boolean
    }
  /** The guard zones of a buffer are intact. */
  | { readonly kind: 'guards'; readonly node: NodeIndex; readonly buffer: string }
  /** Nothing is armed at the end (`none`), or something is (`armed`). */
  | { readonly kind: 'deadline'; readonly node: NodeIndex; readonly armed: boolean }
  /** The NIC counted drops for this reason (option emp.counters). */
  | { readonly kind: 'counted'; readonly node: NodeIndex; readonly reason: EmpDropReason; readonly times: Times }
  /** Requests completed in this order, as completion events tell (option emp.completion-events). */
  | { readonly kind: 'order'; readonly node: NodeIndex; readonly requests: readonly string[] }
  /** The labelled `descriptor` call returned `slots` x 20 octets whose fields, read by the layout, have these values. */
  | {
      readonly kind: 'descriptor'
      readonly node: NodeIndex
      readonly label: string
      readonly slots?: number
      readonly fields: Readonly<Record<string, number>>
    }
  /** A labelled reading of memory found these octets. */
  | { readonly kind: 'octets'; readonly node: NodeIndex; readonly label: string; readonly octets: ExpectedOctets }

/** About the wire: `wire.frames: {...}`. All need the option wire.frames. */
export type WireExpectation =
  /** So many frames were sent. */
  | { readonly kind: 'frames'; readonly filter: FrameFilter; readonly times: Times }
  /** The frames of the collection that holds `frame` of the n-th message of `from` were sent again (each `times` more than once), others `others` times more. */
  | {
      readonly kind: 'retransmitted'
      readonly from: NodeIndex
      readonly message: number
      readonly frame: number | 'last'
      readonly times: Times
      readonly others: Times
    }
  /** First transmissions of the n-th message of `from` are cut as the paper and R2 say for `total` octets, with right headers. */
  | {
      readonly kind: 'cut'
      readonly from: NodeIndex
      readonly message: number
      readonly total: number
      readonly tag: number
    }
  /** Every acknowledgement that `from` sent for the peer's n-th message answers a whole collection, repeats its last received frame, and every collection was acknowledged within `each`. */
  | { readonly kind: 'acknowledged'; readonly from: NodeIndex; readonly message: number; readonly each: Times }
  /** Before the first acknowledgement of its n-th message reached `from`, it sent at most `most` (least `least`) different data frames of it. */
  | { readonly kind: 'first-window'; readonly from: NodeIndex; readonly message: number; readonly times: Times }
  /** Intervals between transmissions of one frame of a message nobody acknowledges: at least `first`, each at least double the one before, up to `cap`. */
  | {
      readonly kind: 'back-off'
      readonly from: NodeIndex
      readonly message: number
      readonly frame: number
      readonly first: Duration
      readonly cap: Duration
      readonly atLeast: number
    }
  /** Message IDs of `from` towards `to`, in order of first appearance. */
  | { readonly kind: 'message-ids'; readonly from: NodeIndex; readonly to: NodeIndex; readonly ids: readonly number[] }
