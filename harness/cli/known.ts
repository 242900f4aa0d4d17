// What a greeting may declare, as spec/pics and spec/layouts have it.
import { readPicsDescription } from '../plan/pics-description.ts'
import { Findings } from '../plan/yaml/findings.ts'
import type { WireLayouts } from '../plan/layout.ts'
import { textAt } from './package-texts.ts'
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
