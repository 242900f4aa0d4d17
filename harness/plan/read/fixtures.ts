// Fixtures: named steps with parameters, which many cases begin with.
import { fixtures as validateFixtures } from '#generated/validators'
import { checkNames } from './axes.ts'
import type { Diagnostic } from '../yaml/diagnostic.ts'
import { Findings, inFileOrder } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import { Place } from '../yaml/place.ts'
import type { Scope } from './scope.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { checkShape } from '../yaml/violations.ts'

export interface Fixture {
  readonly name: string
  readonly interface: string
  /** Values unless `use` says another; undefined: it has to. */
  readonly parameters: ReadonlyMap<string, string | undefined>
  /** The list of its steps. */
  readonly steps: Place
}

export interface FixturesRead {
  /** Complete only if there are no diagnostics. */
  readonly fixtures: ReadonlyMap<string, Fixture>
  readonly diagnostics: readonly Diagnostic[]
}

export function parseFixtures(files: readonly SourceText[]): FixturesRead {
  const findings = new Findings()
  const fixtures = new Map<string, Fixture>()
  for (const file of files) {
    const source = readSource(file, findings)
    if (!source) continue
    checkShape(source, validateFixtures, findings)
    const root = Place.root(source)
    for (const item of root.get('fixtures').items()) {
      const name = item.get('fixture').text() ?? ''
      if (fixtures.has(name)) findings.add(item.get('fixture').mark(), `another fixture is called \`${name}\``)
      const parameters = new Map(
        item
          .get('parameters')
          .entries()
          .map((entry) => [entry.name, entry.value.text()]),
      )
      checkNames(item, { key: 'parameters', what: 'parameter', names: [...parameters.keys()] }, findings)
      fixtures.set(name, { name, interface: root.get('interface').text() ?? '', parameters, steps: item.get('steps') })
    }
  }
  return { fixtures, diagnostics: findings.diagnostics.toSorted(inFileOrder) }
}

/** The steps that `use: { fixture: NAME, PARAMETER: VALUE, .. }` stands for; undefined if it cannot be, which was reported. */
export function stepsOfFixture(place: Place, scope: Scope): Place | undefined {
  const { findings } = scope
  const named = place.get('fixture')
  const name = named.text()
  const fixture = name === undefined ? undefined : scope.fixtures.get(name)
  if (name === undefined) return undefined
  if (!fixture || fixture.interface !== scope.interface) {
    const names = [...scope.fixtures.values()].filter((each) => each.interface === scope.interface)
    const help = didYouMean(
      name,
      names.map((each) => each.name),
    )
    findings.add(named.mark(), `there is no fixture \`${name}\``, help)
    return undefined
  }
  const values = new Map<string, string>()
  let isWhole = true
  for (const [parameter, usual] of fixture.parameters) {
    const value = place.get(parameter).text() ?? usual
    if (value !== undefined) values.set(parameter, value)
    else {
      isWhole = false
      findings.add(place.keyMark(), `\`${name}\` needs \`${parameter}\``, `add \`${parameter}:\``)
    }
  }
  for (const { name: key, key: mark } of place.entries()) {
    if (key === 'fixture' || fixture.parameters.has(key)) continue
    findings.add(mark.mark(), `\`${name}\` has no parameter \`${key}\``, didYouMean(key, fixture.parameters.keys()))
  }
  return isWhole ? fixture.steps.bindLike(place, values) : undefined
}
