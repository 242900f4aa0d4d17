// viaduct list: cases and requirements, or adapters.
import { counted } from '../../../spec/vocabulary/units.ts'
import { select } from '../../plan/select.ts'
import { knownAdapters } from '../adapter/named-adapters.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { isPath, suitesAt } from '../project/given-suites.ts'
import { openProject } from '../project/project.ts'
import { Refusal } from '../refusal.ts'
import { say, table } from '../terminal/terminal.ts'

export function list(pattern: string | undefined, adapters: boolean): number {
  if (adapters) {
    if (pattern !== undefined)
      throw new Refusal('A pattern chooses cases and requirements: leave it or --adapters out.')
    say(table(knownAdapters().map(({ name, words }) => [name, words])))
    say('Any other name is a folder with adapter.yaml, or a command that speaks the adapter protocol.')
    return exitCodes.ok
  }
  const isOfOwn = pattern !== undefined && isPath(pattern)
  const project = openProject(suitesAt(isOfOwn ? [pattern] : []))
  if (!project) return exitCodes.usage
  const { cases, declared, catalogue } = project
  const requirements = isOfOwn
    ? []
    : catalogue.requirements.filter(({ id }) => pattern === undefined || isMeant(id, pattern))
  const chosen = select(cases, pattern === undefined || isOfOwn ? [] : [pattern])
  if ('problem' in chosen && requirements.length === 0) throw new Refusal(chosen.problem)
  const shown = declared.filter(({ id }) => 'matches' in chosen && chosen.matchesCase(id))
  if (shown.length > 0) {
    say(counted(shown.length, 'case'))
    say(
      table(
        shown.map((each) => [each.id, each.class, each.title]),
        '  ',
      ),
    )
  }
  if (requirements.length > 0) {
    if (shown.length > 0) say()
    say(counted(requirements.length, 'requirement'))
    say(
      table(
        requirements.map(({ id, keyword, class: name, basis, title }) => [id, keyword, name, basis, title]),
        '  ',
      ),
    )
  }
  return exitCodes.ok
}

/** A requirement is listed for its id, the start of it, or a glob. */
function isMeant(id: string, pattern: string): boolean {
  const [start = '', ...rest] = pattern.split('*')
  return id.startsWith(start) && (rest.length === 0 || id.endsWith(rest.at(-1) ?? ''))
}
