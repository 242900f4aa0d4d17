// viaduct run: judges an implementation and writes the report.
import { statSync } from 'node:fs'
import { counted, millisecond, type Duration } from '../../../spec/vocabulary/units.ts'
import { AnswerCounts } from '../../judge/via/answer-counts.ts'
import type { Permutation } from '../../plan/permutation.ts'
import { select, type Selection } from '../../plan/select.ts'
import { namesOfShard, shardWords } from '../../plan/shard.ts'
import type { PermutationResult, Report } from '../../result/report.ts'
import { whyNoOrder } from '../../run/explorations.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { mannerOf, resolveAdapter, whyIdle } from '../adapter/adapters.ts'
import { Capture } from '../capture/capture.ts'
import { openBaseline, type OpenBaseline } from '../files/baseline-file.ts'
import { openGate } from '../files/gate-file.ts'
import { assembleReport, type GivenGate, reportedPics } from '../report/assemble.ts'
import { knownOf, unknownWords } from '../project/known.ts'
import { narrowed } from '../adapter/narrow.ts'
import { orRefuse, Refusal, refuseIf } from '../refusal.ts'
import { insteadOfEnding } from '../signals.ts'
import type { Exit } from '../../gate/exit.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { furtherAdapters, runJobs, type AtOnce } from '../session/jobs.ts'
import { sealed } from '../terminal/last-words.ts'
import { Progress } from '../terminal/progress.ts'
import { suitesAt, wordsIn } from '../project/given-suites.ts'
import { concerning, openProject, type Project } from '../project/project.ts'
import { ReportFolder } from '../report/report-files.ts'
import { earlierRows, withEarlier, type RunIdentity } from '../report/resume.ts'
import { playAgain, type PlayedAgain } from '../session/again.ts'
import { adapterMemory, MemoryGrowth } from '../session/memory-growth.ts'
import { permutationsFor } from '../session/session.ts'
import { optionsOf, repeatCommand, selectionWords, wholeCommand, type RunFlags } from '../session/run-flags.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { strengthOf, type Strength } from '../mutants/strength.ts'
import { printSummary } from '../terminal/summary.ts'
import { complain, say } from '../terminal/terminal.ts'
import { besideLines } from '../terminal/beside-log.ts'
import { traceLines } from '../terminal/trace-log.ts'
import { againWords, overWords, Transcript } from '../adapter/transcript.ts'
import { GrowingFile } from '../files/growing-file.ts'

/** What is run, and how a command says so. */
export interface RunAsked {
  readonly project: Project
  readonly patterns: readonly string[]
  /** What a report says that it is a selection of; empty: nothing was left out. */
  readonly selection: readonly string[]
  readonly strength: Strength
  /** What stands before the flags in a command that does all of it again, and one permutation of it. */
  readonly command: string
  readonly repeat: (name: string) => string
}

export async function run(patterns: readonly string[], flags: RunFlags): Promise<number> {
  const { paths, names } = wordsIn(patterns)
  const project = openProject(suitesAt(paths))
  if (!project) return exitCodes.usage
  const asked: RunAsked = {
    project,
    patterns: names,
    selection: patterns,
    strength: strengthOf(paths),
    command: commandOf(patterns),
    repeat: (name) => commandOf([...paths, name]),
  }
  const { exit } = await runAsked(asked, flags)
  return exit.code
}

function commandOf(words: readonly string[]): string {
  return ['npx viaduct run', ...words.map(shellWord)].join(' ')
}

