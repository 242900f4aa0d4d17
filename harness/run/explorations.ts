// Which runs of a case are made where one row stands for many, and when there are no more.
import type { Duration } from '../../spec/vocabulary/units.ts'
import type { Permutation } from '../plan/permutation.ts'
import type { PermutationResult } from '../result/report.ts'
import type { Pics } from '../subject/pics.ts'
import { misfitWords, RecordedSchedule, type Draw } from './schedule.ts'
import { isTimed, timingsOf } from './timings.ts'

/** What a row says of the runs that it stands for, but for what came out. */
export type Summary = Omit<NonNullable<PermutationResult['exploration']>, 'outcomes'>

/** The runs of one permutation, each by the schedule that it follows. */
export interface Exploration {
  /** Asked once. Each schedule has been followed, and `ran` has been told of it, before the next is asked for. */
  schedules(): Iterable<RecordedSchedule>
  /** `took` is how long the run went on, in virtual time or by the real clock. */
  ran(schedule: RecordedSchedule, took: Duration): void
  /** Of the runs up to now. It is exhausted when a further run was asked for and every order had been run. */
  summary(): Summary
}

/** The one order that a case is run in. */
export interface OrderAsked {
  readonly choices: readonly number[]
  /** Told, in words, where the choices do not fit the case, and what was taken instead. */
  readonly onMisfit?: ((words: string) => void) | undefined
}

/** What an exploration goes by, beside the permutation. */
export interface Circumstances {
  readonly clock: Pics['clock']
  readonly asked: OrderAsked | undefined
  /** How many different runs there are, where that is known before the first. */
  readonly count: number | undefined
  readonly draw: Draw
}

/** Whether a row for it stands for several runs, or for one of several. */
export function isExplored({ ordersMax, explored, schedule }: Permutation): boolean {
  return ordersMax !== undefined || explored !== undefined || schedule !== undefined
}

/** Why no order of it can be asked for, in words that follow what it is called; undefined if one can. */
export function whyNoOrder(permutation: Permutation, pics: Pick<Pics, 'clock'>): string | undefined {
  if (!isExplored(permutation)) return 'no race, and nothing else to choose'
  return isTimed(permutation, pics) ? 'a race by a real clock, which nobody can order' : undefined
}

/** The one order that is asked for, if any. A case may name one; whoever asks for another by hand gets that. */
export function orderAsked(
  permutation: Permutation,
  pics: Pick<Pics, 'clock'>,
  byHand: OrderAsked | undefined,
): OrderAsked | undefined {
  // By a real clock nobody can order.
  if (isTimed(permutation, pics)) return undefined
  if (byHand) return { ...byHand, onMisfit: (words) => byHand.onMisfit?.(`${permutation.name}: ${words}`) }
  // What a case has pinned need not fit every implementation; nobody asked for it by hand.
  return permutation.schedule && { choices: permutation.schedule }
}

/** Whoever asks for a single run wants no proof that there were several. */
export function inOneOrder(permutation: Permutation): Permutation {
  return { ...permutation, proves: permutation.proves.filter(({ kind }) => kind !== 'orders' && kind !== 'victims') }
}

/** The exploration of a permutation for which `isExplored` is true. */
export function explorationOf(permutation: Permutation, { clock, asked, count, draw }: Circumstances): Exploration {
  const { ordersMax, explored } = permutation
  const of = explored?.kind === 'victims' ? 'victims' : 'orders'
  const bound = ordersMax ?? explored?.most ?? 1
  if (asked) return new OneOrder(of, asked)
  return isTimed(permutation, { clock }) ? new Timings(bound, draw) : new Walk({ of, bound, count, draw })
}

/** A single run. */
class OneOrder implements Exploration {
  private readonly of: Summary['of']
  private readonly asked: OrderAsked

  constructor(of: Summary['of'], asked: OrderAsked) {
    this.of = of
    this.asked = asked
  }

  schedules(): Iterable<RecordedSchedule> {
    return [new RecordedSchedule(this.asked.choices)]
  }

  ran(schedule: RecordedSchedule): void {
    const misfit = misfitWords(schedule, this.asked.choices)
    if (misfit !== undefined) this.asked.onMisfit?.(misfit)
  }

  summary(): Summary {
    return { of: this.of, orders: 1, bound: 1, exhausted: false }
  }
}

interface WalkPlan extends Pick<Circumstances, 'count' | 'draw'> {
  readonly of: Summary['of']
  /** At most so many runs. */
  readonly bound: number
}

/** Every order, depth first. If they are not known to fit within the bound, the second half of it is drawn from all over. */
class Walk implements Exploration {
  private readonly plan: WalkPlan
  private readonly seen = new Set<string>()
  private exhausted = false

  constructor(plan: WalkPlan) {
    this.plan = plan
  }

  *schedules(): Generator<RecordedSchedule, void> {
    const { bound, count, draw } = this.plan
    const depthFirst = count !== undefined && count <= bound ? bound : Math.ceil(bound / 2)
    let prefix: readonly number[] = []
    for (let run = 0; run < depthFirst; run++) {
      const schedule = new RecordedSchedule(prefix)
      yield schedule
      const next = nextPrefix(schedule)
      if (!next) {
        this.exhausted = true
        return
      }
      prefix = next
    }
    for (let run = depthFirst; run < bound; run++) yield new RecordedSchedule([], draw)
  }

  ran({ choices }: RecordedSchedule): void {
    this.seen.add(choices.join('.'))
  }

  summary(): Summary {
    const { of, bound } = this.plan
    return { of, orders: this.seen.size, bound, exhausted: this.exhausted }
  }
}

/** The prefix of the order that follows one that was run, later choices varying first; undefined after the last. */
function nextPrefix({ choices, alternatives }: RecordedSchedule): readonly number[] | undefined {
  for (let depth = choices.length - 1; depth >= 0; depth--) {
    const choice = choices[depth] ?? 0
    if (choice + 1 < (alternatives[depth] ?? 1)) return [...choices.slice(0, depth), choice + 1]
  }
  return undefined
}

/** One race by a real clock, again and again: each run counts, since its timing is another. How long the first took bounds them. */
class Timings implements Exploration {
  private bound: number
  private readonly draw: Draw
  private runs = 0

  constructor(bound: number, draw: Draw) {
    this.bound = bound
    this.draw = draw
  }

  *schedules(): Generator<RecordedSchedule, void> {
    yield new RecordedSchedule([])
    while (this.runs < this.bound) yield new RecordedSchedule([], this.draw)
  }

  ran(_: RecordedSchedule, took: Duration): void {
    if (this.runs === 0) this.bound = timingsOf(this.bound, took)
    this.runs++
  }

  summary(): Summary {
    return { of: 'timings', orders: this.runs, bound: this.bound, exhausted: false }
  }
}
