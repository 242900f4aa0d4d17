// Makes the report of a whole run of parts that hold all of it.
import type { Permutation } from '../../plan/permutation.ts'
import { expand } from '../../plan/expand.ts'
import { select } from '../../plan/select.ts'
import type { AnswerCount, Report, RunFacts } from '../../result/report.ts'
import type { Pics } from '../../subject/pics.ts'
import type { Strength } from '../mutants/strength.ts'
import { wordsIn } from '../project/given-suites.ts'
import { concerning, type Project } from '../project/project.ts'
import { assembleReport } from '../report/assemble.ts'
import { givenPics, givenTerms, withoutKnown } from '../report/given.ts'
import { rowsOfAll } from './cover.ts'
import { patternsOf, type Part } from './part.ts'

interface Problem {
  readonly problem: string
}

/** The report of the run that all parts are of, which have one identity; or why they do not make one. `command` made it. */
export function mergedReport(
  { project, strength }: { readonly project: Project; readonly strength: Strength },
  [first, ...others]: readonly [Part, ...Part[]],
  command: string,
): Report | Problem {
  const parts = [first, ...others]
  const { implementation, pics: reported, suites } = first.report
  const pics = givenPics(reported)
  const concerned = concerning(project, pics.interfaces)
  const all = planOf(concerned, pics, first.report)
  if (!all)
    return { problem: `${first.path} speaks of ${suites.permutations} permutations, which these suites do not have.` }
  const selection = commonPatterns(parts)
  const selected = select(project.cases, wordsIn(selection).names)
  if ('problem' in selected) return selected
  const rows = rowsOfAll(
    all.filter(({ name }) => selected.matches(name)),
    parts,
  )
  if ('problem' in rows) return rows
  const { adapter, ...identity } = implementation
  const names = all.map(({ name }) => name)
  return assembleReport({
    project: concerned,
    adapter: { name: adapter, identity, pics },
    cases: rows.map(withoutKnown),
    answers: answersOf(parts),
    permutations: all.length,
    ...givenTerms(first.report, project, names),
    strength,
    run: runOf(parts, { first, selection, command }),
  })
}

/** All permutations of the suites, with the roles that the run has played: the unmodified reference plays no others beside itself. */
function planOf(project: Project, pics: Pics, { run, suites }: Report): readonly Permutation[] | undefined {
  const plans = [undefined, ['iut-iut']].map((roles) => expand(project.cases, pics, { roles, seed: run.seed }))
  return plans.find(({ length }) => length === suites.permutations)
}

/** What all of them select; where that differs, the whole is everything, of the suites that they are of. */
function commonPatterns([first, ...others]: readonly Part[]): readonly string[] {
  if (!first) return []
  const patterns = patternsOf(first)
  const isCommon = others.every((each) => JSON.stringify(patternsOf(each)) === JSON.stringify(patterns))
  return isCommon ? patterns : wordsIn(patterns).paths
}

/** The sum of what was counted; none where a part does not know it, since it was resumed. */
function answersOf(parts: readonly Part[]): readonly AnswerCount[] {
  if (parts.some(({ report }) => !report.answers)) return []
  const counts = new Map<string, number>()
  for (const { report } of parts)
    for (const each of report.answers ?? []) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + each.count)
  return (parts[0]?.report.answers ?? []).map((each) => ({ ...each, count: counts.get(keyOf(each)) ?? 0 }))
}

function keyOf({ interface: of, kind, of: call, name }: AnswerCount): string {
  return [of, kind, call, name].join(' ')
}

interface Merging {
  readonly first: Part
  readonly selection: readonly string[]
  readonly command: string
}

/** Its time is that of all machines together. */
function runOf(parts: readonly Part[], { first, selection, command }: Merging): RunFacts {
  const runs = parts.map(({ report }) => report.run)
  const [startedAt = first.report.run.startedAt] = runs.map((run) => run.startedAt).toSorted()
  const resumed = runs.reduce((sum, run) => sum + (run.resumed ?? 0), 0)
  const { seed, options, environment } = first.report.run
  const common = Object.entries(environment).filter(([name, value]) =>
    runs.every((run) => run.environment[name] === value),
  )
  return {
    seed,
    selection,
    ...(options ? { options } : {}),
    parts: parts.map(({ report: { run, cases } }) => ({
      command: run.command,
      permutations: cases.length,
      startedAt: run.startedAt,
      realMilliseconds: run.realMilliseconds,
      environment: run.environment,
    })),
    command,
    interrupted: false,
    ...(resumed > 0 ? { resumed } : {}),
    startedAt,
    realMilliseconds: runs.reduce((sum, run) => sum + run.realMilliseconds, 0),
    environment: Object.fromEntries(common),
  }
}
