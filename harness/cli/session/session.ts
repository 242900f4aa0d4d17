// What run and mutants share: permutations of the chosen cases, and running them against an adapter.
import { setImmediate } from 'node:timers/promises'
import { referenceAdapter, referenceInPlaceOf } from '../../../adapters/reference/adapter.ts'
import { referencePics } from '../../../adapters/reference/pics.ts'
import type { Permutation } from '../../plan/permutation.ts'
import { expand } from '../../plan/expand.ts'
import type { PermutationResult } from '../../result/report.ts'
import { BesideReference } from '../../run/beside.ts'
import type { RunOptions } from '../../run/run-options.ts'
import { runPermutations } from '../../run/runner.ts'
import type { Adapter } from '../../subject/adapter.ts'
import type { Duration } from '../../../spec/vocabulary/units.ts'
import type { Project } from '../project/project.ts'

/** What a run goes by, but for what a session knows by itself. */
type OfRun = Omit<RunOptions, 'iut' | 'reference' | 'layouts' | 'descriptor' | 'process' | 'beside'>

export interface SessionOptions extends OfRun {
  readonly project: Project
  readonly adapter: Adapter
  readonly permutations: Iterable<Permutation>
  readonly interrupted?: () => boolean
}

/** Every permutation of every case for this adapter; a mixed run of the unmodified reference would only repeat the pure one. */
export function permutationsFor(
  project: Project,
  adapter: Adapter,
  seed: number,
  patience?: Duration,
): readonly Permutation[] {
  return expand(project.cases, adapter.pics, { roles: adapter.isReference ? ['iut-iut'] : undefined, seed, patience })
}

/** How long may pass before signals are looked at again. */
const breathMilliseconds = 20

/** As `runPermutations`; once the adapter is gone for good, what is left is skipped, since nothing of it would be run. */
export async function* runSession(options: SessionOptions): AsyncGenerator<PermutationResult> {
  const { adapter, interrupted = (): boolean => false } = options
  let gone: string | undefined
  const isOver = (): boolean => gone !== undefined || interrupted()
  for await (const row of rowsOf({ ...options, interrupted: isOver })) {
    const isUnrun = row.verdict === 'skipped' && gone !== undefined && !interrupted()
    yield isUnrun ? { ...row, reason: `the adapter is gone: ${gone}` } : row
    if (row.verdict === 'crash') gone ??= await adapter.carrier?.whyGone?.()
  }
}

function rowsOf(options: SessionOptions): AsyncGenerator<PermutationResult> {
  const { project, adapter, permutations, interrupted = (): boolean => false, ...ofRun } = options
  let breathed = performance.now()
  const process = {
    stopwatch: () => performance.now() * 1000,
    breathe: async () => {
      if (performance.now() - breathed < breathMilliseconds) return
      await setImmediate()
      breathed = performance.now()
    },
    interrupted,
  }
  const { layouts, descriptor } = project
  return runPermutations(permutations, {
    iut: adapter,
    reference: referenceAdapter(),
    layouts,
    descriptor,
    process,
    ...ofRun,
    ...besideFor(options),
  })
}

/** The reference beside an implementation; beside itself it would show nothing. */
function besideFor({ adapter: { pics, isReference }, brief }: SessionOptions): Pick<RunOptions, 'beside'> {
  if (isReference || brief === true) return {}
  return { beside: new BesideReference({ like: referenceInPlaceOf(pics), declared: referencePics }) }
}
