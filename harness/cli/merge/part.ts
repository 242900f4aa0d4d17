// Reads one part of a run that several machines have shared.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { counted } from '../../../spec/vocabulary/units.ts'
import { shardWords } from '../../plan/shard.ts'
import type { Report } from '../../result/report.ts'
import { messageOf } from '../../subject/thrown.ts'
import { reportIn } from '../report/read-report.ts'
import { reportDocument, streamName } from '../report/report-files.ts'
import { Refusal } from '../refusal.ts'
import { shellWord } from '../terminal/shell-word.ts'

export interface Part {
  /** As it was named. */
  readonly path: string
  readonly report: Report
}

/** The report of a folder, or of the file itself. Throws a `Refusal` where there is none, or none of a run that came to its end. */
export function readPart(path: string): Part {
  const report = readReport(path)
  if (!report) throw new Refusal(`${path} is no report of this version of viaduct: make it again with viaduct run.`)
  if (report.fuzz) throw new Refusal(`${path} is of a search, which is no part of a run.`)
  if (report.run.interrupted) throw new Refusal(interruptedWords(path, report))
  return { path, report }
}

/** The patterns that a part selects by, without what says which part it is. */
export function patternsOf({ report: { run } }: Part): readonly string[] {
  const { shard, selection } = run
  return shard ? selection.filter((words) => words !== shardWords(shard)) : selection
}

function readReport(path: string): Report | undefined {
  try {
    if (!statSync(path).isDirectory()) return reportIn(path)
    if (existsSync(join(path, streamName))) throw new Refusal(unendedWords(path))
    return reportIn(join(path, reportDocument))
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown
    throw new Refusal(`${path} cannot be read: ${messageOf(thrown)}. A part is the folder of a report of viaduct run.`)
  }
}

function unendedWords(path: string): string {
  return `${path} is of a run that goes on, or was killed: wait for it, or run its command again with --report ${shellWord(path)} --resume, which runs what is left.`
}

function interruptedWords(path: string, { cases, run }: Report): string {
  const skipped = cases.filter(({ verdict }) => verdict === 'skipped').length
  const command = `${run.command} --report ${shellWord(path)} --resume`
  return `${path} was interrupted, and ${skipped} of its ${counted(cases.length, 'permutation')} did not run. This runs what is left: ${command}`
}
