// Opens a gate, or says everything that is wrong with its file.
import { readGate, type StatedGate } from '../../plan/read/gate.ts'
import type { Catalogue } from '../../plan/requirement.ts'
import { formatDiagnostic } from '../../plan/yaml/code-frame.ts'
import { Findings, inFileOrder } from '../../plan/yaml/findings.ts'
import { readText } from './yaml-files.ts'

export function openGate(file: string, { requirements }: Catalogue): StatedGate | { readonly problem: string } {
  const source = readText(file)
  if ('problem' in source) return source
  const findings = new Findings()
  const gate = readGate(source, { requirements: requirements.map(({ id }) => id) }, findings)
  if (gate) return gate
  const wrong = findings.diagnostics.toSorted(inFileOrder)
  return { problem: wrong.map((each) => formatDiagnostic(each, source.text)).join('\n\n') }
}
