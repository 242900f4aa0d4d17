// What is said of a run that did not come to its end: by what it ended, and whom that rests on.
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { Permutation } from '../../plan/permutation.ts'
import { positionWords } from '../../plan/position.ts'
import type { Finding } from '../../result/report.ts'
import type { Blame } from '../../result/verdict.ts'
import type { RunEnding } from './ending.ts'

export function endedBadly(
  ending: Exclude<RunEnding, { kind: 'finished' }>,
  permutation: Permutation,
): { finding: Finding; blame: Blame } {
  const expectations = permutation.outcomes.flatMap((outcome) => outcome.expectations)
  const requirements = [...new Set(expectations.flatMap((expectation) => expectation.requirements))]
  const common = { judge: 'harness', requirements, expected: 'the run comes to its end' } as const
  switch (ending.kind) {
    case 'timeout': {
      const position = positionWords(ending.position)
      return { finding: { ...common, verdict: 'timeout', seen: ending.words, position }, blame: 'implementation' }
    }
    case 'unmet': {
      const position = positionWords(ending.position)
      const expected = 'what the case takes for granted comes about'
      return {
        finding: { ...common, expected, verdict: 'inconclusive', seen: ending.words, position },
        blame: 'implementation',
      }
    }
    case 'crash':
    case 'hang': {
      const who = hostOf(permutation, ending.node)
      const words = ending.kind === 'crash' ? `${who.name} crashed` : `${who.name} did not answer`
      const seen = `${words}: ${ending.message}`
      if (who.isReference) return { finding: { ...common, verdict: 'error', seen }, blame: 'harness' }
      const verdict = ending.kind === 'crash' ? 'crash' : 'timeout'
      return { finding: { ...common, verdict, seen }, blame: 'implementation' }
    }
    case 'flood':
      return { finding: { ...common, verdict: 'crash', seen: ending.message }, blame: 'implementation' }
    case 'protocol': {
      const seen = `the adapter of ${hostOf(permutation, ending.node).name} broke its protocol: ${ending.message}`
      return { finding: { ...common, requirements: [], verdict: 'crash', seen }, blame: 'adapter' }
    }
    case 'harness-error':
      return { finding: { ...common, requirements: [], verdict: 'error', seen: ending.message }, blame: 'harness' }
  }
}

function hostOf(permutation: Permutation, node: NodeIndex): { name: string; isReference: boolean } {
  const host = permutation.hosts[node]
  return { name: host?.name ?? 'the implementation', isReference: host?.role === 'reference' }
}
