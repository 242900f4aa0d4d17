// Judges requirements and classes twice where something is excused: as if nothing were, and with that.
import type { ClassResult, Dispute, RequirementResult, Waiver } from '../../result/report.ts'
import {
  isExcusable,
  judgeClasses,
  judgeRequirements,
  type ClassesInput,
  type Excuse,
  type RequirementsInput,
} from './requirements.ts'

export interface ConformanceInput
  extends Omit<RequirementsInput, 'excused'>, Omit<ClassesInput, 'requirements' | 'selection' | 'catalogue'> {
  /** What the gate excuses, by requirement. */
  readonly waivers: ReadonlyMap<string, Waiver>
  /** Whether what is no MUST may be broken. */
  readonly warningsAllowed?: boolean
}

export interface Conformance {
  readonly requirements: readonly RequirementResult[]
  readonly classes: readonly ClassResult[]
  /** What every requirement comes to if nothing is excused. */
  readonly unexcused: readonly RequirementResult[]
}

export function judgeConformance(input: ConformanceInput): Conformance {
  const unexcused = judgeRequirements(input)
  const plain = judgeClasses({ ...input, requirements: unexcused })
  const disputes = new Map(
    input.catalogue.requirements.flatMap(({ id, disputed }) => (disputed ? [[id, disputed]] : [])),
  )
  const excuseOf = ({ id, keyword }: RequirementResult): Excuse | undefined => {
    if (input.waivers.has(id)) return 'waived'
    if (disputes.has(id)) return 'disputed'
    return input.warningsAllowed === true && keyword !== 'must' ? 'warning' : undefined
  }
  const excused = new Map<string, Excuse>()
  for (const each of unexcused) {
    const { id, verdict } = each
    const excuse = isExcusable(verdict) ? excuseOf(each) : undefined
    if (excuse) excused.set(id, excuse)
  }
  const requirements = excused.size === 0 ? unexcused : judgeRequirements({ ...input, excused })
  const told = requirements.map((each, place) => {
    const verdict = unexcused[place]?.verdict
    return withExcuse(verdict === each.verdict || !verdict ? each : { ...each, unexcused: verdict }, {
      waiver: input.waivers.get(each.id),
      dispute: disputes.get(each.id),
    })
  })
  const classes = judgeClasses({ ...input, requirements }).map((each, place) => besides(each, plain[place]))
  return { requirements: told, classes, unexcused }
}

/** A dispute is told whatever it comes to, a waiver only where it is of use. */
function withExcuse(
  result: RequirementResult,
  { waiver, dispute }: { readonly waiver: Waiver | undefined; readonly dispute: Dispute | undefined },
): RequirementResult {
  return {
    ...result,
    ...(waiver && result.verdict === 'waived' ? { waiver } : {}),
    ...(dispute ? { dispute } : {}),
  }
}

/** The class beside what it would be if nothing were excused. */
function besides(result: ClassResult, plain: ClassResult | undefined): ClassResult {
  if (!plain || plain.verdict === 'not-assessed' || (result.waived === undefined && result.disputed === undefined))
    return result
  const { verdict, why, applicable, verified, violated } = plain
  return { ...result, unexcused: { verdict, why, applicable, verified, violated } }
}
