// viaduct fuzz: searches for behaviour that the specification forbids, and keeps a small case of each kind that it finds.
import { randomInt } from 'node:crypto'
import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { interfaceNames, type InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import type { Focus } from '../../fuzz/focus.ts'
import { fuzzed } from '../../fuzz/languages.ts'
import type { FuzzFacts } from '../../result/report.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { mannerOf, resolveAdapter, whyIdle } from '../adapter/adapters.ts'
import { assembleReport } from '../report/assemble.ts'
import { orRefuse, Refusal, refuseIf } from '../refusal.ts'
import { insteadOfEnding } from '../signals.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { whyTooMuch } from '../session/jobs.ts'
import { keep, type Kept } from '../fuzz/keep.ts'
import { search } from '../fuzz/search.ts'
import { FuzzProgress, printKept, printSearch } from '../fuzz/words.ts'
import { sealed } from '../terminal/last-words.ts'
import { concerning, openProject, type Project } from '../project/project.ts'
import { ReportFolder } from '../report/report-files.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { readStrength } from '../mutants/strength.ts'
import { complain } from '../terminal/terminal.ts'
import { messageOf } from '../../subject/thrown.ts'

/** The flags of `fuzz`, as commander reads them. */
export interface FuzzFlags {
  readonly adapter: string
  readonly report: string
  readonly runs?: number
  /** Milliseconds for each interface. */
  readonly time?: number
  readonly seed?: number
  readonly jobs: number
  /** Worlds of the adapter's process at once. */
  readonly worlds?: number
  readonly focus?: Focus
  readonly save: string
  readonly blind?: true
  readonly callTimeout?: number
}

/** How long an interface is searched if neither runs nor time are bounded. */
const usualMilliseconds = 60_000

const seedMax = 0x7fff_ffff

export async function fuzz(of: InterfaceName | undefined, flags: FuzzFlags): Promise<number> {
  refuseIf(whyIdle(flags))
  const project = openProject()
  if (!project) return exitCodes.usage
  const folder = orRefuse(ReportFolder.open(flags.report))
  const adapter = orRefuse(await resolveAdapter(flags.adapter, mannerOf(flags, undefined)))
  try {
    refuseIf(whyTooMuch(adapter, { worlds: flags.worlds }) ?? unsearchable(adapter) ?? unwritable(flags.save))
    const names = wanted(of, adapter)
    const seed = flags.seed ?? randomInt(seedMax)
    return await new Search({ project, adapter, flags, seed }).run(names, folder)
  } finally {
    await adapter.close()
  }
}

/** A run of a search is a function of its plan, and that by a real clock is not. */
function unsearchable({ pics, name }: Adapter): string | undefined {
  if (pics.clock === 'virtual') return undefined
  return `${name} goes by a clock of its own: the same plan would come out differently each time. Searching needs one that is told the time.`
}

/** Why cases cannot be kept there, before anything has been searched for. The folder is made with the first that is found. */
function unwritable(folder: string): string | undefined {
  let there = resolve(folder)
  while (!existsSync(there)) there = dirname(there)
  try {
    // With the slash a file is no folder.
    accessSync(`${there}/`, constants.W_OK)
    return undefined
  } catch (thrown) {
    const why = messageOf(thrown)
    return `Cases cannot be kept in ${folder}: ${why}. Name another folder with --save.`
  }
}

/** The interfaces to search: at least one. */
function wanted(of: InterfaceName | undefined, { pics, name }: Adapter): readonly InterfaceName[] {
  const offered = interfaceNames.filter((each) => pics.interfaces.includes(each))
  const names = fuzzed.filter((each) => offered.includes(each) && (of ?? each) === each)
  if (names.length > 0) return names
  const what = of === undefined ? offered.join(' and ') : of
  if (of !== undefined && !offered.includes(of)) throw new Refusal(`${name} does not offer ${of}.`)
  throw new Refusal(`${what} cannot be fuzzed; ${fuzzed.join(' and ')} can.`)
}

class Search {
  private readonly project: Project
  private readonly adapter: Adapter
  private readonly flags: FuzzFlags
  private readonly seed: number
  private readonly kept: Kept[] = []
  private readonly progress = new FuzzProgress()
  private isInterrupted = false

  constructor(given: { project: Project; adapter: Adapter; flags: FuzzFlags; seed: number }) {
    this.project = concerning(given.project, given.adapter.pics.interfaces)
    this.adapter = given.adapter
    this.flags = given.flags
    this.seed = given.seed
  }

  async run(names: readonly InterfaceName[], folder: ReportFolder): Promise<number> {
    refuseIf(folder.begin())
    const startedAt = new Date()
    insteadOfEnding(() => (this.isInterrupted = true))
    const facts: FuzzFacts[] = []
    for (const name of names) if (!this.isInterrupted) facts.push(await this.searchOne(name, folder))
    insteadOfEnding(undefined)
    this.progress.end()
    const counts = new Map(facts.flatMap(({ failures }) => failures.map(({ name, count }) => [name, count] as const)))
    for (const each of this.kept) printKept(each, counts.get(each.row.name) ?? 1)
    const report = assembleReport({
      project: this.project,
      adapter: this.adapter,
      cases: this.kept.map(({ row }) => row),
      permutations: this.kept.length,
      strength: readStrength(),
      fuzz: facts,
      run: {
        seed: this.seed,
        selection: names.map((name) => `fuzz ${name}`),
        command: this.command(names),
        interrupted: this.isInterrupted,
        startedAt: startedAt.toISOString(),
        realMilliseconds: Date.now() - startedAt.getTime(),
        environment: { node: process.version, platform: `${process.platform} ${process.arch}` },
      },
    })
    for (const each of facts) printSearch(each)
    return sealed(folder, report).code
  }

  private async searchOne(of: InterfaceName, folder: ReportFolder): Promise<FuzzFacts> {
    const { flags, project, adapter, seed } = this
    const began = performance.now()
    const bounded = flags.runs !== undefined || flags.time !== undefined
    const plan = {
      interface: of,
      seed,
      focus: flags.focus,
      guided: flags.blind !== true,
      worlds: flags.worlds,
      runs: flags.runs ?? Infinity,
      milliseconds: flags.time ?? (bounded ? Infinity : usualMilliseconds),
    }
    const mine: Kept[] = []
    const searcher = { project, adapter, name: flags.adapter, manner: mannerOf(flags, undefined) }
    const seen = await search(plan, flags.jobs, searcher, {
      seen: (now) => this.progress.show(of, now),
      isInterrupted: () => this.isInterrupted,
      caught: async (caught) => {
        const command = this.command([of])
        const keeping = { project, adapter, name: flags.adapter, folder: flags.save, command }
        const kept = await keep(caught, keeping)
        if (!kept) {
          complain(`What failed in run ${caught.run} does not fail as a case by itself: ${caught.finding.seen}`)
          return
        }
        mine.push(kept)
        folder.row(kept.row)
      },
    })
    this.kept.push(...mine)
    const failures = mine.map(({ caught: { kind, run, label }, file, row: { name } }) => ({
      name,
      file,
      label,
      run,
      count: seen.failures.get(kind) ?? 1,
    }))
    const { runs, pairs, grownAt } = seen
    const realMilliseconds = Math.round(performance.now() - began)
    const focus = flags.focus === undefined ? {} : { focus: flags.focus }
    return { interface: of, seed, runs, realMilliseconds, pairs, grownAt, failures, ...focus }
  }

  /** With the bounds that were given, so that it does the same again. */
  private command(names: readonly InterfaceName[]): string {
    const { adapter, runs, time, jobs, worlds, focus, blind, callTimeout } = this.flags
    return [
      'npx viaduct fuzz',
      ...(names.length === 1 ? names : []),
      ...(adapter === 'reference' ? [] : ['--adapter', shellWord(adapter)]),
      ...(runs === undefined ? [] : ['--runs', runs]),
      ...(time === undefined ? [] : ['--time', `${time}ms`]),
      ...(focus === undefined ? [] : ['--focus', focus]),
      ...(jobs === 1 ? [] : ['--jobs', jobs]),
      ...(worlds === undefined ? [] : ['--worlds', worlds]),
      ...(blind ? ['--blind'] : []),
      ...(callTimeout === undefined ? [] : ['--call-timeout', `${callTimeout}ms`]),
      '--seed',
      this.seed,
    ].join(' ')
  }
}