/** The report, written and summed up, and what the command ends with: not as it says if it could not be written. */
export async function runAsked(
  asked: RunAsked,
  flags: RunFlags,
): Promise<{ readonly report: Report; readonly exit: Exit }> {
  const { project, patterns } = asked
  const selected = select(project.cases, patterns)
  if ('problem' in selected) throw new Refusal([selected.problem, ...patterns.flatMap(folderWords)].join('\n'))
  const files = openFiles(flags, project)
  const { folder, transcript, capture } = files
  const declaring = orRefuse(await resolveAdapter(adapterOf(flags, project), mannerOf(flags, transcript)))
  const further: Adapter[] = []
  try {
    if (flags.patience !== undefined && declaring.pics.clock !== 'real')
      throw new Refusal('--patience is for adapters that run by a real clock: virtual time costs nobody patience.')
    further.push(...orRefuse(await furtherAdapters(atOnce(flags), declaring)))
    const adapter = flags.pics === undefined ? declaring : orRefuse(narrowed(declaring, flags.pics, project))
    for (const line of strangeWords(declaring, project)) complain(line)
    const concerned = concerning(project, adapter.pics.interfaces)
    refuseIf(nothingConcerned(concerned, selected, adapter))
    const all = permutationsFor(concerned, adapter, flags.seed, patienceOf(flags))
    const permutations = orRefuse(
      shardOf(
        all.filter(({ name }) => selected.matches(name)),
        flags,
      ),
    )
    const identity = identityOf(concerned, adapter, flags)
    const earlier = flags.resume ? orRefuse(earlierRows(flags.report, identity)) : noRows
    refuseIf(folder.begin(identity, earlier.values()))
    if (flags.schedule) for (const line of unorderedWords(permutations, adapter)) complain(line)
    const report = await runInto({
      project: concerned,
      adapter,
      further,
      asked,
      flags,
      all: all.map(({ name }) => name),
      permutations,
      earlier,
      files,
    })
    printSummary(report)
    return { report, exit: sealed(folder, report) }
  } finally {
    await Promise.all([declaring, ...further].map((each) => each.close()))
    transcript?.close()
    capture?.close()
  }
}

interface OpenFiles {
  readonly folder: ReportFolder
  readonly baseline: OpenBaseline | undefined
  readonly gate: GivenGate | undefined
  readonly transcript: Transcript | undefined
  readonly capture: Capture | undefined
}

/** All that is read and written beside the suites. Throws a `Refusal` where one of them cannot be, before anything is run. */
function openFiles(flags: RunFlags, { declared, catalogue }: Project): OpenFiles {
  if (flags.resume && flags.schedule)
    throw new Refusal(
      '--schedule is for one order of a race, and --resume for what is left of a run: leave one of them out.',
    )
  const folder = orRefuse(ReportFolder.open(flags.report))
  const baseline = flags.baseline === undefined ? undefined : orRefuse(openBaseline(flags.baseline, declared))
  const gate = flags.gate === undefined ? undefined : orRefuse(openGate(flags.gate, catalogue))
  refuseIf(whyIdle(flags) ?? whyNoTranscript(flags))
  const transcript =
    flags.transcript === undefined
      ? undefined
      : new Transcript(orRefuse(GrowingFile.open('transcript', flags.transcript)))
  const capture =
    flags.capture === undefined ? undefined : new Capture(orRefuse(GrowingFile.open('capture', flags.capture)))
  return { folder, baseline, gate, transcript, capture }
}

/** Where a file stands in place of a name: what runs it. */
/** A folder is told from a case by how its path begins. */
function folderWords(pattern: string): readonly string[] {
  if (!statSync(pattern, { throwIfNoEntry: false })?.isDirectory()) return []
  return [`\`${pattern}\` is a folder: ./${pattern} stands for the suites in it.`]
}

/** What the adapter declares and nobody knows, which would only show in what does not apply. */
function strangeWords({ name, pics, carrier }: Adapter, project: Project): readonly string[] {
  if (!carrier) return []
  const { options, values } = knownOf(project)
  const strange = [
    ...unknownWords('option', Object.keys(pics.options), options),
    ...unknownWords('value', Object.keys(pics.values), values),
  ]
  return strange.map((words) => `${name} declares what has no effect: ${words}`)
}

/** Why nothing of what is asked for can be run: no case of it is about what the adapter offers. Undefined if some is. */
function nothingConcerned(concerned: Project, selected: Selection, { name, pics }: Adapter): string | undefined {
  if (concerned.declared.some(({ id }) => selected.matchesCase(id))) return undefined
  const { interfaces } = pics
  if (interfaces.length === 0) return `${name} offers no interface, so that no case applies.`
  const them = interfaces.length === 1 ? 'it' : 'them'
  return `${name} offers ${interfaces.join(' and ')}, and no case that matches is about ${them}.`
}

