// What run and mutants share: permutations of the chosen cases, and running them against an adapter.
import { setImmediate } from 'node:timers/promises'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import type { Judgement } from '../judge/judge.ts'
import type { Permutation } from '../plan/case.ts'
import { expand } from '../plan/expand.ts'
import type { CaseResult } from '../result/report.ts'
import type { HangsOfRun } from '../run/hangs.ts'
import { runPermutations, type OnTrace } from '../run/runner.ts'
import type { Adapter } from '../subject/adapter.ts'
import type { Duration } from '../../spec/vocabulary/units.ts'
import type { Project } from './project.ts'

export interface SessionOptions {
  readonly project: Project
  readonly adapter: Adapter
  readonly permutations: Iterable<Permutation>
  readonly interrupted?: () => boolean
  readonly choices?: readonly number[] | undefined
  readonly onMisfit?: ((words: string) => void) | undefined
  readonly repeat: (permutation: Permutation, choices: readonly number[] | undefined) => string
  /** Rows without what only a reader of failures needs: digests, diagrams, dissected frames. */
  readonly brief?: boolean
  readonly believesAtOnce?: boolean
  readonly isEnough?: ((judgement: Judgement) => boolean) | undefined
  readonly hangs?: HangsOfRun
  readonly onTrace?: OnTrace | undefined
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
export async function* runSession(options: SessionOptions): AsyncGenerator<CaseResult> {
  const { adapter, interrupted = (): boolean => false } = options
  let gone: string | undefined
  const isOver = (): boolean => gone !== undefined || interrupted()
  for await (const row of rowsOf({ ...options, interrupted: isOver })) {
    const isUnrun = row.verdict === 'skipped' && gone !== undefined && !interrupted()
    yield isUnrun ? { ...row, reason: `the adapter is gone: ${gone}` } : row
    if (row.verdict === 'crash') gone ??= await adapter.carrier?.whyGone?.()
  }
}

function rowsOf(options: SessionOptions): AsyncGenerator<CaseResult> {
  const { project, adapter, permutations } = options
  let breathed = performance.now()
  return runPermutations(permutations, {
    iut: adapter,
    reference: referenceAdapter(),
    layouts: project.layouts,
    descriptor: project.descriptor,
    stopwatch: () => performance.now() * 1000,
    breathe: async () => {
      if (performance.now() - breathed < breathMilliseconds) return
      await setImmediate()
      breathed = performance.now()
    },
    interrupted: options.interrupted ?? ((): boolean => false),
    repeat: options.repeat,
    brief: options.brief ?? false,
    believesAtOnce: options.believesAtOnce ?? false,
    ...(options.choices ? { choices: options.choices } : {}),
    ...(options.onMisfit ? { onMisfit: options.onMisfit } : {}),
    ...(options.isEnough ? { isEnough: options.isEnough } : {}),
    ...(options.hangs ? { hangs: options.hangs } : {}),
    ...(options.onTrace ? { onTrace: options.onTrace } : {}),
  })
}
