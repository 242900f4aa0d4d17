// Reads a baseline: the failures of an implementation that are known, and accepted for now.
import { baseline as validateBaseline } from '#generated/validators'
import { setMember } from '../set-member.ts'
import type { Findings } from '../yaml/findings.ts'
import { Place } from '../yaml/place.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { checkShape } from '../yaml/violations.ts'

/** One entry, as a file has it. */
export interface BaselineEntry {
  /** Which permutations it is about: a path, with globs. */
  readonly pattern: string
  readonly verdict: KnownVerdict
  /** What is wrong with them, as `signatureOf` of the gate words it. */
  readonly signature: string
  readonly reason: string
  readonly issue?: string
  /** The last day on which it is accepted, such as 2027-01-31. */
  readonly expires?: string
}

const knownVerdicts = ['inconclusive', 'fail', 'timeout', 'crash'] as const

/** An error is no failure of an implementation, and nothing to be known. */
export type KnownVerdict = (typeof knownVerdicts)[number]

/** Undefined if the file is no baseline; `findings` says why. A file without entries is a baseline of nothing. */
export function readBaseline(file: SourceText, findings: Findings): readonly BaselineEntry[] | undefined {
  const source = readSource(file, findings)
  if (!source) return undefined
  if (source.data === null) return []
  if (checkShape(source, validateBaseline, findings).length > 0) return undefined
  return Place.root(source)
    .items()
    .map((item) => entryAt(item))
}

/** Of an item that has the shape of its schema. */
function entryAt(item: Place): BaselineEntry {
  const text = (key: string): string => item.get(key).text() ?? ''
  const entry: { -readonly [Key in keyof BaselineEntry]: BaselineEntry[Key] } = {
    pattern: text('pattern'),
    verdict: knownVerdicts.find((each) => each === text('verdict')) ?? 'fail',
    signature: text('signature'),
    reason: text('reason'),
  }
  setMember(entry, 'issue', item.get('issue').text())
  setMember(entry, 'expires', item.get('expires').text())
  return entry
}
