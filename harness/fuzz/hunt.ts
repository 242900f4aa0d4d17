// The search: plan after plan, as long as it may go on; what fails is believed, shrunk, and told once for each kind.
import type { Finding } from '../result/report.ts'
import type { Permutation } from '../plan/case.ts'
import { Attempts, kindOf, type Subject } from './attempt.ts'
import { believe, type Label } from './belief.ts'
import { Coverage } from './coverage.ts'
import { leaningTo, type Focus } from './focus.ts'
import type { Language } from './language.ts'
import { Permuter } from './permutation.ts'
import type { Move, Plan } from './plan.ts'
import { shrinkPermutation, shrinkPlan, type ShrinkBound } from './shrink.ts'
import { PlanSource } from './source.ts'

export interface HuntOptions {
  readonly subject: Subject
  readonly seed: number
  readonly focus: Focus | undefined
  /** False: plans are drawn blindly. */
  readonly guided: boolean
  /** The most runs; Infinity: until `isOver`. */
  readonly runs: number
  readonly isOver: () => boolean
  /** True: nobody waits for anything any more. */
  readonly isInterrupted: () => boolean
  /** Awaited before each run, so that signals and timers get through. */
  readonly breathe: () => Promise<void>
  /** Told before each run. */
  readonly progress: (seen: HuntSeen) => void
  /** Runs that shrinking one failure may cost. */
  readonly shrinkRuns: number
}

/** How far a search has come. */
export interface HuntSeen {
  readonly runs: number
  /** Pairs of state and event, and of events, that were seen. */
  readonly pairs: number
  /** The run that showed a new one last. */
  readonly grownAt: number
  /** Failing runs by kind. */
  readonly failures: ReadonlyMap<string, number>
}

/** One kind of failure, with the smallest run that shows it. */
export interface Caught {
  readonly kind: string
  readonly finding: Finding
  /** All that is wrong in the smallest run. */
  readonly wrong: readonly Finding[]
  readonly permutation: Permutation
  readonly label: Label
  /** Trace digest of the smallest run. */
  readonly digest: string
  /** The run that showed it first, from 1. */
  readonly run: number
}

/** Searches one interface of one implementation; yields each kind of failure as it is caught. */
export async function* hunt<Drawn extends Move>(
  language: Language<Drawn>,
  options: HuntOptions,
): AsyncGenerator<Caught, HuntSeen> {
  const { subject } = options
  const attempts = new Attempts(subject)
  const permuter = new Permuter(language, subject.iut.pics)
  const coverage = new Coverage(language.frameKind)
  const { seed, guided } = options
  const timesSeen = (pair: number): number => coverage.timesSeen(pair)
  const source = new PlanSource(language, { seed, guided, leaning: leaningTo(options.focus), timesSeen })
  const failures = new Map<string, number>()
  let grownAt = 0
  let runs = 0
  while (runs < options.runs && !options.isOver() && !options.isInterrupted()) {
    options.progress({ runs, pairs: coverage.pairs, grownAt, failures })
    await options.breathe()
    const plan = source.next()
    const { wrong, trace } = await attempts.make(permuter.permute(plan))
    runs++
    const pair = coverage.take(trace)
    if (pair !== undefined) {
      grownAt = runs
      source.keep(plan, { pair, cost: trace.length })
    }
    const [finding] = wrong
    if (!finding) continue
    const kind = kindOf(finding)
    const known = failures.get(kind) ?? 0
    failures.set(kind, known + 1)
    if (known > 0) continue
    yield await caught(plan, { kind, finding, run: runs }, { attempts, permuter, options })
  }
  return { runs, pairs: coverage.pairs, grownAt, failures }
}

interface Means<Drawn extends Move> {
  readonly attempts: Attempts
  readonly permuter: Permuter<Drawn>
  readonly options: HuntOptions
}

async function caught<Drawn extends Move>(
  plan: Plan<Drawn>,
  { kind, finding, run }: { kind: string; finding: Finding; run: number },
  { attempts, permuter, options }: Means<Drawn>,
): Promise<Caught> {
  const bound: ShrinkBound = { runs: options.shrinkRuns, isOver: options.isInterrupted }
  const fails = async (permutation: Permutation): Promise<boolean> => {
    await options.breathe()
    const { wrong } = await attempts.make(permutation)
    return wrong.some((each) => kindOf(each) === kind)
  }
  const smallPlan = await shrinkPlan(plan, (tried) => fails(permuter.permute(tried)), bound)
  const permutation = await shrinkPermutation(permuter.permute(smallPlan), fails, bound)
  const believed = await believe(attempts, permutation, kind)
  return { kind, run, permutation, finding: believed.finding ?? finding, ...believed.rest }
}
