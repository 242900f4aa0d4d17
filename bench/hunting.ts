// What guidance is worth: how long searching takes to find each planted fault, guided and blind.
import { mutants } from '../adapters/mutants/catalogue.ts'
import type { Mutant } from '../adapters/mutants/mutant.ts'
import { searchMutant, type MutantSearched } from '../harness/cli/fuzz/mutant-trial.ts'
import { openProject, type Project } from '../harness/cli/project/project.ts'
import { remark, row } from './figures.ts'

/** Columns of the longest name of a mutant. */
const nameWidth = 44

interface Found {
  readonly guided: MutantSearched
  readonly blind: MutantSearched
}

/** One seed, each way at most so many milliseconds; runs are what can be compared on a busy machine. */
async function huntBothWays({ name }: Mutant, milliseconds: number, project: Project): Promise<Found> {
  const trial = { name, seed: 1, milliseconds }
  const guided = await searchMutant({ ...trial, guided: true }, project)
  const blind = await searchMutant({ ...trial, guided: false }, project)
  return { guided, blind }
}

function words({ caught, runs }: MutantSearched): string {
  if (!caught) return `not in ${runs} runs`
  return `run ${caught.run}, ${(caught.milliseconds / 1000).toFixed(2)} s`
}

/** A row for each mutant with one of these names, for all if none is given, and what they come to. */
export async function huntingRows(milliseconds: number, names: readonly string[]): Promise<void> {
  const project = openProject()
  if (!project) throw new Error('the suites cannot be read')
  const all: Found[] = []
  const meant = new Set(names)
  for (const name of names) if (!mutants.some((mutant) => mutant.name === name)) throw new Error(`no mutant ${name}`)
  for (const mutant of mutants.filter(({ name }) => meant.size === 0 || meant.has(name))) {
    const found = await huntBothWays(mutant, milliseconds, project)
    all.push(found)
    console.log(`${mutant.name.padEnd(nameWidth)} guided ${words(found.guided).padEnd(24)} blind ${words(found.blind)}`)
  }
  sum(all, milliseconds)
}

function atRun({ caught }: MutantSearched): number {
  return caught?.run ?? Infinity
}

function sum(all: readonly Found[], milliseconds: number): void {
  const times = (way: keyof Found): number[] => all.flatMap((found) => found[way].caught?.milliseconds ?? [])
  row('time to kill, guided', times('guided'), 'ms')
  row('time to kill, blind', times('blind'), 'ms')
  const sooner = all.filter(({ guided, blind }) => atRun(guided) < atRun(blind)).length
  const later = all.filter(({ guided, blind }) => atRun(guided) > atRun(blind)).length
  const total = (way: keyof Found): number =>
    all.reduce((spent, found) => spent + (found[way].caught?.milliseconds ?? milliseconds), 0) / 1000
  remark(`of ${all.length} mutants guided finds ${times('guided').length}, blind ${times('blind').length}`)
  remark(`guided needs fewer runs for ${sooner}, more for ${later}`)
  remark(`in all ${total('guided').toFixed(0)} s guided, ${total('blind').toFixed(0)} s blind`)
}
