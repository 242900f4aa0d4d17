// Opens a baseline: what it says, and what its patterns mean.
import type { KnownFailure } from '../../gate/baseline.ts'
import { readBaseline } from '../../plan/read/baseline.ts'
import { matcherOf } from '../../plan/select.ts'
import type { DeclaredCase } from '../../plan/suite-case.ts'
import { formatDiagnostic } from '../../plan/yaml/code-frame.ts'
import { Findings, inFileOrder } from '../../plan/yaml/findings.ts'
import type { SourceText } from '../../plan/yaml/source.ts'
import { readText } from './yaml-files.ts'

export interface OpenBaseline {
  readonly text: string
  readonly entries: readonly KnownFailure[]
}

/** What the file says of cases that are declared; or everything that is wrong with it, in words with places. */
export function openBaseline(
  file: string,
  declared: readonly DeclaredCase[],
): OpenBaseline | { readonly problem: string } {
  const read = readText(file)
  return 'problem' in read ? read : parsedBaseline({ file, text: read.text }, declared)
}

/** A baseline that is not there yet: one of nothing. */
export const emptyBaseline: OpenBaseline = { text: '', entries: [] }

function parsedBaseline(
  source: SourceText,
  declared: readonly DeclaredCase[],
): OpenBaseline | { readonly problem: string } {
  const { text } = source
  const findings = new Findings()
  const entries = readBaseline(source, findings)
  if (entries)
    return { text, entries: entries.map((entry) => ({ ...entry, matches: matcherOf(entry.pattern, declared) })) }
  const wrong = findings.diagnostics.toSorted(inFileOrder)
  return { problem: wrong.map((each) => formatDiagnostic(each, text)).join('\n\n') }
}
