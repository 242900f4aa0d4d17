// What the suites make of one implementation that is known to be wrong: a mutant, or an endpoint that does nothing right.
import { degenerateAdapter, type DegenerateName } from '../../../adapters/degenerate/adapter.ts'
import { mutantAdapter } from '../../../adapters/mutants/adapter.ts'
import { mutants } from '../../../adapters/mutants/catalogue.ts'
import type { Mutant } from '../../../adapters/mutants/mutant.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import type { Judgement } from '../../judge/judge.ts'
import { judgeRequirements } from '../../judge/requirements/requirements.ts'
import type { DeclaredCase } from '../../plan/suite-case.ts'
import type { PermutationResult } from '../../result/report.ts'
import { isBad } from '../../result/verdict.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { concerning, type Project } from '../project/project.ts'
import { permutationsFor, runSession } from '../session/session.ts'

/** What is to be tried; plain data, so that it can be handed to a worker. */
export type Trial =
  { readonly kind: 'mutant'; readonly name: string } | { readonly kind: 'degenerate'; readonly name: DegenerateName }

export interface MutantFindings {
  /** Every killing case with the requirements of the mutant that it was caught through; none: an unrelated one. */
  readonly killers: readonly { readonly case: string; readonly through: readonly string[] }[]
  /** Requirements of the mutant through which any case caught it. */
  readonly through: readonly string[]
  /** What is wrong with the suites: empty for a clean kill, and for a mutant that only a race reveals and none has. */
  readonly problems: readonly string[]
}

/** The answer to a trial: a mutant's findings, or the requirements that a degenerate verifies. */
export type TrialFindings = MutantFindings | { readonly verified: readonly string[] }

export async function tryOut(trial: Trial, whole: Project, seed: number): Promise<TrialFindings> {
  if (trial.kind === 'degenerate') {
    const adapter = degenerateAdapter(trial.name)
    return tryDegenerate(adapter, concerning(whole, adapter.pics.interfaces), seed)
  }
  const mutant = mutants.find(({ name }) => name === trial.name)
  if (!mutant) throw new RangeError(`no mutant ${trial.name}`)
  const adapter = mutantAdapter(mutant)
  const project = askedOf(mutant, concerning(whole, adapter.pics.interfaces))
  // A case that has told is not run in further orders, or with further victims.
  const isEnough = ({ findings }: Judgement): boolean => caughtThrough(mutant, findings).length > 0
  return findingsOf(mutant, await rowsOf(adapter, project, { seed, isEnough }), project)
}

/**
 * The cases that have to tell: those for the requirements that a mutant breaks, and those that say they kill it. That
 * others may catch it too would count for nothing.
 */
function askedOf({ name, violates }: Mutant, project: Project): Project {
  const isAsked = ({ requirements, kills }: DeclaredCase): boolean =>
    kills.includes(name) || requirements.some((id) => violates.includes(id))
  return {
    ...project,
    cases: project.cases.filter(({ declared }) => isAsked(declared)),
    declared: project.declared.filter(isAsked),
  }
}

async function rowsOf(
  adapter: Adapter,
  project: Project,
  { seed, isEnough }: { seed: number; isEnough?: (judgement: Judgement) => boolean },
): Promise<PermutationResult[]> {
  const rows: PermutationResult[] = []
  const permutations = permutationsFor(project, adapter, seed)
  const session = runSession({ project, adapter, permutations, repeat: () => '', brief: true, isEnough })
  for await (const row of session) rows.push(row)
  return rows
}

/** Requirements that a mutant breaks and that were found broken. */
function caughtThrough({ violates }: Mutant, findings: Judgement['findings']): readonly string[] {
  const named = findings.filter(({ verdict }) => isBad(verdict)).flatMap(({ requirements }) => requirements)
  return named.filter((requirement) => violates.includes(requirement))
}

function findingsOf(mutant: Mutant, rows: readonly PermutationResult[], project: Project): MutantFindings {
  const killers = new Map<string, Set<string>>()
  for (const { suite, case: name, verdict, findings } of rows) {
    if (!isBad(verdict)) continue
    const through = killers.get(`${suite}/${name}`) ?? new Set<string>()
    for (const requirement of caughtThrough(mutant, findings)) through.add(requirement)
    killers.set(`${suite}/${name}`, through)
  }
  const through = [...new Set([...killers.values()].flatMap((each) => [...each]))].toSorted()
  return {
    killers: [...killers].map(([id, each]) => ({ case: id, through: [...each] })),
    through,
    problems: problemsOf(mutant, { killers, through }, rows, project),
  }
}

function problemsOf(
  mutant: Mutant,
  { killers, through }: { killers: ReadonlyMap<string, unknown>; through: readonly string[] },
  rows: readonly PermutationResult[],
  project: Project,
): string[] {
  const problems: string[] = []
  const mayLive = mutant.revealedBy === 'race'
  if (killers.size === 0) problems.push(...(mayLive ? [] : ['survives: no case for what it breaks catches it']))
  else if (through.length === 0) {
    problems.push(
      `is caught only through requirements that it does not break (it breaks ${mutant.violates.join(', ')})`,
    )
  }
  for (const { id, kills } of project.declared) {
    if (kills.includes(mutant.name) && !killers.has(id)) problems.push(`${id} says that it kills it, and does not`)
  }
  const broken = rows.filter(({ verdict }) => verdict === 'error')
  const [first] = broken
  if (first)
    problems.push(
      `${counted(broken.length, 'permutation')} ended in a harness error, first ${first.name}: ${first.reason}`,
    )
  return problems
}

async function tryDegenerate(adapter: Adapter, project: Project, seed: number): Promise<TrialFindings> {
  const requirements = judgeRequirements({
    catalogue: project.catalogue,
    declared: project.declared,
    results: await rowsOf(adapter, project, { seed }),
    pics: adapter.pics,
    selection: false,
    strong: new Set(),
  })
  return { verified: requirements.filter(({ verdict }) => verdict === 'verified').map(({ id }) => id) }
}
