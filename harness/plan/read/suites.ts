// Reads suite files: every declared case with its combinations of axes, and everything that is wrong.
import { suite as validateSuite } from '#generated/validators'
import { checkNeeds, readSuiteCase, type CaseReader, type SuiteContext } from './suite-case.ts'
import type { SuiteCase } from '../suite-case.ts'
import { checkBuffersUsed, mentions } from './unused.ts'
import type { Diagnostic } from '../yaml/diagnostic.ts'
import { Findings, inFileOrder } from '../yaml/findings.ts'
import { Place } from '../yaml/place.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { checkShape, requiredKeys } from '../yaml/violations.ts'

export interface SuitesRead {
  /** Complete only if there are no diagnostics. */
  readonly cases: readonly SuiteCase[]
  /** In the order of files, lines and columns. */
  readonly diagnostics: readonly Diagnostic[]
}

interface Reader extends CaseReader {
  readonly suiteIds: Set<string>
}

export function parseSuites(files: readonly SourceText[], context: SuiteContext): SuitesRead {
  const findings = new Findings()
  const reader: Reader = {
    context,
    findings,
    requirements: new Map(context.catalogue.requirements.map((requirement) => [requirement.id, requirement])),
    suiteIds: new Set(),
  }
  const cases = files.flatMap((file) => readFile(file, reader))
  return { cases, diagnostics: findings.diagnostics.toSorted(inFileOrder) }
}

function readFile(file: SourceText, reader: Reader): SuiteCase[] {
  const { findings } = reader
  const source = readSource(file, findings)
  if (!source) return []
  if (source.data === null || source.data === undefined) {
    const keys = requiredKeys(validateSuite).map((key) => `\`${key}\``)
    const needs = `a suite needs ${keys.slice(0, -1).join(', ')} and ${keys.at(-1) ?? ''}`
    findings.add({ position: { file: file.file, line: 1, column: 1 }, length: 1 }, 'the file is empty', needs)
    return []
  }
  const wrong = checkShape(source, validateSuite, findings)
  const suite = Place.root(source)
  checkSuite(suite, file.file, reader)
  const ids = new Set<string>()
  const usedBuffers = new Set<string>()
  const cases = suite
    .get('cases')
    .items()
    .flatMap((holder, i) => {
      for (const id of [holder.get('id'), ...holder.get('was').items()]) checkCaseId(id, ids, findings)
      // Above a case, or in it.
      const near = wrong.filter(({ path }) => !path.startsWith('/cases/') || `${path}/`.startsWith(`/cases/${i}/`))
      return readSuiteCase({ suite, holder, wrong: near }, reader, usedBuffers) ?? []
    })
  checkBuffersUsed(suite, (name) => usedBuffers.has(name) || (!findings.isEmpty && mentions(suite, name)), findings)
  return cases
}

function checkSuite(suite: Place, file: string, { suiteIds, findings, context }: Reader): void {
  const id = suite.get('suite').text()
  if (id === undefined) return
  if (suiteIds.has(id))
    findings.add(suite.get('suite').mark(), `another file has the suite \`${id}\``, 'ids are unique')
  suiteIds.add(id)
  const path = /(?:^|\/)suites\/(.+)\.ya?ml$/.exec(file)?.[1]?.replaceAll('/', '.')
  if (path !== undefined && path !== id) {
    findings.add(
      suite.get('suite').mark(),
      `the suite \`${id}\` stands in the file of \`${path}\``,
      `write \`suite: ${path}\``,
    )
  }
  checkNeeds(suite.get('needs'), context.options, findings)
}

function checkCaseId(place: Place, ids: Set<string>, findings: Findings): void {
  const id = place.text()
  if (id === undefined) return
  if (ids.has(id))
    findings.add(place.mark(), `another case of this suite has the id \`${id}\``, 'ids are unique, old ones too')
  ids.add(id)
}
