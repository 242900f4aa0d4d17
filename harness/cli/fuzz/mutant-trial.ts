// What a search makes of one mutant, without the declared cases.
import { mutantAdapter } from '../../../adapters/mutants/adapter.ts'
import { mutants } from '../../../adapters/mutants/catalogue.ts'
import type { Mutant } from '../../../adapters/mutants/mutant.ts'
import type { Caught } from '../../fuzz/hunt.ts'
import type { Permutation } from '../../plan/permutation.ts'
import { callsOf } from '../../plan/numbering.ts'
import type { Project } from '../project/project.ts'
import { searchLane } from './lane.ts'

/** What is to be tried; plain data, so that it can be handed to a worker. */
export interface MutantTrial {
  readonly name: string
  readonly seed: number
  readonly guided: boolean
  readonly milliseconds: number
}

export interface MutantCaught {
  /** Requirements of the mutant through which it was caught. */
  readonly through: readonly string[]
  readonly run: number
  readonly milliseconds: number
  /** Of the smallest run: calls beside those that only set it up, and faults. */
  readonly calls: number
  readonly faults: number
  readonly label: Caught['label']
}

export interface MutantSearched {
  readonly name: string
  readonly runs: number
  /** Undefined: it survives. */
  readonly caught: MutantCaught | undefined
  /** Kinds of failure that name no requirement which it breaks. */
  readonly strays: readonly string[]
}

/** Searches until the mutant is caught through a requirement that it breaks, or time is over. */
export async function searchMutant(trial: MutantTrial, project: Project): Promise<MutantSearched> {
  const mutant = mutants.find((each) => each.name === trial.name)
  if (!mutant) throw new RangeError(`no mutant ${trial.name}`)
  const began = performance.now()
  const strays: string[] = []
  let caught: MutantCaught | undefined
  let runs = 0
  const { seed, guided, milliseconds } = trial
  const plan = { interface: mutant.interface, seed, guided, focus: undefined, runs: Infinity, milliseconds }
  const isInterrupted = (): boolean => caught !== undefined
  await searchLane(plan, { project, adapter: mutantAdapter(mutant), isInterrupted }, (word) => {
    if (word.kind !== 'caught') {
      runs = word.seen.runs
      return
    }
    const through = throughOf(mutant, word.caught)
    if (through.length === 0) strays.push(word.caught.kind)
    else caught ??= { through, milliseconds: performance.now() - began, ...sizeOf(word.caught) }
  })
  return { name: trial.name, runs, caught, strays }
}

function throughOf({ violates }: Mutant, { wrong }: Caught): readonly string[] {
  const named = wrong.flatMap(({ requirements }) => requirements)
  return [...new Set(named.filter((requirement) => violates.includes(requirement)))].toSorted()
}

function sizeOf({ permutation, run, label }: Caught): Pick<MutantCaught, 'calls' | 'faults' | 'run' | 'label'> {
  return { calls: ownCalls(permutation), faults: permutation.faults.length, run, label }
}

/** Calls that are there so that hosts of VIA can talk at all, and descriptors, which belong to the calls that post them. */
const settingUp: ReadonlySet<string> = new Set([
  'VipOpenNic',
  'VipErrorCallback',
  'VipCreatePtag',
  'VipRegisterMem',
  'VipCreateCQ',
  'VipCreateVi',
  'VipConnectWait',
  'VipConnectRequest',
  'VipConnectAccept',
  'descriptor.write',
])

function ownCalls({ steps }: Permutation): number {
  return steps.flatMap(callsOf).filter(({ body: { operation } }) => !settingUp.has(operation)).length
}
