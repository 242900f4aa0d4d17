// A search of one interface over one or more lanes, put together: what all of them saw, and each kind of failure once.
import { Worker } from 'node:worker_threads'
import type { Caught, HuntSeen } from '../../fuzz/hunt.ts'
import type { Adapter } from '../../subject/adapter.ts'
import type { Manner } from '../adapter/adapters.ts'
import type { Project } from '../project/project.ts'
import { searchLane, type LanePlan, type LaneWord } from './lane.ts'
import type { LaneShare, WorkerWord } from './worker.ts'

export interface Searcher {
  readonly project: Project
  /** The adapter, opened in this thread, and how others open it. */
  readonly adapter: Adapter
  readonly name: string
  readonly manner: Manner
}

/** What the lanes of a search have seen together. */
export interface Seen {
  readonly runs: number
  readonly pairs: number
  readonly grownAt: number
  /** Failing runs by kind. */
  readonly failures: ReadonlyMap<string, number>
}

export interface SearchEars {
  /** Told again and again. */
  readonly seen: (seen: Seen) => void
  /** Told once for each kind of failure. */
  readonly caught: (caught: Caught) => Promise<void>
  readonly isInterrupted: () => boolean
}

/** Seeds of lanes lie so far apart. */
const laneStride = 7919

/** Searches with so many lanes: one in this thread, or each in a worker. Throws when a worker fails. */
export async function search(plan: LanePlan, jobs: number, searcher: Searcher, ears: SearchEars): Promise<Seen> {
  /** By lane; one that has said nothing yet is not there. */
  const latest = new Map<number, HuntSeen>()
  const kinds = new Set<string>()
  let keeping = Promise.resolve()
  const hear = (lane: number, word: LaneWord): void | Promise<void> => {
    if (word.kind !== 'caught') {
      latest.set(lane, word.seen)
      ears.seen(together([...latest.values()]))
      return
    }
    const { caught } = word
    if (kinds.has(caught.kind)) return
    kinds.add(caught.kind)
    keeping = keeping.then(() => ears.caught(caught))
    return keeping
  }
  const { project, adapter } = searcher
  const { isInterrupted } = ears
  if (jobs === 1) await searchLane(plan, { project, adapter, isInterrupted }, (word) => hear(0, word))
  else await inWorkers(plan, jobs, searcher, { hear, isInterrupted })
  await keeping
  return together([...latest.values()])
}

function together(lanes: readonly HuntSeen[]): Seen {
  const failures = new Map<string, number>()
  for (const lane of lanes) {
    for (const [kind, count] of lane.failures) failures.set(kind, (failures.get(kind) ?? 0) + count)
  }
  return {
    runs: lanes.reduce((sum, { runs }) => sum + runs, 0),
    pairs: Math.max(0, ...lanes.map(({ pairs }) => pairs)),
    grownAt: Math.max(0, ...lanes.map(({ grownAt }) => grownAt)) * lanes.length,
    failures,
  }
}

const signalMilliseconds = 100

async function inWorkers(
  plan: LanePlan,
  jobs: number,
  { project, name, manner }: Searcher,
  {
    hear,
    isInterrupted,
  }: { hear: (lane: number, word: LaneWord) => void | Promise<void>; isInterrupted: () => boolean },
): Promise<void> {
  const interrupted = new Uint8Array(new SharedArrayBuffer(1))
  const watch = setInterval(() => {
    if (isInterrupted()) Atomics.store(interrupted, 0, 1)
  }, signalMilliseconds)
  const lanes = Array.from({ length: jobs }, (_, lane) => {
    const runs = plan.runs === Infinity ? Infinity : Math.ceil(plan.runs / jobs)
    const own = { ...plan, runs, seed: plan.seed + lane * laneStride }
    const share: LaneShare = { project, adapter: name, manner, plan: own, interrupted }
    return laneIn(share, (word) => hear(lane, word))
  })
  try {
    await Promise.all(lanes)
  } finally {
    clearInterval(watch)
    Atomics.store(interrupted, 0, 1)
    await Promise.allSettled(lanes)
  }
}

/** Resolves when the lane has ended. */
function laneIn(share: LaneShare, hear: (word: LaneWord) => void | Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: share })
    worker.on('message', (word: WorkerWord) => {
      listen(word, hear).catch(reject)
    })
    worker.on('error', reject)
    worker.on('exit', () => resolve())
  })
}

async function listen(word: WorkerWord, hear: (word: LaneWord) => void | Promise<void>): Promise<void> {
  if (word.kind === 'failed') throw new Error(word.why)
  await hear(word)
}
