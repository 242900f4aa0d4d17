// A failure that was caught, as a case of a suite: what is committed, so that it never comes back unseen.
import { optionsOf } from '../plan/options.ts'
import type { CraftStep, Permutation, Step } from '../plan/permutation.ts'
import { caseText } from '../plan/write/cases.ts'
import type { Expectation } from '../plan/expectation.ts'
import type { Pics } from '../subject/pics.ts'
import { onlyOutcome } from '../plan/usual.ts'
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
    ...(permutation.faults.length > 0 || permutation.steps.some(isCraft) ? ['wire.frames'] : []),
    ...(permutation.schedule ? ['stepped'] : []),
    ...new Set(permutation.steps.flatMap((step) => (step.kind === 'call' ? optionsOf(step.body) : []))),
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
  const expectation: Expectation = {
    kind: 'allowed',
    requirements,
    position: drawn,
    text: 'model.allows: everything',
  }
  return {
    ...permutation,
    title: requirements.length > 0 ? `What broke ${requirements.join(', ')}` : 'What made it crash',
    outcomes: [{ ...onlyOutcome, expectations: [expectation] }],
    ...proved(permutation.steps),
  }
}

/** That the last call that is awaited answers shows that all before it was asked; without one, whatever shows most. */
function proved(steps: readonly Step[]): Pick<Permutation, 'steps' | 'proves'> {
  const place = steps.findLastIndex((step) => step.kind === 'call' && !step.start)
  const last = steps[place]
  if (last?.kind === 'call')
    return {
      steps: steps.with(place, { ...last, label: lastAnswer }),
      proves: [{ kind: 'returned', label: lastAnswer }],
    }
  const started = steps.findLast((step) => step.kind === 'call')
  if (started?.label !== undefined) return { steps, proves: [{ kind: 'returned', label: started.label }] }
  const crafted = steps.find(isCraft)
  const frames = crafted && {
    kind: 'frames' as const,
    filter: { from: crafted.from, crafted: true },
    times: { least: 1 },
  }
  return { steps, proves: frames ? [frames] : [] }
}

function isCraft(step: Step): step is CraftStep {
  return step.kind === 'craft'
}

function slugOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}
