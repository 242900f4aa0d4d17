// viaduct compare: whether two runs came to the same, and what came out differently.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { counted } from '../../../spec/vocabulary/units.ts'
import { reportVersion, type Report } from '../../result/report.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { reportDocument } from '../report-files.ts'
import { complain, say, table } from '../terminal.ts'

type Compared = Pick<Report, 'cases' | 'requirements' | 'classes'>

/** Something that has a verdict in each run; undefined in the one that does not speak of it. */
export interface Difference {
  readonly name: string
  readonly first: string | undefined
  readonly second: string | undefined
}

export function compare(first: string, second: string): number {
  const reports = [first, second].map((path) => readReport(path))
  const problem = reports.find((each) => typeof each === 'string')
  const [one, other] = reports
  if (problem !== undefined || typeof one !== 'object' || typeof other !== 'object') {
    complain(String(problem))
    return exitCodes.usage
  }
  const differences = differencesOf(one, other)
  if (differences.length === 0) {
    say(
      `The same verdicts: ${counted(one.cases.length, 'permutation')}, ${counted(one.requirements.length, 'requirement')}.`,
    )
    return exitCodes.ok
  }
  const rows = differences.map((each) => [each.name, each.first ?? 'not there', each.second ?? 'not there'])
  say(table([['', first, second], ...rows]))
  return exitCodes.failed
}

/** What has another verdict in the second report: classes, requirements, permutations. */
export function differencesOf(first: Compared, second: Compared): readonly Difference[] {
  return [classVerdicts, requirementVerdicts, caseVerdicts].flatMap((verdictsOf) => {
    const [before, after] = [verdictsOf(first), verdictsOf(second)]
    return [...new Set([...before.keys(), ...after.keys()])]
      .map((name) => ({ name, first: before.get(name), second: after.get(name) }))
      .filter((each) => each.first !== each.second)
  })
}

function classVerdicts({ classes }: Compared): ReadonlyMap<string, string> {
  return new Map(classes.map((each) => [`${each.interface} ${each.class}`, each.verdict]))
}

function requirementVerdicts({ requirements }: Compared): ReadonlyMap<string, string> {
  return new Map(requirements.map(({ id, verdict }) => [id, verdict]))
}

function caseVerdicts({ cases }: Compared): ReadonlyMap<string, string> {
  return new Map(cases.map(({ name, verdict }) => [name, verdict]))
}

/** The document of a report folder, or of the file itself; or why there is none. */
function readReport(path: string): Compared | string {
  try {
    const file = statSync(path).isDirectory() ? join(path, reportDocument) : path
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!isVersioned(parsed)) return `${file} is no report.`
    if (parsed.version !== reportVersion) return ofOtherVersion(file, parsed.version)
    return isReport(parsed) ? parsed : `${file} is no report: ${lackOf(parsed)}.`
  } catch (thrown) {
    return `${path} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
}

function isVersioned(value: unknown): value is { readonly version: unknown } {
  return typeof value === 'object' && value !== null && 'version' in value
}

function ofOtherVersion(file: string, version: unknown): string {
  return `${file} is a report of version ${JSON.stringify(version)}, and this viaduct compares version ${reportVersion}. Make it again with viaduct run.`
}

/** What is read of each entry of a list: all of it words. */
const wordsOf = {
  cases: ['name', 'verdict'],
  requirements: ['id', 'verdict'],
  classes: ['interface', 'class', 'verdict'],
} as const satisfies Record<keyof Compared, readonly string[]>

const lists = ['cases', 'requirements', 'classes'] as const

function isReport(value: object): value is Compared {
  return lists.every((list) => isList(value, list))
}

function isList(value: object, list: keyof Compared): boolean {
  const entries: unknown = new Map<string, unknown>(Object.entries(value)).get(list)
  return Array.isArray(entries) && entries.every((entry: unknown) => hasWords(entry, wordsOf[list]))
}

function hasWords(entry: unknown, names: readonly string[]): boolean {
  if (typeof entry !== 'object' || entry === null) return false
  const members = new Map<string, unknown>(Object.entries(entry))
  return names.every((name) => typeof members.get(name) === 'string')
}

/** The first list that is not as it has to be. */
function lackOf(value: object): string {
  const list = lists.find((each) => !isList(value, each)) ?? 'cases'
  return `\`${list}\` is no list of entries with ${wordsOf[list].join(', ')}`
}
