// What decides the calls of a world: which may go now, and what became of them.
import type { Call, Return } from '../../spec/vocabulary/calls.ts'
import type { Duration, Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import type { World } from './world.ts'

/** A call that the script would issue at this instant. */
export interface Offer {
  readonly node: NodeIndex
  readonly call: Call
}

/** What decides the calls: a case's steps, or a benchmark. The world asks it whenever nothing else can go at an instant. */
export interface Script {
  /** Calls that may go now, in order of preference. The world issues one and asks again. */
  offers(world: World): readonly Offer[]
  issued(offer: Offer): void
  returned(node: NodeIndex, answer: Return, world: World): void
  /** By a real clock: what is offered is a race, and its calls begin so much later than it does, in order. */
  readonly delays?: readonly Duration[] | undefined
  /** The calls that follow the one just issued, at this instant, if each returns at once and as hoped; as far as that is likely. */
  upcoming?(issued: Offer): Iterable<Offer>
  /** The instant at which the script wants to be asked again although nothing happened; Infinity for none. */
  readonly limit: Instant
  /** True once the script wants nothing more. */
  readonly finished: boolean
}
