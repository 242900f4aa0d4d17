// What a run of permutations goes by.
import type { Instant } from '../../spec/vocabulary/units.ts'
import type { RunEnding } from '../judge/verdict/ending.ts'
import type { Judgement } from '../judge/judge.ts'
import type { Monitor } from '../judge/monitors/monitor.ts'
import type { Permutation } from '../plan/permutation.ts'
import type { RecordLayout, WireLayouts } from '../plan/layout.ts'
import type { Trace } from '../result/trace.ts'
import type { Adapter } from '../subject/adapter.ts'
import type { BesideReference } from './beside.ts'
import type { OrderAsked } from './explorations.ts'
import type { HangsOfRun } from './hangs.ts'

/** What the process gives to a run: a pure room has no clock, no signals and no timers. */
export interface RunProcess {
  /** Microseconds of a monotonic clock. */
  readonly stopwatch: () => number
  /** Lets signals and timers of the process through; awaited between permutations. */
  readonly breathe: () => Promise<void>
  /** True: the permutations that are left become skipped. */
  readonly interrupted: () => boolean
}

export interface RunOptions {
  readonly iut: Adapter
  readonly reference: Adapter
  readonly layouts: WireLayouts
  readonly descriptor: RecordLayout
  readonly process: RunProcess
  /** The command that runs just this permutation again, in one order if choices are given. */
  readonly repeat: (permutation: Permutation, choices: readonly number[] | undefined) => string
  /** Plays the reference in place of the implementation where a run does not pass. Of this session alone. */
  readonly beside?: BesideReference | undefined
  /** Rows without digests and without what explains a failure. */
  readonly brief?: boolean | undefined
  /** What every run is held against; all monitors unless given. */
  readonly monitors?: readonly Monitor[] | undefined
  /** Runs races in this one order only. */
  readonly order?: OrderAsked | undefined
  /** True: this run of many says enough of its case, and no others are made. */
  readonly isEnough?: ((judgement: Judgement) => boolean) | undefined
  /** Failures are believed without being run again: for measurements only. */
  readonly believesAtOnce?: boolean | undefined
  /** Counts what hung in all that plays permutations of the same run; of this session alone unless given. */
  readonly hangs?: HangsOfRun | undefined
  /** Shown the trace of every run, before it is judged. */
  readonly onTrace?: OnTrace | undefined
}

/** How a run came to an end, and at which instant of its time. */
export interface RunEnd {
  readonly ending: RunEnding
  readonly at: Instant
}

export type OnTrace = (permutation: Permutation, trace: Trace, end: RunEnd) => void
