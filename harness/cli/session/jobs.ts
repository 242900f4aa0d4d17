// Runs permutations on several processes of one adapter, and in several worlds of each, at once: worth it where a run mostly waits.
import { counted } from '../../../spec/vocabulary/units.ts'
import type { Permutation } from '../../plan/permutation.ts'
import type { PermutationResult } from '../../result/report.ts'
import { isLate } from '../../run/believing.ts'
import { HangsOfRun } from '../../run/hangs.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { resolveAdapter, type Manner, type NoAdapter } from '../adapter/adapters.ts'
import { exitCodes } from '../../gate/exit-codes.ts'
import { withPics } from '../adapter/narrow.ts'
import { runSession, type SessionOptions } from './session.ts'

/** How much of an adapter runs at once. */
export interface AtOnce {
  readonly name: string
  /** Processes. */
  readonly jobs: number
  /** Worlds in each of them; if it is not given, as many as are of use and can be. */
  readonly worlds: number | undefined
  readonly manner: Manner
}

/** More worlds of one process make nothing faster. */
const worldsUseful = 32

/** What runs beside the first of an adapter: worlds in its process, and further processes with theirs; or why nothing can. */
export async function furtherAdapters(
  { name, jobs, worlds, manner }: AtOnce,
  first: Adapter,
): Promise<readonly Adapter[] | NoAdapter> {
  const problem = whyTooMuch(first, { jobs, worlds })
  if (problem !== undefined) return { problem, exitCode: exitCodes.usage }
  const further = [...worldsBeside(first, worlds)]
  for (let job = 1; job < jobs; job++) {
    const another = await resolveAdapter(name, manner)
    if ('problem' in another) {
      await Promise.all(further.map((each) => each.close()))
      return another
    }
    further.push(another, ...worldsBeside(another, worlds))
  }
  return further
}

/** Why so much of an adapter cannot run at once; undefined if it can. */
export function whyTooMuch({ name, carrier }: Adapter, { jobs = 1, worlds }: Partial<AtOnce>): string | undefined {
  const flag = jobs > 1 ? '--jobs' : worlds !== undefined && '--worlds'
  if (flag && !carrier) return `${flag} is for adapters that run in processes of their own.`
  const { worldsMax = 1 } = carrier ?? {}
  if (worlds === undefined || worlds <= worldsMax) return undefined
  return `--worlds ${worlds} is too many: ${name} says that a process of it hosts ${counted(worldsMax, 'world')} at once.`
}

/** Further worlds of the adapter's process, so that there are as many; or as many as are of use, or as there can be. */
export function worldsBeside({ carrier }: Adapter, worlds = worldsUseful): readonly Adapter[] {
  const { beside, worldsMax = 1 } = carrier ?? {}
  return beside?.(Math.min(worlds, worldsMax) - 1) ?? []
}

/** How permutations are run on one adapter. */
export type Session = (options: SessionOptions) => AsyncGenerator<PermutationResult>

/**
 * As `runSession`, with each permutation on the first adapter that is free. Rows come in the order of the permutations. What
 * came too late by a real clock is run again when all the others are over, and nothing else keeps the machine.
 */
export async function* runJobs(
  further: readonly Adapter[],
  options: SessionOptions,
  session: Session = runSession,
): AsyncGenerator<PermutationResult> {
  if (further.length === 0) {
    yield* session(options)
    return
  }
  const permutations = [...options.permutations]
  const rows = new RowsByPlace()
  const hangs = new HangsOfRun()
  let next = 0
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
    for await (const row of session({ ...options, adapter, hangs, permutations: take(taken) }))
      rows.put(taken.shift() ?? -1, row)
  }
  const { adapter } = options
  const adapters = [adapter, ...further.map((each) => withPics(each, adapter.pics))]
  const works = Promise.all(adapters.map(work)).finally(() => rows.end())
  works.catch(() => undefined) // whoever awaits it tells
  for (const [place, permutation] of permutations.entries()) {
    const row = await rows.take(place)
    if (!row) break
    if (isLate(row)) {
      await works
      yield (await again(permutation, options, session)) ?? row
    } else yield row
  }
  await works
}

/** Rows that come in any order, for one who takes them place by place. */
class RowsByPlace {
  private readonly rows = new Map<number, PermutationResult>()
  private isOver = false
  private notice: (() => void) | undefined

  put(place: number, row: PermutationResult): void {
    this.rows.set(place, row)
    this.notice?.()
  }

  /** No further row will come. */
  end(): void {
    this.isOver = true
    this.notice?.()
  }

  /** The row of that place, once it is there; undefined if it does not come any more. */
  async take(place: number): Promise<PermutationResult | undefined> {
    while (!this.rows.has(place) && !this.isOver) await new Promise<void>((come) => (this.notice = come))
    const row = this.rows.get(place)
    this.rows.delete(place)
    return row
  }
}

/** The permutation once more, alone; undefined if nothing is run any more. */
async function again(
  permutation: Permutation,
  options: SessionOptions,
  session: Session,
): Promise<PermutationResult | undefined> {
  for await (const row of session({ ...options, permutations: [permutation] }))
    if (row.verdict !== 'skipped') return row
  return undefined
}
