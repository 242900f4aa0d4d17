// Reads one case under one combination of its axes: everything that a permutation needs but roles and PICS.
import type { CasePlan } from '../suite-case.ts'
import { Doubt } from './doubt.ts'
import type { Fixture } from './fixtures.ts'
import { readOutcomes, type RequirementsById } from './expectations.ts'
import { readFaults, readWeather } from './faults.ts'
import { Findings, type Mark } from '../yaml/findings.ts'
import type { AxisValues, Place } from '../yaml/place.ts'
import { Scope } from './scope.ts'
import { readConfiguration, readLink, readMemory } from './settings.ts'
import { readProofs, type Provable } from './sightings.ts'
import { readSteps } from './steps.ts'
import { integerAt } from '../yaml/scalars.ts'
import type { Wrong } from '../yaml/violations.ts'

/** What a case is read against. */
export interface CaseSurroundings {
  /** The file, for settings that all its cases share. */
  readonly suite: Place
  readonly interface: string
  readonly fixtures: ReadonlyMap<string, Fixture>
  readonly hosts: readonly string[]
  readonly needs: readonly string[]
  readonly requirements: RequirementsById
  readonly configurationKeys: readonly string[]
  /** What a schema found wrong in the case, or above it. */
  readonly wrong: readonly Wrong[]
}

export interface CaseReading {
  readonly plan: CasePlan
  readonly findings: Findings
  /** Keys `host.name` of the buffers that anything uses. */
  readonly usedBuffers: ReadonlySet<string>
  /** Labels that nothing uses, though a call without one would do. */
  readonly unusedLabels: readonly { readonly name: string; readonly mark: Mark }[]
}

export function readCase(unbound: Place, axes: AxisValues, around: CaseSurroundings): CaseReading {
  const findings = new Findings()
  const holder = unbound.bind(axes)
  // Where words are made, a host may be an axis too.
  const hosts = [...around.hosts, ...axes.examples.keys()]
  const scope = new Scope({
    interface: around.interface,
    hosts,
    needs: new Set(around.needs),
    configurationKeys: around.configurationKeys,
    findings,
    fixtures: around.fixtures,
    doubt: new Doubt(around.wrong),
  })
  const both = (key: string): Place[] => [around.suite.get(key), holder.get(key)]
  const wanted = readConfiguration(both('configuration'), around.configurationKeys, findings)
  const memory = readMemory(both('memory'), scope)
  const { rules: faults, explored } = readFaults(holder.get('faults'), scope)
  const weather = readWeather(holder.get('weather'), scope)
  const { steps, ordersMax } = readSteps(holder.get('steps'), scope)
  const outcomes = readOutcomes(holder, scope, around.requirements)
  const provable = {
    faults: faults.length,
    weather: weather !== undefined,
    races: ordersMax !== undefined,
    explored: explored?.kind,
  }
  if (explored && ordersMax !== undefined) {
    findings.add(holder.get('faults').keyMark(), 'a case with a race cannot explore a rule as well', 'split the case')
  }
  const proves = readProofs(holder.get('proves'), scope, provable)
  const title = holder.get('title').text() ?? ''
  const plan = {
    title,
    wanted,
    link: readLink(both('link'), scope),
    memory,
    faults,
    weather,
    steps,
    ordersMax,
    explored,
    seed: integerAt(holder.get('seed'), findings),
    schedule: readSchedule(holder.get('schedule'), provable, scope),
    needs: [...scope.implied].filter((need) => !around.needs.includes(need)),
    outcomes,
    proves,
  }
  const used = [...scope.usedBuffers].map((key) => {
    const [node, name] = key.split('.')
    return `${scope.hosts[Number(node)] ?? ''}.${name ?? ''}`
  })
  const unusedLabels = [...scope.labels].flatMap(([name, { mark, started }]) =>
    started || scope.usedLabels.has(name) ? [] : [{ name, mark }],
  )
  return { plan, findings, usedBuffers: new Set(used), unusedLabels }
}

/** Choices as a report names them. With no race to choose in, they say what goes next from the first step on. */
function readSchedule(place: Place, { races, explored }: Provable, scope: Scope): number[] | undefined {
  if (!place.present) return undefined
  const { findings, doubt } = scope
  if (!races && !explored && !doubt.has('races') && !doubt.has('faults'))
    scope.need('stepped', place, 'a schedule without a race')
  return place.items().flatMap((choice) => integerAt(choice, findings) ?? [])
}
