// A world of the adapter under examination: two of its hosts, what is asked of them, and what they do.
import type { Return } from '../../../spec/vocabulary/calls.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { TurnOutput } from '../../subject/turn.ts'

/** A call as it goes over the line, which may be one that nobody knows. */
export type CallMembers = Readonly<Record<string, unknown>> & { readonly operation: string }

export interface CallManner {
  /** 0, the main thread, unless said. */
  readonly thread?: number
  readonly waits?: boolean
}

/** One thing that an endpoint did. */
export interface Deed {
  readonly node: NodeIndex
  readonly output: TurnOutput
}

export interface World {
  /** All that was done so far, in the order in which it was told. */
  readonly deeds: readonly Deed[]
  /**
   * Makes a call of a host. Undefined if its return did not come at once; it is not awaited if it `waits`, as some calls
   * may.
   */
  call(node: NodeIndex, body: CallMembers, manner?: CallManner): Promise<Return | undefined>
  /** Lets frames arrive and deadlines come until nothing is left to happen, or as much has as is worth waiting for. */
  settle(): Promise<void>
}

/** What is asked with an input, as it is told of an adapter that does not answer: `turn (emp.isend)`. */
export function askedWith(op: string, input: Readonly<Record<string, unknown>> | undefined): string {
  const { kind = 'nothing', operation = kind } = input ?? {}
  return `${op} (${String(operation)})`
}

/** The names of the two hosts. */
export const hostNames = ['left', 'right'] as const
