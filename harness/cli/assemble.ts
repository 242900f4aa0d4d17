// Puts the rows of a run together into the result document.
import { exitOf } from '../gate/exit.ts'
import { judgeClasses, judgeRequirements } from '../judge/requirements.ts'
import type { ConformanceClass } from '../plan/requirement.ts'
import { reportVersion, type CaseResult, type Report, type ReportedPics, type RunFacts } from '../result/report.ts'
import type { Verdict } from '../result/verdict.ts'
import type { Adapter } from '../subject/adapter.ts'
import type { Pics } from '../subject/pics.ts'
import { harnessIdentity } from './identity.ts'
import type { Project } from './project.ts'
import { strongRequirements, type Strength } from './strength.ts'

export interface RunRecord {
  readonly project: Project
  readonly adapter: Adapter
  readonly run: RunFacts
  readonly cases: readonly CaseResult[]
  readonly strength: Strength
}

export function assembleReport(record: RunRecord): Report {
  const { project, adapter, run, cases } = record
  const requirements = judgeRequirements({
    catalogue: project.catalogue,
    declared: project.declared,
    results: cases,
    pics: adapter.pics,
    selection: run.selection.length > 0,
    strong: strongRequirements(record.strength),
  })
  const judged = { run, cases, requirements, totals: totalsOf(cases) }
  return {
    format: 'viaduct-report',
    version: reportVersion,
    harness: harnessIdentity,
    suites: {
      digest: project.digest,
      files: project.suiteFiles,
      cases: project.cases.length,
      permutations: cases.length,
    },
    strength: {
      mutants: Object.keys(record.strength.mutants).length,
      killed: Object.values(record.strength.mutants).filter((through) => through.length > 0).length,
      floor: record.strength.floor,
    },
    implementation: { ...adapter.identity, adapter: adapter.name },
    pics: reportedPics(adapter.pics),
    ...judged,
    classes: judgeClasses({
      catalogue: { ...project.catalogue, classes: offeredClasses(project, adapter.pics) },
      requirements,
      interfaces: adapter.pics.interfaces,
      selection: run.selection.length > 0,
    }),
    exit: exitOf(judged),
  }
}

/** Classes of the interfaces that the implementation offers: of others there is nothing to say. */
function offeredClasses({ catalogue }: Project, { interfaces }: Pics): readonly ConformanceClass[] {
  return catalogue.classes.filter((each) => interfaces.includes(each.interface))
}

function totalsOf(cases: readonly CaseResult[]): Record<Verdict, number> {
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

function reportedPics(pics: Pics): ReportedPics {
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
