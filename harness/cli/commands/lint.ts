// viaduct lint: every error of every file, with its place and what to do.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { counted } from '../../../spec/vocabulary/units.ts'
import type { SourceText } from '../../plan/yaml/source.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { openProject } from '../project/project.ts'
import { complain, say } from '../terminal/terminal.ts'
import { holdsYml, readText, yamlPathsBelow } from '../files/yaml-files.ts'

export function lint(files: readonly string[]): number {
  const read = files.flatMap(readAll)
  const problems = read.flatMap((each) => ('problem' in each ? [each.problem] : problemsOf(each)))
  for (const problem of problems) complain(problem)
  if (problems.length > 0) return exitCodes.usage
  const texts = read.flatMap((each) => ('text' in each ? [each] : []))
  const project = openProject(texts.length > 0 ? texts : undefined)
  if (!project) return exitCodes.usage
  say(`${counted(project.suiteFiles, 'file')}, ${counted(project.cases.length, 'case')}: nothing to complain about`)
  return exitCodes.ok
}

/** A folder stands for the YAML files in it, of which there must be one: no file at all would mean those of the project. */
function readAll(path: string): readonly ReturnType<typeof readText>[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [readText(path)]
  const paths = yamlPathsBelow(path)
  if (paths.length > 0) return paths.map((each) => readText(join(path, each)))
  const hint = holdsYml(path) ? '; those that end in .yml can be named one by one, or renamed' : ''
  return [{ problem: `There is no .yaml file in ${path}${hint}` }]
}

/** Fixtures mean something only where suites use them. */
function problemsOf({ file, text }: SourceText): readonly string[] {
  if (!/^fixtures:/m.test(text)) return []
  return [`${file} holds fixtures, not cases: viaduct lint without files reads them, with all suites.`]
}
