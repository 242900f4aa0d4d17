// The report as TAP 14: one test point per permutation, diagnostics as YAML for those that did not pass.
import type { PermutationResult, Finding, Report } from '../harness/result/report.ts'
import { knownWords } from './row-words.ts'

export function renderTap(report: Report): string {
  const { cases, exit, run } = report
  const plan = cases.length === 0 ? `1..0 # SKIP ${line(exit.why)}` : `1..${cases.length}`
  const lines = ['TAP version 14', plan, ...cases.flatMap(testPoint), `# exit ${exit.code}: ${line(exit.why)}`]
  // Without it a run that was cut short would read as all passed and skipped.
  if (run.interrupted) lines.push('Bail out! the run was interrupted')
  return `${lines.join('\n')}\n`
}

function testPoint(row: PermutationResult, place: number): readonly string[] {
  const point = `${place + 1} - ${line(row.name)}`
  if (row.verdict === 'pass') return [`ok ${point}`]
  if (row.verdict === 'not-applicable' || row.verdict === 'skipped') {
    const reason = row.reason === '' ? row.verdict : `${row.verdict}: ${row.reason}`
    return [`ok ${point} # SKIP ${line(reason)}`]
  }
  // TAP's own word for a failure that is known: whoever reads it does not count it.
  const directive = row.known ? ` # TODO ${line(knownWords(row.known))}` : ''
  return [`not ok ${point}${directive}`, ...diagnostics(row)]
}

/** A YAML block whose scalars are all quoted, so that nothing in them can be taken for YAML or for TAP. */
function diagnostics(row: PermutationResult): readonly string[] {
  const wrong = row.findings.filter(({ verdict }) => verdict !== 'pass')
  const missing = row.proves.filter(({ seen }) => !seen)
  return [
    '  ---',
    `  verdict: ${quoted(row.verdict)}`,
    `  blame: ${quoted(row.blame)}`,
    `  message: ${quoted(row.reason)}`,
    ...(wrong.length === 0 ? [] : ['  findings:']),
    ...wrong.flatMap(findingLines),
    ...(missing.length === 0 ? [] : ['  not-seen:', ...missing.map(({ words }) => `    - ${quoted(words)}`)]),
    ...lineByLine('stderr', row.failure?.stderr),
    ...lineByLine('stack', row.failure?.stack),
    `  repeat: ${quoted(row.repeat)}`,
    '  ...',
  ]
}

/** A list of its lines, since a quoted scalar stands on one line; nothing if there is no text. */
function lineByLine(member: string, text = ''): readonly string[] {
  const lines = text.trimEnd().split('\n')
  return text.trim() === '' ? [] : [`  ${member}:`, ...lines.map((each) => `    - ${quoted(each)}`)]
}

function findingLines({ judge, verdict, requirements, expected, seen, position }: Finding): readonly string[] {
  const lines = [
    `    - verdict: ${quoted(verdict)}`,
    `      judge: ${quoted(judge)}`,
    `      requirements: [${requirements.map(quoted).join(', ')}]`,
    `      expected: ${quoted(expected)}`,
    `      seen: ${quoted(seen)}`,
  ]
  return position === undefined ? lines : [...lines, `      at: ${quoted(position)}`]
}

/** One line in which `#` starts no directive. */
function line(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\\#]/g, '\\$&')
    .trim()
}

/** A JSON string is a YAML double-quoted scalar once everything that YAML calls unprintable is escaped as well. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
