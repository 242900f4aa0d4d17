// Runs permutations one after the other, races in every order, and turns each into a row of the result document.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Instant } from '../../spec/vocabulary/units.ts'
import { incidentOf, type RunEnding } from '../judge/ending.ts'
import { failureDetail, type FailureInput } from '../judge/failure-detail.ts'
import { judgeRun, type Judgement } from '../judge/judge.ts'
import type { Monitor } from '../judge/monitors/monitor.ts'
import { foundVerdict, judgementOfOrders, mergeProofs } from '../judge/orders.ts'
import type { ProofSeen } from '../judge/proofs.ts'
import type { Permutation } from '../plan/case.ts'
import { wireOf, type RecordLayout, type WireLayouts } from '../plan/layout.ts'
import type { CaseResult } from '../result/report.ts'
import { Trace } from '../result/trace.ts'
import { ranVerdicts } from '../result/verdict.ts'
import type { Adapter } from '../subject/adapter.ts'
import type { Incident } from '../subject/incident.ts'
import type { Pics } from '../subject/pics.ts'
import { runBelievably, type Ended, type Run } from './believing.ts'
import { explorationOf, inOneOrder, isExplored, orderAsked } from './explorations.ts'
import { variantsOf } from './explored-rule.ts'
import { Hangs, type HangsOfRun } from './hangs.ts'
import { play, readingOf, type Played, type PlayOptions } from './play.ts'
import type { Draw, RecordedSchedule } from './schedule.ts'
import { callWithinMax } from './steps.ts'
import { drawDelays } from './timings.ts'
import { Worlds } from './worlds.ts'

export interface RunOptions {
  readonly iut: Adapter
  readonly reference: Adapter
  readonly layouts: WireLayouts
  readonly descriptor: RecordLayout
  /** Microseconds of a monotonic clock. */
  readonly stopwatch: () => number
  /** Rows without digests and without what explains a failure. */
  readonly brief: boolean
  /** Lets signals and timers of the process through; awaited between permutations. */
  readonly breathe: () => Promise<void>
  /** True: the permutations that are left become skipped. */
  readonly interrupted: () => boolean
  /** The command that runs just this permutation again, in one order if choices are given. */
  readonly repeat: (permutation: Permutation, choices: readonly number[] | undefined) => string
  /** What every run is held against; all monitors unless given. */
  readonly monitors?: readonly Monitor[]
  /** Runs races in this one order only. */
  readonly choices?: readonly number[]
  /** Told, in words, where that order does not fit the case, and what was taken instead. */
  readonly onMisfit?: (words: string) => void
  /** True: this run of many says enough of its case, and no others are made. */
  readonly isEnough?: (judgement: Judgement) => boolean
  /** Failures are believed without being run again: for measurements only. */
  readonly believesAtOnce?: boolean
  /** Counts what hung in all that plays permutations of the same run; of this session alone unless given. */
  readonly hangs?: HangsOfRun
  /** Shown the trace of every run, before it is judged. */
  readonly onTrace?: OnTrace
}

/** How a run came to an end, and at which instant of its time. */
export interface RunEnd {
  readonly ending: RunEnding
  readonly at: Instant
}

export type OnTrace = (permutation: Permutation, trace: Trace, end: RunEnd) => void

/** One order of a permutation, judged, with what a row keeps of its trace. */
interface Tried {
  readonly judgement: Judgement
  readonly choices: readonly number[]
  readonly digest: string
  readonly virtualNanoseconds: number
  readonly failure: CaseResult['failure']
  /** The adapter did not answer in real time. */
  readonly hung: boolean
  /** Present if it may be another world of the process that failed: then this says nothing. */
  readonly incident: Incident | undefined
}

/** A row for every permutation, in order. */
export async function* runPermutations(
  permutations: Iterable<Permutation>,
  options: RunOptions,
): AsyncGenerator<CaseResult> {
  const worlds = new Worlds({ iut: options.iut, reference: options.reference })
  const hangs = new Hangs(options.hangs)
  for (const permutation of permutations) {
    await options.breathe()
    if (permutation.notApplicable !== undefined)
      yield unrun(permutation, options, 'not-applicable', permutation.notApplicable)
    else if (options.interrupted()) yield cutShort(permutation, options)
    else if (hangs.enough !== undefined) yield unrun(permutation, options, 'skipped', hangs.enough)
    else {
      const run: Run = async (choices) => {
        // Meanwhile others may have hung often enough.
        if (hangs.enough !== undefined) return notRun(unrun(permutation, options, 'skipped', hangs.enough))
        return runOne(permutation, worlds, choices ? { ...options, choices } : options)
      }
      const { row, hung } = await runBelievably(options.iut, run, options.believesAtOnce === true)
      if (row.verdict !== 'skipped') hangs.note(hung)
      yield row
    }
  }
}

async function runOne(permutation: Permutation, worlds: Worlds, options: RunOptions): Promise<Ended> {
  const start = options.stopwatch()
  const runs = await (isExplored(permutation) ? explore : once)(permutation, worlds, options)
  if (!runs) return notRun(cutShort(permutation, options))
  const { worst, exploration } = runs
  const { verdict, blame, reason, outcome, findings, proves } = worst.judgement
  const row: CaseResult = {
    verdict,
    blame,
    reason,
    ...(findings.some(({ lostTo }) => lostTo === 'clock') ? { lostTo: 'clock' } : {}),
    ...(outcome ? { outcome } : {}),
    findings,
    proves,
    ...(exploration ? { exploration } : {}),
    virtualNanoseconds: worst.virtualNanoseconds,
    realMicroseconds: Math.round(options.stopwatch() - start),
    traceDigest: worst.digest,
    repeat: options.repeat(permutation, exploration && verdict !== 'pass' ? worst.choices : undefined),
    // A single run of several may prove too little while all of them together pass.
    ...(worst.failure && verdict !== 'pass' ? { failure: worst.failure } : {}),
    ...facts(permutation),
  }
  const { choices, hung, incident } = worst
  return { row, choices, hung, incident }
}

