// Steps in words for a list: those that follow each other and read alike stand there once.

/** Steps from `first` to `last`, counted from 1, that all read `words`. */
export interface StepsAlike {
  readonly first: number
  readonly last: number
  readonly words: string
}

/** The words of all steps, in order. */
export function stepsAlike(steps: readonly string[]): readonly StepsAlike[] {
  const list: StepsAlike[] = []
  steps.forEach((words, place) => {
    const before = list.at(-1)
    if (before?.words === words) list[list.length - 1] = { ...before, last: place + 1 }
    else list.push({ first: place + 1, last: place + 1, words })
  })
  return list
}

/** `3. left sends ...`, or `3 to 9. left sends ...`. */
export function numberedSteps(steps: readonly string[]): readonly string[] {
  return stepsAlike(steps).map(
    ({ first, last, words }) => `${first === last ? first : `${first} to ${last}`}. ${words}`,
  )
}
