// viaduct explain --case: one permutation as a suite file with a single case.
import { referencePics } from '../../../adapters/reference/pics.ts'
import type { Permutation } from '../../plan/permutation.ts'
import { caseText } from '../../plan/write/cases.ts'
import { expand } from '../../plan/expand.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { suitesAt } from '../project/given-suites.ts'
import { openProject, type Project } from '../project/project.ts'
import { Refusal } from '../refusal.ts'
import { say } from '../terminal/terminal.ts'
import { hintFor } from './explain.ts'

/** Prints the permutation of that full name, made for what the reference declares. `seed`: that of the run; `paths`: see explain. */
export function writeOut(name: string, paths: readonly string[], seed: number): number {
  const project = openProject(suitesAt(paths))
  if (!project) return exitCodes.usage
  say(textOf(permutationOf(name, project, seed), project).trimEnd())
  return exitCodes.ok
}

/** The one permutation that a name stands for. */
function permutationOf(name: string, project: Project, seed: number): Permutation {
  const mine = project.cases.filter(({ declared: { id } }) => name === id || name.startsWith(`${id}/`))
  const all = expand(mine, referencePics, { roles: undefined, seed })
  const isMeant = (each: Permutation): boolean => each.name === name || each.name.startsWith(`${name}/`)
  const [first, ...others] = all.filter(isMeant)
  if (project.catalogue.requirements.some(({ id }) => id === name))
    throw new Refusal(
      `${name} is a requirement, and no permutation: viaduct explain ${name} names the cases that verify it`,
    )
  if (name.includes('*'))
    throw new Refusal(
      `--case writes one permutation, and ${name} is a pattern. Give it a full name, as a report has it.`,
    )
  if (!first) {
    const help = all[0] ? `One of that case is ${all[0].name}` : hintFor(name, project)
    throw new Refusal(`There is no permutation ${name}. ${help}`)
  }
  if (others.length > 0) {
    const count = others.length + 1
    throw new Refusal(
      `${name} stands for ${count} permutations, and --case writes one. Give it a full name, such as ${first.name}`,
    )
  }
  if (first.notApplicable !== undefined)
    throw new Refusal(`${name} is not applicable to the reference: ${first.notApplicable}`)
  return first
}

/** Suite and case are called after where the permutation comes from, so that both names are new. */
function textOf(permutation: Permutation, { declared, durations }: Project): string {
  const { suite, case: of, axes } = permutation
  const { needs = [], lacks = [] } = declared.find((each) => each.suite === suite && each.case === of) ?? {}
  const id = slugOf(Object.entries(axes).flat()) || of
  const title = `One permutation of ${suite}/${of}`
  return caseText([{ id, permutation, needs, lacks }], {
    suite: `${suite}.${of}`,
    title,
    pics: referencePics,
    durations,
  })
}

function slugOf(words: readonly string[]): string {
  const parts = words.flatMap((word) => word.toLowerCase().match(/[a-z0-9]+/g) ?? [])
  return parts.join('-')
}
