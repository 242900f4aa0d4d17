// What a model says of an observation that the specification does not allow.

/** Why an observation is forbidden. */
export interface Forbidden {
  /** Ids of the requirements that it breaks; empty if it breaks the adapter protocol alone. */
  readonly requirements: readonly string[]
  /** What was seen and what would have been right, in one sentence. */
  readonly words: string
}

/** A judged observation: undefined means allowed. */
export type Judged = Forbidden | undefined

export function forbidden(requirements: readonly string[], words: string): Forbidden {
  return { requirements, words }
}
