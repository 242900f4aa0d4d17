// A crew of worker threads that share one task list: as many as there are cores, answers in the order of the tasks.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** What a worker says of one task. */
type Word<Answer> = { readonly answer: Answer } | { readonly failed: string }

/**
 * Runs `tasks` in workers that load `entry` with `shared` as their workerData. A worker gets one task at a time as a
 * message and posts `{ answer }` or `{ failed }`. Rejects when a worker fails or ends early; then all are stopped.
 */
export async function* runInCrew<Task, Answer>(
  entry: URL,
  shared: unknown,
  tasks: readonly Task[],
): AsyncGenerator<Answer> {
  const size = Math.min(availableParallelism(), tasks.length)
  const workers = Array.from({ length: size }, () => new Worker(entry, { workerData: shared }))
  const answers = tasks.map(() => pending<Answer>())
  // An answer that is not awaited yet may already have failed; whoever awaits it is told.
  for (const { promise } of answers) promise.catch(() => undefined)
  let next = 0
  for (const worker of workers) {
    let at = -1
    const giveNext = (): void => {
      at = next++
      if (at < tasks.length) worker.postMessage(tasks[at])
    }
    const fail = (why: unknown): void => answers.forEach(({ reject }) => reject(why))
    worker.on('message', (word: Word<Answer>) => {
      if ('failed' in word) fail(new Error(word.failed))
      else answers[at]?.resolve(word.answer)
      giveNext()
    })
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error('a worker ended before its work was done')))
    giveNext()
  }
  try {
    for (const { promise } of answers) yield await promise
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

interface Pending<Answer> {
  readonly promise: Promise<Answer>
  readonly resolve: (answer: Answer) => void
  readonly reject: (why: unknown) => void
}

/** A promise with its ends; Node 20 has no Promise.withResolvers. */
function pending<Answer>(): Pending<Answer> {
  let resolve: Pending<Answer>['resolve'] = () => undefined
  let reject: Pending<Answer>['reject'] = () => undefined
  const promise = new Promise<Answer>((onAnswer, onFailure) => {
    resolve = onAnswer
    reject = onFailure
  })
  return { promise, resolve, reject }
}
