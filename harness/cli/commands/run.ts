// viaduct run: judges an implementation and writes the report.
import { existsSync } from 'node:fs'
import { counted, millisecond, type Duration } from '../../../spec/vocabulary/units.ts'
import { AnswerCounts } from '../../judge/via/answer-counts.ts'
import type { Permutation } from '../../plan/case.ts'
import { select, type Selection } from '../../plan/select.ts'
import type { CaseResult, Report } from '../../result/report.ts'
import { whyNoOrder } from '../../run/explorations.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { mannerOf, resolveAdapter, whyIdle } from '../adapters.ts'
import { assembleReport } from '../assemble.ts'
import { knownOf, unknownWords } from '../known.ts'
import { narrowed } from '../narrow.ts'
import { insteadOfEnding } from '../signals.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { adapterMemory, MemoryGrowth } from '../memory-growth.ts'
import { furtherAdapters, runJobs, type AtOnce } from '../jobs.ts'
import { sealed } from '../last-words.ts'
import { Progress } from '../progress.ts'
import { concerning, openProject, type Project } from '../project.ts'
import { ReportFolder } from '../report-files.ts'
import { permutationsFor } from '../session.ts'
import { shellWord } from '../shell-word.ts'
import { readStrength } from '../strength.ts'
import { printSummary } from '../summary.ts'
import { complain, say } from '../terminal.ts'
import { traceLines } from '../trace-log.ts'
import { Transcript } from '../transcript.ts'

/** The flags of `run`, as commander reads them. */
export interface RunFlags {
  readonly adapter: string
  readonly report: string
  readonly seed: number
  readonly trace?: true
  readonly schedule?: readonly number[]
  /** In milliseconds. */
  readonly callTimeout?: number
  readonly transcript?: string
  /** A profile, or a file, that leaves less to be judged than the adapter declares. */
  readonly pics?: string
  /** How many processes of the adapter run at once. */
  readonly jobs?: number
  /** How many worlds of each process are open at once. */
  readonly worlds?: number
  /** The longest that a case may let pass by a real clock, in milliseconds. */
  readonly patience?: number
}

/** What is run, and how a command says so. */
export interface Asked {
  readonly project: Project
  readonly patterns: readonly string[]
  /** What a report says that it is a selection of; empty: nothing was left out. */
  readonly selection: readonly string[]
  /** What stands before the flags in a command that does all of it again, and one permutation of it. */
  readonly command: string
  readonly repeat: (name: string) => string
}

export async function run(patterns: readonly string[], flags: RunFlags): Promise<number> {
  const project = openProject()
  if (!project) return exitCodes.usage
  const command = ['npx viaduct run', ...patterns.map(shellWord)].join(' ')
  const report = await runAsked({ project, patterns, selection: patterns, command, repeat: runOf }, flags)
  return typeof report === 'number' ? report : report.exit.code
}

function runOf(name: string): string {
  return `npx viaduct run ${shellWord(name)}`
}

/** The report, written and summed up; or, after saying why there is none, what the command comes to. */
export async function runAsked(asked: Asked, flags: RunFlags): Promise<Report | number> {
  const { project, patterns } = asked
  const chosen = select(project.cases, patterns)
  if ('problem' in chosen) {
    complain([chosen.problem, ...patterns.flatMap(fileWords)].join('\n'))
    return exitCodes.usage
  }
  const folder = ReportFolder.open(flags.report)
  if ('problem' in folder) {
    complain(folder.problem)
    return exitCodes.usage
  }
  const transcript = openTranscript(flags)
  if (transcript && 'problem' in transcript) return refused(transcript.problem)
  const declaring = await resolveAdapter(adapterOf(flags, project), mannerOf(flags, transcript))
  if ('problem' in declaring) {
    complain(declaring.problem)
    return declaring.exitCode
  }
  if (flags.patience !== undefined && declaring.pics.clock !== 'real') {
    await declaring.close()
    return refused('--patience is for adapters that run by a real clock: virtual time costs nobody patience.')
  }
  const further = await furtherAdapters(atOnce(flags), declaring)
  if ('problem' in further) {
    complain(further.problem)
    await declaring.close()
    return further.exitCode
  }
  try {
    const adapter = flags.pics === undefined ? declaring : narrowed(declaring, flags.pics, project)
    if ('problem' in adapter) return refused(adapter.problem)
    for (const line of strangeWords(declaring, project)) complain(line)
    const concerned = concerning(project, adapter.pics.interfaces)
    const idle = nothingConcerned(concerned, chosen, adapter)
    if (idle !== undefined) return refused(idle)
    const all = permutationsFor(concerned, adapter, flags.seed, patienceOf(flags))
    const permutations = all.filter(({ name }) => chosen.matches(name))
    const unwritten = folder.begin()
    if (unwritten !== undefined) return refused(unwritten)
    if (flags.schedule) for (const line of unorderedWords(permutations, adapter)) complain(line)
    const report = await runInto(folder, {
      project: concerned,
      adapter,
      further,
      asked,
      flags,
      all: all.length,
      permutations,
      transcript,
    })
    printSummary(report)
    const exit = sealed(folder, report)
    return exit === report.exit ? report : exit.code
  } finally {
    await Promise.all([declaring, ...further].map((each) => each.close()))
    transcript?.close()
  }
}