/** The runs that a row stands for. */
interface Runs {
  readonly worst: Tried
  readonly exploration?: NonNullable<CaseResult['exploration']>
}

async function once(permutation: Permutation, worlds: Worlds, options: RunOptions): Promise<Runs> {
  const played = await playOnce(permutation, worlds, options)
  const evidence = evidenceOf(permutation, played, { options, orders: 1 })
  return { worst: kept(evidence, judgedBy(evidence, options), { choices: [], brief: options.brief }) }
}

/**
 * Runs a case again and again, as its exploration says, until one run says enough; undefined if that was interrupted before
 * anything was wrong.
 */
async function explore(planned: Permutation, worlds: Worlds, options: RunOptions): Promise<Runs | undefined> {
  const { pics } = options.iut
  const asked = orderAsked(planned, pics, options)
  const permutation = asked ? inOneOrder(planned) : planned
  const variants = await variantsOf(permutation, async (unhurt, rule) => {
    let played = await playOnce(unhurt, worlds, options)
    while (incidentOf(played.ending)) played = await playOnce(unhurt, worlds, options)
    return played.world?.fabric.matchedBy(rule) ?? 0
  })
  const draw = drawnBy(permutation.seed)
  const exploration = explorationOf(permutation, { clock: pics.clock, asked, count: variants.count, draw })
  const outcomes = new Map<string, number>()
  let proves: readonly ProofSeen[] = []
  let worst: Tried | undefined
  for (const schedule of exploration.schedules()) {
    await options.breathe()
    if (options.interrupted()) {
      if (!worst || foundVerdict(worst.judgement) === 'pass') return undefined
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
    const name = judgement.outcome?.name ?? judgement.verdict
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
    proves = mergeProofs(proves, judgement.proves)
    // Each further order would be waited for as long, or all orders are run anew.
    const isLast =
      options.isEnough?.(judgement) === true || played.ending.kind === 'hang' || incidentOf(played.ending) !== undefined
    if (!worst || isLast || isWorse(judgement, worst.judgement))
      worst = kept(evidence, judgement, { choices: schedule.choices, brief: options.brief })
    if (isLast) break
  }
  if (!worst) throw new Error('an exploration needs at least one run')
  const { of, orders, bound, exhausted } = exploration.summary()
  const counts = [...outcomes].map(([name, count]) => ({ name, count }))
  return {
    worst: { ...worst, judgement: judgementOfOrders(worst.judgement, proves) },
    exploration: { of, orders, bound, exhausted, outcomes: counts },
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
  const { layouts, stopwatch, iut } = options
  const layout = wireOf(layouts, permutation.interface)
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
  const layout = wireOf(options.layouts, permutation.interface)
  const virtualNanoseconds = world?.now ?? 0
  if (world) options.onTrace?.(permutation, trace, { ending, at: virtualNanoseconds })
  const known = { descriptor, pics: options.iut.pics, ...readingOf(permutation, layout) }
  return { permutation, trace, ending, orders, virtualNanoseconds, ...known }
}

function judgedBy(evidence: Evidence, { monitors }: RunOptions): Judgement {
  return judgeRun({ ...evidence, ...(monitors ? { monitors } : {}) })
}

/** What is worth keeping of a run before the next one overwrites its trace. */
function kept(
  evidence: Evidence,
  judgement: Judgement,
  { choices, brief }: { choices: readonly number[]; brief: boolean },
): Tried {
  const schedule = choices.length > 0 ? { schedule: choices } : {}
  const isExplained = !brief && judgement.verdict !== 'pass'
  return {
    judgement,
    choices,
    digest: brief ? '' : evidence.trace.digest(),
    virtualNanoseconds: evidence.virtualNanoseconds,
    failure: isExplained ? failureDetail({ ...evidence, ...schedule }) : undefined,
    hung: evidence.ending.kind === 'hang',
    incident: incidentOf(evidence.ending),
  }
}

/** What a row says of its permutation, however it ended. */
function facts(
  permutation: Permutation,
): Pick<CaseResult, 'name' | 'suite' | 'case' | 'title' | 'interface' | 'class' | 'axes' | 'roles' | 'seed'> {
  const { name, suite, case: declared, title, interface: over, class: level, axes, roles, seed } = permutation
  return { name, suite, case: declared, title, interface: over, class: level, axes, roles, seed }
}

function notRun(row: CaseResult): Ended {
  return { row, choices: [], hung: false, incident: undefined }
}

/** The row of a permutation that was not run. */
function cutShort(permutation: Permutation, options: RunOptions): CaseResult {
  return unrun(permutation, options, 'skipped', 'the run was interrupted')
}

function unrun(
  permutation: Permutation,
  options: RunOptions,
  verdict: 'not-applicable' | 'skipped',
  reason: string,
): CaseResult {
  return {
    verdict,
    blame: 'nobody',
    reason,
    ...(permutation.lostTo ? { lostTo: permutation.lostTo } : {}),
    findings: [],
    proves: [],
    virtualNanoseconds: 0,
    realMicroseconds: 0,
    traceDigest: '',
    repeat: options.repeat(permutation, undefined),
    ...facts(permutation),
  }
}
