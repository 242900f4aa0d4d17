// Makes the permutations of cases: combinations of axes times roles, applied to the PICS of one implementation.
import { formatDuration, type Duration } from '../../spec/vocabulary/units.ts'
import { interfaceDefaults, type Configuration, type InterfaceName } from '../../spec/vocabulary/endpoint.ts'
import { configure, grants, lostOf, type LostTo, type Pics } from '../subject/pics.ts'
import type { CasePlan } from './read/case-plan.ts'
import type { Permutation, Role, Step } from './case.ts'
import { seedOf } from './seed.ts'
import type { SuiteCase } from './read/suite-case.ts'
import { unroll } from './unroll.ts'
import { wantOfRoom } from './via/room.ts'

export interface ExpandOptions {
  /** Only these roles, where a case has any of them; undefined: all that a case declares. */
  readonly roles: readonly string[] | undefined
  readonly seed: number
  /** The longest that a case may let pass by a real clock; `realWaitMax` unless given. */
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
  options: ExpandOptions,
): Permutation {
  const { seed, patience = realWaitMax } = options
  const name = permutationName(declared.id, axes, roles)
  const configured = configurationFor(pics, declared.interface, plan.wanted)
  const configuration =
    'configuration' in configured ? configured.configuration : declaredValues(concerning(pics, declared.interface))
  const unrolled = unroll(plan.steps, configuration)
  const refused = [configured, unrolled].flatMap((each) => ('refused' in each ? [each.refused] : []))[0]
  const hosts = declared.hosts.map((host, node) => ({ name: host, role: roleOf(roles, node) }))
  const needs = [...declared.needs, ...plan.needs]
  const steps = 'steps' in unrolled ? unrolled.steps : []
  const { outcomes, proves } = plan
  const small = declared.interface === 'via' ? wantOfRoom({ steps, outcomes, proves }, configuration) : undefined
  const against = reasonsAgainst({ ...declared, needs, hosts }, pics) ?? refused ?? small
  const tooLong = against === undefined && pics.clock === 'real' ? tooLongFor(steps, patience) : undefined
  const notApplicable = against ?? tooLong
  // Beside the reference the harness must be the wire.
  const mixed = hosts.some(({ role }) => role === 'reference')
  const lostTo = tooLong === undefined ? lostToPics({ ...declared, needs }, mixed, pics) : 'clock'
  return {
    name,
    suite: declared.suite,
    case: declared.case,
    title: plan.title,
    interface: declared.interface,
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
    ...(notApplicable === undefined ? {} : { notApplicable }),
    ...(lostTo === undefined ? {} : { lostTo }),
    position: declared.position,
  }
}

function lostToPics({ lacks, needs }: Pick<Asked, 'lacks' | 'needs'>, mixed: boolean, pics: Pics): LostTo | undefined {
  return lacks.length > 0 ? undefined : lostOf(pics, mixed ? [...needs, 'wire.frames'] : needs)
}

/** The longest that a case may let time pass where that is waited for, unless said. */
export const realWaitMax: Duration = 40_000_000_000

/** Why a case takes too long by a real clock; undefined if it does not. */
function tooLongFor(steps: readonly Step[], patience: Duration): string | undefined {
  const passes = steps.map((step) =>
    step.kind === 'advance' ? step.by : step.kind === 'advance-to' ? step.instant : 0,
  )
  const sum = passes.reduce((all, each) => all + each, 0)
  if (sum <= patience) return undefined
  return `it lets ${formatDuration(sum)} pass, which by a real clock is more than the ${formatDuration(patience)} that are waited for`
}

/** The values of an interface with those on top that are wanted, or why the PICS does not allow it. */
export function configurationFor(pics: Pics, of: InterfaceName, wanted: Configuration): ReturnType<typeof configure> {
  const own = concerning(pics, of)
  return configure(own, { ...assumed(own, of), ...wanted })
}

/** The configuration of a case that asks for none: a value of its own is one that differs. */
export function usualConfiguration(pics: Pics, of: InterfaceName): Configuration {
  const own = concerning(pics, of)
  return { ...declaredValues(own), ...assumed(own, of) }
}

/** The names of all permutations that a case declares. */
export function permutationNames({ declared, plans }: SuiteCase): string[] {
  return plans.flatMap(({ axes }) => declared.roles.map((roles) => permutationName(declared.id, axes, roles)))
}

/**
 * Values that the numbers of EMP's cases rest on where they say nothing else: frames, collections, IDs and pages are
 * counted with them. VIA's wire is the provider's own, so that its cases count nothing unsaid.
 */
const countedWith: ReadonlySet<string> = new Set([
  'emp.collection',
  'emp.window',
  'emp.first-message',
  'emp.page',
  'wire.mtu',
])

/**
 * What a case may take for granted when it sets nothing: the project's defaults, not the implementation's own. Timeouts,
 * limits and the number of descriptors stay as declared where they are fixed, since no case counts with them unsaid.
 */
function assumed(pics: Pics, of: InterfaceName): Configuration {
  const isAssumed = ([key]: [string, number]): boolean => {
    const declared = pics.values[key]
    return declared !== undefined && (declared.settable !== undefined || (of === 'emp' && countedWith.has(key)))
  }
  return Object.fromEntries(Object.entries(interfaceDefaults[of]).filter(isAssumed))
}

/** The PICS with the values that the interface has, its own and those of the wire. */
function concerning(pics: Pics, of: InterfaceName): Pics {
  const values = Object.entries(pics.values).filter(([key]) => key.startsWith(`${of}.`) || key.startsWith('wire.'))
  return { ...pics, values: Object.fromEntries(values) }
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

interface Asked {
  readonly interface: InterfaceName
  readonly needs: readonly string[]
  readonly lacks: readonly string[]
  readonly hosts: Permutation['hosts']
}

function reasonsAgainst(asked: Asked, pics: Pics): string | undefined {
  if (!pics.interfaces.includes(asked.interface))
    return `the implementation does not offer the interface ${asked.interface}`
  const lacking = asked.needs.filter((need) => !grants(pics, need))
  if (lacking.length > 0) return `the implementation does not offer ${lacking.join(', ')}`
  const offered = asked.lacks.filter((option) => grants(pics, option))
  if (offered.length > 0) return `the implementation offers ${offered.join(', ')}, and the case is about its absence`
  const mixed = asked.hosts.some((host) => host.role === 'reference')
  if (mixed && pics.wire !== 'frames')
    return 'beside the reference the implementation must hand out its frames, and it does not'
  return undefined
}

function declaredValues(pics: Pics): Configuration {
  return Object.fromEntries(Object.entries(pics.values).map(([key, { value }]) => [key, value]))
}
