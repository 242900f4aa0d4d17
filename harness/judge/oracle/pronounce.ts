// Holds a trace against the oracle of its interface, up to the first forged frame that may have an effect.
import type { Instant } from '../../../spec/vocabulary/units.ts'
import type { Permutation } from '../../plan/case.ts'
import type { Trace } from '../../result/trace.ts'

/** What the model of an interface forbade, by which requirements. */
export interface Forbidden {
  readonly requirements: readonly string[]
  readonly words: string
}

/** Reads records for the model of an interface; undefined: what they show is allowed. */
export interface Oracle {
  /** A fresh world, for a run of that permutation. */
  begin(permutation: Permutation): void
  read(trace: Trace, record: number): Forbidden | undefined
  /** All records were read. */
  end(): Forbidden | undefined
}

/** The first observation of a run that is not allowed. */
export interface Pronounced extends Forbidden {
  readonly at: Instant
}

/** Feeds a trace to an oracle that has begun. `isVoid`: whether the forged frame of a record must be dropped unseen. */
export function pronounce(
  oracle: Oracle,
  trace: Trace,
  isVoid: (record: number) => boolean = () => false,
): Pronounced | undefined {
  const { length } = trace
  for (let record = 0; record < length; record++) {
    if (trace.kind(record) === 'crafted' && !isVoid(record)) return undefined
    const forbidden = oracle.read(trace, record)
    if (forbidden) return { at: trace.time(record), ...forbidden }
  }
  const last = oracle.end()
  return last && { at: length === 0 ? 0 : trace.time(length - 1), ...last }
}

/** Counts the deadlines that stand at the end of a trace: with none armed, and nothing left to be stepped, nothing more can happen. */
export class Deadlines {
  private seen = 0
  private armed = 0
  private isStepped = false

  begin({ schedule, ordersMax }: Pick<Permutation, 'schedule' | 'ordersMax'>): void {
    this.seen = this.armed = 0
    this.isStepped = schedule !== undefined || ordersMax !== undefined
  }

  note(trace: Trace, record: number): void {
    this.seen++
    if (trace.amount(record) !== -1) this.armed++
  }

  get nothingIsLeft(): boolean {
    return this.seen > 0 && this.armed === 0 && !this.isStepped
  }
}
