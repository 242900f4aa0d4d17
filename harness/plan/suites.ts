// Reads suite files: every declared case with its combinations of axes, and everything that is wrong.
import { suite as validateSuite } from '#generated/validators'
import { interfaceNames, type InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { bindings, checkAxes, combine, readAxes, symbols, type Axes } from './axes.ts'
import type { DeclaredCase } from './case.ts'
import { readCase, type CasePlan, type CaseReading, type CaseSurroundings } from './case-plan.ts'
import type { Diagnostic } from './yaml/diagnostic.ts'
import { expectationWords } from './words/expectations.ts'
import type { RequirementsById } from './expectations.ts'
import { faultWords } from './words/faults.ts'
import type { Fixture } from './fixtures.ts'
import { Findings, inFileOrder } from './yaml/findings.ts'
import { didYouMean } from './yaml/nearest.ts'
import { memoryWords } from './words/octets.ts'
import { Place } from './yaml/place.ts'
import type { Catalogue } from './requirement.ts'
import { proofWords } from './words/sightings.ts'
import { readSource, type SourceText } from './yaml/source.ts'
import { plannedStepWords } from './words/steps.ts'
import { checkShape, requiredKeys, type Wrong } from './yaml/violations.ts'

/** A case that has been read; `expand` makes its permutations. */
export interface SuiteCase {
  readonly declared: DeclaredCase
  /** One for each combination of axes, in order. */
  readonly plans: readonly { readonly axes: Readonly<Record<string, string>>; readonly plan: CasePlan }[]
}

export interface SuiteContext {
  readonly catalogue: Catalogue
  readonly fixtures: ReadonlyMap<string, Fixture>
  /** Names that `kills` may use. */
  readonly mutants: readonly string[]
  /** Names that `needs` may use. */
  readonly options: readonly string[]
  /** Configuration keys that a case may set. */
  readonly keys: readonly string[]
}

export interface SuitesRead {
  /** Complete only if there are no diagnostics. */
  readonly cases: readonly SuiteCase[]
  /** In the order of files, lines and columns. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The hosts of a case that names none. */
export const hostsUsual: readonly string[] = ['left', 'right']

interface Reader {
  readonly context: SuiteContext
  readonly findings: Findings
  readonly requirements: RequirementsById
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
      return readDeclared({ suite, holder, wrong: near }, reader, usedBuffers) ?? []
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

function checkNeeds(list: Place, options: readonly string[], findings: Findings): void {
  for (const item of list.items()) {
    const need = item.text()
    if (need === undefined || options.includes(need)) continue
    findings.add(item.mark(), `there is no option \`${need}\``, didYouMean(need, options))
  }
}

/** Reports buffers that nothing uses. */
function checkBuffersUsed(holder: Place, isUsed: (name: string) => boolean, findings: Findings): void {
  for (const { key, name } of holder.get('memory').entries()) {
    if (!isUsed(name)) findings.add(key.mark(), `nothing uses the buffer \`${name}\``, 'remove it')
  }
}

/** Whether a name, or the last part of a dotted one, stands anywhere but where buffers and labels are declared. */
function mentions(place: Place, name: string): boolean {
  const word = name.slice(name.lastIndexOf('.') + 1)
  if (
    place
      .text()
      ?.split(/[^a-z0-9-]/)
      .includes(word) === true
  )
    return true
  return (
    place.items().some((item) => mentions(item, word)) ||
    place.entries().some((entry) => entry.name !== 'memory' && entry.name !== 'label' && mentions(entry.value, word))
  )
}

/** Reports labels that no combination of axes uses. */
function checkLabelsUsed(
  [first, ...others]: readonly CaseReading['unusedLabels'][],
  isUsed: (name: string) => boolean,
  findings: Findings,
): void {
  for (const { name, mark } of first ?? []) {
    if (!isUsed(name) && others.every((unused) => unused.some((label) => label.name === name)))
      findings.add(mark, `nothing uses the label \`${name}\``, 'remove it')
  }
}

function checkNeedsOnce(ofSuite: Place, ofCase: Place, findings: Findings): void {
  const needs = textsOf(ofSuite)
  for (const item of ofCase.items()) {
    const need = item.text()
    if (need !== undefined && needs.includes(need))
      findings.add(item.mark(), `the suite needs \`${need}\` already`, 'remove it')
  }
}

interface CaseFound {
  readonly suite: Place
  readonly holder: Place
  /** What a schema found wrong in the case, or above it. */
  readonly wrong: readonly Wrong[]
}

/** Undefined if the suite is for no interface, which its schema has found wrong. */
function readDeclared(given: CaseFound, reader: Reader, usedInSuite: Set<string>): SuiteCase | undefined {
  const { suite, holder, wrong } = given
  const { findings } = reader
  const hosts = textsOf(holder.get('hosts'), textsOf(suite.get('hosts'), hostsUsual))
  const needs = [...new Set([...textsOf(suite.get('needs')), ...textsOf(holder.get('needs'))])]
  checkNeeds(holder.get('needs'), reader.context.options, findings)
  checkNeeds(holder.get('lacks'), reader.context.options, findings)
  checkNeedsOnce(suite.get('needs'), holder.get('needs'), findings)
  const axes = readAxes(holder.get('axes'), findings)
  checkAxes(holder, axes, findings)
  const { requirements, context } = reader
  const around: CaseSurroundings = {
    suite,
    interface: suite.get('interface').text() ?? '',
    fixtures: context.fixtures,
    hosts,
    needs,
    requirements,
    configurationKeys: context.keys,
    wrong,
  }
  const found = new Findings()
  const used = new Set<string>()
  const labels: CaseReading['unusedLabels'][] = []
  const readings = combine(axes).map((combination) => {
    const reading = readCase(holder, bindings(combination), around)
    found.addElsewhere(reading.findings)
    for (const name of reading.usedBuffers) used.add(name)
    labels.push(reading.unusedLabels)
    return { axes: combination, plan: reading.plan }
  })
  findings.addElsewhere(found)
  for (const name of used) usedInSuite.add(name)
  // Where something is wrong, what stands in it counts as used.
  const isSure = wrong.length === 0 && found.isEmpty
  checkBuffersUsed(holder, (name) => used.has(name) || (!isSure && mentions(holder, name)), findings)
  const unused = new Findings()
  checkLabelsUsed(labels, (name) => !isSure && mentions(holder, name), unused)
  findings.addElsewhere(unused)
  const symbol = symbols(axes)
  const words = wordsOf(
    readCase(holder, symbol.values, around),
    [...hosts, ...symbol.values.examples.keys()],
    symbol.reveal,
  )
  const declared = declare(given, { reader, hosts, needs, axes, readings, words })
  return declared && { declared, plans: readings }
}

interface Parts {
  readonly reader: Reader
  readonly hosts: readonly string[]
  readonly needs: readonly string[]
  readonly axes: Axes
  readonly readings: SuiteCase['plans']
  readonly words: DeclaredCase['words']
}

function declare(
  { suite, holder }: CaseFound,
  { reader, hosts, needs, axes, readings, words }: Parts,
): DeclaredCase | undefined {
  const of = interfaceOf(suite)
  const level = readClass(suite, holder, reader)
  const roles = readRoles(holder.get('roles'), rolesFor(of, hosts), reader.findings)
  const kills = readKills(holder.get('kills'), reader)
  if (!of) return undefined
  const [suiteId, id] = [suite.get('suite').text() ?? '', holder.get('id').text() ?? '']
  const expectations = readings.flatMap(({ plan }) => plan.outcomes.flatMap((outcome) => outcome.expectations))
  return {
    id: `${suiteId}/${id}`,
    suite: suiteId,
    case: id,
    title: holder.get('title').text() ?? '',
    interface: of,
    class: level,
    needs,
    lacks: textsOf(holder.get('lacks')),
    axes,
    roles,
    // That the model allows a run verifies nothing.
    requirements: [
      ...new Set(expectations.flatMap(({ kind, requirements }) => (kind === 'allowed' ? [] : requirements))),
    ],
    kills,
    hosts,
    words,
    position: holder.get('id').position(),
  }
}

function interfaceOf(suite: Place): InterfaceName | undefined {
  const text = suite.get('interface').text()
  return interfaceNames.find((name) => name === text)
}

function readClass(suite: Place, holder: Place, { context, findings }: Reader): string {
  const known = context.catalogue.classes.filter((entry) => entry.interface === suite.get('interface').text())
  const names = known.map((entry) => entry.class)
  for (const place of [suite.get('class'), holder.get('class')]) {
    const name = place.text()
    if (name === undefined || names.includes(name)) continue
    findings.add(place.mark(), `there is no class \`${name}\``, didYouMean(name, names))
  }
  return holder.get('class').text() ?? suite.get('class').text() ?? ''
}

/** The wire of VIA is the provider's own: nobody else speaks it. */
export function rolesFor(of: InterfaceName | undefined, hosts: readonly string[]): readonly string[] {
  if (hosts.length === 1 || of === 'via') return ['iut-iut']
  return ['iut-iut', 'iut-reference', 'reference-iut']
}

function readRoles(place: Place, known: readonly string[], findings: Findings): readonly string[] {
  for (const item of place.items()) {
    const role = item.text()
    if (role === undefined || known.includes(role)) continue
    findings.add(item.mark(), `there are no roles \`${role}\``, didYouMean(role, known))
  }
  return textsOf(place, known)
}

function readKills(place: Place, { context, findings }: Reader): readonly string[] {
  for (const item of place.items()) {
    const mutant = item.text()
    if (mutant === undefined || context.mutants.includes(mutant)) continue
    findings.add(item.mark(), `there is no mutant \`${mutant}\``, didYouMean(mutant, context.mutants))
  }
  return textsOf(place)
}

function wordsOf(
  { plan }: CaseReading,
  hosts: readonly string[],
  reveal: (text: string) => string,
): DeclaredCase['words'] {
  const several = plan.outcomes.length > 1
  const expect = plan.outcomes.flatMap(({ name, label, expectations }) =>
    expectations.map((expectation) => {
      const verifies = ` [${expectation.requirements.join(', ')}]`
      const outcome = several ? `${name} (${label}): ` : ''
      return `${outcome}${expectationWords(expectation, hosts)}${verifies}`
    }),
  )
  return {
    memory: plan.memory.map((buffer) => reveal(memoryWords(buffer, hosts))),
    faults: faultWords(plan.faults, plan.weather, hosts, plan.explored).map(reveal),
    steps: plan.steps.map((step) => reveal(plannedStepWords(step, hosts))),
    expect: expect.map(reveal),
    proves: plan.proves.map((proof) => reveal(proofWords(proof, hosts))),
  }
}

function textsOf(list: Place, without: readonly string[] = []): readonly string[] {
  return list.present ? list.items().flatMap((item) => item.text() ?? []) : without
}