/** Where a file stands in place of a name: what runs it. */
function fileWords(pattern: string): readonly string[] {
  if (!/\.ya?ml$/.test(pattern) || !existsSync(pattern)) return []
  return [`\`${pattern}\` is a file: viaduct replay ${shellWord(pattern)} runs the cases in it, wherever it lies.`]
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
function nothingConcerned(concerned: Project, chosen: Selection, { name, pics }: Adapter): string | undefined {
  if (concerned.declared.some(({ id }) => chosen.matchesCase(id))) return undefined
  const { interfaces } = pics
  if (interfaces.length === 0) return `${name} offers no interface, so that no case applies.`
  const them = interfaces.length === 1 ? 'it' : 'them'
  return `${name} offers ${interfaces.join(' and ')}, and no case that matches is about ${them}.`
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

function refused(problem: string): number {
  complain(problem)
  return exitCodes.usage
}

/** The transcript that is asked for, if any; or what of the flags would come to nothing, or why it cannot be written. */
function openTranscript(flags: RunFlags): ReturnType<typeof Transcript.open> | undefined {
  const idle = whyIdle(flags)
  if (idle !== undefined) return { problem: idle }
  const { transcript, jobs = 1, worlds = 1 } = flags
  if (transcript === undefined) return undefined
  if (jobs > 1) return { problem: 'A transcript is of one process: leave --jobs out.' }
  if (worlds > 1) return { problem: 'A transcript is of one world after the other: leave --worlds out.' }
  return Transcript.open(transcript)
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

interface Chosen {
  readonly project: Project
  readonly adapter: Adapter
  /** More of it, to run at the same time. */
  readonly further: readonly Adapter[]
  readonly asked: Asked
  readonly flags: RunFlags
  /** How many permutations there are without the patterns. */
  readonly all: number
  readonly permutations: readonly Permutation[]
  readonly transcript: Transcript | undefined
}

/** The report, with its rows streamed into the folder, where it has begun; it is not sealed yet. */
async function runInto(folder: ReportFolder, chosen: Chosen): Promise<Report> {
  const { project, adapter, asked, flags, permutations } = chosen
  const startedAt = new Date()
  const progress = new Progress(permutations.length)
  const rows: CaseResult[] = []
  const answers = new AnswerCounts()
  const memory = new MemoryGrowth(adapter.carrier)
  let isInterrupted = false
  const interrupt = (): void => {
    isInterrupted = true
  }
  insteadOfEnding(interrupt)
  const session = runJobs(chosen.further, {
    project,
    adapter,
    permutations,
    interrupted: () => isInterrupted,
    choices: flags.schedule,
    onMisfit: complain,
    repeat: (permutation, choices) => repeatCommand(asked.repeat(permutation.name), flags, choices),
    onTrace: (permutation, trace, end) => {
      answers.see(permutation, trace)
      memory.run()
      if (flags.trace) say(traceLines(permutation, trace, project.layouts, end).join('\n'))
    },
  })
  // A row comes for each permutation in order, so that the next begins after it.
  const begins = (): void =>
    chosen.transcript?.overhear('neither', permutations[rows.length]?.name ?? 'the last case is over')
  begins()
  for await (const row of session) {
    rows.push(row)
    folder.row(row)
    progress.row(row)
    begins()
  }
  progress.end()
  insteadOfEnding(undefined)
  return assembleReport({
    project,
    adapter,
    cases: rows,
    answers: answers.of(adapter.pics),
    permutations: chosen.all,
    strength: readStrength(),
    run: {
      seed: flags.seed,
      selection: selectionOf(asked, flags),
      command: [asked.command, ...flagWords(flags, flags.schedule)].join(' '),
      interrupted: isInterrupted,
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

/** One order of every race leaves out all others. */
function selectionOf({ selection }: Asked, { schedule }: RunFlags): readonly string[] {
  return schedule === undefined ? selection : [...selection, `--schedule ${schedule.join('.')}`]
}

function repeatCommand(command: string, flags: RunFlags, choices: readonly number[] | undefined): string {
  // Alone it needs no others beside it.
  const { jobs: _, worlds: __, ...alone } = flags
  return [command, ...flagWords(alone, choices), '--trace'].join(' ')
}

/** The flags on which it depends what comes out. */
function flagWords(flags: RunFlags, schedule: readonly number[] = []): string[] {
  return [
    ...(flags.adapter === 'reference' ? [] : [`--adapter ${shellWord(flags.adapter)}`]),
    ...(flags.pics === undefined ? [] : [`--pics ${shellWord(flags.pics)}`]),
    ...(flags.seed === 1 ? [] : [`--seed ${flags.seed}`]),
    ...(flags.jobs === undefined || flags.jobs === 1 ? [] : [`--jobs ${flags.jobs}`]),
    ...(flags.worlds === undefined ? [] : [`--worlds ${flags.worlds}`]),
    ...(flags.callTimeout === undefined ? [] : [`--call-timeout ${flags.callTimeout}ms`]),
    ...(flags.patience === undefined ? [] : [`--patience ${flags.patience}ms`]),
    ...(schedule.length === 0 ? [] : [`--schedule ${schedule.join('.')}`]),
  ]
}
