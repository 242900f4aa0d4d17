// A crew of worker threads that share one task list: as many as there are cores, answers in the order of the tasks.
import { availableParallelism } from 'node:os'
import { parentPort, Worker } from 'node:worker_threads'
import { stackOrMessageOf } from '../../subject/thrown.ts'

/** What a worker posts about the task that it was given. */
type Word<Answer> = { readonly answer: Answer } | { readonly failed: string }

/**
 * Runs `tasks` in workers that load `entry` with `shared` as their workerData. A worker gets one task at a time as a
 * message and posts a `Word`. Throws when a worker fails or ends early; all are stopped in the end.
 */
export async function* runInCrew<Answer>(
  entry: URL,
  shared: unknown,
  tasks: readonly unknown[],
): AsyncGenerator<Answer> {
  const settle: ((word: Word<Answer>) => void)[] = []
  const answers = tasks.map(
    (_, place) =>
      new Promise<Answer>((resolve, reject) => {
        settle[place] = (word) => ('failed' in word ? reject(new Error(word.failed)) : resolve(word.answer))
      }),
  )
  // One that nobody awaits yet may already have failed; whoever comes to await it is told.
  for (const answer of answers) answer.catch(() => undefined)
  const giveUp = (why: string): void => settle.forEach((one) => one({ failed: why }))
  let next = 0
  const hire = (): Worker => {
    const worker = new Worker(entry, { workerData: shared })
    let place = next++
    worker.postMessage(tasks[place])
    worker.on('message', (word: Word<Answer>) => {
      settle[place]?.(word)
      place = next++
      if (place < tasks.length) worker.postMessage(tasks[place])
    })
    worker.on('error', (thrown) => giveUp(stackOrMessageOf(thrown)))
    worker.on('exit', () => giveUp('a worker ended before its work was done'))
    return worker
  }
  const workers = Array.from({ length: Math.min(availableParallelism(), tasks.length) }, hire)
  try {
    for (const answer of answers) yield await answer
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** In a worker of a crew: posts what comes of the task that it was given. */
export function answerWith(answer: Promise<unknown>): void {
  answer.then(
    (what) => post({ answer: what }),
    (thrown: unknown) => post({ failed: stackOrMessageOf(thrown) }),
  )
}

function post(word: Word<unknown>): void {
  parentPort?.postMessage(word)
}
