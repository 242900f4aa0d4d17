// Writes permutations as cases of a suite, each by itself: what `expand` resolved, in the words of suite files.
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import type { LinkSetting } from '../../../spec/vocabulary/faults.ts'
import type { Pics } from '../../subject/pics.ts'
import type { Permutation } from '../permutation.ts'
import { usualConfiguration } from '../configuration.ts'
import { rolesFor } from '../read/suite-case.ts'
import { hostsUsual, linkUsual } from '../usual.ts'
import { writeAllocation } from './calls.ts'
import { writeOutcomes } from './expectations.ts'
import { writeFaults, writeWeather } from './faults.ts'
import { Names } from './names.ts'
import { writeProof } from './sightings.ts'
import { writeSteps } from './steps.ts'
import { textOf } from './text.ts'
import { writeDuration } from './values.ts'
import { unless, type Written, type WrittenMap } from './written.ts'

/** A permutation that is to be a case by itself. */
export interface CaseToWrite {
  /** A slug. */
  readonly id: string
  readonly permutation: Permutation
  /** Options that the implementation must offer, and must not offer. */
  readonly needs: readonly string[]
  readonly lacks: readonly string[]
}

export interface SuiteToWrite {
  /** A dotted id, by which the file has to be called. */
  readonly suite: string
  readonly title: string
  /** What the permutations were made for: a value of theirs is written where it differs from what a case has there that says nothing. */
  readonly pics: Pics
  /** Configuration keys whose values are durations. */
  readonly durations: readonly string[]
}

/**
 * A suite of these cases, of one interface, at least one. Read and expanded for the same PICS, each becomes a permutation
 * that is equal but for its names and places, and for labels that nothing names. Threads are numbered in the order in which
 * they appear.
 */
export function caseText(cases: readonly CaseToWrite[], about: SuiteToWrite): string {
  const [first] = cases
  if (!first) throw new RangeError('a suite has at least one case')
  const { permutation } = first
  const needs = first.needs.filter((need) => cases.every((each) => each.needs.includes(need)))
  return textOf({
    suite: about.suite,
    title: about.title,
    interface: permutation.interface,
    class: permutation.class,
    needs: ifAny(needs),
    cases: cases.map((each) => writeCase(each, { ...about, class: permutation.class, needs })),
  })
}

/** What a case need not say again. */
interface Shared extends SuiteToWrite {
  readonly class: string
  readonly needs: readonly string[]
}

function writeCase({ id, permutation, needs, lacks }: CaseToWrite, shared: Shared): WrittenMap {
  const hosts = permutation.hosts.map(({ name }) => name)
  const names = new Names(permutation, shared.pics)
  const { weather, seed, schedule } = permutation
  return {
    id,
    title: permutation.title,
    class: unless(shared.class, permutation.class),
    needs: ifAny(needs.filter((need) => !shared.needs.includes(need))),
    lacks: ifAny(lacks),
    hosts: isSame(hosts, hostsUsual) ? undefined : hosts,
    roles: isSame([permutation.roles], rolesFor(permutation.interface, hosts)) ? undefined : [permutation.roles],
    configuration: writeConfiguration(permutation, shared),
    link: writeLink(permutation.link),
    memory: writeMemory(permutation, names),
    faults: ifAny(writeFaults(permutation, names)),
    weather: weather && writeWeather(weather),
    seed,
    schedule,
    // What the steps make known is what the rest names.
    steps: writeSteps(permutation, names),
    ...writeOutcomes(permutation.outcomes, names),
    proves: permutation.proves.map((proof) => writeProof(proof, names)),
  }
}

function ifAny<T extends Written>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each, i) => each === others[i])
}

function writeConfiguration(permutation: Permutation, { pics, durations }: Shared): WrittenMap | undefined {
  const usual: Configuration = usualConfiguration(pics, permutation.interface)
  const own = Object.entries(permutation.configuration).filter(([key, value]) => value !== usual[key])
  if (own.length === 0) return undefined
  return Object.fromEntries(own.map(([key, value]) => [key, durations.includes(key) ? writeDuration(value) : value]))
}

/** Rates stand in whole megabits. */
function writeLink({ bitsPerSecond, delay }: LinkSetting): WrittenMap | undefined {
  if (bitsPerSecond === linkUsual.bitsPerSecond && delay === linkUsual.delay) return undefined
  const rate = `${bitsPerSecond / 1_000_000}Mb`
  return {
    rate: bitsPerSecond === linkUsual.bitsPerSecond ? undefined : rate,
    delay: delay === linkUsual.delay ? undefined : writeDuration(delay),
  }
}

function writeMemory({ memory }: Permutation, names: Names): WrittenMap | undefined {
  if (memory.length === 0) return undefined
  const buffers = memory.map(({ node, allocate }) => [`${names.host(node)}.${allocate.as}`, writeAllocation(allocate)])
  return Object.fromEntries(buffers)
}
