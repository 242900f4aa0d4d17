// viaduct explain: a case or a requirement in plain words.
import type { DeclaredCase } from '../../plan/suite-case.ts'
import { permutationNames } from '../../plan/expand.ts'
import { nearest } from '../../plan/yaml/nearest.ts'
import type { Requirement } from '../../plan/requirement.ts'
import { numberedSteps } from '../../result/steps-alike.ts'
import type { Report } from '../../result/report.ts'
import { hasRun, verdicts } from '../../result/verdict.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { mutants } from '../../../adapters/mutants/catalogue.ts'
import { suitesAt } from '../project/given-suites.ts'
import { openProject, type Project } from '../project/project.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { orRefuse, Refusal, refuseIf } from '../refusal.ts'
import { reportAt } from '../report/read-report.ts'
import { usualReport } from '../report/report-files.ts'
import { failureWords } from '../terminal/summary.ts'
import { say, styled, wrapped } from '../terminal/terminal.ts'

/**
 * @param paths Suites of one's own, in place of those that come with viaduct.
 * @param report Where the last result is looked for; in the usual folder, if there is one, unless given.
 */
export function explain(id: string, paths: readonly string[], { report: path }: { readonly report?: string }): number {
  const project = openProject(suitesAt(paths))
  if (!project) return exitCodes.usage
  const report = lastReport(path)
  const { catalogue, declared: cases } = project
  const requirement = catalogue.requirements.find((each) => each.id === id)
  const declared = cases.find((each) => id === each.id || id.startsWith(`${each.id}/`))
  if (requirement) {
    explainRequirement(requirement, project)
    if (report) lastResult(requirementResult(requirement.id, report))
  } else if (declared) {
    const asked = id.replace(/\/+$/, '')
    refuseIf(unknownPermutation(asked, declared, project))
    explainCase(declared, asked, project)
    if (report) lastResult(caseResult(asked, report))
  } else throw new Refusal(`There is no case and no requirement ${id}. ${hintFor(id, project)}`)
  return exitCodes.ok
}

function lastReport(path: string | undefined): Report | undefined {
  if (path !== undefined) return orRefuse(reportAt(path))
  // Nobody asked for it, so that one which cannot be read is none.
  const usual = reportAt(usualReport)
  return 'problem' in usual ? undefined : usual
}

/** Lines as they are: one of them is a command, to be copied. */
function lastResult(lines: readonly string[]): void {
  say()
  say(styled('bold', 'Last result'))
  for (const line of lines) say(`  ${line}`)
}

function ofReport({ implementation, run }: Report): string {
  return `${implementation.name} ${implementation.version}, ${run.startedAt.slice(0, 10)}`
}

function requirementResult(id: string, report: Report): readonly string[] {
  const result = report.requirements.find((each) => each.id === id)
  if (!result) return [`${ofReport(report)}: not of an interface that it offers`]
  const { verdict, passed, failed, inconclusive, reason } = result
  const counts = `${counted(passed, 'permutation')} passed, ${failed} failed, ${inconclusive} inconclusive`
  return [`${ofReport(report)}: ${verdict}; ${counts}${reason === '' ? '' : `; ${reason}`}`]
}

/** How many permutations came to what, and what is known of the first that did not pass. */
function caseResult(asked: string, report: Report): readonly string[] {
  const rows = report.cases.filter(({ name }) => name === asked || name.startsWith(`${asked}/`))
  if (rows.length === 0) return [`${ofReport(report)}: not run`]
  const counts = verdicts.flatMap((verdict) => {
    const count = rows.filter((row) => row.verdict === verdict).length
    return count === 0 ? [] : [`${count} ${verdict}`]
  })
  const wrong = rows.find(({ verdict }) => hasRun(verdict) && verdict !== 'pass')
  return [`${ofReport(report)}: ${counts.join(', ')}`, ...(wrong ? failureWords(wrong, []) : [])]
}

/** How many permutations are named where one is not there. */
const permutationsShown = 3

