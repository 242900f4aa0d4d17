// A fault of our own, told as a finding, so that no implementation is billed for it.
import type { Finding } from '../../result/report.ts'
import { namedMessageOf } from '../../subject/thrown.ts'

/** `expected`: what the harness can do when it is right, in words. */
export function harnessFault(expected: string, thrown: unknown): Finding {
  const seen = namedMessageOf(thrown)
  return { judge: 'harness', verdict: 'error', requirements: [], expected, seen: `the harness failed: ${seen}` }
}
