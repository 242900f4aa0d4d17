// Lets an adapter be judged by less than it declares, as a PICS file says.
import { readFileSync } from 'node:fs'
import { formatDiagnostic } from '../plan/code-frame.ts'
import { Findings, inFileOrder } from '../plan/findings.ts'
import { readStatement } from '../plan/statement.ts'
import type { Adapter } from '../subject/adapter.ts'
import { knownOf } from './known.ts'
import type { Project } from './project.ts'

/** The adapter with the PICS that the file leaves of it; or everything in which the file contradicts it. */
export function narrowed(adapter: Adapter, file: string, project: Project): Adapter | { readonly problem: string } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}` }
  }
  const findings = new Findings()
  const pics = readStatement({ file: { file, text }, declared: adapter.pics, known: knownOf(project) }, findings)
  const wrong = findings.diagnostics.toSorted(inFileOrder).map((each) => formatDiagnostic(each, text))
  if (wrong.length > 0) return { problem: wrong.join('\n\n') }
  return withPics(adapter, pics)
}

/** The adapter, declaring this and nothing else. */
export function withPics(adapter: Adapter, pics: Adapter['pics']): Adapter {
  const { name, identity, isReference, callWithin, carrier } = adapter
  return {
    name,
    identity,
    pics,
    isReference,
    ...(callWithin === undefined ? {} : { callWithin }),
    ...(carrier ? { carrier } : {}),
    open: (settings) => adapter.open(settings),
    close: () => adapter.close(),
  }
}
