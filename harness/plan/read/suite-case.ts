// Reads a declared case: what is the same in all its permutations, and a plan for each combination of its axes.
import { interfaceNames, type InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import { hostsUsual } from '../usual.ts'
import { bindings, checkAxes, combine, readAxes, symbols, type Axes } from './axes.ts'
import { readCase, type CaseSurroundings } from './case-plan.ts'
import type { RequirementsById } from './expectations.ts'
import type { Fixture } from './fixtures.ts'
import type { Catalogue } from '../requirement.ts'
import type { DeclaredCase, SuiteCase } from '../suite-case.ts'
import { checkBuffersUsed, checkLabelsUsed, mentions } from './unused.ts'
import { caseWords } from '../words/cases.ts'
import { Findings } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import type { Place } from '../yaml/place.ts'
import type { Wrong } from '../yaml/violations.ts'

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

/** What cases are read against, and where what is wrong is told. */
export interface CaseReader {
  readonly context: SuiteContext
  readonly findings: Findings
  readonly requirements: RequirementsById
}

/** A case where it stands in its file. */
export interface CaseFound {
  readonly suite: Place
  readonly holder: Place
  /** What a schema found wrong in the case, or above it. */
  readonly wrong: readonly Wrong[]
}

/**
 * Undefined if the suite is for no interface, which its schema has found wrong. Buffers that the case uses are added to
 * `usedInSuite`, since they may be the suite's.
 */
export function readSuiteCase(found: CaseFound, reader: CaseReader, usedInSuite: Set<string>): SuiteCase | undefined {
  const { holder } = found
  const { findings } = reader
  const around = surroundingsOf(found, reader)
  const axes = readAxes(holder.get('axes'), findings)
  checkAxes(holder, axes, findings)
  const readings = combine(axes).map((combination) => ({
    axes: combination,
    ...readCase(holder, bindings(combination), around),
  }))
  const wrong = new Findings()
  for (const reading of readings) wrong.addElsewhere(reading.findings)
  findings.addElsewhere(wrong)
  const used = new Set(readings.flatMap(({ usedBuffers }) => [...usedBuffers]))
  for (const name of used) usedInSuite.add(name)
  // Where something is wrong, what stands in it counts as used.
  const isSure = around.wrong.length === 0 && wrong.isEmpty
  checkBuffersUsed(holder, (name) => used.has(name) || (!isSure && mentions(holder, name)), findings)
  const unused = new Findings()
  checkLabelsUsed(
    readings.map(({ unusedLabels }) => unusedLabels),
    (name) => !isSure && mentions(holder, name),
    unused,
  )
  findings.addElsewhere(unused)
  const plans = readings.map(({ axes: combination, plan }) => ({ axes: combination, plan }))
  const declared = declare(found, { reader, around, axes, plans })
  return declared && { declared, plans }
}

function surroundingsOf(
  { suite, holder, wrong }: CaseFound,
  { context, requirements, findings }: CaseReader,
): CaseSurroundings {
  checkNeeds(holder.get('needs'), context.options, findings)
  checkNeeds(holder.get('lacks'), context.options, findings)
  checkNeedsOnce(suite.get('needs'), holder.get('needs'), findings)
  checkReachable(holder.get('lacks'), [...textsOf(suite.get('needs')), ...textsOf(holder.get('needs'))], findings)
  return {
    suite,
    interface: suite.get('interface').text() ?? '',
    fixtures: context.fixtures,
    hosts: textsOf(holder.get('hosts'), textsOf(suite.get('hosts'), hostsUsual)),
    needs: [...new Set([...textsOf(suite.get('needs')), ...textsOf(holder.get('needs'))])],
    requirements,
    configurationKeys: context.keys,
    wrong,
  }
}

/** Reports options that there are not. */
export function checkNeeds(list: Place, options: readonly string[], findings: Findings): void {
  for (const item of list.items()) {
    const need = item.text()
    if (need === undefined || options.includes(need)) continue
    findings.add(item.mark(), `there is no option \`${need}\``, didYouMean(need, options))
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

/** A case that needs an option and its absence would be not applicable to everybody, and nobody would wonder. */
function checkReachable(lacks: Place, needs: readonly string[], findings: Findings): void {
  for (const item of lacks.items()) {
    const lack = item.text()
    if (lack !== undefined && needs.includes(lack))
      findings.add(
        item.mark(),
        `\`${lack}\` is needed as well, so that the case never applies`,
        'remove one of the two',
      )
  }
}

interface Parts {
  readonly reader: CaseReader
  readonly around: CaseSurroundings
  readonly axes: Axes
  readonly plans: SuiteCase['plans']
}

function declare({ suite, holder }: CaseFound, { reader, around, axes, plans }: Parts): DeclaredCase | undefined {
  const { hosts, needs } = around
  const of = interfaceOf(suite)
  const level = readClass(suite, holder, reader)
  const roles = readRoles(holder.get('roles'), rolesFor(of, hosts), reader.findings)
  const kills = readKills(holder.get('kills'), reader)
  if (!of) return undefined
  const [suiteId, id] = [suite.get('suite').text() ?? '', holder.get('id').text() ?? '']
  const expectations = plans.flatMap(({ plan }) => plan.outcomes.flatMap((outcome) => outcome.expectations))
  return {
    id: `${suiteId}/${id}`,
    suite: suiteId,
    case: id,
    was: textsOf(holder.get('was')),
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
    words: wordsOf(holder, axes, around),
    position: holder.get('id').position(),
  }
}

/** The case is read once more, with something that stands for each axis. */
function wordsOf(holder: Place, axes: Axes, around: CaseSurroundings): DeclaredCase['words'] {
  const { values, reveal } = symbols(axes)
  const { plan } = readCase(holder, values, around)
  return caseWords(plan, [...around.hosts, ...values.examples.keys()], reveal)
}

function interfaceOf(suite: Place): InterfaceName | undefined {
  const text = suite.get('interface').text()
  return interfaceNames.find((name) => name === text)
}

function readClass(suite: Place, holder: Place, { context, findings }: CaseReader): string {
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

function readKills(place: Place, { context, findings }: CaseReader): readonly string[] {
  for (const item of place.items()) {
    const mutant = item.text()
    if (mutant === undefined || context.mutants.includes(mutant)) continue
    findings.add(item.mark(), `there is no mutant \`${mutant}\``, didYouMean(mutant, context.mutants))
  }
  return textsOf(place)
}

function textsOf(list: Place, without: readonly string[] = []): readonly string[] {
  return list.present ? list.items().flatMap((item) => item.text() ?? []) : without
}
