// Whether what is wrong with a permutation is about some requirements and nothing else.
import type { PermutationResult } from './report.ts'

/** Never of one that crashed, or in which the harness failed: that is about more than a requirement. */
export function isOnlyAbout(
  { verdict, findings }: Pick<PermutationResult, 'verdict' | 'findings'>,
  isMeant: (requirement: string) => boolean,
): boolean {
  if (verdict !== 'fail' && verdict !== 'timeout' && verdict !== 'inconclusive') return false
  const wrong = findings.filter((finding) => finding.verdict !== 'pass')
  return wrong.length > 0 && wrong.every(({ requirements }) => requirements.length > 0 && requirements.every(isMeant))
}
