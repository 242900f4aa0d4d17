// What the findings of one permutation say of single requirements.
import type { PermutationResult, Finding } from '../../result/report.ts'

export interface RequirementMark {
  readonly id: string
  readonly verdict: 'pass' | 'inconclusive' | 'fail'
  readonly judge: Finding['judge']
}

/** One mark for each requirement of each finding. A pass whose proofs were not all seen proves nothing. */
export function marksOf(result: Pick<PermutationResult, 'findings' | 'proves'>): RequirementMark[] {
  const isProved = result.proves.every(({ seen }) => seen)
  return result.findings.flatMap(({ requirements, verdict, judge }) =>
    requirements.map((id) => ({ id, verdict: markFor(verdict, isProved), judge })),
  )
}

function markFor(verdict: Finding['verdict'], isProved: boolean): RequirementMark['verdict'] {
  switch (verdict) {
    case 'pass':
      return isProved ? 'pass' : 'inconclusive'
    case 'fail':
    case 'timeout':
    case 'crash':
      return 'fail'
    case 'inconclusive':
    case 'error':
      return 'inconclusive'
  }
}
