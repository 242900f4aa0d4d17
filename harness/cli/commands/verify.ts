// viaduct verify: computes every verdict of a report again from the recorded exchange alone, without the implementation.
import { startProcessAdapter } from '../../../adapters/process/adapter.ts'
import { quote } from '../../../adapters/process/lines.ts'
import { Recording, type Departure } from '../../../adapters/process/recorded.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { AnswerCounts } from '../../judge/via/answer-counts.ts'
import { canonicalText } from '../../result/canonical-text.ts'
import { canonicalRow } from '../../result/canonical.ts'
import type { PermutationResult, Report } from '../../result/report.ts'
import { AdapterFailure, type Adapter } from '../../subject/adapter.ts'
import { harnessIdentity } from '../files/package.ts'
import { strengthOf } from '../mutants/strength.ts'
import { suitesAt, wordsIn } from '../project/given-suites.ts'
import { concerning, openProject, type Project } from '../project/project.ts'
import { orRefuse, Refusal, refuseIf } from '../refusal.ts'
import { withPics } from '../adapter/narrow.ts'
import { assembleReport } from '../report/assemble.ts'
import { givenPics, givenTerms, withoutKnown } from '../report/given.ts'
import { reportAt } from '../report/read-report.ts'
import { permutationsFor, runSession } from '../session/session.ts'
import { differenceRows } from '../terminal/difference-rows.ts'
import { say, table } from '../terminal/terminal.ts'
import { againWords, overWords, readTranscript } from '../adapter/transcript.ts'
import { differencesOf } from './compare.ts'

/** How many names are told of each kind; the rest is counted. */
const namesShown = 10

/** How long the record may seem to be silent: nobody thinks in it. In milliseconds. */
const answerWithin = 300

export async function verify(path: string, { transcript: file }: { readonly transcript: string }): Promise<number> {
  const report = orRefuse(reportAt(path))
  const { paths } = wordsIn(report.run.selection)
  const project = openProject(suitesAt(paths))
  if (!project) return exitCodes.usage
  const lines = orRefuse(readTranscript(file))
  const recording = new Recording(lines, isMark)
  const adapter = await fromRecord(recording, report, file)
  try {
    const concerned = concerning(project, adapter.pics.interfaces)
    refuseIf(whyUnfit(report, concerned, adapter))
    const marks = new Set(lines.flatMap(({ speaker, text }) => (speaker === 'neither' ? [text] : [])))
    return tell(await verified({ report, recording, adapter, project: concerned, marks }))
  } finally {
    await adapter.close()
  }
}

/** The adapter as the record has it, declaring what the report says that it was judged by. */
async function fromRecord(recording: Recording, report: Report, file: string): Promise<Adapter> {
  const { implementation, pics } = report
  let adapter: Adapter
  try {
    const manner = { answerWithin, harness: harnessIdentity }
    adapter = await startProcessAdapter(implementation.adapter, { record: recording.open }, manner)
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure)) throw thrown
    throw new Refusal(`${file} has no beginning that an adapter could have answered: ${thrown.message}`)
  }
  return withPics(adapter, { ...adapter.pics, ...givenPics(pics) })
}

/** Why the report cannot be verified here at all, and what to do; undefined if it can. */
function whyUnfit(
  { suites, harness, run, fuzz, pics }: Report,
  { digest }: Project,
  adapter: Adapter,
): string | undefined {
  if (fuzz)
    return 'This is the report of a search, which no transcript tells again: viaduct replay runs what it has kept.'
  if (harness.version !== harnessIdentity.version || suites.digest !== digest)
    return `The report was made by version ${harness.version} with suites ${suites.digest}, and this is ${harnessIdentity.version} with ${digest}: verify it with what made it.`
  if (adapter.pics.clock === 'real' || pics.clock === 'real')
    return 'By a real clock a transcript does not tell when what was said, so that it cannot be judged again.'
  return run.selection.some((each) => each.startsWith('--schedule')) && run.selection.length > 2
    ? 'A report of several patterns in one order cannot be verified.'
    : undefined
}

