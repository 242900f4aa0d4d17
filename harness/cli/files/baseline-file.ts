// Opens a baseline: what it says, and what its patterns mean.
import type { KnownFailure } from '../../gate/baseline.ts'
import { readBaseline } from '../../plan/read/baseline.ts'
import { matcherOf } from '../../plan/select.ts'
import { formatDiagnostic } from '../../plan/yaml/code-frame.ts'
import { Findings, inFileOrder } from '../../plan/yaml/findings.ts'
import { readText } from './yaml-files.ts'

export interface OpenBaseline {
  readonly text: string
  readonly entries: readonly KnownFailure[]
}

/** What the file says; or everything that is wrong with it, in words with places. */
export function openBaseline(file: string): OpenBaseline | { readonly problem: string } {
  const read = readText(file)
  return 'problem' in read ? read : parsedBaseline(file, read.text)
}

/** A baseline that is not there yet: one of nothing. */
export const emptyBaseline: OpenBaseline = { text: '', entries: [] }

function parsedBaseline(file: string, text: string): OpenBaseline | { readonly problem: string } {
  const findings = new Findings()
  const entries = readBaseline({ file, text }, findings)
  if (entries) return { text, entries: entries.map((entry) => ({ ...entry, matches: matcherOf(entry.pattern) })) }
  const wrong = findings.diagnostics.toSorted(inFileOrder)
  return { problem: wrong.map((each) => formatDiagnostic(each, text)).join('\n\n') }
}
