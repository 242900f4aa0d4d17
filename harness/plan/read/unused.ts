// Reports what a case declares and nothing uses: buffers and labels.
import type { CaseReading } from './case-plan.ts'
import type { Findings } from '../yaml/findings.ts'
import type { Place } from '../yaml/place.ts'

/** Reports buffers that nothing uses. */
export function checkBuffersUsed(holder: Place, isUsed: (name: string) => boolean, findings: Findings): void {
  for (const { key, name } of holder.get('memory').entries()) {
    if (!isUsed(name)) findings.add(key.mark(), `nothing uses the buffer \`${name}\``, 'remove it')
  }
}

/** Whether a name, or the last part of a dotted one, stands anywhere but where buffers and labels are declared. */
export function mentions(place: Place, name: string): boolean {
  const word = name.slice(name.lastIndexOf('.') + 1)
  if (
    place
      .text()
      ?.split(/[^a-z0-9-]/)
      .includes(word) === true
  )
    return true
  return (
    place.items().some((item) => mentions(item, word)) ||
    place.entries().some((entry) => entry.name !== 'memory' && entry.name !== 'label' && mentions(entry.value, word))
  )
}

/** Reports labels that no combination of axes uses. */
export function checkLabelsUsed(
  [first, ...others]: readonly CaseReading['unusedLabels'][],
  isUsed: (name: string) => boolean,
  findings: Findings,
): void {
  for (const { name, mark } of first ?? []) {
    if (!isUsed(name) && others.every((unused) => unused.some((label) => label.name === name)))
      findings.add(mark, `nothing uses the label \`${name}\``, 'remove it')
  }
}
