// viaduct lint: every error of every file, with its place and what to do.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { counted } from '../../../spec/vocabulary/units.ts'
import type { SourceText } from '../../plan/source.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { openProject } from '../project.ts'
import { complain, say } from '../terminal.ts'

export function lint(files: readonly string[]): number {
  const read = files.flatMap(filesOf).map(readSource)
  const problems = read.flatMap((each) => ('problem' in each ? [each.problem] : problemsOf(each)))
  for (const problem of problems) complain(problem)
  if (problems.length > 0) return exitCodes.usage
  const texts = read.flatMap((each) => ('text' in each ? [each] : []))
  const project = openProject(texts.length > 0 ? texts : undefined)
  if (!project) return exitCodes.usage
  say(`${counted(project.suiteFiles, 'file')}, ${counted(project.cases.length, 'case')}: nothing to complain about`)
  return exitCodes.ok
}

/** A folder stands for the YAML files in it. */
function filesOf(path: string): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path]
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.yaml')).map((name) => join(path, name))
}

/** Fixtures mean something only where suites use them. */
function problemsOf({ file, text }: SourceText): readonly string[] {
  if (!/^fixtures:/m.test(text)) return []
  return [`${file} holds fixtures, not cases: viaduct lint without files reads them, with all suites.`]
}

function readSource(file: string): SourceText | { readonly problem: string } {
  try {
    return { file, text: readFileSync(file, 'utf8') }
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}` }
  }
}
