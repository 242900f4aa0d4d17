// How strong the suites are, as `viaduct mutants` last measured it and the package carries it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KilledOf, Report } from '../../result/report.ts'
import { packageRoot } from '../files/package.ts'

const file = join(packageRoot, 'suites/strength.json')

/** What was measured; written by `viaduct mutants --write`, checked by `viaduct mutants`. */
export interface Strength {
  /** Requirements through which each mutant is killed, by mutant; empty for a survivor. */
  readonly mutants: Readonly<Record<string, readonly string[]>>
  /** The same of mutants that only a race reveals; empty for one that is left to the fuzzer. */
  readonly races: Readonly<Record<string, readonly string[]>>
  /** How many requirements each degenerate endpoint verifies; the floor is none. */
  readonly floor: Readonly<Record<string, number>>
  /** Requirements through which searching alone catches each mutant; written by `viaduct mutants --fuzz --write`. */
  readonly fuzz?: Readonly<Record<string, readonly string[]>>
}

/** Of suites whose strength nobody measured. */
const unmeasured: Strength = { mutants: {}, races: {}, floor: {} }

export function readStrength(): Strength {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isStrength(parsed) ? parsed : unmeasured
  } catch {
    return unmeasured
  }
}

/** Of the suites at these paths, or of those that come with viaduct: nobody measured how strong those of others are. */
export function strengthOf(paths: readonly string[]): Strength {
  return paths.length > 0 ? unmeasured : readStrength()
}

export function writeStrength(strength: Strength): void {
  writeFileSync(file, strengthText(strength))
}

export function strengthText(strength: Strength): string {
  return `${JSON.stringify(strength, undefined, 2)}\n`
}

/** Requirements through which some mutant is killed; the others are weak, however green they are. */
export function strongRequirements(strength: Strength): ReadonlySet<string> {
  return new Set([strength.mutants, strength.races].flatMap((each) => Object.values(each).flat()))
}

/** What reports say of it. */
export function reportedStrength({ mutants, races, floor, fuzz = {} }: Strength): Report['strength'] {
  const all = Object.entries({ ...mutants, ...races })
  const survivors = all.filter(([name, through]) => through.length === 0 && (fuzz[name] ?? []).length === 0)
  return {
    ...killedOf(mutants),
    races: killedOf(races),
    ...(Object.keys(fuzz).length > 0 ? { search: killedOf(fuzz) } : {}),
    survivors: survivors.map(([name]) => name),
    floor,
  }
}

function killedOf(measured: Strength['mutants']): KilledOf {
  const all = Object.values(measured)
  return { mutants: all.length, killed: all.filter((through) => through.length > 0).length }
}

function isStrength(value: unknown): value is Strength {
  return typeof value === 'object' && value !== null && 'mutants' in value && 'races' in value && 'floor' in value
}
