// The call ids of a permutation: fixed by its text alone, so that a trace can be read without the run that made it.
import type { CallStep, Permutation, Step } from './permutation.ts'
import { onceFor } from './once-for.ts'

/** Ids of calls: buffers first, then the steps in the order of the text, then what run asks at the end. */
export interface CallNumbers {
  /** The id of the n-th buffer of `permutation.memory` is n. */
  readonly ofStep: ReadonlyMap<CallStep, number>
  readonly ofLabel: ReadonlyMap<string, number>
  /** The first id after all of them. */
  readonly next: number
}

export const numberCalls: (permutation: Permutation) => CallNumbers = onceFor((permutation) => {
  const ofStep = new Map<CallStep, number>()
  const ofLabel = new Map<string, number>()
  let next = permutation.memory.length
  for (const step of permutation.steps.flatMap(callsOf)) {
    if (step.label !== undefined) ofLabel.set(step.label, next)
    ofStep.set(step, next++)
  }
  return { ofStep, ofLabel, next }
})

/** The calls that a step issues, in the order of the text. */
export function callsOf(step: Step): readonly CallStep[] {
  if (step.kind === 'call') return [step]
  return step.kind === 'race' ? step.members : []
}
