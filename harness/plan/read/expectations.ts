// Reads what must hold: expectations with the requirements they verify, and the outcomes that a case allows.
import type { Outcome } from '../permutation.ts'
import type { Expectation, ExpectationBody } from '../expectation.ts'
import { onlyOutcome } from '../usual.ts'
import { readHostExpectation } from './host-expectations.ts'
import { didYouMean } from '../yaml/nearest.ts'
import type { Place } from '../yaml/place.ts'
import type { Requirement } from '../requirement.ts'
import { splitKind, type Scope } from './scope.ts'
import { choiceAt } from '../yaml/scalars.ts'
import { readWireExpectation } from './wire-expectations.ts'

export type RequirementsById = ReadonlyMap<string, Requirement>

/** `expect` holds in every outcome; without `expect-any` it is the only one. */
export function readOutcomes(holder: Place, scope: Scope, requirements: RequirementsById): Outcome[] {
  const common = readExpectations(holder.get('expect'), scope, requirements)
  const any = holder.get('expect-any')
  if (!any.present) {
    if (!holder.get('expect').present) {
      scope.findings.add(holder.mark(), 'the case expects nothing', 'add `expect:` or `expect-any:`')
    }
    return [{ ...onlyOutcome, expectations: common }]
  }
  const names = new Set<string>()
  return any.items().map((item) => {
    const name = item.get('outcome').text() ?? ''
    if (names.has(name)) scope.findings.add(item.get('outcome').mark(), `another outcome is called \`${name}\``)
    names.add(name)
    const label = choiceAt(item.get('label'), ['conformant', 'tolerated'], scope.findings) ?? 'conformant'
    return { name, label, expectations: [...common, ...readExpectations(item.get('expect'), scope, requirements)] }
  })
}

function readExpectations(list: Place, scope: Scope, requirements: RequirementsById): Expectation[] {
  return list.items().flatMap((item) => {
    const ids = readRequirementIds(item.get('for'), scope, requirements)
    return item.entries().flatMap(({ name, key, value }) => {
      if (name === 'for') return []
      const text = `${name}: ${value.flow()}`
      const common = { requirements: ids, position: key.position(), text }
      return readBodies(key, value, scope).map((body) => Object.assign(body, common))
    })
  })
}

function readBodies(key: Place, value: Place, scope: Scope): ExpectationBody[] {
  const { host, kind } = splitKind(key.text() ?? '')
  if (host === 'wire') {
    const body = readWireExpectation(kind, value, scope)
    return body ? [body] : []
  }
  if (host === 'model') {
    // It takes a call that does not wait for answered before time goes on, as by a real clock it is not.
    scope.implied.add('clock.virtual')
    return [{ kind: 'allowed' }]
  }
  const node = host === '' ? undefined : scope.host(key, host)
  return node === undefined ? [] : readHostExpectation(kind, value, node, scope)
}

function readRequirementIds(place: Place, { findings }: Scope, requirements: RequirementsById): string[] {
  return place.oneOrMore().flatMap((item) => {
    const id = item.text()
    if (id === undefined) return []
    const known = requirements.get(id)
    if (!known) findings.add(item.mark(), `there is no requirement \`${id}\``, didYouMean(id, requirements.keys()))
    if (known?.untestable !== undefined) {
      findings.add(item.mark(), `\`${id}\` is marked untestable: ${known.untestable}`, 'name another requirement')
    }
    return [id]
  })
}
