// How many permutations a second the whole way takes, from steps to verdict: worlds kept and reset, and made anew for each.
import { referenceAdapter } from '../adapters/reference/adapter.ts'
import { concerning, openProject } from '../harness/cli/project/project.ts'
import { permutationsFor, runSession } from '../harness/cli/session/session.ts'

export interface CaseRates {
  /** Permutations a second, worlds reset where they fit. */
  readonly reset: number[]
  /** Permutations a second, a fresh world for each. */
  readonly fresh: number[]
}

/** Runs every EMP case without races `runs` times in both ways. Throws when one of them does not pass. */
export async function caseRates(runs: number, stopwatch: () => number): Promise<CaseRates> {
  const adapter = referenceAdapter()
  const whole = openProject()
  if (!whole) throw new Error('the suites cannot be read')
  const project = concerning(whole, ['emp'])
  const permutations = permutationsFor(project, adapter, 1).filter(({ ordersMax }) => ordersMax === undefined)
  const run = async (chosen: typeof permutations): Promise<void> => {
    const session = runSession({ project, adapter, permutations: chosen, repeat: () => '', brief: true })
    for await (const { name, verdict } of session) if (verdict !== 'pass') throw new Error(`${name}: ${verdict}`)
  }
  const reset: number[] = []
  const fresh: number[] = []
  for (let round = -1; round < runs; round++) {
    let start = stopwatch()
    await run(permutations)
    if (round >= 0) reset.push(permutations.length / (stopwatch() - start))
    start = stopwatch()
    for (const permutation of permutations) await run([permutation])
    if (round >= 0) fresh.push(permutations.length / (stopwatch() - start))
  }
  return { reset, fresh }
}
