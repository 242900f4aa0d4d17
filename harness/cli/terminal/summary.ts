// What a run came to, on the terminal: classes, requirements, and what failed.
import { counted } from '../../../spec/vocabulary/units.ts'
import { findingsAlike } from '../../result/findings-alike.ts'
import type {
  AnswerCount,
  ClassResult,
  Finding,
  GateTerm,
  KnownReason,
  PermutationResult,
  Report,
} from '../../result/report.ts'
import { classVerdictWords, excusedWords, hasRun, verdicts, wentWrong, type Verdict } from '../../result/verdict.ts'
import { playedTwiceWords, stabilityWords } from '../../result/stability-words.ts'
import { adapterMemory } from '../session/memory-growth.ts'
import { shellWord } from './shell-word.ts'
import { tellingLines } from './telling-lines.ts'
import { say, styled, table, type Style } from './terminal.ts'

/** How many cases that did not pass are named, and findings of each; the report has them all. */
const failuresShown = 10
const findingsShown = 2
/** How many entries of a baseline are named that are no longer right. */
const entriesShown = 10
/** How many lines are shown of what an adapter wrote to stderr, and reasons why nothing applied. */
const stderrShown = 5
const reasonsShown = 3

const classStyle: Readonly<Record<string, Style>> = {
  conformant: 'green',
  'not-conformant': 'red',
  indeterminate: 'yellow',
  'not-assessed': 'dim',
}

export function printSummary(report: Report): void {
  const { implementation, totals } = report
  say(`${implementation.name} ${implementation.version} (${implementation.adapter})`)
  say()
  printClasses(report)
  printFailures(report)
  const counts = verdicts.filter((verdict) => totals[verdict] > 0).map((verdict) => `${totals[verdict]} ${verdict}`)
  say(`${counted(report.cases.length, 'permutation')}: ${counts.join(', ')}`)
  const words = [
    partsWords,
    resumedWords,
    baselineWords,
    excusedFailureWords,
    brokenWords,
    emptyWords,
    inapplicableWords,
    skippedWords,
    lostWords,
    answerWords,
    memoryWords,
    twiceWords,
  ]
  for (const line of words.flatMap((each) => each(report))) say(line)
}

/**
 * How many of those that passed say nothing of the implementation: the reference beside it did the work, or what they are
 * about did not hold elsewhere. Of a run that is not whole that cannot be told.
 */
export function emptyWords({ run, cases, requirements, totals }: Report): readonly string[] {
  if (run.selection.length > 0 || totals.skipped > 0) return []
  const verified = new Set(requirements.filter(({ verdict }) => verdict === 'verified').map(({ id }) => id))
  const isEmpty = ({ verdict, findings }: PermutationResult): boolean =>
    verdict === 'pass' && !findings.some((finding) => finding.requirements.some((id) => verified.has(id)))
  const count = cases.filter(isEmpty).length
  if (count === 0) return []
  const who =
    count === totals.pass ? `none of the ${count} that passed verifies a` : `${count} of those that passed verify no`
  return [
    `${who} requirement: they speak of none, since the reference did the work, or of what is violated or open elsewhere`,
  ]
}

function partsWords({ run: { parts } }: Report): readonly string[] {
  return parts ? [`merged of ${counted(parts.length, 'part')}`] : []
}

function twiceWords({ run: { playedTwice } }: Report): readonly string[] {
  return playedTwice ? [playedTwiceWords(playedTwice)] : []
}

function resumedWords({ run: { resumed } }: Report): readonly string[] {
  return resumed === undefined ? [] : [`${counted(resumed, 'permutation')} taken over from an earlier part of the run`]
}

/** How many failures are known, and every entry of the baseline that is no longer right. */
export function baselineWords({ baseline, cases }: Pick<Report, 'baseline' | 'cases'>): readonly string[] {
  if (!baseline) return []
  const known = cases.filter(({ known: accepted }) => accepted && !accepted.by).length
  const wrong = baseline.entries.filter(({ problem }) => problem !== '')
  const more = wrong.length - entriesShown
  return [
    ...(known > 0
      ? [`${counted(known, 'failure')} ${known === 1 ? 'is' : 'are'} known to the baseline, and not told above`]
      : []),
    ...wrong
      .slice(0, entriesShown)
      .map(({ pattern, problem }) => `the baseline is no longer right about ${pattern}: ${problem}`),
    ...(more > 0 ? [`... and about ${more} more; viaduct baseline tighten takes out what is no longer so`] : []),
  ]
}

/** How many failures are excused, and every waiver that is no longer right. */
function excusedFailureWords({ gate, cases }: Pick<Report, 'gate' | 'cases'>): readonly string[] {
  const of = (by: NonNullable<KnownReason['by']>, words: string): readonly string[] => {
    const count = cases.filter(({ known }) => known?.by === by).length
    return count > 0 ? [`${counted(count, 'failure')} ${count === 1 ? 'is' : 'are'} ${words}, and not told above`] : []
  }
  const wrong = gate?.waivers.filter(({ problem }) => problem !== '') ?? []
  return [
    ...of('waiver', 'waived by the gate'),
    ...of('dispute', 'about what is disputed'),
    ...of('warning', 'about no MUST'),
    ...of('unstable', 'unstable, as the gate allows'),
    ...(gate?.terms ?? []).map(termWords),
    ...wrong.map(({ requirement, problem }) => `the gate is no longer right to waive ${requirement}: ${problem}`),
  ]
}

