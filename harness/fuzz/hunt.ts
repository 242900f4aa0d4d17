// The search: plan after plan, as long as it may go on; what fails is believed, shrunk, and told once for each kind.
import { incidentOf } from '../judge/verdict/ending.ts'
import type { Finding } from '../result/report.ts'
import type { Permutation } from '../plan/permutation.ts'
import type { Adapter } from '../subject/adapter.ts'
import { Attempts, kindOf, type Attempt, type Subject } from './attempt.ts'
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
  /** Adapters whose worlds are open beside the subject's, in the same process: so many more runs are made at once. */
  readonly beside?: readonly Adapter[]
  /** Told of a run that failed beside others and not alone: what is searched for is no such thing. */
  readonly doubt?: (run: number) => void
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
  const { subject, beside = [] } = options
  const attempts = new Attempts(subject)
  const worlds = [attempts, ...beside.map((iut) => new Attempts({ ...subject, iut }))]
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
    const drawn = drawnFrom(source, Math.min(worlds.length, options.runs - runs))
    const made = await madeAtOnce(worlds, drawn, permuter)
    for (const { plan, attempt } of made) {
      runs++
      const pair = coverage.take(attempt.trace)
      if (pair !== undefined) {
        grownAt = runs
        source.keep(plan, { pair, cost: attempt.trace.length })
      }
      const [seen] = attempt.wrong
      if (!seen || (!incidentOf(attempt.ending) && isKnown(seen, failures))) continue
      const finding = worlds.length === 1 ? seen : await foundAlone(attempt, attempts)
      if (isDoubtful(attempt, finding)) options.doubt?.(runs)
      if (!finding || isKnown(finding, failures)) continue
      const kind = kindOf(finding)
      failures.set(kind, 1)
      yield await caught(plan, { kind, finding, run: runs }, { attempts, permuter, options })
    }
  }
  return { runs, pairs: coverage.pairs, grownAt, failures }
}

function drawnFrom<Drawn extends Move>(source: PlanSource<Drawn>, count: number): readonly Plan<Drawn>[] {
  return Array.from({ length: count }, () => source.next())
}

/** Each plan in a world of its own, at once; in the order in which they were drawn. */
function madeAtOnce<Drawn extends Move>(
  worlds: readonly Attempts[],
  plans: readonly Plan<Drawn>[],
  permuter: Permuter<Drawn>,
): Promise<readonly { readonly plan: Plan<Drawn>; readonly attempt: Attempt }[]> {
  const made = worlds.slice(0, plans.length).map(async (attempts, i) => {
    const plan = plans[i]
    if (!plan) throw new RangeError('more worlds than plans')
    return { plan, attempt: await attempts.make(permuter.permute(plan)) }
  })
  return Promise.all(made)
}

/** Whether it is a failure of a kind that was seen before; then it is counted. */
function isKnown(finding: Finding, failures: Map<string, number>): boolean {
  const kind = kindOf(finding)
  const known = failures.get(kind)
  if (known !== undefined) failures.set(kind, known + 1)
  return known !== undefined
}

/** What is wrong in a run when it is made again in a fresh process, with no other beside it. */
async function foundAlone({ permutation }: Attempt, attempts: Attempts): Promise<Finding | undefined> {
  await attempts.renew()
  const { wrong } = await attempts.make(permutation)
  return wrong[0]
}

/** Something failed beside other runs and nothing does alone, nor in any of those that the failure of the process cut short. */
function isDoubtful({ ending }: Attempt, finding: Finding | undefined): boolean {
  return incidentOf(ending)?.playedAlone(finding !== undefined) ?? finding === undefined
}

/** In shrinking, so many records of a trace weigh as much as a run. */
const recordsOfRun = 200

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
    const { wrong, trace } = await attempts.make(permutation)
    bound.runs -= trace.length / recordsOfRun
    return wrong.some((each) => kindOf(each) === kind)
  }
  const smallPlan = await shrinkPlan(plan, (tried) => fails(permuter.permute(tried)), bound)
  const permutation = await shrinkPermutation(permuter.permute(smallPlan), fails, bound)
  const believed = await believe(attempts, permutation, kind)
  return { kind, run, permutation, finding: believed.finding ?? finding, ...believed.rest }
}
