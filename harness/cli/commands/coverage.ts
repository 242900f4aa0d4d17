// viaduct coverage: which requirements the suites cover, which are excused, and which are simply not covered.
import { counted } from '../../../spec/vocabulary/units.ts'
import type { Requirement } from '../../plan/requirement.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { openProject } from '../project/project.ts'
import { Refusal } from '../refusal.ts'
import { say, table } from '../terminal/terminal.ts'

export function coverage(name: string | undefined): number {
  const project = openProject()
  if (!project) return exitCodes.usage
  const { catalogue, declared: cases } = project
  const interfaces = [...new Set(catalogue.classes.map((each) => each.interface))]
  if (name !== undefined && !interfaces.includes(name))
    throw new Refusal(`${name} is no interface; there are ${interfaces.join(' and ')}`)
  const covering = new Map<string, string[]>()
  for (const each of cases) {
    for (const id of each.requirements) covering.set(id, [...(covering.get(id) ?? []), each.id])
  }
  const state = (requirement: Requirement): string => {
    if (requirement.untestable !== undefined) return 'untestable'
    if (covering.has(requirement.id)) return 'covered'
    return requirement.deferred === undefined ? 'UNCOVERED' : 'deferred'
  }
  const shown = catalogue.requirements.filter((each) => name === undefined || each.interface === name)
  if (shown.length === 0) say(`There are no requirements for ${name ?? 'anything'} yet.`)
  else say(table(shown.map((each) => [each.id, each.keyword, each.class, state(each), note(each, covering)])))
  const count = (wanted: string): number => shown.filter((each) => state(each) === wanted).length
  say()
  say(
    `${counted(shown.length, 'requirement')}: ${count('covered')} covered, ${count('deferred')} deferred, ${count('untestable')} untestable, ${count('UNCOVERED')} uncovered`,
  )
  return exitCodes.ok
}

function note(requirement: Requirement, covering: ReadonlyMap<string, readonly string[]>): string {
  const cases = covering.get(requirement.id)
  if (requirement.untestable !== undefined) return requirement.untestable
  if (cases) return `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}`
  return requirement.deferred ?? ''
}
