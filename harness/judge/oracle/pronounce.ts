// Holds a trace against the oracle of its interface, up to the first forged frame that may have an effect.
import type { Instant } from '../../../spec/vocabulary/units.ts'
import type { Affirmed } from '../../../spec/model/affirmed.ts'
import type { Permutation } from '../../plan/permutation.ts'
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
  /** What the model has found right where nothing else would have been. */
  readonly affirmed: Affirmed
}

/** The first observation of a run that is not allowed. */
export interface Pronounced extends Forbidden {
  readonly at: Instant
  /** The call whose answer it is; absent if it is none. */
  readonly call?: number
}

/** What a model says of a run. */
export interface Opinion {
  readonly forbidden: Pronounced | undefined
  /** By call, the requirements by which its answer was the only one that could be. */
  readonly right: ReadonlyMap<number, ReadonlySet<string>>
}

/** As `pronounce`, but that it also tells on what the model has pronounced. */
export function opinionOn(oracle: Oracle, trace: Trace, isVoid?: (record: number) => boolean): Opinion {
  const { affirmed } = oracle
  const right = new Map<number, ReadonlySet<string>>()
  affirmed.isWanted = true
  const listened: Oracle = {
    affirmed,
    begin: (permutation) => oracle.begin(permutation),
    end: () => oracle.end(),
    read: (of, record) => {
      affirmed.take()
      const forbidden = oracle.read(of, record)
      const found = affirmed.take()
      const call = answeredBy(of, record)
      if (call !== undefined && found.length > 0) right.set(call, new Set(found))
      return forbidden
    },
  }
  const forbidden = pronounce(listened, trace, isVoid)
  affirmed.isWanted = false
  return { forbidden, right }
}

function answeredBy(trace: Trace, record: number): number | undefined {
  return trace.kind(record) === 'returned' ? trace.returnOf(record)?.id : undefined
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
    if (forbidden) {
      const call = answeredBy(trace, record)
      return { at: trace.time(record), ...(call === undefined ? {} : { call }), ...forbidden }
    }
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
