// Reads a gate: what a build asks of a run, and which requirements it waives.
import { gate as validateGate } from '#generated/validators'
import { setMember } from '../set-member.ts'
import type { Findings } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import { Place } from '../yaml/place.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { checkShape } from '../yaml/violations.ts'

/** A requirement that need not be verified. */
export interface StatedWaiver {
  readonly requirement: string
  readonly reason: string
  readonly issue?: string
  /** The last day on which it is accepted, such as 2027-01-31. */
  readonly expires?: string
}

/** A gate, as a file has it. */
export interface StatedGate {
  readonly waivers: readonly StatedWaiver[]
}

/** What a gate may speak of. */
export interface Gateable {
  /** Ids of requirements. */
  readonly requirements: readonly string[]
}

/** Undefined if the file is no gate; `findings` says why. */
export function readGate(file: SourceText, known: Gateable, findings: Findings): StatedGate | undefined {
  const source = readSource(file, findings)
  if (!source || checkShape(source, validateGate, findings).length > 0) return undefined
  const root = Place.root(source)
  const gate = { waivers: waiversAt(root.get('waive'), known, findings) }
  return findings.isEmpty ? gate : undefined
}

function waiversAt(list: Place, known: Gateable, findings: Findings): readonly StatedWaiver[] {
  const before = new Set<string>()
  return list.items().map((item) => {
    const place = item.get('requirement')
    const waiver = waiverAt(item)
    const { requirement } = waiver
    if (!known.requirements.includes(requirement))
      findings.add(
        place.mark(),
        `there is no requirement \`${requirement}\``,
        didYouMean(requirement, known.requirements),
      )
    if (before.has(requirement)) findings.add(place.mark(), `\`${requirement}\` is waived already`, 'remove one')
    before.add(requirement)
    return waiver
  })
}

/** Of an item that has the shape of its schema. */
function waiverAt(item: Place): StatedWaiver {
  const text = (key: string): string => item.get(key).text() ?? ''
  const waiver: { -readonly [Key in keyof StatedWaiver]: StatedWaiver[Key] } = {
    requirement: text('requirement'),
    reason: text('reason'),
  }
  setMember(waiver, 'issue', item.get('issue').text())
  setMember(waiver, 'expires', item.get('expires').text())
  return waiver
}
