// Runs permutations against an adapter of puppets, and shows everything that came of it.
import type { Monitor } from '../../harness/judge/monitors/monitor.ts'
import { openProject, type Project } from '../../harness/cli/project/project.ts'
import type { Permutation } from '../../harness/plan/permutation.ts'
import type { PermutationResult } from '../../harness/result/report.ts'
import type { RunOptions, RunProcess } from '../../harness/run/run-options.ts'
import { runPermutations } from '../../harness/run/runner.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'
import { linesOf, puppets } from './puppet.ts'

function opened(): Project {
  const project = openProject()
  if (!project) throw new Error('the project has errors')
  return project
}

export const project: Project = opened()

export interface Shown {
  readonly rows: readonly PermutationResult[]
  /** Lines of the trace of every run, in order. */
  readonly traces: readonly (readonly string[])[]
  /** Digests of the same. */
  readonly digests: readonly string[]
  /** What `repeat` was asked for. */
  readonly choices: readonly (readonly number[] | undefined)[]
}

/** Runs permutations, without monitors unless given, and shows everything that came of it. */
export async function shown(
  permutations: readonly Permutation[],
  iut: Adapter,
  { stopwatch = () => 0, interrupted = () => false, ...more }: Partial<RunOptions & RunProcess> = {},
): Promise<Shown> {
  const rows: PermutationResult[] = []
  const traces: string[][] = []
  const digests: string[] = []
  const choices: (readonly number[] | undefined)[] = []
  const running = runPermutations(permutations, {
    iut,
    reference: puppets({}),
    layouts: project.layouts,
    descriptor: project.descriptor,
    process: { stopwatch, breathe: async () => undefined, interrupted },
    repeat: (_, chosen) => {
      choices.push(chosen)
      return `again ${chosen?.join('.') ?? ''}`
    },
    monitors: [],
    onTrace: (_, trace) => {
      traces.push(linesOf(trace))
      digests.push(trace.digest())
    },
    ...more,
  })
  for await (const row of running) rows.push(row)
  return { rows, traces, digests, choices }
}

/** Whatever is done, it is wrong, so that it is explained. */
export const wrong: Monitor = {
  name: 'wrong',
  words: 'nothing is right',
  requirements: ['EMP-REL-001'],
  needsWire: false,
  watch: (_, watching) => watching.broken({ node: 0, seen: 'it was done' }),
}
