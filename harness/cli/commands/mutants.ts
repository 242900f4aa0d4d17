// viaduct mutants: the suites against the reference with one planted fault each, and against endpoints that do nothing right.
import { degenerateAdapter, degenerateNames } from '../../../adapters/degenerate/adapter.ts'
import { mutantAdapter } from '../../../adapters/mutants/adapter.ts'
import { mutants as catalogue } from '../../../adapters/mutants/catalogue.ts'
import type { Mutant } from '../../../adapters/mutants/mutant.ts'
import { judgeRequirements } from '../../judge/requirements.ts'
import { nearest } from '../../plan/nearest.ts'
import type { CaseResult } from '../../result/report.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { exitCodes } from '../exit-codes.ts'
import { openProject, type Project } from '../project.ts'
import { permutationsFor, runSession } from '../session.ts'
import { readStrength, strengthText, writeStrength, type Strength } from '../strength.ts'
import { complain, say, styled } from '../terminal.ts'

export interface MutantFlags {
  readonly seed: number
  readonly write: boolean
}

export async function mutants(name: string | undefined, flags: MutantFlags): Promise<number> {
  const project = openProject()
  if (!project) return exitCodes.usage
  const chosen = catalogue.filter((mutant) => name === undefined || mutant.name === name)
  if (chosen.length === 0) {
    const close = nearest(
      name ?? '',
      catalogue.map((mutant) => mutant.name),
    )
    complain(`There is no mutant ${name ?? ''}.${close === undefined ? '' : ` Did you mean ${close}?`}`)
    return exitCodes.usage
  }
  const killed: Record<string, readonly string[]> = {}
  let problems = 0
  for (const mutant of chosen) {
    const trial = tryMutant(mutant, await rowsOf(project, mutantAdapter(mutant), flags.seed), project)
    print(mutant, trial)
    killed[mutant.name] = trial.through
    problems += trial.problems.length
  }
  const floor = name === undefined ? await measureFloor(project, flags.seed) : {}
  problems += Object.values(floor).filter((verified) => verified > 0).length
  if (name === undefined) problems += keep({ mutants: killed, floor }, flags.write)
  const survivors = Object.values(killed).filter((through) => through.length === 0).length
  say()
  say(
    `${chosen.length} mutants: ${chosen.length - survivors} killed through a requirement that they break, ${survivors} not`,
  )
  return problems > 0 ? exitCodes.failed : exitCodes.ok
}

/** What the suites made of one mutant. */
interface Trial {
  /** Killing case -> requirements of the mutant that it was caught through. */
  readonly killers: ReadonlyMap<string, ReadonlySet<string>>
  /** Requirements of the mutant through which any case caught it. */
  readonly through: readonly string[]
  readonly problems: readonly string[]
}

async function rowsOf(project: Project, adapter: Adapter, seed: number): Promise<CaseResult[]> {
  const rows: CaseResult[] = []
  const permutations = permutationsFor(project, adapter, seed)
  for await (const row of runSession({ project, adapter, permutations, repeat: () => '' })) rows.push(row)
  return rows
}

const bad: ReadonlySet<string> = new Set(['fail', 'timeout', 'crash'])

function tryMutant(mutant: Mutant, rows: readonly CaseResult[], project: Project): Trial {
  const killers = new Map<string, Set<string>>()
  for (const { suite, case: name, verdict, findings } of rows) {
    if (!bad.has(verdict)) continue
    const id = `${suite}/${name}`
    const through = killers.get(id) ?? new Set<string>()
    for (const finding of findings.filter((each) => bad.has(each.verdict))) {
      for (const requirement of finding.requirements)
        if (mutant.violates.includes(requirement)) through.add(requirement)
    }
    killers.set(id, through)
  }
  const through = [...new Set([...killers.values()].flatMap((each) => [...each]))].toSorted()
  const problems: string[] = []
  if (killers.size === 0) problems.push('survives: no case catches it')
  else if (through.length === 0)
    problems.push(`is caught only through requirements that it does not break (${mutant.violates.join(', ')})`)
  for (const { declared } of project.cases) {
    if (declared.kills.includes(mutant.name) && !killers.has(declared.id))
      problems.push(`${declared.id} says that it kills it, and does not`)
  }
  const broken = rows.filter(({ verdict }) => verdict === 'error')
  if (broken.length > 0)
    problems.push(`${broken.length} permutations ended in a harness error, first ${broken[0]?.name ?? ''}`)
  return { killers, through, problems }
}

/** How many killing cases are named for a mutant. */
const killersShown = 6

function print(mutant: Mutant, { killers, problems }: Trial): void {
  const verdict = problems.length === 0 ? styled('green', 'killed  ') : styled('red', 'PROBLEM ')
  say(`${verdict} ${mutant.name}: ${mutant.words}`)
  const telling = [...killers].filter(([, through]) => through.size > 0)
  for (const [id, through] of telling.slice(0, killersShown)) say(`           ${id} through ${[...through].join(', ')}`)
  if (telling.length > killersShown) say(`           and ${telling.length - killersShown} more cases`)
  for (const problem of problems) say(`           ${styled('red', problem)}`)
}

/** Requirements that each degenerate endpoint verifies: there must be none. */
async function measureFloor(project: Project, seed: number): Promise<Record<string, number>> {
  const floor: Record<string, number> = {}
  say()
  for (const name of degenerateNames) {
    const adapter = degenerateAdapter(name)
    const requirements = judgeRequirements({
      catalogue: project.catalogue,
      declared: project.declared,
      results: await rowsOf(project, adapter, seed),
      pics: adapter.pics,
      selection: false,
      strong: new Set(),
    })
    const verified = requirements.filter(({ verdict }) => verdict === 'verified').map(({ id }) => id)
    floor[name] = verified.length
    const words =
      verified.length === 0 ? styled('green', 'verifies nothing') : styled('red', `VERIFIES ${verified.join(', ')}`)
    say(`floor    degenerate:${name} ${words}`)
  }
  return floor
}

/** Writes the measurement, or compares it with the one that the package carries. */
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