/** Says of an id within a case that it has no such permutation, and which it has; undefined if it has one, or several. */
function unknownPermutation(id: string, { id: of }: DeclaredCase, { cases }: Project): string | undefined {
  const names = cases.filter(({ declared }) => declared.id === of).flatMap(permutationNames)
  if (names.some((name) => name === id || name.startsWith(`${id}/`))) return undefined
  const more = names.length - permutationsShown
  return [
    `There is no permutation ${id}. There ${names.length === 1 ? 'is' : 'are'}:`,
    ...names.slice(0, permutationsShown).map((name) => `  ${name}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n')
}

/** What may be meant by an id that nothing has. */
export function hintFor(id: string, { catalogue, declared }: Project): string {
  if (mutants.some(({ name }) => name === id)) return `It is a mutant: viaduct mutants ${id}`
  if (declared.some(({ suite }) => suite === id)) return `It is a suite: viaduct list ${id} shows its cases.`
  const renamed = declared.find(({ suite, was }) => was.some((slug) => `${suite}/${slug}` === id))
  if (renamed) return `It is called ${renamed.id} now.`
  const names = [...catalogue.requirements, ...declared].map((each) => each.id)
  const close = nearest(id, [...names, ...declared.map(({ suite }) => suite)])
  return close === undefined ? 'viaduct list shows all.' : `Did you mean ${close}?`
}

function explainRequirement(requirement: Requirement, { declared }: Project): void {
  say(`${styled('bold', requirement.id)}  ${requirement.title}`)
  say()
  say(wrapped(requirement.words, '  '))
  say()
  say(
    `  ${requirement.keyword}, class ${requirement.class}, ${requirement.basis}: ${requirement.source.join(', ')} (${requirement.clause})`,
  )
  if (requirement.lacks.length > 0)
    say(`  applies where the implementation does not offer ${requirement.lacks.join(', ')}`)
  if (requirement.needs.length > 0) say(`  applies where the implementation offers ${requirement.needs.join(', ')}`)
  if (requirement.untestable !== undefined) say(wrapped(`Untestable: ${requirement.untestable}`, '  '))
  if (requirement.deferred !== undefined) say(wrapped(`Deferred: ${requirement.deferred}`, '  '))
  if (requirement.disputed) {
    const { by, ours, theirs } = requirement.disputed
    say(wrapped(`Disputed by ${by}. Our reading, by which it is judged: ${ours} Theirs: ${theirs}`, '  '))
  }
  const verifying = declared.filter((each) => each.requirements.includes(requirement.id))
  section(
    'Verified by',
    verifying.map((each) => `${each.id}: ${each.title}`),
    'no case',
  )
  section(
    'Mutants that violate it',
    mutants.filter((each) => each.violates.includes(requirement.id)).map((each) => `${each.name}: ${each.words}`),
    'none',
  )
}

/** `asked`: the case, or one of its permutations, or several that begin alike. */
function explainCase(declared: DeclaredCase, asked: string, { catalogue }: Project): void {
  const { words, position } = declared
  say(`${styled('bold', declared.id)}  ${declared.title}`)
  say(`  ${position.file}:${position.line}, interface ${declared.interface}, class ${declared.class}`)
  section(
    'What it verifies',
    catalogue.requirements
      .filter((each) => declared.requirements.includes(each.id))
      .map((each) => `${each.id}: ${each.words}`),
  )
  const axes = Object.entries(declared.axes).map(([name, values]) => `${name}: ${values.join(', ')}`)
  section('Topology', [
    `hosts ${declared.hosts.join(', ')} on one switch; roles ${declared.roles.join(', ')}`,
    ...words.memory,
  ])
  if (declared.needs.length > 0) section('Needs', declared.needs)
  if (declared.lacks.length > 0) section('Needs the absence of', declared.lacks)
  if (axes.length > 0) section('Repeated for', axes)
  if (words.faults.length > 0) section('Faults', words.faults)
  section('Steps', numberedSteps(words.steps))
  section('Allowed outcomes', words.expect)
  section('A pass proves nothing unless', words.proves)
  section('Mutants it kills', declared.kills, 'none')
  section('Repeat it', [`npx viaduct run ${shellWord(asked)} --trace`])
}

function section(title: string, lines: readonly string[], empty = ''): void {
  say()
  say(styled('bold', title))
  if (lines.length === 0) say(`  ${empty}`)
  for (const line of lines) say(wrapped(line, '  '))
}
