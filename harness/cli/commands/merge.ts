// viaduct merge: one report of the parts of a run that several machines have shared.
import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { exitCodes } from '../../gate/exit-codes.ts'
import { harnessIdentity } from '../files/package.ts'
import { differencesAmong, foreignParts } from '../merge/identity.ts'
import { mergedReport } from '../merge/merged.ts'
import { patternsOf, readPart, type Part } from '../merge/part.ts'
import { reportedStrength, strengthOf } from '../mutants/strength.ts'
import { suitesAt, wordsIn } from '../project/given-suites.ts'
import { openProject } from '../project/project.ts'
import { orRefuse, Refusal, refuseIf } from '../refusal.ts'
import { ReportFolder, reportDocument } from '../report/report-files.ts'
import { sealed } from '../terminal/last-words.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { printSummary } from '../terminal/summary.ts'

/** The flags of `merge`, as commander reads them. */
export interface MergeFlags {
  readonly report: string
}

/** As a whole run ends; 3 where the parts are not one. */
export function merge(paths: readonly [string, ...string[]], flags: MergeFlags): number {
  const [first, ...others] = paths
  const parts = [readPart(first), ...others.map(readPart)] as const
  refuseIf(whyInTheWay(parts, flags))
  const { paths: suitePaths } = wordsIn(patternsOf(parts[0]))
  const project = openProject(suitesAt(suitePaths))
  if (!project) return exitCodes.usage
  const strength = strengthOf(suitePaths)
  const own = { harness: harnessIdentity, digest: project.digest, strength: reportedStrength(strength) }
  refuseAny(foreignParts(parts, own))
  refuseAny(differencesAmong(parts))
  const command = ['npx viaduct merge', ...paths.map(shellWord)].join(' ')
  const report = orRefuse(mergedReport({ project, strength }, parts, command))
  const folder = orRefuse(ReportFolder.open(flags.report))
  refuseIf(folder.begin())
  printSummary(report)
  return sealed(folder, report).code
}

function refuseAny(problems: readonly string[]): void {
  if (problems.length > 0) throw new Refusal(problems.join('\n'))
}

/** A report that is written into the folder of a part would take its place. */
function whyInTheWay(parts: readonly Part[], { report }: MergeFlags): string | undefined {
  const inTheWay = parts.find(({ path }) => folderOf(path) === realOf(report))
  return (
    inTheWay && `${inTheWay.path} is a part, and the report would take its place. Name another folder with --report.`
  )
}

function folderOf(path: string): string {
  const real = realOf(path)
  return real.endsWith(reportDocument) ? dirname(real) : real
}

/** A folder that is not there yet is in nobody's way. */
function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}
