// What a greeting may declare, as spec/pics and spec/layouts have it.
import { quote } from '../../../adapters/process/lines.ts'
import { readPicsDescription } from '../../plan/specification/pics-description.ts'
import { Findings } from '../../plan/yaml/findings.ts'
import type { WireLayouts } from '../../plan/layout.ts'
import { didYouMean } from '../../plan/yaml/nearest.ts'
import { textAt } from '../files/package-texts.ts'
import type { Project } from './project.ts'

export interface Known {
  /** Names of options. */
  readonly options: ReadonlySet<string>
  /** Keys of values. */
  readonly values: ReadonlySet<string>
  /** The layout of the wire of each interface. */
  readonly layouts: WireLayouts
}

export function knownOf({ layouts }: Project): Known {
  const findings = new Findings()
  const described = ['emp', 'via'].flatMap(
    (name) => readPicsDescription(textAt(`spec/pics/${name}.yaml`), findings) ?? [],
  )
  return {
    options: new Set(described.flatMap(({ options }) => options.map(({ name }) => name))),
    values: new Set(described.flatMap(({ values }) => values.map(({ key }) => key))),
    layouts,
  }
}

/** Of these names of options or values those that nobody knows, each in words with the one that may be meant. */
export function unknownWords(noun: string, declared: readonly string[], known: Iterable<string>): readonly string[] {
  const names = [...known]
  const strange = declared.filter((name) => !names.includes(name))
  return strange.map((name) => `${noun} ${quote(name)} is unknown${hint(name, names)}`)
}

/** What the greeting says in members of their own. */
export const elsewhere: Readonly<Record<string, string>> = { 'wire.frames': 'wire', 'clock.virtual': 'clock' }

function hint(name: string, names: readonly string[]): string {
  const member = elsewhere[name]
  if (member !== undefined) return `: the member \`${member}\` of the greeting says that`
  const suggestion = didYouMean(name, names)
  return suggestion === '' ? '' : `: ${suggestion}`
}
