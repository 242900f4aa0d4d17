// The report in short as Markdown, for the summary of a job or a comment on a change.
import type { PermutationResult, ClassResult, Report } from '../harness/result/report.ts'
import { classVerdictWords, excusedWords, verdicts, wentWrong } from '../harness/result/verdict.ts'
import { quantity } from './figures.ts'
import { grouped } from './grouped.ts'
import { countedRows } from './row-words.ts'

/** Cases that are named; the page has all. */
const casesShown = 20

export function renderMarkdown(report: Report): string {
  const { implementation, exit, run, totals, cases } = report
  const counts = verdicts.filter((verdict) => totals[verdict] > 0).map((verdict) => `${totals[verdict]} ${verdict}`)
  const parts = [
    `## Conformance of ${plain(`${implementation.name} ${implementation.version}`)}`,
    `**Exit code ${exit.code}:** ${plain(exit.why)}`,
    ...(run.interrupted ? ['**The run was interrupted.** What did not run is skipped.'] : []),
    ...selectionParts(report),
    classTable(report.classes),
    `${countedRows(report, cases.length)}: ${counts.join(', ')}`,
    ...baselineParts(report),
    ...excusedParts(report),
    ...failures(cases),
    `Again: ${code(run.command)}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function selectionParts({ run, fuzz }: Report): readonly string[] {
  if (fuzz) return ['This was a search: it tells what it found wrong, and of nothing that it is right.']
  return run.selection.length === 0 ? [] : [`Only a selection was run: ${run.selection.map(code).join(' ')}`]
}

function classTable(classes: readonly ClassResult[]): string {
  const rows = classes.map((each) =>
    // Of a selection nobody knows what the rest would have shown.
    [
      each.interface,
      each.class,
      classVerdictWords(each),
      each.applicable,
      each.verdict === 'not-assessed' ? '-' : each.verified,
      each.violated,
    ].join(' | '),
  )
  const head = ['interface | class | verdict | applicable | verified | violated', '--- | --- | --- | --: | --: | --:']
  return rows.length === 0 ? '' : [...head, ...rows].map((row) => `| ${row} |`).join('\n')
}

function baselineParts({ baseline, cases }: Report): readonly string[] {
  if (!baseline) return []
  const known = cases.filter(({ known: accepted }) => accepted && !accepted.by).length
  const wrong = baseline.entries.filter(({ problem }) => problem !== '')
  const lines = wrong.slice(0, casesShown).map(({ pattern, problem }) => `- ${code(pattern)}: ${plain(problem)}`)
  return [
    `Known to the baseline: ${quantity(known, 'failure')}. Entries of it that are no longer right: ${wrong.length}.`,
    lines.join('\n'),
  ]
}

/** The score with what is waived or disputed, and waivers that are no longer right. */
function excusedParts({ classes, gate }: Report): readonly string[] {
  const scores = classes.flatMap(({ interface: of, class: name, unexcused, ...result }) => {
    if (!unexcused) return []
    const { verdict, verified, applicable, violated } = unexcused
    const score = `${verdict}, ${verified} of ${applicable} verified, ${violated} violated`
    return [`- ${of} ${name}, if nothing were excused (${excusedWords(result)}): ${score}`]
  })
  const wrong = gate?.waivers.filter(({ problem }) => problem !== '') ?? []
  const lines = wrong.map(({ requirement, problem }) => `- waiver of ${requirement}, no longer right: ${problem}`)
  const terms = (gate?.terms ?? []).map(
    ({ term, asked, seen, standing }) =>
      `- gate, ${standing}: ${plain(term)}: asked ${plain(asked)}, seen ${plain(seen)}`,
  )
  return [[...scores, ...terms, ...lines].join('\n')]
}

/** What did not pass and is not known: one row for each case, with the first of its permutations. */
function failures(cases: readonly PermutationResult[]): readonly string[] {
  const bad = cases.filter((row) => wentWrong(row.verdict) && !row.known)
  if (bad.length === 0) return []
  const groups = [...grouped(bad, (row) => `${row.verdict} ${row.suite}/${row.case}`).values()]
  const rows = groups.slice(0, casesShown).flatMap(([first, ...others]) => {
    if (!first) return []
    const broken = new Set(
      first.findings.filter(({ verdict }) => verdict !== 'pass').flatMap((each) => each.requirements),
    )
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    return [`| ${first.verdict} | ${code(first.name)}${more} | ${[...broken].join(', ')} | ${plain(first.reason)} |`]
  })
  const left = groups.length - casesShown
  const head = ['| verdict | permutation | requirements | what was wrong |', '| --- | --- | --- | --- |']
  return [[...head, ...rows].join('\n'), ...(left > 0 ? [`And ${quantity(left, 'more case')}, in the report.`] : [])]
}

/** Text in which nothing is taken for Markdown or HTML. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(/[\\`*_{}[\]<>#|~&]/g, String.raw`\$&`)
}

/** As code, which may hold backticks. */
function code(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length)) + 1)
  const space = fence.length > 1 ? ' ' : ''
  return `${fence}${space}${text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll('|', String.raw`\|`)}${space}${fence}`
}
