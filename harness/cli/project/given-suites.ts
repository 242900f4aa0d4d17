// Suites of one's own: files and folders that are named on the command line take the place of the project's.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceText } from '../../plan/yaml/source.ts'
import { holdsYml, readText, yamlPathsBelow } from '../files/yaml-files.ts'
import { Refusal } from '../refusal.ts'
import { holdsFixtures } from './project.ts'

/** Whether a word names a file or a folder, and no case: it ends as YAML files do, or begins as paths do. */
export function isPath(word: string): boolean {
  return /\.ya?ml$/.test(word) || /^\.{0,2}\//.test(word) || word === '.' || word === '..'
}

/** Of the words that say what to run, those that name suites, and those that name cases. */
export function wordsIn(words: readonly string[]): {
  readonly paths: readonly string[]
  readonly names: readonly string[]
} {
  return { paths: words.filter(isPath), names: words.filter((word) => !isPath(word)) }
}

/**
 * The texts of suite files, and of all YAML files in folders, with the fixtures that lie beside them; undefined where no path is
 * given. Refuses, with all that is in the way, where there is nothing to read, or no suite among what there is.
 */
export function suitesAt(paths: readonly string[]): readonly SourceText[] | undefined {
  if (paths.length === 0) return undefined
  const read = paths.flatMap(readAll)
  const problems = read.flatMap((each) => ('problem' in each ? [each.problem] : []))
  if (problems.length > 0) throw new Refusal(problems.join('\n'))
  const texts = read.flatMap((each) => ('text' in each ? [each] : []))
  if (!texts.every(holdsFixtures)) return texts
  const files = texts.map(({ file }) => file).join(' and ')
  const holds = texts.length === 1 ? 'holds' : 'hold'
  throw new Refusal(`${files} ${holds} fixtures, not cases: name the suites that use them as well.`)
}

/** A folder stands for the YAML files in it, of which there must be one. */
function readAll(path: string): readonly ReturnType<typeof readText>[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [readText(path)]
  const paths = yamlPathsBelow(path)
  if (paths.length > 0) return paths.map((each) => readText(join(path, each)))
  const hint = holdsYml(path) ? '; those that end in .yml can be named one by one, or renamed' : ''
  return [{ problem: `There is no .yaml file in ${path}${hint}` }]
}
