// The failure of an adapter that a promise is rejected with.
import { AdapterFailure } from '../../harness/subject/adapter.ts'

/** Rejects if the promise does not, or with anything else. */
export async function failureOf(promise: Promise<unknown>): Promise<AdapterFailure> {
  const thrown: unknown = await promise.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  )
  if (thrown instanceof AdapterFailure) return thrown
  throw thrown
}
