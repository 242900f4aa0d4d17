// The texts of the package that are read as they stand.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceText } from '../plan/source.ts'
import { packageRoot } from './package.ts'

/** The YAML files below a folder of the package, by their paths there, in order. */
export function textsBelow(folder: string): SourceText[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => textAt(join(folder, name)))
}

/** A file of the package, by its path there. */
export function textAt(file: string): SourceText {
  return { file, text: readFileSync(join(packageRoot, file), 'utf8') }
}
