// The runs that a row stands for, one or many: each is played and judged, and the worst is kept.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { incidentOf, type RunEnding } from '../judge/verdict/ending.ts'
import { failureDetail, type FailureInput } from '../judge/failure/failure-detail.ts'
import { judgeRun, type Judgement } from '../judge/judge.ts'
import { foundVerdict, judgementOfOrders, mergeProofs } from '../judge/verdict/orders.ts'
import type { ProofSeen } from '../judge/sightings/proofs.ts'
import type { Permutation } from '../plan/permutation.ts'
import type { FailureDetail, PermutationResult } from '../result/report.ts'
import { Trace } from '../result/trace.ts'
import { ranVerdicts } from '../result/verdict.ts'
import type { Incident } from '../subject/incident.ts'
import type { Pics } from '../subject/pics.ts'
import { explorationOf, inOneOrder, isExplored, orderAsked, type Summary } from './explorations.ts'
import { variantsOf } from './explored-rule.ts'
import { play, readingOf, type Played, type PlayOptions } from './play.ts'
import type { RunOptions } from './run-options.ts'
import type { Draw, RecordedSchedule } from './schedule.ts'
import { callWithinMax } from './steps.ts'
import { drawDelays } from './timings.ts'
import type { Worlds } from './worlds.ts'

/** One order of a permutation, judged, with what a row keeps of its trace. */
export interface Tried {
  readonly judgement: Judgement
  readonly choices: readonly number[]
  readonly digest: string
  readonly virtualNanoseconds: number
  readonly failure: PermutationResult['failure']
  /** The adapter did not answer in real time. */
  readonly hung: boolean
  /** Present if it may be another world of the process that failed: then this says nothing. */
  readonly incident: Incident | undefined
}

/** The runs that a row stands for. */
export interface Runs {
  readonly worst: Tried
  readonly exploration?: NonNullable<PermutationResult['exploration']>
}

/** Undefined if they were interrupted before anything was wrong. */
export function runsOf(permutation: Permutation, worlds: Worlds, options: RunOptions): Promise<Runs | undefined> {
  return (isExplored(permutation) ? explore : once)(permutation, worlds, options)
}

async function once(permutation: Permutation, worlds: Worlds, options: RunOptions): Promise<Runs> {
  const played = await playOnce(permutation, worlds, options)
  const evidence = evidenceOf(permutation, played, { options, orders: 1 })
  return { worst: await kept(evidence, judgedBy(evidence, options), { choices: [], stepping: unstepped, options }) }
}

/**
 * Runs a case again and again, as its exploration says, until one run says enough; undefined if that was interrupted before
 * anything was wrong.
 */
async function explore(planned: Permutation, worlds: Worlds, options: RunOptions): Promise<Runs | undefined> {
  const { process } = options
  const { pics } = options.iut
  const asked = orderAsked(planned, pics, options.order)
  const permutation = asked ? inOneOrder(planned) : planned
  const variants = await variantsOf(permutation, async (unhurt, rule) => {
    let played = await playOnce(unhurt, worlds, options)
    while (incidentOf(played.ending)) played = await playOnce(unhurt, worlds, options)
    return played.world?.fabric.matchedBy(rule) ?? 0
  })
  const draw = drawnBy(permutation.seed)
  const exploration = explorationOf(permutation, { clock: pics.clock, asked, count: variants.count, draw })
  const together = new Together()
  for (const schedule of exploration.schedules()) {
    await process.breathe()
    if (process.interrupted()) {
      if (!together.isWrong) return undefined
      break
    }
    const variant = variants.chosenBy(schedule)
    const stepping = permutation.explored ? unstepped : steppedBy(schedule, pics, draw)
    const played = await playOnce(variant, worlds, options, stepping)
    exploration.ran(schedule, played.world?.now ?? 0)
    // Where no frame was sent, none was the victim.
    const orders = Math.min(exploration.summary().orders, variants.count ?? Infinity)
    const evidence = evidenceOf(variant, played, { options, orders })
    const judgement = judgedBy(evidence, options)
    const isLast = options.isEnough?.(judgement) === true || endsAll(played.ending)
    if (together.take(judgement) || isLast)
      together.worst = await kept(evidence, judgement, { choices: schedule.choices, stepping, options })
    if (isLast) break
  }
  return together.runs(exploration.summary())
}

/** Each further order would be waited for as long, or all orders are run anew. */
function endsAll(ending: RunEnding): boolean {
  return ending.kind === 'hang' || incidentOf(ending) !== undefined
}

