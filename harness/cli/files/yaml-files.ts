// Finds the YAML files below a folder, and reads a file or says why it cannot be read.
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { SourceText } from '../../plan/yaml/source.ts'
import { messageOf } from '../../subject/thrown.ts'

/** A file that is there, but cannot be read: why, in one line. */
interface Unreadable {
  readonly problem: string
}

/**
 * The paths of the YAML files below a folder, as seen from there, in order. What a dot begins is left out: editors and
 * systems keep things of their own there.
 */
export function yamlPathsBelow(folder: string): readonly string[] {
  return pathsBelow(folder)
    .filter((path) => path.endsWith('.yaml'))
    .toSorted()
}

/** Whether there are YAML files below the folder with the ending that is not looked for. */
export function holdsYml(folder: string): boolean {
  return pathsBelow(folder).some((path) => path.endsWith('.yml'))
}

function pathsBelow(folder: string): readonly string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return paths.filter((path) => !path.split(sep).some((part) => part.startsWith('.')))
}

/** The text of a file, which goes by the name `file` and stands below `folder`. */
export function readText(file: string, folder = ''): SourceText | Unreadable {
  try {
    return { file, text: readFileSync(join(folder, file), 'utf8') }
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${messageOf(thrown)}` }
  }
}
