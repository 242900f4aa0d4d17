// How fast drawn runs are: drawn, played and judged, beside playing alone; over threads; and how much memory many of them keep.
import { referenceAdapter } from '../adapters/reference/adapter.ts'
import { openProject, type Project } from '../harness/cli/project/project.ts'
import { search } from '../harness/cli/fuzz/search.ts'
import { Attempts, type Subject } from '../harness/fuzz/attempt.ts'
import { leaningTo } from '../harness/fuzz/focus.ts'
import { languageOf } from '../harness/fuzz/languages.ts'
import { Permuter } from '../harness/fuzz/permutation.ts'
import { PlanSource } from '../harness/fuzz/source.ts'
import type { Permutation } from '../harness/plan/permutation.ts'
import { play } from '../harness/run/play.ts'
import { callWithinMax } from '../harness/run/steps.ts'
import { Worlds } from '../harness/run/worlds.ts'
import type { InterfaceName } from '../spec/vocabulary/endpoint.ts'
import { remark, row, runs, stopwatch, warmUps } from './figures.ts'

/** A small run: two hosts, one move, at most one mishap, nobody steps them. */
const smallRuns = 400

function subjectOf({ layouts, descriptor }: Project): Subject {
  return { iut: referenceAdapter(), reference: referenceAdapter(), layouts, descriptor, clock: () => 0 }
}

function smallPermutations(of: InterfaceName, project: Project): Permutation[] {
  const language = languageOf(of, project.layouts, referenceAdapter().pics)
  const permuter = new Permuter(language, referenceAdapter().pics)
  const source = new PlanSource(language, { seed: 1, leaning: leaningTo(undefined), guided: false, timesSeen: () => 0 })
  const small: Permutation[] = []
  while (small.length < smallRuns) {
    const plan = source.next()
    if (plan.hosts === 2 && plan.moves.length === 1 && plan.mishaps.length <= 1)
      small.push(permuter.permute({ ...plan, setting: 0, choices: [] }))
  }
  return small
}

/** Runs a second: compiled, played and judged; and played alone, again and again. */
async function rates(of: InterfaceName, project: Project): Promise<{ whole: number[]; bare: number[] }> {
  const attempts = new Attempts(subjectOf(project))
  const worlds = new Worlds({ iut: referenceAdapter(), reference: referenceAdapter() })
  const layout = project.layouts[of]
  const bareOptions = { worlds, layout, schedule: undefined, stepped: false, clock: () => 0, callWithin: callWithinMax }
  const whole: number[] = []
  const bare: number[] = []
  for (let round = -warmUps; round < runs; round++) {
    const permutations = smallPermutations(of, project)
    let start = stopwatch()
    for (const permutation of permutations) await attempts.make(permutation)
    if (round >= 0) whole.push(smallRuns / (stopwatch() - start))
    start = stopwatch()
    for (const permutation of permutations) await play(permutation, bareOptions)
    if (round >= 0) bare.push(smallRuns / (stopwatch() - start))
  }
  return { whole, bare }
}

/** Milliseconds of a search by so many threads. */
const searchMilliseconds = 4_000

async function searchRate(of: InterfaceName, jobs: number, project: Project): Promise<number> {
  const plan = {
    interface: of,
    seed: 1,
    focus: undefined,
    guided: true,
    runs: Infinity,
    milliseconds: searchMilliseconds,
  }
  const searcher = { project, adapter: referenceAdapter(), name: 'reference', manner: {} }
  const ears = { seen: () => undefined, caught: () => Promise.resolve(), isInterrupted: () => false }
  const seen = await search(plan, jobs, searcher, ears)
  return seen.runs / (searchMilliseconds / 1000)
}

/** Runs of the search whose memory is looked at, and after how many it is full-grown. */
const memoryRuns = { all: 60_000, grown: 10_000 }

/** MiB of the heap after collecting, when the search has warmed up and at its end. */
async function heapOf(of: InterfaceName, project: Project): Promise<{ grown: number; end: number }> {
  const plan = {
    interface: of,
    seed: 1,
    focus: undefined,
    guided: true,
    runs: memoryRuns.all,
    milliseconds: Infinity,
  }
  const heap = { grown: 0, end: 0 }
  const searcher = { project, adapter: referenceAdapter(), name: 'reference', manner: {} }
  const seen = ({ runs: made }: { readonly runs: number }): void => {
    if (made < memoryRuns.grown) return
    globalThis.gc?.()
    heap.end = process.memoryUsage().heapUsed / 2 ** 20
    heap.grown ||= heap.end
  }
  await search(plan, 1, searcher, { seen, caught: () => Promise.resolve(), isInterrupted: () => false })
  return heap
}

export async function fuzzRows(): Promise<void> {
  const project = openProject()
  if (!project) throw new Error('the suites cannot be read')
  for (const of of ['emp', 'via'] as const) {
    const { whole, bare } = await rates(of, project)
    const judged = row(`${of}: small runs, played and judged`, whole, 'runs/s')
    const played = row(`${of}: the same, played alone`, bare, 'runs/s')
    remark(`judged runs go at ${((judged / played) * 100).toFixed(0)} % of the bare rate`)
    const alone = await searchRate(of, 1, project)
    const both = await searchRate(of, 2, project)
    row(`${of}: guided search, one thread`, [alone], 'runs/s')
    row(`${of}: guided search, two threads`, [both], 'runs/s')
    remark(`two threads: ${(both / alone).toFixed(2)} times one`)
    const { grown, end } = await heapOf(of, project)
    row(`${of}: heap after ${memoryRuns.grown} runs`, [grown], 'MiB')
    row(`${of}: heap after ${memoryRuns.all} runs`, [end], 'MiB')
  }
}