/** What the runs of one exploration came to, taken one by one. */
class Together {
  /** The worst of them, or the one after which there was no other. */
  worst: Tried | undefined
  private readonly outcomes = new Map<string, number>()
  private proves: readonly ProofSeen[] = []

  get isWrong(): boolean {
    return this.worst !== undefined && foundVerdict(this.worst.judgement) !== 'pass'
  }

  /** True if it is the worst so far. */
  take(judgement: Judgement): boolean {
    const name = judgement.outcome?.name ?? judgement.verdict
    this.outcomes.set(name, (this.outcomes.get(name) ?? 0) + 1)
    this.proves = mergeProofs(this.proves, judgement.proves)
    return !this.worst || isWorse(judgement, this.worst.judgement)
  }

  runs({ of, orders, bound, exhausted }: Summary): Runs {
    const { worst } = this
    if (!worst) throw new Error('an exploration needs at least one run')
    const outcomes = [...this.outcomes].map(([name, count]) => ({ name, count }))
    return {
      worst: { ...worst, judgement: judgementOfOrders(worst.judgement, this.proves) },
      exploration: { of, orders, bound, exhausted, outcomes },
    }
  }
}

/** What a run of a race has, and others have not: a schedule that chooses what goes next, and activities that it steps. */
type Stepping = Pick<PlayOptions, 'schedule' | 'stepped' | 'spread'>

const unstepped: Stepping = { schedule: undefined, stepped: false }

function steppedBy(schedule: RecordedSchedule, { options }: Pics, draw: Draw): Stepping {
  return { schedule, stepped: options['stepped'] === true, spread: (calls) => drawDelays(calls, draw) }
}

function playOnce(
  permutation: Permutation,
  worlds: Worlds,
  options: RunOptions,
  stepping = unstepped,
): Promise<Played> {
  const { layouts, iut } = options
  const { stopwatch } = options.process
  const layout = layouts[permutation.interface]
  const callWithin = iut.callWithin ?? callWithinMax
  return play(permutation, { worlds, layout, clock: () => stopwatch() * 1000, callWithin, ...stepping })
}

/** Draws the same numbers every time. */
function drawnBy(seed: number): Draw {
  const stream = xoroshiro128plus(seed | 0)
  return (alternatives) => (stream.next() >>> 0) % alternatives
}

function isWorse(one: Judgement, other: Judgement): boolean {
  return ranVerdicts.indexOf(foundVerdict(one)) > ranVerdicts.indexOf(foundVerdict(other))
}

/** A run as the judge takes it. It stands only until the next run, which overwrites the trace. */
type Evidence = FailureInput & { readonly virtualNanoseconds: number }

function evidenceOf(
  permutation: Permutation,
  { ending, world }: Played,
  { options, orders }: { options: RunOptions; orders: number },
): Evidence {
  const trace = world?.trace ?? new Trace()
  const { descriptor } = options
  const layout = options.layouts[permutation.interface]
  const virtualNanoseconds = world?.now ?? 0
  if (world) options.onTrace?.(permutation, trace, { ending, at: virtualNanoseconds })
  const known = { descriptor, pics: options.iut.pics, ...readingOf(permutation, layout) }
  return { permutation, trace, ending, orders, virtualNanoseconds, ...known }
}

function judgedBy(evidence: Evidence, { monitors }: RunOptions): Judgement {
  return judgeRun({ ...evidence, ...(monitors ? { monitors } : {}) })
}

/** What is worth keeping of a run before the next one overwrites its trace. */
async function kept(
  evidence: Evidence,
  judgement: Judgement,
  { choices, stepping, options }: { choices: readonly number[]; stepping: Stepping; options: RunOptions },
): Promise<Tried> {
  const isBrief = options.brief === true
  return {
    judgement,
    choices,
    digest: isBrief ? '' : evidence.trace.digest(),
    virtualNanoseconds: evidence.virtualNanoseconds,
    failure:
      isBrief || judgement.verdict === 'pass' ? undefined : await explained(evidence, { choices, stepping, options }),
    hung: evidence.ending.kind === 'hang',
    incident: incidentOf(evidence.ending),
  }
}

async function explained(
  evidence: Evidence,
  { choices, stepping, options }: { choices: readonly number[]; stepping: Stepping; options: RunOptions },
): Promise<FailureDetail> {
  const detail = failureDetail({ ...evidence, ...(choices.length > 0 ? { schedule: choices } : {}) })
  const race = stepping.schedule && { choices, stepped: stepping.stepped }
  const beside = await options.beside?.of({ ...evidence, race })
  return beside ? { ...detail, beside } : detail
}
