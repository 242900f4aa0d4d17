// Makes the permutations of cases: combinations of axes times roles, applied to the PICS of one implementation.
import type { Duration } from '../../spec/vocabulary/units.ts'
import type { Pics } from '../subject/pics.ts'
import { applicabilityOf } from './applicability.ts'
import type { Permutation, Role } from './permutation.ts'
import { configurationFor, declaredConfiguration } from './configuration.ts'
import { seedOf } from './seed.ts'
import type { CasePlan, SuiteCase } from './suite-case.ts'
import { unroll } from './unroll.ts'

export interface ExpandOptions {
  /** Only these roles, where a case has any of them; undefined: all that a case declares. */
  readonly roles: readonly string[] | undefined
  readonly seed: number
  /** The longest that a case may let pass by a real clock; 40 s unless given. */
  readonly patience?: Duration | undefined
}

/** In the order of the cases, the last axis faster than the ones before it, roles fastest. */
export function expand(cases: readonly SuiteCase[], pics: Pics, options: ExpandOptions): Permutation[] {
  return cases.flatMap((given) => {
    const wanted = given.declared.roles.filter((role) => options.roles?.includes(role) ?? true)
    // A case that has none of the wanted roles is run as it stands, rather than not at all.
    const roles = wanted.length > 0 ? wanted : given.declared.roles
    return given.plans.flatMap(({ axes, plan }) =>
      roles.map((role) => permute(given, { axes, plan, roles: role }, pics, options)),
    )
  })
}

interface Combination {
  readonly axes: Readonly<Record<string, string>>
  readonly plan: CasePlan
  readonly roles: string
}

function permute(
  { declared }: SuiteCase,
  { axes, plan, roles }: Combination,
  pics: Pics,
  { seed, patience }: ExpandOptions,
): Permutation {
  const { interface: of, lacks } = declared
  const { outcomes, proves } = plan
  const name = permutationName(declared.id, axes, roles)
  const hosts = declared.hosts.map((host, node) => ({ name: host, role: roleOf(roles, node) }))
  const configured = configurationFor(pics, of, plan.wanted)
  const configuration = 'refused' in configured ? declaredConfiguration(pics, of) : configured.configuration
  const unrolled = unroll(plan.steps, configuration)
  const steps = 'refused' in unrolled ? [] : unrolled.steps
  const refused = [configured, unrolled].flatMap((each) => ('refused' in each ? [each.refused] : []))[0]
  const needs = [...declared.needs, ...plan.needs]
  const demands = { interface: of, needs, lacks, hosts, configuration, refused, steps, outcomes, proves }
  return {
    name,
    suite: declared.suite,
    case: declared.case,
    title: plan.title,
    interface: of,
    class: declared.class,
    axes,
    roles,
    hosts,
    seed: plan.seed ?? seedOf(name, seed),
    configuration,
    link: plan.link,
    memory: plan.memory,
    faults: plan.faults,
    ...(plan.weather ? { weather: plan.weather } : {}),
    steps,
    outcomes,
    proves,
    ...(plan.ordersMax === undefined ? {} : { ordersMax: plan.ordersMax }),
    ...(plan.explored ? { explored: plan.explored } : {}),
    ...(plan.schedule ? { schedule: plan.schedule } : {}),
    position: declared.position,
    ...applicabilityOf(demands, pics, patience),
  }
}

/** The names of all permutations that a case declares. */
export function permutationNames({ declared, plans }: SuiteCase): string[] {
  return plans.flatMap(({ axes }) => declared.roles.map((roles) => permutationName(declared.id, axes, roles)))
}

/** `emp.loss/one-data-frame-lost/victim=0/roles=iut-iut`. */
function permutationName(id: string, axes: Readonly<Record<string, string>>, roles: string): string {
  const parts = Object.entries({ ...axes, roles }).map(([axis, value]) => `${axis}=${plainName(value)}`)
  return [id, ...parts].join('/')
}

function plainName(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9._+-]/g, '_')
}

/** `iut-reference`: the first host is the implementation under test, all others are the reference. */
function roleOf(roles: string, node: number): Role {
  const [first, others] = roles.split('-')
  return (node === 0 ? first : others) === 'reference' ? 'reference' : 'iut'
}
