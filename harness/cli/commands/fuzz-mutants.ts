// viaduct mutants --fuzz: what searching alone finds of the planted faults, without the declared cases.
import { counted } from '../../../spec/vocabulary/units.ts'
import type { Mutant } from '../../../adapters/mutants/mutant.ts'
import { runInCrew } from '../mutants/crew.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import type { MutantCaught, MutantSearched, MutantTrial } from '../fuzz/mutant-trial.ts'
import type { Project } from '../project/project.ts'
import { readStrength, writeStrength, type Strength } from '../mutants/strength.ts'
import { say, styled, table } from '../terminal/terminal.ts'

export interface FuzzMutantFlags {
  readonly seed: number
  /** Milliseconds for each. */
  readonly time: number
  readonly blind: boolean
  readonly write: boolean
}

/** The share of mutants that searching has to find. */
const shareWanted = 0.95

/** Prints the matrix as it comes, and the survivors. Not more than one in twenty may survive. */
export async function fuzzMutants(
  chosen: readonly Mutant[],
  flags: FuzzMutantFlags,
  project: Project,
): Promise<number> {
  const { seed, time: milliseconds, blind } = flags
  const trials: MutantTrial[] = chosen.map(({ name }) => ({ name, seed, guided: !blind, milliseconds }))
  const worker = new URL('../fuzz/mutant-worker.js', import.meta.url)
  const { mutants: byCases } = readStrength()
  const all: MutantSearched[] = []
  for await (const searched of runInCrew<MutantSearched>(worker, project, trials)) {
    all.push(searched)
    say(line(searched, byCases[searched.name]))
    for (const stray of searched.strays)
      say(`           ${styled('yellow', `also: ${stray}, which it does not break`)}`)
  }
  printSum(all)
  if (flags.write) keep(all)
  const killed = all.filter(({ caught }) => caught !== undefined).length
  return killed >= shareWanted * all.length ? exitCodes.ok : exitCodes.failed
}

/** Mutant x cases, search, requirement, time. */
function line({ name, runs, caught }: MutantSearched, through: readonly string[] | undefined): string {
  const cases = through === undefined ? 'cases ?' : through.length > 0 ? 'cases yes' : 'cases no'
  if (!caught) return `${styled('red', 'survives')} ${name}: ${counted(runs, 'run')}, ${cases}`
  const { run, milliseconds, calls, faults, label } = caught
  const size = `${counted(calls, 'call')}, ${counted(faults, 'fault')}`
  const when = `run ${run}, ${(milliseconds / 1000).toFixed(1)} s`
  return `${styled('green', 'killed  ')} ${name}: ${when}; ${size}, ${label}; ${cases}; through ${caught.through.join(', ')}`
}

function printSum(all: readonly MutantSearched[]): void {
  const caught = all.flatMap((each) => each.caught ?? [])
  const survivors = all.filter((each) => !each.caught).map(({ name }) => name)
  const of = (figure: (each: MutantCaught) => number): number =>
    caught.map(figure).toSorted((a, b) => a - b)[caught.length >> 1] ?? 0
  say()
  say(
    table([
      ['found by searching alone', `${caught.length} of ${counted(all.length, 'mutant')}`],
      [
        'median of their smallest runs',
        `${counted(
          of(({ calls }) => calls),
          'call',
        )}, ${counted(
          of(({ faults }) => faults),
          'fault',
        )}`,
      ],
      ['median time', `${(of(({ milliseconds }) => milliseconds) / 1000).toFixed(1)} s`],
    ]),
  )
  if (survivors.length > 0) say(`survivors: ${survivors.join(', ')}`)
}

/** Beside what the declared cases find; mutants that were not tried keep what is known of them. */
function keep(all: readonly MutantSearched[]): void {
  const strength = readStrength()
  const fuzz: Record<string, readonly string[]> = { ...strength.fuzz }
  for (const { name, caught } of all) fuzz[name] = caught?.through ?? []
  const kept: Strength = { ...strength, fuzz }
  writeStrength(kept)
}