/** What of the selected permutations is run; or why no such part can be. */
function shardOf(
  permutations: readonly Permutation[],
  { shard }: RunFlags,
): readonly Permutation[] | { readonly problem: string } {
  if (!shard) return permutations
  const names = namesOfShard(permutations, shard)
  if (names.size > 0) return permutations.filter(({ name }) => names.has(name))
  return {
    problem: `${shardWords(shard)} is empty: ${counted(permutations.length, 'permutation')} cannot be cut into so many.`,
  }
}

/** Where an order that is asked for changes nothing: one line for each reason. */
function unorderedWords(permutations: readonly Permutation[], { pics }: Adapter): readonly string[] {
  const unordered = new Map<string, Permutation[]>()
  for (const permutation of permutations) {
    if (permutation.notApplicable !== undefined) continue
    const why = whyNoOrder(permutation, pics)
    if (why !== undefined) unordered.set(why, [...(unordered.get(why) ?? []), permutation])
  }
  return [...unordered].map(([why, them]) => {
    const who = them.length === 1 ? `${them[0]?.name ?? ''} has` : `${counted(them.length, 'permutation')} have`
    return `${who} ${why}: --schedule changes nothing there.`
  })
}

/** Why no transcript can be kept of what is asked for; undefined if one can, or none is wanted. */
function whyNoTranscript({ transcript, jobs = 1, worlds = 1 }: RunFlags): string | undefined {
  if (transcript === undefined) return undefined
  if (jobs > 1) return 'A transcript is of one process: leave --jobs out.'
  if (worlds > 1) return 'A transcript is of one world after the other: leave --worlds out.'
  return undefined
}

/** A transcript is of one world after the other, so that it can be read. */
function atOnce(flags: RunFlags): AtOnce {
  const { adapter: name, jobs = 1, worlds, transcript } = flags
  return { name, jobs, worlds: transcript === undefined ? worlds : 1, manner: mannerOf(flags, undefined) }
}

/** The reference is not only judged as a system of a profile, but is configured to be like it. */
function adapterOf({ adapter, pics }: RunFlags, { profiles }: Project): string {
  const isProfile = adapter === 'reference' && profiles.some(({ name }) => name === pics)
  return isProfile ? `reference:${pics ?? ''}` : adapter
}

function patienceOf({ patience }: RunFlags): Duration | undefined {
  return patience === undefined ? undefined : patience * millisecond
}

const noRows: ReadonlyMap<string, PermutationResult> = new Map()

/** What has to be the same for rows to be taken over. */
function identityOf({ digest }: Project, { identity, pics }: Adapter, { seed }: RunFlags): RunIdentity {
  const { name, version, vendor } = identity
  return { suites: digest, seed, implementation: { name, version, vendor }, pics: reportedPics(pics) }
}

interface Chosen {
  readonly project: Project
  readonly adapter: Adapter
  /** More of it, to run at the same time. */
  readonly further: readonly Adapter[]
  readonly asked: RunAsked
  readonly flags: RunFlags
  /** The names of all permutations, without the patterns. */
  readonly all: readonly string[]
  readonly permutations: readonly Permutation[]
  /** Rows that are taken over instead of being run again, by their names. */
  readonly earlier: ReadonlyMap<string, PermutationResult>
  readonly files: OpenFiles
}

