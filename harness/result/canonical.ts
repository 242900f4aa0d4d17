// The canonical form of a result document: what must be byte-identical when the same implementation is judged twice.
import type { PermutationResult, Report } from './report.ts'

/** Members that say when, where and how a run was made, and nothing about what came out. */
const incidental: ReadonlySet<string> = new Set([
  'command',
  'parts',
  'resumed',
  // Played for as long as there was time.
  'stability',
  'playedTwice',
  'startedAt',
  'realMilliseconds',
  'realMicroseconds',
  'environment',
  'adapter',
  'repeat',
  'stack',
  'stderr',
])

/**
 * JSON text with sorted keys and without real times, host, paths, transport, commands and stderr. Permutations stay in
 * plan order; virtual times and trace digests stay in. Equal for one implementation in process and behind a pipe.
 */
export function canonicalReport(report: Report): string {
  return `${JSON.stringify(canonical(report), undefined, 1)}\n`
}

/** One row in the same form. */
export function canonicalRow(row: PermutationResult): string {
  return JSON.stringify(canonical(row))
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([key, member]) => !incidental.has(key) && member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([key, member]) => [key, canonical(member)]))
}
