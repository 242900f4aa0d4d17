// Puts the rows of a run together into the result document.
import { dayOf, heldAgainst, type KnownFailure, type Shown } from '../../gate/baseline.ts'
import { exitOf } from '../../gate/exit.ts'
import { termsOf, toleratedRows } from '../../gate/policy.ts'
import { excusedRows, waiversOn, waiverStandings, type GivenWaiver } from '../../gate/waivers.ts'
import { judgeConformance, type Conformance } from '../../judge/requirements/conformance.ts'
import { measureProfiles } from '../../judge/requirements/measured.ts'
import {
  reportVersion,
  type AnswerCount,
  type PermutationResult,
  type FuzzFacts,
  type GateFacts,
  type GatePolicy,
  type Report,
  type ReportedPics,
  type RunFacts,
} from '../../result/report.ts'
import type { Verdict } from '../../result/verdict.ts'
import type { Adapter } from '../../subject/adapter.ts'
import type { Pics } from '../../subject/pics.ts'
import { harnessIdentity } from '../files/package.ts'
import { withFewerRows } from './fewer-rows.ts'
import type { Project } from '../project/project.ts'
import { reportedStrength, strongRequirements, type Strength } from '../mutants/strength.ts'

export interface RunRecord {
  /** What of the project concerns the implementation. */
  readonly project: Project
  readonly adapter: Pick<Adapter, 'name' | 'identity' | 'pics'>
  readonly run: RunFacts
  /** How many permutations there would have been without a selection. */
  readonly permutations: number
  readonly cases: readonly PermutationResult[]
  readonly strength: Strength
  /** What was answered, if declared cases were run. */
  readonly answers?: readonly AnswerCount[]
  /** What the run is held against, if a baseline was given. */
  readonly baseline?: GivenBaseline
  /** What the build asks of the run, if a gate was given. */
  readonly gate?: GivenGate
  /** What was searched, if the rows come from that. */
  readonly fuzz?: readonly FuzzFacts[]
}

export interface GivenBaseline {
  readonly entries: readonly KnownFailure[]
  /** The full names of all permutations, whatever was selected. */
  readonly names: readonly string[]
}

export interface GivenGate {
  readonly waivers: readonly GivenWaiver[]
  readonly policy: GatePolicy
}

export function assembleReport(record: RunRecord): Report {
  const { project, adapter, run } = record
  const held = record.baseline && heldAgainst(record.baseline.entries, shownBy(record, record.baseline))
  const rows = held?.rows ?? record.cases
  const conformance = conformanceOf(record, rows)
  const { requirements, classes } = conformance
  // What a search finds is told, whoever reads it otherwise.
  const cases = withFewerRows(record.fuzz ? record.cases : acceptedRows(rows, requirements, record.gate))
  const totals = totalsOf(cases)
  const judged = {
    run,
    cases,
    requirements,
    totals,
    lost: { wire: lostTo(cases, 'wire'), clock: lostTo(cases, 'clock') },
    ...(record.answers && record.answers.length > 0 ? { answers: record.answers } : {}),
    ...(held ? { baseline: held.facts } : {}),
    ...(record.gate ? { gate: gateFacts(record.gate, record, { conformance, cases, totals }) } : {}),
    ...(record.fuzz ? { fuzz: record.fuzz } : {}),
  }
  return {
    format: 'viaduct-report',
    version: reportVersion,
    harness: harnessIdentity,
    suites: {
      digest: project.digest,
      files: project.suiteFiles,
      cases: project.cases.length,
      permutations: record.permutations,
    },
    strength: reportedStrength(record.strength),
    implementation: { ...adapter.identity, adapter: adapter.name },
    pics: reportedPics(adapter.pics),
    ...judged,
    profiles: measureProfiles(project.profiles, project.catalogue, adapter.pics),
    classes,
    exit: exitOf(judged),
  }
}

function conformanceOf(record: RunRecord, results: readonly PermutationResult[]): Conformance {
  const { project, adapter, run, gate, fuzz, strength } = record
  return judgeConformance({
    catalogue: project.catalogue,
    declared: project.declared,
    results,
    pics: adapter.pics,
    interfaces: adapter.pics.interfaces,
    selection: run.selection.length > 0,
    part: run.shard !== undefined,
    searched: fuzz !== undefined,
    strong: strongRequirements(strength),
    waivers: waiversOn(dayOf(run), gate?.waivers ?? []),
    warningsAllowed: gate?.policy.warnings === 'allowed',
  })
}

/** The rows, with what the gate or a dispute excuses of those that did not pass. */
function acceptedRows(
  rows: readonly PermutationResult[],
  requirements: Report['requirements'],
  gate: GivenGate | undefined,
): readonly PermutationResult[] {
  return toleratedRows(excusedRows(rows, requirements, gate?.policy), gate?.policy ?? {})
}

interface HeldAgainstGate extends Pick<Report, 'cases' | 'totals'> {
  readonly conformance: Conformance
}

function gateFacts({ waivers, policy }: GivenGate, { run }: RunRecord, held: HeldAgainstGate): GateFacts {
  const { conformance, cases, totals } = held
  const { requirements, classes, unexcused } = conformance
  const selection = run.selection.length > 0
  const isPartial = selection || totals.skipped > 0
  return {
    waivers: waiverStandings(waivers, { today: dayOf(run), requirements: unexcused, selection }),
    policy,
    terms: termsOf(policy, { cases, classes, requirements, totals, isPartial }),
  }
}

function shownBy({ cases, run }: RunRecord, { names }: GivenBaseline): Shown {
  return { rows: cases, names, today: dayOf(run) }
}

function lostTo(cases: readonly PermutationResult[], what: 'wire' | 'clock'): number {
  return cases.filter((row) => row.lostTo === what).length
}

function totalsOf(cases: readonly PermutationResult[]): Record<Verdict, number> {
  const totals: Partial<Record<Verdict, number>> = {}
  for (const { verdict } of cases) totals[verdict] = (totals[verdict] ?? 0) + 1
  const of = (verdict: Verdict): number => totals[verdict] ?? 0
  return {
    pass: of('pass'),
    inconclusive: of('inconclusive'),
    fail: of('fail'),
    timeout: of('timeout'),
    crash: of('crash'),
    error: of('error'),
    'not-applicable': of('not-applicable'),
    skipped: of('skipped'),
  }
}

export function reportedPics(pics: Pics): ReportedPics {
  return {
    interfaces: pics.interfaces,
    clock: pics.clock,
    wire: pics.wire,
    ...(pics.profile === undefined ? {} : { profile: pics.profile }),
    options: pics.options,
    values: Object.fromEntries(
      Object.entries(pics.values).map(([key, { value, settable }]) => [key, { value, ...settable }]),
    ),
  }
}
