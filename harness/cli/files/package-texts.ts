// The texts of the package that are read as they stand.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceText } from '../../plan/yaml/source.ts'
import { packageRoot } from './package.ts'
import { readText, yamlPathsBelow } from './yaml-files.ts'

/** The YAML files below a folder of the package that can be read, in order, and what is said of those that cannot. */
interface TextsBelow {
  readonly texts: readonly SourceText[]
  readonly problems: readonly string[]
}

/** Texts go by their paths in the package. */
export function textsBelow(folder: string): TextsBelow {
  const read = yamlPathsBelow(join(packageRoot, folder)).map((path) => readText(join(folder, path), packageRoot))
  return {
    texts: read.flatMap((each) => ('text' in each ? [each] : [])),
    problems: read.flatMap((each) => ('problem' in each ? [each.problem] : [])),
  }
}

/** A file of the package, by its path there. */
export function textAt(file: string): SourceText {
  return { file, text: readFileSync(join(packageRoot, file), 'utf8') }
}
