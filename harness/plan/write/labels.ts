// The labels that anything in a permutation names: those of other calls say nothing.
import type { Permutation, Step } from '../permutation.ts'
import type { Proof } from '../expectation.ts'
import { labelsOfExpectation } from '../granted.ts'

export function labelsNamed({ steps, outcomes, proves }: Permutation): ReadonlySet<string> {
  return new Set([
    ...steps.flatMap(labelsOfStep),
    ...outcomes.flatMap(({ expectations }) => expectations.flatMap(labelsOfExpectation)),
    ...proves.flatMap(labelsOfProof),
  ])
}

function labelsOfStep(step: Step): readonly string[] {
  if (step.kind === 'join') return [step.label]
  return step.kind === 'until' ? labelsOfProof(step.sighting) : []
}

function labelsOfProof(proof: Proof): readonly string[] {
  return proof.kind === 'status' || proof.kind === 'code' || proof.kind === 'returned' ? [proof.label] : []
}
