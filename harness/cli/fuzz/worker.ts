// A worker thread of a search: opens the adapter by its name, and posts what its lane tells.
import { parentPort, workerData } from 'node:worker_threads'
import { resolveAdapter, type Manner } from '../adapter/adapters.ts'
import type { Project } from '../project/project.ts'
import { searchLane, type LanePlan, type LaneWord } from './lane.ts'
import { stackOrMessageOf } from '../../subject/thrown.ts'

/** What a worker is given when it starts, by structured clone. */
export interface LaneShare {
  readonly project: Project
  readonly adapter: string
  readonly manner: Manner
  readonly plan: LanePlan
  /** One octet, shared: not 0 once the search was interrupted. */
  readonly interrupted: Uint8Array
}

/** What a worker posts: a word of its lane, or why it cannot search. */
export type WorkerWord = LaneWord | { readonly kind: 'failed'; readonly why: string }

const share: LaneShare = workerData

async function search({ project, adapter: name, manner, plan, interrupted }: LaneShare): Promise<void> {
  const adapter = await resolveAdapter(name, manner)
  if ('problem' in adapter) throw new Error(adapter.problem)
  try {
    const isInterrupted = (): boolean => Atomics.load(interrupted, 0) !== 0
    await searchLane(plan, { project, adapter, isInterrupted }, (word) => post(word))
  } finally {
    await adapter.close()
  }
}

function post(word: WorkerWord): void {
  parentPort?.postMessage(word)
}

search(share).catch((thrown: unknown) => post({ kind: 'failed', why: stackOrMessageOf(thrown) }))
