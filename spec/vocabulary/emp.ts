// EMP's host interface (paper sections 3.3, 5 and 6): what a host asks of its NIC, and what it may be told.
import type { NodeIndex } from './units.ts'
import type { Range } from './memory.ts'

/** Calls of the EMP user interface. Requests are names that the harness gives (`as`). */
export type EmpCall =
  | {
      /** Posts a message of all `pieces`, in order, to node `to`. Answers at once (E51). */
      readonly operation: 'emp.isend'
      readonly as: string
      readonly to: NodeIndex
      readonly tag: number
      readonly pieces: readonly Range[]
    }
  | {
      /** Posts a receive for a message of node `from` with `tag`, to be scattered over `pieces`. Answers at once. */
      readonly operation: 'emp.irecv'
      readonly as: string
      readonly from: NodeIndex
      readonly tag: number
      readonly pieces: readonly Range[]
    }
  /** Polls one request: `ok` with its completion, or `pending`. */
  | { readonly operation: 'emp.test'; readonly request: string }
  /** Stays open until the request is done. */
  | { readonly operation: 'emp.wait'; readonly request: string }
  /** Stays open until all are done; completions in the order asked. */
  | { readonly operation: 'emp.waitall'; readonly requests: readonly string[] }
  /** Option `emp.mpi`: `ok` with the completions of all if all are done, or `pending`, and then none has been seen. */
  | { readonly operation: 'emp.testall'; readonly requests: readonly string[] }
  /** Option `emp.mpi`: stays open until one is done; the completion of one, and the others stay as they are. */
  | { readonly operation: 'emp.waitany'; readonly requests: readonly string[] }
  /** Option `emp.cancel`: asks that a receive be withdrawn, if no message has taken it (R24). Answers at once. */
  | { readonly operation: 'emp.cancel'; readonly request: string }
  /** Option `emp.probe`: `ok` with the message that a receive posted now would take (R24), or `pending` if there is none. */
  | { readonly operation: 'emp.probe'; readonly from: NodeIndex; readonly tag: number }
  /** Changes the unit of acknowledgement (E12); legal only while no message is in flight (R21). */
  | { readonly operation: 'emp.configure'; readonly collection: number }
  /** Option `emp.counters`: what the NIC has dropped or ignored, by reason (R3, R12). */
  | { readonly operation: 'emp.counters' }
  /** Option `emp.descriptors`: the octets of the descriptor slots that hold a request, as the NIC's memory has them. */
  | { readonly operation: 'emp.descriptor'; readonly request: string }

/** As the peer or the tag of a receive or a probe: any (option `emp.wildcards`, R18). Never legal in a send. */
export const empAny = 0xffff

/**
 * How a request ended. `truncated`: the message was longer than the receive (R10). `failed`: the peer was given up (R23).
 * `cancelled`: the receive was withdrawn before a message took it (R24).
 */
export const empOutcomes = ['done', 'truncated', 'failed', 'cancelled'] as const
export type EmpOutcome = (typeof empOutcomes)[number]

/** A message that waits for a receive, as a probe finds it. */
export interface EmpMessage {
  readonly peer: NodeIndex
  readonly tag: number
  readonly bytes: number
}

/**
 * A finished request as the host sees it. `bytes` is the message's whole length, also when it was truncated; 0 of a
 * receive that was cancelled, whose peer and tag are those that it was posted with.
 */
export interface EmpCompletion {
  readonly request: string
  readonly outcome: EmpOutcome
  readonly bytes: number
  /** The other node and the tag of the message. */
  readonly peer: NodeIndex
  readonly tag: number
}

/** What an EMP endpoint may tell without being asked. Option `emp.completion-events`. */
export type EmpEvent = EmpCompletionEvent

/** A descriptor was handed back to the host by writing its `stat` (E43). Emitted once for each such write. */
export interface EmpCompletionEvent extends EmpCompletion {
  readonly event: 'emp.completion'
}

/** Why a NIC dropped or ignored a frame (R3, R5, R6, R12); the keys of `emp.counters`. */
export const empDropReasons = [
  'no-receive', // E6: data of a message that no posted receive takes
  'table-full', // R5: the table of unfinished messages is full
  'malformed', // R12: length, frame number or totals that cannot be
  'unknown-type', // R12
  'wrong-sender', // R12: the source MAC is not the one stored for the sender
  'wrong-destination', // R12: not this NIC
  'stray-acknowledgement', // R3: unknown or finished message, or a frame never sent
  'duplicate', // R9: a frame that had already arrived
] as const
export type EmpDropReason = (typeof empDropReasons)[number]
