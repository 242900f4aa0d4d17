// The project's own files: requirements, layouts, suites. The only place that knows where they stand.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mutantNames } from '../../adapters/mutants/catalogue.ts'
import { parseCatalogue } from '../plan/catalogue.ts'
import { formatDiagnostic } from '../plan/code-frame.ts'
import type { Diagnostic } from '../plan/diagnostic.ts'
import type { RecordLayout, WireLayout } from '../plan/layout.ts'
import { parseRecordLayout, parseWireLayout } from '../plan/parse-layout.ts'
import type { Catalogue } from '../plan/requirement.ts'
import type { SourceText } from '../plan/source.ts'
import { parseSuites, type SuiteCase } from '../plan/suites.ts'
import { complain } from './terminal.ts'

/** The package's folder, whether run from a clone or installed. */
export const packageRoot = fileURLToPath(new URL('../../..', import.meta.url))

export interface Project {
  readonly catalogue: Catalogue
  readonly cases: readonly SuiteCase[]
  readonly layout: WireLayout
  readonly descriptor: RecordLayout
  readonly suiteFiles: number
  /** Digest of everything that decides verdicts: requirements, layouts and suites. */
  readonly digest: string
}

export interface LoadedProject {
  readonly project: Project
  readonly diagnostics: readonly Diagnostic[]
  readonly texts: ReadonlyMap<string, string>
}

function textsBelow(folder: string): SourceText[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => join(folder, name))
    .map((file) => ({ file, text: readFileSync(join(packageRoot, file), 'utf8') }))
}

/** Reads everything. `suites` replaces the project's own suite files with others, as `lint FILES` does. */
export function loadProject(suites?: readonly SourceText[]): LoadedProject {
  const requirementFiles = textsBelow('spec/requirements')
  const classes = textsBelow('spec/pics')
  const layouts = textsBelow('spec/layouts')
  const suiteFiles = suites ?? textsBelow('suites')
  const named = (list: readonly SourceText[], name: string): SourceText => {
    const found = list.find(({ file }) => file.endsWith(name))
    if (!found) throw new Error(`the package lacks ${name}`)
    return found
  }
  const read = parseCatalogue(requirementFiles, named(classes, 'classes.yaml'), named(classes, 'emp.yaml'))
  const wire = parseWireLayout(named(layouts, 'emp-frame.yaml'))
  const record = parseRecordLayout(named(layouts, 'emp-descriptor.yaml'))
  const parsed = parseSuites(suiteFiles, {
    catalogue: read.catalogue,
    mutants: mutantNames,
    options: read.options,
    keys: read.keys,
  })
  const all = [...requirementFiles, ...classes, ...layouts, ...suiteFiles]
  const hash = createHash('sha256')
  for (const { file, text } of all) hash.update(`${relative('.', file)}\n${text}\n`)
  return {
    project: {
      catalogue: read.catalogue,
      cases: parsed.cases,
      layout: wire.layout,
      descriptor: record.layout,
      suiteFiles: suiteFiles.length,
      digest: hash.digest('hex').slice(0, 16),
    },
    diagnostics: [...read.diagnostics, ...wire.diagnostics, ...record.diagnostics, ...parsed.diagnostics],
    texts: new Map(all.map(({ file, text }) => [file, text])),
  }
}

/** Prints what is wrong with the files; true if anything is. */
export function reportDiagnostics({ diagnostics, texts }: LoadedProject): boolean {
  for (const diagnostic of diagnostics)
    complain(`${formatDiagnostic(diagnostic, texts.get(diagnostic.position.file) ?? '')}\n`)
  if (diagnostics.length > 0) complain(`${diagnostics.length} ${diagnostics.length === 1 ? 'error' : 'errors'}`)
  return diagnostics.length > 0
}
