// A failure that was caught, as a case of a suite: what is committed, so that it never comes back unseen.
import type { Permutation, Step } from '../plan/case.ts'
import { caseText } from '../plan/case-text.ts'
import type { Expectation, Proof } from '../plan/expectation.ts'
import { onlyOutcome } from '../plan/expectations.ts'
import type { Pics } from '../subject/pics.ts'
import { drawn } from './drawn.ts'
import type { Caught } from './hunt.ts'

export interface SavedCase {
  /** `regressions.emp-match-013-1f3ac09b`; the file is called after what follows the dot. */
  readonly suite: string
  readonly text: string
}

/** Id of the only case of such a suite. */
const caseId = 'found'

/** The label of the call that a pass must have seen answered. */
const lastAnswer = 'last'

/** `durations`: configuration keys whose values are durations. */
export function savedCase(
  { permutation, finding, digest }: Caught,
  { pics, durations }: { pics: Pics; durations: readonly string[] },
): SavedCase {
  const suite = `regressions.${slugOf(finding.requirements[0] ?? permutation.interface)}-${digest}`
  const needs = [
    ...(permutation.faults.length > 0 ? ['wire.frames'] : []),
    ...(permutation.schedule ? ['stepped'] : []),
  ]
  const text = caseText([{ id: caseId, permutation: asCase(permutation, finding.requirements), needs, lacks: [] }], {
    suite,
    title: 'Found by fuzzing',
    pics,
    durations,
  })
  return { suite, text }
}

function asCase(permutation: Permutation, requirements: readonly string[]): Permutation {
  const steps = withLastLabel(permutation.steps)
  const expectation: Expectation = {
    kind: 'allowed',
    requirements,
    position: drawn,
    text: 'model.allows: everything',
  }
  const proof: Proof = { kind: 'returned', label: lastAnswer }
  return {
    ...permutation,
    title: requirements.length > 0 ? `What broke ${requirements.join(', ')}` : 'What made it crash',
    steps,
    outcomes: [{ ...onlyOutcome, expectations: [expectation] }],
    proves: [proof],
  }
}

/** The last call that is awaited is named: that it answers shows that all before it was asked. */
function withLastLabel(steps: readonly Step[]): readonly Step[] {
  const place = steps.findLastIndex((step) => step.kind === 'call' && !step.start)
  const step = steps[place]
  return step?.kind === 'call' ? steps.with(place, { ...step, label: lastAnswer }) : steps
}

function slugOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}
