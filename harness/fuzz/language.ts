// What the fuzzer has to know of an interface: its moves, the settings worth trying, and the calls that moves stand for.
import type { Arbitrary } from 'fast-check'
import type { Configuration, InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import type { Duration } from '../../spec/vocabulary/units.ts'
import type { FrameKind } from './coverage.ts'
import type { Dealt } from './deck.ts'
import type { BufferPlan, Step } from '../plan/permutation.ts'
import type { Move, Plan } from './plan.ts'

/** The words in which the programs of an interface are drawn. */
export interface Language<Drawn extends Move = Move> {
  readonly interface: InterfaceName
  readonly class: string
  /** One move, the likely ones more often. */
  readonly moves: Arbitrary<Drawn>
  /** Moves that a correct program would not make: they must be refused, or change nothing that is promised. */
  readonly mistakes: Arbitrary<Drawn>
  /**
   * The longest partition, if it is not as all others: it lasts so long that connections are given up. One that is to begin
   * within a message begins when connections can have been made.
   */
  readonly blackout?: { readonly after: Duration; readonly lasts: Duration }
  /** Of so many drawn plans a guided search plays the one of which least was tried; 1 where that finds no more than to play all. */
  readonly drawnForOne: number
  /** What a guided search deals instead of drawing it, so that nothing is tried twice before all else was tried once. */
  readonly dealt: readonly Dealt[]
  /** Tells frames apart as far as matters for what a search has seen. */
  readonly frameKind: FrameKind
  /** Values to configure, on top of those that the implementation declares; the first asks for nothing that is dear. */
  readonly settings: readonly Configuration[]
  /** The calls of a plan, and what is asked when it is over and the weather has been calm for long. */
  compile(plan: Plan<Drawn>, configuration: Configuration): Program
}

export interface Program {
  readonly memory: readonly BufferPlan[]
  readonly steps: readonly Step[]
}

/** How long a program is watched after its last move: so many of the longest timeouts. */
export const timeoutsOfCalm = 8

/** How long the weather has been calm when a program is asked for its end. */
export function calmAfter(timeout: Duration): Duration {
  return timeoutsOfCalm * timeout
}
