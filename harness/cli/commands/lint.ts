// viaduct lint: every error of every file, with its place and what to do.
import { readFileSync } from 'node:fs'
import type { SourceText } from '../../plan/source.ts'
import { exitCodes } from '../exit-codes.ts'
import { openProject } from '../project.ts'
import { complain, say } from '../terminal.ts'

export function lint(files: readonly string[]): number {
  const read = files.map(readSource)
  const missing = read.flatMap((each) => ('problem' in each ? [each.problem] : []))
  for (const problem of missing) complain(problem)
  if (missing.length > 0) return exitCodes.usage
  const texts = read.flatMap((each) => ('text' in each ? [each] : []))
  const project = openProject(texts.length > 0 ? texts : undefined)
  if (!project) return exitCodes.usage
  say(`${project.suiteFiles} files, ${project.cases.length} cases: nothing to complain about`)
  return exitCodes.ok
}

function readSource(file: string): SourceText | { readonly problem: string } {
  try {
    return { file, text: readFileSync(file, 'utf8') }
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}` }
  }
}
