// Runs permutations on several processes of one adapter at once: worth it where a run mostly waits.
import type { Permutation } from '../plan/case.ts'
import type { CaseResult } from '../result/report.ts'
import { isLate } from '../run/runner.ts'
import type { Adapter } from '../subject/adapter.ts'
import { resolveAdapter, type Manner, type NoAdapter } from './adapters.ts'
import { exitCodes } from '../gate/exit-codes.ts'
import { withPics } from './narrow.ts'
import { runSession, type SessionOptions } from './session.ts'

/** As many further processes of an adapter as make `jobs` with the one that runs; or why there are none. */
export async function furtherAdapters(
  { name, jobs, manner }: { readonly name: string; readonly jobs: number; readonly manner: Manner },
  first: Adapter,
): Promise<readonly Adapter[] | NoAdapter> {
  if (jobs > 1 && !first.carrier) {
    return { problem: '--jobs is for adapters that run in processes of their own.', exitCode: exitCodes.usage }
  }
  const further: Adapter[] = []
  while (further.length + 1 < jobs) {
    const another = await resolveAdapter(name, manner)
    if ('problem' in another) {
      await Promise.all(further.map((each) => each.close()))
      return another
    }
    further.push(another)
  }
  return further
}

/** How permutations are run on one adapter. */
export type Session = (options: SessionOptions) => AsyncGenerator<CaseResult>

/**
 * As `runSession`, with each permutation on the first adapter that is free. Rows come in the order of the permutations. What
 * came too late by a real clock is run again when all the others are over, and nothing else keeps the machine.
 */
export async function* runJobs(
  further: readonly Adapter[],
  options: SessionOptions,
  session: Session = runSession,
): AsyncGenerator<CaseResult> {
  if (further.length === 0) {
    yield* session(options)
    return
  }
  const permutations = [...options.permutations]
  const rows = new Map<number, CaseResult>()
  let next = 0
  const progress: { isOver: boolean; notice?: () => void } = { isOver: false }
  const take = function* (taken: number[]): Generator<Permutation> {
    while (next < permutations.length) {
      const place = next++
      const permutation = permutations[place]
      taken.push(place)
      if (permutation) yield permutation
    }
  }
  const work = async (adapter: Adapter): Promise<void> => {
    const taken: number[] = []
    for await (const row of session({ ...options, adapter, permutations: take(taken) })) {
      rows.set(taken.shift() ?? -1, row)
      progress.notice?.()
    }
  }
  const { adapter } = options
  const works = Promise.all([adapter, ...further.map((each) => withPics(each, adapter.pics))].map(work)).finally(() => {
    progress.isOver = true
    progress.notice?.()
  })
  works.catch(() => undefined) // whoever awaits it tells
  for (let place = 0; place < permutations.length; place++) {
    while (!rows.has(place) && !progress.isOver) await new Promise<void>((come) => (progress.notice = come))
    const row = rows.get(place)
    if (!row) break
    rows.delete(place)
    if (isLate(row)) {
      await works
      yield (await again(permutations[place], options, session)) ?? row
    } else yield row
  }
  await works
}

/** The permutation once more, alone; undefined if nothing is run any more. */
async function again(
  permutation: Permutation | undefined,
  options: SessionOptions,
  session: Session,
): Promise<CaseResult | undefined> {
  const permutations = permutation ? [permutation] : []
  for await (const row of session({ ...options, permutations })) if (row.verdict !== 'skipped') return row
  return undefined
}
