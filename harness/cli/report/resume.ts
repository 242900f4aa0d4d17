// Goes on with a run that was killed or interrupted: what it left behind is taken over, if it was the same run.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { row as validateRow } from '#generated/validators'
import type { Permutation } from '../../plan/permutation.ts'
import type { PermutationResult, Report } from '../../result/report.ts'
import { hasRun } from '../../result/verdict.ts'
import { messageOf } from '../../subject/thrown.ts'
import { reportIn } from './read-report.ts'
import { reportDocument, streamName } from './report-files.ts'

/** What two runs have in common if a row of one is a row of the other. The first line of a stream of rows is this. */
export interface RunIdentity {
  /** Of requirements, layouts and suites. */
  readonly suites: string
  readonly seed: number
  readonly implementation: Pick<Report['implementation'], 'name' | 'version' | 'vendor'>
  readonly pics: Report['pics']
}

interface Left {
  readonly identity: string
  readonly rows: readonly PermutationResult[]
}

/** Rows by full name, of what an earlier run in this folder has run; or why there are none to be taken. */
export function earlierRows(
  folder: string,
  identity: RunIdentity,
): ReadonlyMap<string, PermutationResult> | { readonly problem: string } {
  const left = leftIn(folder)
  if (typeof left === 'string') return { problem: left }
  if (left.identity !== wordsOf(identity))
    return {
      problem: `The run in ${folder} was of other suites, another seed or another implementation: leave --resume out to begin anew.`,
    }
  // An error is ours, and may be mended.
  const ran = left.rows.filter(({ verdict }) => hasRun(verdict) && verdict !== 'error')
  return new Map(ran.map((row) => [row.name, row]))
}

/** The rows of a run in order: those that were taken over, and between them those that are run now. */
export async function* withEarlier<Row>(
  permutations: readonly Pick<Permutation, 'name'>[],
  earlier: ReadonlyMap<string, Row>,
  session: AsyncIterator<Row>,
): AsyncGenerator<Row> {
  for (const { name } of permutations) {
    const row = earlier.get(name)
    if (row) yield row
    else {
      const next = await session.next()
      if (next.done === true) return
      yield next.value
    }
  }
}

function leftIn(folder: string): Left | string {
  const [stream, document] = [join(folder, streamName), join(folder, reportDocument)]
  try {
    if (existsSync(stream))
      return (
        streamed(readFileSync(stream, 'utf8')) ?? `${stream} does not tell of which run it is, and cannot be resumed.`
      )
    if (existsSync(document)) return sealedIn(document)
  } catch (thrown) {
    return `${folder} cannot be resumed from: ${messageOf(thrown)}`
  }
  return `There is no run in ${folder} to be resumed.`
}

/** A run that was killed may have left half a line. */
function streamed(text: string): Left | undefined {
  const [identity, ...lines] = text.split('\n')
  if (identity === undefined || !identity.startsWith('{"suites"')) return undefined
  return { identity, rows: lines.slice(0, -1).flatMap(rowOf) }
}

function rowOf(line: string): readonly PermutationResult[] {
  const parsed: unknown = JSON.parse(line)
  return isRow(parsed) ? [parsed] : []
}

function isRow(value: unknown): value is PermutationResult {
  return validateRow(value)
}

function sealedIn(document: string): Left | string {
  const report = reportIn(document)
  if (!report) return `${document} is no report of this version of viaduct.`
  const { suites, run, implementation, pics, cases } = report
  // Whoever has made the implementation anew since then wants to know what has become of it.
  if (!run.interrupted) return `The run of ${document} came to its end: leave --resume out to begin anew.`
  const { adapter: _, ...identified } = implementation
  return { identity: wordsOf({ suites: suites.digest, seed: run.seed, implementation: identified, pics }), rows: cases }
}

function wordsOf({ suites, seed, implementation: { name, version, vendor }, pics }: RunIdentity): string {
  return JSON.stringify({ suites, seed, implementation: { name, version, vendor }, pics })
}