/** The report, with its rows streamed into the folder, where it has begun; it is not sealed yet. */
async function runInto(chosen: Chosen): Promise<Report> {
  const { project, adapter, asked, flags, permutations, earlier, files } = chosen
  const startedAt = new Date()
  const { rows, answers, memory, interrupted, playedTwice } = await seenOf(chosen, startedAt)
  const resumed = permutations.filter(({ name }) => earlier.has(name)).length
  const options = optionsOf(flags)
  return assembleReport({
    project,
    adapter,
    cases: rows,
    // What was answered in the part that is taken over, nobody knows any more.
    ...(resumed > 0 ? {} : { answers: answers.of(adapter.pics) }),
    permutations: chosen.all.length,
    ...(files.baseline ? { baseline: { entries: files.baseline.entries, names: chosen.all } } : {}),
    ...(files.gate ? { gate: files.gate } : {}),
    strength: asked.strength,
    run: {
      seed: flags.seed,
      selection: selectionWords(asked.selection, flags),
      ...(flags.shard ? { shard: flags.shard } : {}),
      ...(Object.keys(options).length > 0 ? { options } : {}),
      command: wholeCommand(asked.command, flags),
      interrupted,
      ...(resumed > 0 ? { resumed } : {}),
      ...(playedTwice ? { playedTwice } : {}),
      startedAt: startedAt.toISOString(),
      realMilliseconds: Date.now() - startedAt.getTime(),
      environment: {
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        ...(memory.words === undefined ? {} : { [adapterMemory]: memory.words }),
      },
    },
  })
}

/** What a run has come to, with what came of playing some of it again. Nothing is played again after a run that was cut short. */
async function seenOf(chosen: Chosen, startedAt: Date): Promise<Seen & Pick<PlayedAgain, 'playedTwice'>> {
  const seen = await rowsOf(chosen)
  if (seen.interrupted) return { ...seen, playedTwice: undefined }
  const { project, adapter, permutations, files, flags, asked } = chosen
  let interrupted = false
  insteadOfEnding(() => {
    interrupted = true
  })
  files.transcript?.overhear('neither', againWords)
  const again = await playAgain({
    rows: seen.rows,
    permutations,
    took: Date.now() - startedAt.getTime(),
    session: {
      project,
      adapter,
      interrupted: () => interrupted,
      order: flags.schedule && { choices: flags.schedule },
      repeat: (permutation, choices) => repeatCommand(asked.repeat(permutation.name), flags, choices),
    },
  })
  insteadOfEnding(undefined)
  return { ...seen, ...again }
}

/** What a run has come to. */
interface Seen {
  readonly rows: readonly PermutationResult[]
  readonly answers: AnswerCounts
  readonly memory: MemoryGrowth
  readonly interrupted: boolean
}

/** Runs what is not taken over, and shows it to all who watch: the folder, the terminal, and the files beside it. */
async function rowsOf({
  project,
  adapter,
  further,
  asked,
  flags,
  permutations,
  earlier,
  files,
}: Chosen): Promise<Seen> {
  const { folder, transcript, capture } = files
  const progress = new Progress(permutations.length)
  const rows: PermutationResult[] = []
  const answers = new AnswerCounts()
  const memory = new MemoryGrowth(adapter.carrier)
  let interrupted = false
  insteadOfEnding(() => {
    interrupted = true
  })
  const session = runJobs(further, {
    project,
    adapter,
    permutations: permutations.filter(({ name }) => !earlier.has(name)),
    interrupted: () => interrupted,
    order: flags.schedule && { choices: flags.schedule, onMisfit: complain },
    repeat: (permutation, choices) => repeatCommand(asked.repeat(permutation.name), flags, choices),
    onTrace: (permutation, trace, end) => {
      answers.see(permutation, trace)
      capture?.see(permutation, trace, project.layouts)
      memory.run()
      if (flags.trace) say(traceLines(permutation, trace, project.layouts, end).join('\n'))
    },
  })
  // A row comes for each permutation in order, so that the next begins after it.
  const begins = (): void => transcript?.overhear('neither', permutations[rows.length]?.name ?? overWords)
  begins()
  for await (const row of withEarlier(permutations, earlier, session)) {
    rows.push(row)
    if (!earlier.has(row.name)) folder.row(row)
    if (flags.trace) for (const line of besideLines(row)) say(line)
    progress.row(row)
    begins()
  }
  progress.end()
  insteadOfEnding(undefined)
  return { rows, answers, memory, interrupted }
}