/** What a record says where a case begins. */
function isMark(text: string): boolean {
  return text === againWords || text === overWords || /^[a-z0-9.-]+\/\S+\/roles=\S+$/.test(text)
}

interface Verifying {
  readonly report: Report
  readonly recording: Recording
  readonly adapter: Adapter
  readonly project: Project
  /** The words between the lines of the record. */
  readonly marks: ReadonlySet<string>
}

interface Verified {
  readonly report: Report
  /** The report as it is computed again. */
  readonly again: Report
  /** Names of permutations that were judged again, that have the same verdict by other evidence, and that could not be judged. */
  readonly judged: ReadonlySet<string>
  readonly otherEvidence: readonly string[]
  readonly unjudged: readonly string[]
  /** What else does not fit, one line each. */
  readonly wrong: readonly string[]
}

async function verified(given: Verifying): Promise<Verified> {
  const { report, recording, adapter, project, marks } = given
  const all = permutationsFor(project, adapter, report.run.seed)
  const planned = new Map(all.map((permutation) => [permutation.name, permutation]))
  const inReport = new Map(report.cases.map((row) => [row.name, row]))
  // What was run and is not in the report is played as well: the record tells one case after the other.
  const permutations = all.filter(({ name, notApplicable }) => {
    const row = inReport.get(name)
    return row?.verdict !== 'skipped' && (marks.has(name) || (row !== undefined && notApplicable !== undefined))
  })
  const rows = new Map<string, PermutationResult>()
  const choices = scheduleOf(report)
  const answers = new AnswerCounts()
  const onTrace = answers.see.bind(answers)
  const session = {
    project,
    adapter,
    permutations,
    onTrace,
    repeat: () => '',
    ...(choices ? { order: { choices } } : {}),
  }
  for await (const row of runSession(session)) {
    if (recording.departure) break
    rows.set(row.name, row)
  }
  const cases = report.cases.map((row) => rows.get(row.name) ?? withoutKnown(row))
  const again = assembleReport({
    project,
    adapter,
    run: report.run,
    permutations: all.length,
    cases,
    ...(report.answers ? { answers: answers.of(adapter.pics) } : {}),
    ...givenTerms(report, project, namesOf(all)),
    strength: strengthOf(wordsIn(report.run.selection).paths),
  })
  const unjudged = report.cases.filter(({ name, verdict }) => verdict !== 'skipped' && !rows.has(name))
  const otherEvidence = report.cases.filter((row, place) => {
    const other = again.cases[place]
    return other && rows.has(row.name) && row.verdict === other.verdict && evidenceOf(row) !== evidenceOf(other)
  })
  const judged = new Set(namesOf(report.cases).filter((name) => rows.has(name)))
  const wrong = wrongIn(given, { again, planned, isWhole: unjudged.length === 0 })
  return { report, again, judged, otherEvidence: namesOf(otherEvidence), unjudged: namesOf(unjudged), wrong }
}

function namesOf(rows: readonly { readonly name: string }[]): readonly string[] {
  return rows.map(({ name }) => name)
}

/** What does not fit, beside verdicts. */
function wrongIn(
  { report, recording, adapter, marks }: Verifying,
  { again, planned, isWhole }: { again: Report; planned: ReadonlyMap<string, unknown>; isWhole: boolean },
): readonly string[] {
  const { departure } = recording
  const { name, version, vendor } = report.implementation
  const { identity } = adapter
  const isOther = name !== identity.name || version !== identity.version || vendor !== identity.vendor
  const inReport = new Set(report.cases.map((row) => row.name))
  const missing = [...marks].filter((mark) => planned.has(mark) && !inReport.has(mark))
  const strange = report.cases.filter((row) => !planned.has(row.name)).map((row) => row.name)
  const totals = JSON.stringify(report.totals) !== JSON.stringify(again.totals)
  const exit = isWhole && report.exit.code !== again.exit.code
  return [
    ...(isOther ? [`the report is of ${name} ${version}, and the record of ${identity.name} ${identity.version}`] : []),
    ...(departure?.recorded === undefined ? [] : [departureWords(departure)]),
    ...listed(missing, 'recorded, and not in the report'),
    ...listed(strange, 'in the report, and in no suite'),
    ...(totals ? ['the report counts its verdicts otherwise than they are'] : []),
    ...(isWhole && !totals ? membersThatDiffer(report, again) : []),
    ...(exit
      ? [`the report says exit ${report.exit.code}, and it comes to ${again.exit.code}: ${again.exit.why}`]
      : []),
  ]
}

