// Opens a gate, or says everything that is wrong with its file.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { reachOf } from '../../gate/policy.ts'
import { readGate, type EarlierReach, type StatedGate } from '../../plan/read/gate.ts'
import type { Catalogue } from '../../plan/requirement.ts'
import { formatDiagnostic } from '../../plan/yaml/code-frame.ts'
import { Findings, inFileOrder } from '../../plan/yaml/findings.ts'
import { messageOf } from '../../subject/thrown.ts'
import type { GivenGate } from '../report/assemble.ts'
import { reportIn } from '../report/read-report.ts'
import { reportDocument } from '../report/report-files.ts'
import { readText } from './yaml-files.ts'

interface Problem {
  readonly problem: string
}

export function openGate(file: string, { requirements }: Catalogue): GivenGate | Problem {
  const source = readText(file)
  if ('problem' in source) return source
  const findings = new Findings()
  const known = {
    requirements: requirements.map(({ id }) => id),
    reachOf: (report: string) => earlierReach(report, resolve(dirname(file), report)),
  }
  const gate = readGate(source, known, findings)
  if (gate) return givenBy(gate)
  const wrong = findings.diagnostics.toSorted(inFileOrder)
  return { problem: wrong.map((each) => formatDiagnostic(each, source.text)).join('\n\n') }
}

function givenBy({ waivers, ...policy }: StatedGate): GivenGate {
  return { waivers, policy }
}

/** `report`: as the gate names it. */
function earlierReach(report: string, path: string): EarlierReach | Problem {
  try {
    const document = join(path, reportDocument)
    const earlier = reportIn(existsSync(document) ? document : path)
    if (!earlier) return { problem: `${report} is no report of this version of viaduct` }
    if (earlier.fuzz) return { problem: `${report} is of a search` }
    const { interrupted, selection } = earlier.run
    if (interrupted || selection.length > 0) return { problem: `${report} is not of a whole run` }
    return { report, ...reachOf(earlier) }
  } catch (thrown) {
    return { problem: `${report} cannot be read: ${messageOf(thrown)}` }
  }
}
