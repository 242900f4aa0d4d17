// viaduct list: cases and requirements, or adapters.
import { select } from '../../plan/select.ts'
import { knownAdapters } from '../adapters.ts'
import { exitCodes } from '../exit-codes.ts'
import { loadProject, reportDiagnostics } from '../project.ts'
import { complain, say, table } from '../terminal.ts'

export function list(pattern: string | undefined, adapters: boolean): number {
  if (adapters) {
    say(table(knownAdapters.map(({ name, words }) => [name, words])))
    say('Any other name is a command that speaks the adapter protocol.')
    return exitCodes.ok
  }
  const loaded = loadProject()
  if (reportDiagnostics(loaded)) return exitCodes.usage
  const { cases, catalogue } = loaded.project
  const requirement = catalogue.requirements.filter(({ id }) => pattern === undefined || id.startsWith(pattern))
  const chosen = select(cases, pattern === undefined ? [] : [pattern])
  if ('problem' in chosen && requirement.length === 0) {
    complain(chosen.problem)
    return exitCodes.usage
  }
  const shown = cases.filter(({ declared }) => 'matches' in chosen && chosen.matchesCase(declared.id))
  if (shown.length > 0) {
    say(`${shown.length} cases`)
    say(
      table(
        shown.map(({ declared }) => [declared.id, declared.class, declared.title]),
        '  ',
      ),
    )
  }
  if (requirement.length > 0) {
    if (shown.length > 0) say()
    say(`${requirement.length} requirements`)
    say(
      table(
        requirement.map(({ id, keyword, class: name, basis, title }) => [id, keyword, name, basis, title]),
        '  ',
      ),
    )
  }
  return exitCodes.ok
}
