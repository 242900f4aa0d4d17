// Holds a trace against the oracle of its interface, up to the first forged frame that may have an effect.
import type { Call, ProviderEvent, Return } from '../../../spec/vocabulary/calls.ts'
import type { Duration, Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Trace } from '../../result/trace.ts'

/** What the model of an interface forbade, by which requirements. */
interface Forbidden {
  readonly requirements: readonly string[]
  readonly words: string
}

/** A model of the hosts of one world, as it is fed; undefined: what it was told is allowed. */
export interface Oracle {
  /** A fresh world with the same setting. */
  reset(): void
  called(node: NodeIndex, call: Call): void
  returned(node: NodeIndex, answer: Return): Forbidden | undefined
  told(node: NodeIndex, event: ProviderEvent): Forbidden | undefined
  /** Whether something new is to happen because of a call, for which the world needs time. */
  sets(call: Call): boolean
  /** Virtual time goes on. */
  elapsed(): Forbidden | undefined
  /** Nothing more will happen until somebody calls; `foul`: frames may be lost still. */
  rested(weather: 'calm' | 'foul'): Forbidden | undefined
}

/** The first observation of a run that is not allowed. */
export interface Pronounced extends Forbidden {
  readonly at: Instant
  /** The record that shows it; the number of records if it is that nothing more happened. */
  readonly record: number
}

/** How many of the longest timeouts must pass undisturbed before stillness says something. */
const timeoutsOfCalm = 4

/** What must be known of a world beside its oracle. */
export interface Surroundings {
  /** The longest after which something is tried again. */
  readonly timeout: Duration
  /** Whether the forged frame of a record must be dropped unseen. */
  readonly isVoid: (trace: Trace, record: number) => boolean
}

/** Feeds a trace to a fresh oracle. */
export function pronounce(oracle: Oracle, trace: Trace, { timeout, isVoid }: Surroundings): Pronounced | undefined {
  const reader = new Reader(oracle, trace, timeoutsOfCalm * timeout)
  const { length } = trace
  for (let record = 0; record < length; record++) {
    if (trace.kind(record) === 'crafted' && !isVoid(trace, record)) return undefined
    const forbidden = reader.read(record)
    if (forbidden) return { at: trace.time(record), record, ...forbidden }
  }
  const last = reader.end()
  return last && { at: reader.now, record: length, ...last }
}

class Reader {
  now: Instant = 0
  private readonly oracle: Oracle
  private readonly trace: Trace
  private readonly calm: Duration
  /** When something was set going, and when frames were last interfered with. */
  private set: Instant = 0
  private disturbed: Instant = 0
  private deadlines = 0
  private armed = 0

  constructor(oracle: Oracle, trace: Trace, calm: Duration) {
    this.oracle = oracle
    this.trace = trace
    this.calm = calm
  }

  read(record: number): Forbidden | undefined {
    const { oracle, trace } = this
    const node = trace.node(record)
    const time = trace.time(record)
    const early = time > this.now ? oracle.elapsed() : undefined
    this.now = time
    if (early) return early
    switch (trace.kind(record)) {
      case 'call':
        return this.rest() ?? this.called(node, record)
      case 'returned': {
        const answer = trace.returnOf(record)
        return answer && oracle.returned(node, answer)
      }
      case 'event': {
        const event = trace.eventOf(record)
        return event && oracle.told(node, event)
      }
      case 'fate': {
        const fate = trace.fateOf(record)
        this.disturbed = time + (fate?.fate === 'delay' ? fate.amount : 0)
        return undefined
      }
      case 'deadline':
        this.deadlines++
        if (trace.amount(record) !== -1) this.armed++
        return undefined
      default:
        return undefined
    }
  }

  /** With no deadline armed nothing more can happen. */
  end(): Forbidden | undefined {
    return this.deadlines > 0 && this.armed === 0 ? this.oracle.rested('calm') : this.rest()
  }

  private called(node: NodeIndex, record: number): undefined {
    const call = this.trace.callOf(record)
    if (!call) return
    this.oracle.called(node, call)
    if (this.oracle.sets(call)) this.set = this.disturbed = this.now
  }

  private rest(): Forbidden | undefined {
    if (this.now - this.disturbed >= this.calm) return this.oracle.rested('calm')
    return this.now - this.set >= this.calm ? this.oracle.rested('foul') : undefined
  }
}