function termWords({ term, asked, seen, standing }: GateTerm): string {
  const words = `gate: ${term}: asked ${asked}, seen ${seen}`
  switch (standing) {
    case 'met':
      return styled('green', `${words}: met`)
    case 'missed':
      return styled('red', `${words}: missed`)
    case 'not-judged':
      return styled('dim', `${words}: only a whole run tells`)
  }
}

/** Where half of what ran, or more, crashed: it may be the adapter, and what tells. */
export function brokenWords({ implementation, totals }: Report): readonly string[] {
  const { crash } = totals
  const ran = verdicts.filter(hasRun).reduce((sum, verdict) => sum + totals[verdict], 0)
  if (crash === 0 || crash * 2 < ran) return []
  const command = `npx viaduct doctor --adapter ${shellWord(implementation.adapter)}`
  return [`${crash} of the ${ran} that ran crashed: ${command} tells whether the adapter is at fault`]
}

/** Where nothing applies: the most frequent reasons. */
export function inapplicableWords({ cases }: Report): readonly string[] {
  if (cases.some(({ verdict }) => verdict !== 'not-applicable')) return []
  const reasons = [...reasonsOf(cases, 'not-applicable')].toSorted(([, one], [, other]) => other - one)
  return reasons.slice(0, reasonsShown).map(([reason, count]) => `${counted(count, 'permutation')}: ${reason}`)
}

/** Why permutations were left out that apply; one line for each reason. */
function skippedWords({ cases }: Report): readonly string[] {
  return [...reasonsOf(cases, 'skipped')].map(
    ([reason, count]) => `${counted(count, 'permutation')} not run: ${reason}`,
  )
}

function reasonsOf(cases: Report['cases'], wanted: Verdict): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { verdict, reason } of cases) if (verdict === wanted) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}

function lostWords({ lost }: Report): readonly string[] {
  const wire = `${counted(lost.wire, 'permutation')} could not be judged because the wire is hidden`
  const clock = `${counted(lost.clock, 'permutation')} could not be judged because the clock is real`
  return [...(lost.wire > 0 ? [wire] : []), ...(lost.clock > 0 ? [clock] : [])]
}

function memoryWords({ run }: Report): readonly string[] {
  const grown = run.environment[adapterMemory]
  return grown === undefined ? [] : [`the ${adapterMemory} ${grown}`]
}

/** How many answers that are never seen are named; the report has them all. */
const unseenShown = 3

const answerKinds: readonly (readonly [AnswerCount['kind'], string])[] = [
  ['code', 'return codes of calls'],
  ['bit', 'status bits'],
  ['operation', 'operations in Status'],
  ['state', 'states of a VI'],
  ['error', 'asynchronous errors'],
]

/** What of all that a whole run ought to show was answered at least once, and what never; of a selection, how much was. */
export function answerWords({ answers = [], cases, run, totals }: Report): readonly string[] {
  const due = answers.filter((each) => each.due === 'yes')
  // All of them are answers of VIA.
  if (due.length === 0 || !cases.some((row) => row.interface === 'via')) return []
  const shares = answerKinds.map(([kind, words]) => {
    const all = due.filter((each) => each.kind === kind)
    return `${all.filter(({ count }) => count > 0).length} of ${all.length} ${words}`
  })
  const isPartial = run.selection.length > 0 || totals.skipped > 0
  const unseen = isPartial ? [] : due.filter(({ count }) => count === 0)
  const names = unseen.slice(0, unseenShown).map(({ of, name }) => (of === '' ? name : `${of} ${name}`))
  const more = unseen.length > unseenShown ? `, and ${unseen.length - unseenShown} more, in the report` : ''
  return [`answers seen: ${shares.join(', ')}${names.length > 0 ? `; never: ${names.join(', ')}${more}` : ''}`]
}

function printClasses({ classes }: Report): void {
  const head = ['interface', 'class', 'verdict', 'applicable', 'verified', 'violated', 'unverified', 'not applicable']
  const rows = classes.map((each) => [each.interface, each.class, classVerdictWords(each), ...figures(each)])
  const [first = '', ...lines] = table([head, ...rows], '  ').split('\n')
  say(styled('dim', first))
  lines.forEach((line, i) => say(styled(classStyle[classes[i]?.verdict ?? ''] ?? 'reset', line)))
  for (const each of classes) {
    if (each.why !== '') say(`  ${each.interface} ${each.class}: ${each.why}`)
    if (each.unexcused)
      say(
        `  ${each.interface} ${each.class}, if nothing were excused (${excusedWords(each)}): ${unexcusedWords(each.unexcused)}`,
      )
  }
  say()
}

