// Everything a reader needs to understand a run that did not pass: the plan of faults, what they did, and a diagram.
import { faultWords } from '../../plan/words/faults.ts'
import { stepWords } from '../../plan/words/steps.ts'
import type { FailureDetail, FaultDecision } from '../../result/report.ts'
import { diagramOf } from './diagram.ts'
import type { RunEnding } from '../verdict/ending.ts'
import { hostName, viewOf, type View, type ViewInput } from '../seen/view.ts'

export interface FailureInput extends ViewInput {
  readonly ending: RunEnding
  /** The choices of a race. */
  readonly schedule?: readonly number[]
}

/** Decisions that are kept; a storm has more than anybody reads. */
const decisionsMax = 1000

/** Never throws: of a trace that cannot be read, the plan alone is told. */
export function failureDetail(input: FailureInput): FailureDetail {
  const { permutation, ending, schedule } = input
  const names = permutation.hosts.map(({ name }) => name)
  const stack = 'stack' in ending ? ending.stack : undefined
  const stderr = 'stderr' in ending ? ending.stderr : undefined
  return {
    faultPlan: faultWords(permutation.faults, permutation.weather, names),
    configuration: permutation.configuration,
    steps: permutation.steps.map((step) => stepWords(step, names)),
    ...recorded(input, names),
    ...(schedule ? { schedule } : {}),
    ...(stack ? { stack } : {}),
    ...(stderr ? { stderr } : {}),
  }
}

function recorded(input: ViewInput, hosts: readonly string[]): Pick<FailureDetail, 'decisions' | 'diagram'> {
  try {
    const view = viewOf(input)
    return { decisions: decisionsOf(view).slice(0, decisionsMax), diagram: diagramOf(view) }
  } catch {
    return { decisions: [], diagram: { hosts, events: [], omitted: 0 } }
  }
}

function decisionsOf(view: View): readonly FaultDecision[] {
  return view.history.frames.flatMap(({ ordinal, from, dissection, fates }) =>
    fates.map(({ fate, amount, rule, time }) => ({
      time,
      frame: ordinal,
      from: hostName(view, from),
      summary: dissection.summary,
      fate,
      amount,
      rule,
    })),
  )
}
