// Leaves out of a document what would repeat itself: of each case the first failures alone show both runs in rows.
import type { PermutationResult } from '../../result/report.ts'

/** Failures of one case that keep the rows beside the reference; of the others the words say where they part. */
const besideMax = 2

/** By plan order, so that what is kept of a permutation does not depend on which others were run before it. */
export function withFewerRows(rows: readonly PermutationResult[]): readonly PermutationResult[] {
  const kept = new Map<string, number>()
  return rows.map((row) => {
    const { failure } = row
    const beside = failure?.beside
    if (!failure || beside?.kind !== 'played' || beside.rows.length === 0) return row
    const of = `${row.suite}/${row.case}`
    const before = kept.get(of) ?? 0
    kept.set(of, before + 1)
    if (before < besideMax) return row
    return { ...row, failure: { ...failure, beside: { kind: 'played', words: beside.words, rows: [], cut: true } } }
  })
}
