// viaduct compare: whether two runs came to the same, and what came out differently.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { counted } from '../../../spec/vocabulary/units.ts'
import { reportVersion, type Report } from '../../result/report.ts'
import { classVerdictWords, ranVerdicts } from '../../result/verdict.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { differenceRows, type Difference } from '../terminal/difference-rows.ts'
import { reportDocument } from '../report/report-files.ts'
import { Refusal } from '../refusal.ts'
import { say, table } from '../terminal/terminal.ts'
import { messageOf } from '../../subject/thrown.ts'

interface Compared extends Pick<Report, 'cases' | 'requirements' | 'classes'> {
  readonly run: Pick<Report['run'], 'interrupted' | 'selection'>
}

export function compare(first: string, second: string): number {
  const [one, other] = [readReport(first), readReport(second)]
  const differences = differencesOf(one, other)
  if (differences.length === 0) {
    say(
      `The same verdicts: ${counted(one.cases.length, 'permutation')}, ${counted(one.requirements.length, 'requirement')}.`,
    )
  } else {
    const names = { first: one.cases.map(({ name }) => name), second: other.cases.map(({ name }) => name) }
    say(table([['', first, second], ...differenceRows(differences, names)]))
    say(courseOf(differencesBy(caseVerdicts, one, other)))
  }
  for (const line of [...gapsOf(first, one), ...gapsOf(second, other)]) say(line)
  return differences.length === 0 ? exitCodes.ok : exitCodes.failed
}

/** What has another verdict in the second report: classes, requirements, permutations. */
export function differencesOf(first: Compared, second: Compared): readonly Difference[] {
  return [classVerdicts, requirementVerdicts, caseVerdicts].flatMap((of) => differencesBy(of, first, second))
}

function differencesBy(
  verdictsOf: (report: Compared) => ReadonlyMap<string, string>,
  first: Compared,
  second: Compared,
): readonly Difference[] {
  const [before, after] = [verdictsOf(first), verdictsOf(second)]
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, first: before.get(name), second: after.get(name) }))
    .filter((each) => each.first !== each.second)
}

/** How many permutations came out better in the second run, how many worse, and of how many neither can be said. */
export function courseOf(differences: readonly Difference[]): string {
  const ways = differences.filter(isInBoth).map(({ first, second }) => rankOf(first) - rankOf(second))
  const alone = (which: 'first' | 'second'): number => differences.filter((each) => each[which] === undefined).length
  const others: readonly (readonly [number, string])[] = [
    [ways.filter(Number.isNaN).length, 'not judged in one of the two'],
    [alone('second'), 'only in the first'],
    [alone('first'), 'only in the second'],
  ]
  const [better, worse] = [ways.filter((way) => way > 0).length, ways.filter((way) => way < 0).length]
  const rest = others.filter(([count]) => count > 0).map(([count, words]) => `, ${count} ${words}`)
  return `In the second run: ${counted(better, 'permutation')} better, ${worse} worse${rest.join('')}.`
}

function isInBoth({ first, second }: Difference): boolean {
  return first !== undefined && second !== undefined
}

/** From 0, the best; not a number for what did not run. */
function rankOf(verdict: string | undefined): number {
  const rank = ranVerdicts.findIndex((each) => each === verdict)
  return rank < 0 ? Number.NaN : rank
}

/** What of its suites a report does not speak of, one line each; without that nobody can tell what a difference is worth. */
function gapsOf(path: string, { run, cases }: Compared): readonly string[] {
  const skipped = cases.filter(({ verdict }) => verdict === 'skipped').length
  const why = run.interrupted ? 'it was interrupted, and ' : ''
  return [
    ...(run.selection.length > 0 ? [`${path} is of a selection: ${run.selection.join(' ')}.`] : []),
    ...(run.interrupted || skipped > 0
      ? [`${path} is partial: ${why}${skipped} of ${counted(cases.length, 'permutation')} did not run.`]
      : []),
  ]
}

function classVerdicts({ classes }: Compared): ReadonlyMap<string, string> {
  return new Map(classes.map((each) => [`${each.interface} ${each.class}`, classVerdictWords(each)]))
}

function requirementVerdicts({ requirements }: Compared): ReadonlyMap<string, string> {
  return new Map(requirements.map(({ id, verdict }) => [id, verdict]))
}

function caseVerdicts({ cases }: Compared): ReadonlyMap<string, string> {
  return new Map(cases.map(({ name, verdict }) => [name, verdict]))
}

/** The document of a report folder, or of the file itself. */
function readReport(path: string): Compared {
  const { file, parsed } = readDocument(path)
  if (!isVersioned(parsed)) throw new Refusal(`${file} is no report.`)
  if (parsed.version !== reportVersion) throw new Refusal(ofOtherVersion(file, parsed.version))
  if (!isReport(parsed)) throw new Refusal(`${file} is no report: ${lackOf(parsed)}.`)
  return parsed
}

function readDocument(path: string): { readonly file: string; readonly parsed: unknown } {
  try {
    const file = statSync(path).isDirectory() ? join(path, reportDocument) : path
    return { file, parsed: JSON.parse(readFileSync(file, 'utf8')) }
  } catch (thrown) {
    throw new Refusal(`${path} cannot be read: ${messageOf(thrown)}`)
  }
}

function isVersioned(value: unknown): value is { readonly version: unknown } {
  return typeof value === 'object' && value !== null && 'version' in value
}

function ofOtherVersion(file: string, version: unknown): string {
  return `${file} is a report of version ${JSON.stringify(version)}, and this viaduct compares version ${reportVersion}. Make it again with viaduct run.`
}

const lists = ['cases', 'requirements', 'classes'] as const

type List = (typeof lists)[number]

/** What is read of each entry of a list: all of it words. */
const wordsOf = {
  cases: ['name', 'verdict'],
  requirements: ['id', 'verdict'],
  classes: ['interface', 'class', 'verdict'],
} as const satisfies Record<List, readonly string[]>

function isReport(value: object): value is Compared {
  return lists.every((list) => isList(value, list)) && isRun(membersOf(value).get('run'))
}

function isRun(value: unknown): boolean {
  const run = membersOf(value)
  return typeof run.get('interrupted') === 'boolean' && Array.isArray(run.get('selection'))
}

/** Of what is no object: none. */
function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : [])
}

function isList(value: object, list: List): boolean {
  const entries = membersOf(value).get(list)
  return Array.isArray(entries) && entries.every((entry: unknown) => hasWords(entry, wordsOf[list]))
}

function hasWords(entry: unknown, names: readonly string[]): boolean {
  const members = membersOf(entry)
  return names.every((name) => typeof members.get(name) === 'string')
}

/** The first member that is not as it has to be. */
function lackOf(value: object): string {
  const list = lists.find((each) => !isList(value, each))
  return list === undefined
    ? '`run` does not tell `interrupted` and `selection`'
    : `\`${list}\` is no list of entries with ${wordsOf[list].join(', ')}`
}
