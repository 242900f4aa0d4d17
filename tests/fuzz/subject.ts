// Whom the fuzzer's tests run: an adapter of this process, by virtual time.
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { mutantAdapter } from '../../adapters/mutants/adapter.ts'
import { mutants } from '../../adapters/mutants/catalogue.ts'
import { textAt } from '../../harness/cli/files/package-texts.ts'
import { openProject, type Project } from '../../harness/cli/project/project.ts'
import type { Subject } from '../../harness/fuzz/attempt.ts'
import type { HuntOptions } from '../../harness/fuzz/hunt.ts'
import { parseCatalogue } from '../../harness/plan/specification/catalogue.ts'
import type { SuiteContext } from '../../harness/plan/read/suite-case.ts'
import type { Adapter } from '../../harness/subject/adapter.ts'

export const project = opened()

function opened(): Project {
  const read = openProject()
  if (!read) throw new Error('the project has faults')
  return read
}

export function subjectOf(iut: Adapter): Subject {
  const { layouts, descriptor } = project
  return { iut, reference: referenceAdapter(), layouts, descriptor, clock: () => 0 }
}

export function mutantNamed(name: string): Adapter {
  const mutant = mutants.find((each) => each.name === name)
  if (!mutant) throw new Error(`no mutant ${name}`)
  return mutantAdapter(mutant)
}

/** A search of so many runs that nothing interrupts. */
export function huntOptions(iut: Adapter, runs: number, more: Partial<HuntOptions> = {}): HuntOptions {
  return {
    subject: subjectOf(iut),
    seed: 1,
    focus: undefined,
    guided: true,
    runs,
    isOver: () => false,
    isInterrupted: () => false,
    breathe: () => Promise.resolve(),
    progress: () => undefined,
    shrinkRuns: 1000,
    ...more,
  }
}

/** What a suite file by itself is read with: no fixtures, no mutants. */
export function suiteContext(): SuiteContext {
  const picsFiles = ['spec/pics/emp.yaml', 'spec/pics/via.yaml'].map((file) => textAt(file))
  const { options, keys } = parseCatalogue([], textAt('spec/pics/classes.yaml'), picsFiles)
  return { catalogue: project.catalogue, fixtures: new Map(), mutants: [], options, keys }
}