function unexcusedWords({ verdict, verified, applicable, violated }: NonNullable<ClassResult['unexcused']>): string {
  return `${verdict}, ${verified} of ${applicable} verified, ${violated} violated`
}

/** Of a selection only what it found broken can be told: the rest was not looked at as a whole. */
function figures(each: ClassResult): readonly string[] {
  const { applicable, verified, violated, unverified, partly, notApplicable } = each
  if (each.verdict === 'not-assessed') return [String(applicable), '-', String(violated), '-', '-']
  return [applicable, verified, violated, unverified + partly, notApplicable].map(String)
}

function printFailures({ cases }: Report): void {
  const failures = failuresOf(cases)
  for (const [first, ...others] of failures.slice(0, failuresShown))
    if (first) for (const line of failureWords(first, others)) say(line)
  const more = unshownWords(failures)
  if (more !== undefined) say(more)
  if (failures.length > 0) say()
}

/** How many cases are not named that did not pass; or permutations, where others of their cases are. Undefined if all are. */
export function unshownWords(failures: readonly (readonly PermutationResult[])[]): string | undefined {
  const casesOf = (groups: typeof failures): readonly string[] =>
    groups.flatMap((rows) => rows.map((row) => `${row.suite}/${row.case}`))
  const [shown, left] = [failures.slice(0, failuresShown), failures.slice(failuresShown)]
  if (left.length === 0) return undefined
  const named = new Set(casesOf(shown))
  const unnamed = new Set(casesOf(left).filter((name) => !named.has(name)))
  const rows = counted(
    left.reduce((sum, group) => sum + group.length, 0),
    'permutation',
  )
  const what = unnamed.size > 0 ? `${counted(unnamed.size, 'case')} more` : `${rows} more of these cases`
  return `... and ${what}, in the report`
}

/**
 * What did not pass and is not known, by case and by what it came to; errors, which decide on everything else, first. What came
 * out otherwise beside other worlds than alone is told together, whatever its case: all of it has one cause, in the adapter.
 */
export function failuresOf(cases: Report['cases']): readonly (readonly PermutationResult[])[] {
  const bad = cases.filter(({ verdict, known }) => wentWrong(verdict) && !known)
  const groups = new Map<string, PermutationResult[]>()
  for (const row of bad.toSorted((one, other) => Number(isError(other)) - Number(isError(one)))) {
    const isOfWorlds = row.verdict === 'inconclusive' && row.blame === 'adapter' && row.lostTo === undefined
    const id = isOfWorlds ? 'worlds' : `${row.verdict} ${row.suite}/${row.case}`
    groups.set(id, [...(groups.get(id) ?? []), row])
  }
  return [...groups.values()]
}

function isError({ verdict }: PermutationResult): boolean {
  return verdict === 'error'
}

/** The requirements that a finding is about; where it names none, who found it. */
export function blamedRule({ requirements, judge }: Finding): string {
  return requirements.join(', ') || judge
}

function othersWords(row: PermutationResult, others: readonly PermutationResult[]): string {
  const cases = new Set(others.map((each) => `${each.suite}/${each.case}`))
  const isOfCase = cases.size === 1 && cases.has(`${row.suite}/${row.case}`)
  const ofOthers = cases.size === 1 ? 'another case' : counted(cases.size, 'case')
  return `${counted(others.length, 'permutation')} more of ${isOfCase ? 'this case' : ofOthers}`
}

function steadyWords({ stability }: PermutationResult): readonly string[] {
  return stability ? [`  ${stabilityWords(stability)}`] : []
}

/** Where it and the reference part; nothing where the reference cannot be played in its place. */
export function besideWords({ failure }: Pick<PermutationResult, 'failure'>): readonly string[] {
  const beside = failure?.beside
  return beside?.kind === 'played' ? [`  beside the reference: ${beside.words}`] : []
}

/** One permutation, with how many others came to the same; what it came to is told before what else was wrong. */
export function failureWords(row: PermutationResult, others: readonly PermutationResult[]): readonly string[] {
  const { name, verdict, reason, findings, failure, repeat } = row
  const more = others.length === 0 ? '' : styled('dim', `  and ${othersWords(row, others)}`)
  const wrong = findings.filter((finding) => finding.verdict !== 'pass')
  const telling = wrong.toSorted((one, other) => Number(other.verdict === verdict) - Number(one.verdict === verdict))
  const said = findingsAlike(telling)
    .slice(0, findingsShown)
    .flatMap(({ first, again }) => [
      `  ${blamedRule(first)}: ${first.expected}`,
      `  seen: ${first.seen}${again.length === 0 ? '' : `, and ${again.length} more like it`}`,
    ])
  const lastWords = failure?.stderr === undefined ? [] : tellingLines(failure.stderr, stderrShown)
  return [
    `${styled(verdict === 'inconclusive' ? 'yellow' : 'red', verdict)} ${name}${more}`,
    ...(telling.length === 0 ? [`  ${reason}`] : said),
    ...steadyWords(row),
    ...besideWords(row),
    ...lastWords.map((line) => `  stderr: ${line}`),
    `  ${styled('dim', repeat)}`,
  ]
}
