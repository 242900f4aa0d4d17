// The project's own files: requirements, layouts, suites. The only place that knows where they stand.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { mutants } from '../../../adapters/mutants/catalogue.ts'
import { parseCatalogue } from '../../plan/specification/catalogue.ts'
import { formatDiagnostic } from '../../plan/yaml/code-frame.ts'
import type { Diagnostic } from '../../plan/yaml/diagnostic.ts'
import { opaqueWire, type RecordLayout, type WireLayouts } from '../../plan/layout.ts'
import { parseFixtures } from '../../plan/read/fixtures.ts'
import { Findings, inFileOrder } from '../../plan/yaml/findings.ts'
import { parseRecordLayout, parseWireLayout } from '../../plan/specification/parse-layout.ts'
import { readProfiles, type Profile } from '../../plan/specification/profile.ts'
import type { Catalogue } from '../../plan/requirement.ts'
import type { SourceText } from '../../plan/yaml/source.ts'
import type { DeclaredCase, SuiteCase } from '../../plan/suite-case.ts'
import { parseSuites } from '../../plan/read/suites.ts'
import { keptProject } from './kept-project.ts'
import { textAt, textsBelow } from '../files/package-texts.ts'
import { complain } from '../terminal/terminal.ts'

export interface Project {
  readonly catalogue: Catalogue
  readonly cases: readonly SuiteCase[]
  readonly declared: readonly DeclaredCase[]
  /** Systems that the sources describe, by what they declare. */
  readonly profiles: readonly Profile[]
  readonly layouts: WireLayouts
  readonly descriptor: RecordLayout
  /** Configuration keys whose values are durations. */
  readonly durations: readonly string[]
  readonly suiteFiles: number
  /** Digest of everything that decides verdicts: requirements, layouts and suites. */
  readonly digest: string
}

/** Steps that cases share. */
const fixtureFolder = join('suites', 'fixtures')

/** All files that a project is read from. */
interface ProjectTexts {
  readonly requirements: readonly SourceText[]
  readonly classes: SourceText
  readonly pics: readonly SourceText[]
  readonly profiles: readonly SourceText[]
  readonly wire: SourceText
  readonly record: SourceText
  readonly viaRecord: SourceText
  readonly fixtures: readonly SourceText[]
  readonly suites: readonly SourceText[]
  /** What is said of files that are there and cannot be read. */
  readonly problems: readonly string[]
}

function readTexts(given: readonly SourceText[] | undefined): ProjectTexts {
  const requirements = textsBelow('spec/requirements')
  const profiles = textsBelow('spec/pics/profiles')
  const fixtures = textsBelow(fixtureFolder)
  const suites = given ? { texts: given, problems: [] } : textsBelow('suites')
  // Fixtures stand below the suites.
  const problems = new Set([requirements, profiles, fixtures, suites].flatMap((each) => each.problems))
  return {
    requirements: requirements.texts,
    classes: textAt('spec/pics/classes.yaml'),
    pics: [textAt('spec/pics/emp.yaml'), textAt('spec/pics/via.yaml')],
    profiles: profiles.texts,
    wire: textAt('spec/layouts/emp-frame.yaml'),
    record: textAt('spec/layouts/emp-descriptor.yaml'),
    viaRecord: textAt('spec/layouts/via-descriptor.yaml'),
    fixtures: [
      ...fixtures.texts,
      ...(given ?? []).filter(holdsFixtures).filter((text) => !isAmong(fixtures.texts, text)),
    ],
    suites:
      given?.filter((text) => !holdsFixtures(text)) ??
      suites.texts.filter(({ file }) => !file.startsWith(fixtureFolder)),
    problems: [...problems],
  }
}

/** Whether the file holds steps that suites share, and no cases. */
export function holdsFixtures({ text }: SourceText): boolean {
  return /^fixtures:/m.test(text)
}

/** Who names the project's own folder names its fixtures a second time. */
function isAmong(texts: readonly SourceText[], { text }: SourceText): boolean {
  return texts.some((each) => each.text === text)
}

/** What is wrong with the files of a project. */
interface Trouble {
  readonly trouble: readonly Diagnostic[]
  readonly problems: readonly string[]
  readonly texts: readonly SourceText[]
}

/**
 * Everything, read anew or as the build kept it; undefined after saying on stderr what is wrong with the files. `suites`
 * takes the place of the project's own suite files; fixtures among them come to those of the project.
 */
export function openProject(suites?: readonly SourceText[]): Project | undefined {
  const texts = readTexts(suites)
  const kept = suites || texts.problems.length > 0 ? undefined : keptProject(digestOf(allOf(texts)))
  const read = kept ?? parseProject(texts)
  if (!('trouble' in read)) return read
  sayTrouble(read)
  return undefined
}

/** The project's own files, read anew. */
export function readProject(): Project | Trouble {
  return parseProject(readTexts(undefined))
}

function parseProject(files: ProjectTexts): Project | Trouble {
  const texts = allOf(files)
  const { problems } = files
  if (problems.length > 0) return { trouble: [], problems, texts }
  const read = parseCatalogue(files.requirements, files.classes, files.pics)
  const wire = parseWireLayout(files.wire)
  const record = parseRecordLayout(files.record, 'descriptor')
  const viaRecord = parseRecordLayout(files.viaRecord, 'control segment')
  const fixed = parseFixtures(files.fixtures)
  const { catalogue, options, keys } = read
  const context = { catalogue, options, keys, fixtures: fixed.fixtures, mutants: mutants.map(({ name }) => name) }
  const parsed = parseSuites(files.suites, context)
  const findings = new Findings()
  const profiles = readProfiles(files.profiles, { options, classes: catalogue.classes }, findings)
  const described = { diagnostics: findings.diagnostics.toSorted(inFileOrder) }
  const trouble = [read, described, wire, record, viaRecord, fixed, parsed].flatMap(({ diagnostics }) => diagnostics)
  if (trouble.length > 0) return { trouble, problems, texts }
  return {
    catalogue,
    cases: parsed.cases,
    declared: parsed.cases.map(({ declared }) => declared),
    profiles,
    layouts: { emp: wire.layout, via: opaqueWire },
    descriptor: record.layout,
    durations: read.durations,
    suiteFiles: files.suites.length,
    digest: digestOf(texts),
  }
}

function allOf({
  requirements,
  classes,
  pics,
  profiles,
  wire,
  record,
  viaRecord,
  fixtures,
  suites,
}: Omit<ProjectTexts, 'problems'>): SourceText[] {
  return [...requirements, classes, ...pics, ...profiles, wire, record, viaRecord, ...fixtures, ...suites]
}

/** Everything that decides verdicts, wherever it was read from. */
function digestOf(texts: readonly SourceText[]): string {
  const hash = createHash('sha256')
  for (const { text } of texts) hash.update(`${text.length}\n${text}\n`)
  return hash.digest('hex').slice(0, 16)
}

function sayTrouble({ trouble, problems, texts }: Trouble): void {
  if (problems.length > 0) {
    complain(problems.join('\n'))
    return
  }
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
    profiles: project.profiles.filter(offered),
    cases: project.cases.filter(({ declared }) => offered(declared)),
    declared: project.declared.filter(offered),
  }
}
