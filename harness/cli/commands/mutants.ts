// viaduct mutants: the suites against the reference with one planted fault each, and against endpoints that do nothing right.
import { counted } from '../../../spec/vocabulary/units.ts'
import { degenerateNames } from '../../../adapters/degenerate/adapter.ts'
import { mutants as catalogue } from '../../../adapters/mutants/catalogue.ts'
import type { Mutant } from '../../../adapters/mutants/mutant.ts'
import { nearest } from '../../plan/yaml/nearest.ts'
import { runInCrew } from '../mutants/crew.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { openProject, type Project } from '../project/project.ts'
import { Refusal } from '../refusal.ts'
import { readStrength, strengthText, writeStrength, type Strength } from '../mutants/strength.ts'
import { say, styled } from '../terminal/terminal.ts'
import type { MutantFindings, Trial, TrialFindings } from '../mutants/trial.ts'
import type { TrialShare } from '../mutants/trial-worker.ts'
import { fuzzMutants } from './fuzz-mutants.ts'

/** The flags of `mutants`, as commander reads them. */
export interface MutantFlags {
  readonly seed: number
  readonly write?: true
  /** By searching alone, for so many milliseconds each; with `blind`, without guidance. */
  readonly fuzz?: true
  readonly time?: number
  readonly blind?: true
}

/** How long each mutant is searched for, in milliseconds. */
const usualMilliseconds = 60_000

/** Of the mutants that the patterns name, where `*` stands for anything; of all without a pattern. */
export async function mutants(patterns: readonly string[], flags: MutantFlags): Promise<number> {
  const [name] = patterns
  const idle = idleOption(flags)
  if (idle !== undefined) throw new Refusal(`${idle} is for searching alone: say --fuzz, too.`)
  if (name !== undefined && flags.write && !flags.fuzz)
    throw new Refusal('--write keeps the measurement of all mutants: leave out the names.')
  const project = openProject()
  if (!project) return exitCodes.usage
  const unmatched = patterns.filter((pattern) => !catalogue.some((mutant) => isMeant(mutant, pattern)))
  if (unmatched.length > 0) throw new Refusal(unmatched.map(unknown).join('\n'))
  const chosen = catalogue.filter(
    (mutant) => name === undefined || patterns.some((pattern) => isMeant(mutant, pattern)),
  )
  if (flags.fuzz) {
    const { seed, time = usualMilliseconds, write = false, blind = false } = flags
    return fuzzMutants(chosen, { seed, time, write, blind }, project)
  }
  return tryMutants(chosen, { isWhole: name === undefined, flags, project })
}

/** What would do nothing, since the declared cases are run. */
function idleOption({ fuzz, time, blind }: MutantFlags): string | undefined {
  if (fuzz) return undefined
  return time === undefined ? blind && '--blind' : '--time'
}

interface Measurement {
  /** All mutants are tried, so that what was measured can be kept, and endpoints that do nothing right too. */
  readonly isWhole: boolean
  readonly flags: MutantFlags
  readonly project: Project
}

async function tryMutants(chosen: readonly Mutant[], { isWhole, flags, project }: Measurement): Promise<number> {
  const trials: Trial[] = chosen.map((mutant) => ({ kind: 'mutant', name: mutant.name }))
  if (isWhole) trials.push(...degenerateNames.map((each): Trial => ({ kind: 'degenerate', name: each })))
  const share: TrialShare = { project, seed: flags.seed }
  const worker = new URL('../mutants/trial-worker.js', import.meta.url)
  const through: Record<string, readonly string[]> = {}
  const races: Record<string, readonly string[]> = {}
  const floor: Record<string, number> = {}
  let problems = 0
  let place = 0
  for await (const findings of runInCrew<TrialFindings>(worker, share, trials)) {
    const trial = trials[place++]
    if ('verified' in findings) {
      floor[trial?.name ?? ''] = findings.verified.length
      problems += printFloor(trial?.name ?? '', findings.verified)
      continue
    }
    const mutant = chosen.find((each) => each.name === trial?.name)
    if (!mutant) continue
    const measured = mutant.revealedBy === 'race' ? races : through
    measured[mutant.name] = findings.through
    problems += printMutant(mutant, findings)
  }
  if (isWhole) problems += keep({ ...readStrength(), mutants: through, races, floor }, flags.write === true)
  printTotals(through, races)
  return problems > 0 ? exitCodes.failed : exitCodes.ok
}

function isMeant({ name }: Mutant, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w-]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}

function unknown(name: string): string {
  const names = catalogue.map((mutant) => mutant.name)
  const close = nearest(name, names)
  const hint = close === undefined ? 'viaduct list --adapters shows them.' : `Did you mean ${close}?`
  return `There is no mutant ${name}. ${hint}`
}

function printTotals(through: Strength['mutants'], races: Strength['races']): void {
  say()
  const killed = killedOf(through)
  const all = Object.keys(through).length
  if (all > 0)
    say(
      `${counted(all, 'mutant')}: ${killed} killed through a requirement that ${all === 1 ? 'it breaks' : 'they break'}, ${all - killed} not`,
    )
  const found = killedOf(races)
  const racing = Object.keys(races).length
  if (racing === 0) return
  say(
    `${counted(racing, 'mutant')} that only a race reveals: ${found} killed by declared cases, ${racing - found} left to the fuzzer`,
  )
}

function killedOf(measured: Strength['mutants']): number {
  return Object.values(measured).filter((each) => each.length > 0).length
}

/** How many killing cases are named for a mutant. */
const killersShown = 6

/** Prints mutant x killing case x requirement; the number of problems. */
function printMutant(mutant: Mutant, findings: MutantFindings): number {
  const { killers, problems } = findings
  say(`${verdictOf(findings)} ${mutant.name}: ${mutant.words}`)
  const telling = killers.filter(({ through }) => through.length > 0)
  for (const each of telling.slice(0, killersShown)) say(`           ${each.case} through ${each.through.join(', ')}`)
  if (telling.length > killersShown) say(`           and ${counted(telling.length - killersShown, 'more case')}`)
  for (const problem of problems) say(`           ${styled('red', problem)}`)
  return problems.length
}

function verdictOf({ killers, problems }: MutantFindings): string {
  if (problems.length > 0) return styled('red', 'PROBLEM ')
  return killers.length > 0 ? styled('green', 'killed  ') : styled('yellow', 'a race  ')
}

function printFloor(name: string, verified: readonly string[]): number {
  const isClean = verified.length === 0
  say(
    `floor    degenerate:${name} ${isClean ? styled('green', 'verifies nothing') : styled('red', `VERIFIES ${verified.join(', ')}`)}`,
  )
  return isClean ? 0 : 1
}

/** Writes the measurement, or compares it with the one that the package carries; the number of problems. */
function keep(strength: Strength, write: boolean): number {
  if (write) {
    writeStrength(strength)
    return 0
  }
  if (strengthText(strength) === strengthText(readStrength())) return 0
  say()
  say(styled('red', 'suites/strength.json says otherwise: run viaduct mutants --write and commit it'))
  return 1
}
