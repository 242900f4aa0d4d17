// Reads a gate: what a build asks of a run, and which requirements it waives.
import { gate as validateGate } from '#generated/validators'
import { setMember } from '../set-member.ts'
import type { Findings } from '../yaml/findings.ts'
import { didYouMean } from '../yaml/nearest.ts'
import { Place } from '../yaml/place.ts'
import { readSource, type SourceText } from '../yaml/source.ts'
import { choiceAt } from '../yaml/scalars.ts'
import { checkShape } from '../yaml/violations.ts'

/** A requirement that need not be verified. */
export interface StatedWaiver {
  readonly requirement: string
  readonly reason: string
  readonly issue?: string
  /** The last day on which it is accepted, such as 2027-01-31. */
  readonly expires?: string
}

/** How far an earlier run has come. */
export interface EarlierReach {
  /** The report, as the file has it. */
  readonly report: string
  /** Permutations. */
  readonly applicable: number
  readonly passing: number
}

/** A gate, as a file has it. */
export interface StatedGate {
  readonly waivers: readonly StatedWaiver[]
  /** The class of each interface that has to be conformant. */
  readonly classes?: Readonly<Record<string, string>>
  /** The least share of verified requirements, in percent. */
  readonly verified?: number
  /** The most permutations that may not apply. */
  readonly notApplicable?: number
  /** The most permutations that may fail once, and not again. */
  readonly unstable?: number
  readonly warnings?: 'fail' | 'allowed'
  readonly atLeast?: EarlierReach
}

/** What a gate may speak of. */
export interface Gateable {
  /** Ids of requirements. */
  readonly requirements: readonly string[]
  /** How far the run of a report has come, as the file names it; or why nobody can tell. */
  readonly reachOf: (report: string) => EarlierReach | { readonly problem: string }
}

/** Undefined if the file is no gate; `findings` says why. */
export function readGate(file: SourceText, known: Gateable, findings: Findings): StatedGate | undefined {
  const source = readSource(file, findings)
  if (!source || checkShape(source, validateGate, findings).length > 0) return undefined
  const root = Place.root(source)
  const gate: { -readonly [Key in keyof StatedGate]: StatedGate[Key] } = {
    waivers: waiversAt(root.get('waive'), known, findings),
  }
  const classes = root.get('classes').entries()
  if (classes.length > 0)
    gate.classes = Object.fromEntries(classes.map(({ name, value }) => [name, value.text() ?? '']))
  setMember(gate, 'verified', root.get('verified').number())
  setMember(gate, 'notApplicable', root.get('not-applicable').number())
  setMember(gate, 'unstable', root.get('unstable').number())
  setMember(gate, 'warnings', choiceAt(root.get('warnings'), ['fail', 'allowed'], findings))
  setMember(gate, 'atLeast', reachAt(root.get('at-least'), known, findings))
  return findings.isEmpty ? gate : undefined
}

function reachAt(place: Place, { reachOf }: Gateable, findings: Findings): EarlierReach | undefined {
  const report = place.text()
  if (report === undefined) return undefined
  const reach = reachOf(report)
  if (!('problem' in reach)) return reach
  findings.add(place.mark(), reach.problem, 'name the folder of a report of a whole run')
  return undefined
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
