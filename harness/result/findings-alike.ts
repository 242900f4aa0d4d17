// Findings of one permutation for a reader: those that say of one rule that it was broken stand there once.
import type { Finding } from './report.ts'

/** What one judge found of one rule. */
export interface FindingsAlike {
  readonly first: Finding
  /** The same of the same rule, seen again: in order. */
  readonly again: readonly Finding[]
}

/** In the order of the first of each. */
export function findingsAlike(findings: readonly Finding[]): readonly FindingsAlike[] {
  const kinds = new Map<string, { first: Finding; again: Finding[] }>()
  for (const finding of findings) {
    const { judge, verdict, requirements, expected, position = '' } = finding
    const kind = JSON.stringify([judge, verdict, requirements, expected, position])
    const before = kinds.get(kind)
    if (before) before.again.push(finding)
    else kinds.set(kind, { first: finding, again: [] })
  }
  return [...kinds.values()]
}

/** Findings of one kind are about one fault: the same judge, verdict and requirements. */
export function kindOf({ judge, verdict, requirements, seen }: Finding): string {
  // Without a requirement it is a crash or trouble of our own, and only its words tell it from others.
  return `${judge} ${verdict} ${requirements.length > 0 ? requirements.join(' ') : seen.split('\n', 1)[0]}`
}
