// viaduct baseline: keeps the list of known failures, from what a run has shown.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { grouped } from '../../../reports/grouped.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import { dayOf, signatureOf, standingOf, type KnownFailure, type Shown } from '../../gate/baseline.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import type { BaselineEntry, KnownVerdict } from '../../plan/read/baseline.ts'
import { setMember } from '../../plan/set-member.ts'
import { changedBaseline } from '../../plan/write/baseline.ts'
import type { PermutationResult, Report } from '../../result/report.ts'
import { messageOf } from '../../subject/thrown.ts'
import { emptyBaseline, openBaseline, type OpenBaseline } from '../files/baseline-file.ts'
import { reportIn } from '../report/read-report.ts'
import { reportDocument } from '../report/report-files.ts'
import { openProject } from '../project/project.ts'
import { orRefuse, Refusal } from '../refusal.ts'
import { say } from '../terminal/terminal.ts'

/** The flags of `baseline write` and `baseline tighten`, as commander reads them. */
export interface BaselineFlags {
  readonly report: string
  readonly reason?: string
  readonly issue?: string
  readonly expires?: string
}

export function baseline(action: 'write' | 'tighten', file: string, flags: BaselineFlags): number {
  const project = openProject()
  if (!project) return exitCodes.usage
  const report = orRefuse(readReport(flags.report))
  const isNew = action === 'write' && !existsSync(file)
  const given = isNew ? emptyBaseline : orRefuse(openBaseline(file, project.declared))
  say(`${file}: ${action === 'write' ? widen({ file, given, report }, flags) : tighten({ file, given, report })}`)
  return exitCodes.ok
}

/** A baseline, and what it is held against. */
interface Held {
  readonly file: string
  readonly given: OpenBaseline
  readonly report: Report
}

/** Adds what failed and is not known, and says how much. Entries that are there stay as they are. */
function widen({ file, given, report }: Held, flags: BaselineFlags): string {
  const shown = shownBy(report)
  const known = new Set(given.entries.flatMap((entry) => [...standingOf(entry, shown).known]))
  const news = report.cases.filter((row) => !known.has(row) && verdictOf(row) !== undefined)
  const more = entriesFor(news, report, flags)
  keep(
    file,
    changedBaseline(given.text, () => 'itself', more),
  )
  return `${entries(more.length)} more, for ${counted(news.length, 'permutation')}`
}

/** Takes out what is no longer so, and says how much. An entry that has expired, or was not looked at, stays: a person has to decide. */
function tighten({ file, given, report }: Held): string {
  const become = tightened(given, shownBy(report))
  const changed = become.filter((each) => each !== 'itself')
  if (changed.length === 0) return `all ${entries(become.length)} are right`
  keep(
    file,
    changedBaseline(given.text, (place) => become[place] ?? 'itself', []),
  )
  const gone = changed.filter(({ length }) => length === 0).length
  return `${entries(gone)} taken out, ${changed.length - gone} made narrower`
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
  return { rows: cases, names, today: dayOf(run) }
}

/** The document of a report folder, or why there is none. */
function readReport(folder: string): Report | { readonly problem: string } {
  const file = join(folder, reportDocument)
  try {
    const report = reportIn(file)
    if (!report) return { problem: `${file} is no report of this version of viaduct: make it again with viaduct run.` }
    return report.fuzz ? { problem: `${file} is of a search: a baseline is about declared cases.` } : report
  } catch (thrown) {
    const problem = `${file} cannot be read: ${messageOf(thrown)}. Make a report with viaduct run first, or name its folder with --report.`
    return { problem }
  }
}

function keep(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (thrown) {
    throw new Refusal(`${file} could not be written: ${messageOf(thrown)}`)
  }
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`
}