/** What follows from the rows, and from what the project is; of one that is not whole it cannot be told. */
const following = [
  'suites',
  'strength',
  'implementation',
  'pics',
  'lost',
  'classes',
  'profiles',
  'requirements',
  'answers',
] as const

function membersThatDiffer(report: Report, again: Report): readonly string[] {
  return (
    following
      // What was under way at an interruption has answered, and has no row.
      .filter((member) => member !== 'answers' || !report.run.interrupted)
      .filter((member) => canonicalText(report[member]) !== canonicalText(again[member]))
      .map((member) => `\`${member}\` of the report is not what it comes to`)
  )
}

function departureWords({ line, recorded = '', asked }: Departure): string {
  return `the record is left at line ${line}, where ${quote(asked)} is asked and ${quote(recorded)} stands; what follows cannot be judged`
}

function scheduleOf({ run }: Report): readonly number[] | undefined {
  const [, choices] = /^--schedule ([\d.]+)$/.exec(run.selection.at(-1) ?? '') ?? []
  return choices?.split('.').map(Number)
}

/**
 * All that a row says of what came out. What a baseline knows of it, how long was waited for nothing, and the rows beside the
 * reference, which only the first failures of a case keep, are left out.
 */
function evidenceOf(told: PermutationResult): string {
  const { known: _, failure, ...row } = told
  const beside = failure?.beside?.kind === 'played' ? { kind: 'played', words: failure.beside.words } : failure?.beside
  const evidence = { ...failure, beside, stack: undefined, stderr: undefined }
  return `${canonicalRow(row)} ${canonicalText(evidence)}`.replaceAll(/within \d+ ms/g, 'in time')
}

function tell({ report, again, judged, otherEvidence, unjudged, wrong }: Verified): number {
  const differences = differencesOf(report, again)
  const names = report.cases.map(({ name }) => name)
  if (differences.length > 0)
    say(table([['', 'report', 'record'], ...differenceRows(differences, { first: names, second: names })]))
  for (const line of wrong) say(line)
  for (const line of listed(otherEvidence, 'the same verdict, by other evidence')) say(line)
  for (const line of listed(unjudged, 'could not be judged again: the record does not have them whole')) say(line)
  const wronged = new Set([...differences.map(({ name }) => name), ...otherEvidence])
  const agree = [...judged].filter((name) => !wronged.has(name)).length
  const isWrong = wronged.size > 0 || wrong.length > 0
  const classes = report.classes.map((each) => `${each.interface} ${each.class} ${each.verdict}`)
  say(`${agree} of ${counted(report.cases.length, 'permutation')} come to the same from the record alone`)
  if (isWrong) say('exit 1: report and record do not agree')
  else if (unjudged.length > 0) say('exit 2: what could be judged agrees, and not all could be')
  else say(`exit 0: report and record agree: ${classes.join(', ')}`)
  return isWrong ? exitCodes.failed : unjudged.length > 0 ? exitCodes.indeterminate : exitCodes.ok
}

/** The first of these names, and how many there are. */
function listed(names: readonly string[], what: string): readonly string[] {
  if (names.length === 0) return []
  const more = names.length - namesShown
  return [
    `${counted(names.length, 'permutation')}: ${what}`,
    ...names.slice(0, namesShown).map((name) => `  ${name}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}
