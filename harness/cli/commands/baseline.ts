// viaduct baseline: keeps the list of known failures, from what a run has shown.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { report as validateReport } from '#generated/validators'
import { grouped } from '../../../reports/grouped.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import { signatureOf, standingOf, type KnownFailure, type Shown } from '../../gate/baseline.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import type { BaselineEntry, KnownVerdict } from '../../plan/read/baseline.ts'
import { setMember } from '../../plan/set-member.ts'
import { changedBaseline } from '../../plan/write/baseline.ts'
import type { PermutationResult, Report } from '../../result/report.ts'
import { messageOf } from '../../subject/thrown.ts'
import { emptyBaseline, openBaseline, type OpenBaseline } from '../files/baseline-file.ts'
import { reportDocument } from '../report/report-files.ts'
import { complain, say } from '../terminal/terminal.ts'

/** The flags of `baseline write` and `baseline tighten`, as commander reads them. */
export interface BaselineFlags {
  readonly report: string
  readonly reason?: string
  readonly issue?: string
  readonly expires?: string
}

export function baseline(action: 'write' | 'tighten', file: string, flags: BaselineFlags): number {
  return action === 'write' ? writeBaseline(file, flags) : tightenBaseline(file, flags)
}

/** Adds what failed and is not known. Entries that are there stay as they are. */
function writeBaseline(file: string, flags: BaselineFlags): number {
  const report = readReport(flags.report)
  const given = existsSync(file) ? openBaseline(file) : emptyBaseline
  if (typeof report === 'string') return refused(report)
  if ('problem' in given) return refused(given.problem)
  const shown = shownBy(report)
  const known = new Set(given.entries.flatMap((entry) => [...standingOf(entry, shown).known]))
  const news = report.cases.filter((row) => !known.has(row) && verdictOf(row) !== undefined)
  const more = entriesFor(news, report, flags)
  const problem = keep(
    file,
    changedBaseline(given.text, () => 'itself', more),
  )
  if (problem !== undefined) return refused(problem)
  say(`${file}: ${entries(more.length)} more, for ${counted(news.length, 'permutation')}`)
  return exitCodes.ok
}

/** Takes out what is no longer so. An entry that has expired, or was not looked at, stays: a person has to decide. */
function tightenBaseline(file: string, flags: BaselineFlags): number {
  const report = readReport(flags.report)
  const given = openBaseline(file)
  if (typeof report === 'string') return refused(report)
  if ('problem' in given) return refused(given.problem)
  const become = tightened(given, shownBy(report))
  const changed = become.filter((each) => each !== 'itself')
  if (changed.length === 0) {
    say(`${file}: all ${entries(become.length)} are right`)
    return exitCodes.ok
  }
  const problem = keep(
    file,
    changedBaseline(given.text, (place) => become[place] ?? 'itself', []),
  )
  if (problem !== undefined) return refused(problem)
  const gone = changed.filter(({ length }) => length === 0).length
  say(`${file}: ${entries(gone)} taken out, ${changed.length - gone} made narrower`)
  return exitCodes.ok
}

/** What each entry becomes. One of which a part fails as recorded becomes entries for just that part. */
function tightened({ entries: all }: OpenBaseline, shown: Shown): readonly ('itself' | readonly BaselineEntry[])[] {
  return all.map((entry) => {
    const { expires: _, ...withoutEnd } = entry
    const { known, problem } = standingOf(withoutEnd, shown)
    return problem === '' ? 'itself' : [...known].map(({ name }) => entryLike(entry, name))
  })
}

function entryLike(given: KnownFailure, pattern: string): BaselineEntry {
  const { matches: _, ...entry } = given
  return { ...entry, pattern, verdict: knownVerdictOf(entry.verdict) ?? 'fail' }
}

/**
 * One entry for all permutations of a case that ran, if they came to the same and the run was no selection; else one
 * for each: a pattern is never wider than what was seen.
 */
function entriesFor(
  rows: readonly PermutationResult[],
  report: Report,
  flags: BaselineFlags,
): readonly BaselineEntry[] {
  const all = grouped(report.cases, idOf)
  const isWhole = report.run.selection.length === 0
  return [...grouped(rows, idOf)].flatMap(([id, failed]) => {
    const ran = all.get(id)?.filter(({ verdict }) => verdict !== 'not-applicable') ?? []
    const kinds = new Set(failed.map((row) => `${row.verdict} ${signatureOf(row)}`))
    const [first] = failed
    if (first && isWhole && kinds.size === 1 && ran.length === failed.length) return [entryFor(first, id, flags)]
    return failed.map((row) => entryFor(row, row.name, flags))
  })
}

function idOf({ suite, case: of }: PermutationResult): string {
  return `${suite}/${of}`
}

function entryFor(row: PermutationResult, pattern: string, { reason, issue, expires }: BaselineFlags): BaselineEntry {
  const seen = row.reason === '' ? row.verdict : row.reason
  const entry: { -readonly [Key in keyof BaselineEntry]: BaselineEntry[Key] } = {
    pattern,
    verdict: verdictOf(row) ?? 'fail',
    signature: signatureOf(row),
    reason: reason ?? seen,
  }
  setMember(entry, 'issue', issue)
  setMember(entry, 'expires', expires)
  return entry
}

function verdictOf({ verdict }: PermutationResult): KnownVerdict | undefined {
  return knownVerdictOf(verdict)
}

/** Undefined for what is no failure, and for an error, which is none of the implementation. */
function knownVerdictOf(verdict: PermutationResult['verdict']): KnownVerdict | undefined {
  switch (verdict) {
    case 'inconclusive':
    case 'fail':
    case 'timeout':
    case 'crash':
      return verdict
    case 'pass':
    case 'error':
    case 'not-applicable':
    case 'skipped':
      return undefined
  }
}

/** What a selection left out is not told, and an entry may be about that. */
function shownBy({ cases, run }: Report): Shown {
  const names = run.selection.length > 0 ? undefined : cases.map(({ name }) => name)
  return { rows: cases, names, today: run.startedAt.slice(0, 'YYYY-MM-DD'.length) }
}

/** The document of a report folder, or why there is none. */
function readReport(folder: string): Report | string {
  const file = join(folder, reportDocument)
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!isReport(parsed)) return `${file} is no report of this version of viaduct: make it again with viaduct run.`
    return parsed.fuzz ? `${file} is of a search: a baseline is about declared cases.` : parsed
  } catch (thrown) {
    return `${file} cannot be read: ${messageOf(thrown)}. Make a report with viaduct run first, or name its folder with --report.`
  }
}

function isReport(value: unknown): value is Report {
  return validateReport(value)
}

function keep(file: string, text: string): string | undefined {
  try {
    writeFileSync(file, text)
    return undefined
  } catch (thrown) {
    return `${file} could not be written: ${messageOf(thrown)}`
  }
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`
}

function refused(problem: string): number {
  complain(problem)
  return exitCodes.usage
}
