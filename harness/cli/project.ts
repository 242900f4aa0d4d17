// The project's own files: requirements, layouts, suites. The only place that knows where they stand.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { parseCatalogue } from '../plan/catalogue.ts'
import { formatDiagnostic } from '../plan/code-frame.ts'
import type { Diagnostic } from '../plan/diagnostic.ts'
import type { DeclaredCase } from '../plan/case.ts'
import { opaqueWire, type RecordLayout, type WireLayouts } from '../plan/layout.ts'
import { parseFixtures } from '../plan/fixtures.ts'
import { parseRecordLayout, parseWireLayout } from '../plan/parse-layout.ts'
import type { Catalogue } from '../plan/requirement.ts'
import type { SourceText } from '../plan/source.ts'
import { parseSuites, type SuiteCase } from '../plan/suites.ts'
import { packageRoot } from './package.ts'
import { complain } from './terminal.ts'

export interface Project {
  readonly catalogue: Catalogue
  readonly cases: readonly SuiteCase[]
  readonly declared: readonly DeclaredCase[]
  readonly layouts: WireLayouts
  readonly descriptor: RecordLayout
  readonly suiteFiles: number
  /** Digest of everything that decides verdicts: requirements, layouts and suites. */
  readonly digest: string
}

/** Steps that cases share. */
const fixtureFolder = join('suites', 'fixtures')

function textsBelow(folder: string): SourceText[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => textAt(join(folder, name)))
}

function textAt(file: string): SourceText {
  return { file, text: readFileSync(join(packageRoot, file), 'utf8') }
}

/**
 * Reads everything; undefined after saying on stderr what is wrong with the files. `suites` takes the place of the
 * project's own suite files, as `lint FILES` asks.
 */
export function openProject(suites?: readonly SourceText[]): Project | undefined {
  const requirementFiles = textsBelow('spec/requirements')
  const classFile = textAt('spec/pics/classes.yaml')
  const picsFiles = [textAt('spec/pics/emp.yaml'), textAt('spec/pics/via.yaml')]
  const wireFile = textAt('spec/layouts/emp-frame.yaml')
  const recordFile = textAt('spec/layouts/emp-descriptor.yaml')
  const viaRecordFile = textAt('spec/layouts/via-descriptor.yaml')
  const fixtureFiles = textsBelow(fixtureFolder)
  const suiteFiles = suites ?? textsBelow('suites').filter(({ file }) => !file.startsWith(fixtureFolder))

  const read = parseCatalogue(requirementFiles, classFile, picsFiles)
  const wire = parseWireLayout(wireFile)
  const record = parseRecordLayout(recordFile, 'descriptor')
  const viaRecord = parseRecordLayout(viaRecordFile, 'control segment')
  const { catalogue, options, keys } = read
  const fixed = parseFixtures(fixtureFiles)
  const context = { catalogue, options, keys, fixtures: fixed.fixtures, mutants: mutants.map(({ name }) => name) }
  const parsed = parseSuites(suiteFiles, context)

  const specFiles = [...requirementFiles, classFile, ...picsFiles, wireFile, recordFile, viaRecordFile]
  const texts = [...specFiles, ...fixtureFiles, ...suiteFiles]
  const trouble = [read, wire, record, viaRecord, fixed, parsed].flatMap(({ diagnostics }) => diagnostics)
  if (trouble.length > 0 || !wire.layout || !record.layout) {
    sayTrouble(trouble, texts)
    return undefined
  }
  return {
    catalogue,
    cases: parsed.cases,
    declared: parsed.cases.map(({ declared }) => declared),
    layouts: { emp: wire.layout, via: opaqueWire },
    descriptor: record.layout,
    suiteFiles: suiteFiles.length,
    digest: digestOf(texts),
  }
}

/** Everything that decides verdicts, whatever folder it was read from. */
function digestOf(texts: readonly SourceText[]): string {
  const hash = createHash('sha256')
  for (const { file, text } of texts) hash.update(`${file}\n${text}\n`)
  return hash.digest('hex').slice(0, 16)
}

function sayTrouble(trouble: readonly Diagnostic[], texts: readonly SourceText[]): void {
  for (const diagnostic of trouble) {
    const source = texts.find(({ file }) => file === diagnostic.position.file)
    complain(`${formatDiagnostic(diagnostic, source?.text ?? '')}\n`)
  }
  complain(`${trouble.length} ${trouble.length === 1 ? 'error' : 'errors'}`)
}

/** What of the project concerns an implementation that offers these interfaces. */
export function concerning(project: Project, interfaces: readonly string[]): Project {
  const offered = (each: { readonly interface: string }): boolean => interfaces.includes(each.interface)
  const { requirements, classes } = project.catalogue
  return {
    ...project,
    catalogue: { requirements: requirements.filter(offered), classes: classes.filter(offered) },
    cases: project.cases.filter(({ declared }) => offered(declared)),
    declared: project.declared.filter(offered),
  }
}
