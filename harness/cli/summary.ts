// The last words of a run on the terminal: classes, requirements, what failed, and where the report is.
import type { Report } from '../result/report.ts'
import { verdicts } from '../result/verdict.ts'
import { say, styled, table, type Style } from './terminal.ts'

/** How many failing permutations are named; the report has them all. */
const failuresShown = 10

const classStyle: Readonly<Record<string, Style>> = {
  conformant: 'green',
  'not-conformant': 'red',
  indeterminate: 'yellow',
  'not-assessed': 'dim',
}

export function printSummary(report: Report, path: string): void {
  const { implementation, totals } = report
  say(`${implementation.name} ${implementation.version} (${implementation.adapter})`)
  say()
  printClasses(report)
  printFailures(report)
  const counts = verdicts.filter((verdict) => totals[verdict] > 0).map((verdict) => `${totals[verdict]} ${verdict}`)
  say(`${report.cases.length} permutations: ${counts.join(', ')}`)
  say(`exit ${report.exit.code}: ${report.exit.why}`)
  say(`report: ${path}`)
}

function printClasses({ classes }: Report): void {
  const head = ['interface', 'class', 'verdict', 'applicable', 'verified', 'violated', 'unverified', 'not applicable']
  const rows = classes.map((each) => [
    each.interface,
    each.class,
    each.verdict,
    String(each.applicable),
    String(each.verified),
    String(each.violated),
    String(each.unverified + each.partly),
    String(each.notApplicable),
  ])
  const [first = '', ...lines] = table([head, ...rows], '  ').split('\n')
  say(styled('dim', first))
  lines.forEach((line, i) => say(styled(classStyle[classes[i]?.verdict ?? ''] ?? 'reset', line)))
  for (const each of classes) if (each.why !== '') say(`  ${each.interface} ${each.class}: ${each.why}`)
  say()
}

function printFailures({ cases }: Report): void {
  const bad = cases.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable' && verdict !== 'skipped')
  for (const { name, verdict, reason, findings, repeat } of bad.slice(0, failuresShown)) {
    say(`${styled(verdict === 'inconclusive' ? 'yellow' : 'red', verdict)} ${name}`)
    for (const finding of findings.filter((each) => each.verdict !== 'pass').slice(0, 2)) {
      say(`  ${finding.requirements.join(', ')}: ${finding.expected}`)
      say(`  seen: ${finding.seen}`)
    }
    if (findings.every((each) => each.verdict === 'pass')) say(`  ${reason}`)
    say(`  ${styled('dim', repeat)}`)
  }
  if (bad.length > failuresShown) say(`... and ${bad.length - failuresShown} more, in the report`)
  if (bad.length > 0) say()
}
