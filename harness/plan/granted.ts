// Calls that a case takes for granted: unless they succeed, what it speaks of does not come about.
import type { CallBody, Return } from '../../spec/vocabulary/calls.ts'
import { isVipl } from '../../spec/vocabulary/via-returns.ts'
import type { CallStep, Outcome, Permutation, Step } from './permutation.ts'
import type { Expectation, Proof } from './expectation.ts'
import { callsOf, numberCalls } from './numbering.ts'
import { onceFor } from './once-for.ts'

/** By call id: those calls of a case whose answers none of its expectations and proofs looks at. */
export const takenForGranted: (permutation: Permutation) => ReadonlyMap<number, CallStep> = onceFor((permutation) => {
  const numbers = numberCalls(permutation)
  const granted = new Map<number, CallStep>()
  if (permutation.outcomes.some(looksAtAll)) return granted
  const watched = new Set<string | undefined>([
    ...permutation.outcomes.flatMap(({ expectations }) => expectations.flatMap(labelsOfExpectation)),
    ...permutation.proves.flatMap(labelOfProof),
  ])
  for (const step of permutation.steps.flatMap((each: Step) => callsOf(each))) {
    const id = numbers.ofStep.get(step)
    if (id !== undefined && (step.label === undefined || !watched.has(step.label))) granted.set(id, step)
  }
  return granted
})

/** The model looks at every answer. */
function looksAtAll({ expectations }: Outcome): boolean {
  return expectations.some(({ kind }) => kind === 'allowed')
}

/** The calls that an expectation looks at. */
export function labelsOfExpectation(expectation: Expectation): readonly string[] {
  switch (expectation.kind) {
    case 'answered':
      return [expectation.label, ...(expectation.outputs.sameAs === undefined ? [] : [expectation.outputs.sameAs])]
    case 'returned':
    case 'descriptor':
    case 'octets':
      return [expectation.label]
    default:
      return []
  }
}

function labelOfProof(proof: Proof): readonly string[] {
  return proof.kind === 'status' || proof.kind === 'code' ? [proof.label] : []
}

/**
 * Whether a call came to what a case needs of it: VIP_SUCCESS from VIPL, `ok` of memory, and of EMP any answer but that there is
 * no such call, since what else it may answer is judged by what follows.
 */
export function isGood({ operation }: CallBody, { status, vip }: Return): boolean {
  if (operation.startsWith('emp.')) return status !== 'unsupported'
  return status === 'ok' && (!isVipl(operation) || vip?.code === 'VIP_SUCCESS')
}
