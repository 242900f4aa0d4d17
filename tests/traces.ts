// The traces of a session, one by one, for tests that judge them in their own way; and what the models say of them.
import { concerning, openProject, type Project } from '../harness/cli/project/project.ts'
import { runSession } from '../harness/cli/session/session.ts'
import { oracleOf } from '../harness/judge/oracle/of-interface.ts'
import { pronounce, type Pronounced } from '../harness/judge/oracle/pronounce.ts'
import type { Permutation } from '../harness/plan/permutation.ts'
import type { Trace } from '../harness/result/trace.ts'
import type { Adapter } from '../harness/subject/adapter.ts'
import type { InterfaceName } from '../spec/vocabulary/endpoint.ts'

/** The project, as far as it is about one interface. */
export function projectOf(name: InterfaceName): Project {
  const project = openProject()
  if (!project) throw new Error('the project has faults')
  return concerning(project, [name])
}

export interface Played {
  readonly project: Project
  readonly adapter: Adapter
  readonly permutations: readonly Permutation[]
  /** One order only of each race, and one victim; all that are bound to be run unless said. */
  readonly isBrief?: boolean
}

/** Plays permutations until it is enough, and hands over the trace of every run. */
export async function eachTrace(
  { project, adapter, permutations, isBrief = false }: Played,
  onTrace: (permutation: Permutation, trace: Trace) => void,
  isEnough: () => boolean = () => false,
): Promise<void> {
  const session = runSession({
    project,
    adapter,
    permutations,
    repeat: () => '',
    brief: true,
    believesAtOnce: true,
    interrupted: isEnough,
    isEnough,
    onTrace,
    order: isBrief ? { choices: [] } : undefined,
  })
  while (!(await session.next()).done);
}

/** Traces that a model read, and what it forbade in them, by permutation. */
export interface Reading {
  traces: number
  readonly forbidden: (Pronounced & { readonly permutation: string })[]
}

/** Has the model of the interface read every trace. */
export function readAll(played: Played): Promise<Reading> {
  return read(played, () => false)
}

/** As `readAll`, up to the first trace in which the model forbids something. */
export function readUntilForbidden(played: Played): Promise<Reading> {
  return read(played, ({ forbidden }) => forbidden.length > 0)
}

async function read(played: Played, isEnough: (reading: Reading) => boolean): Promise<Reading> {
  const reading: Reading = { traces: 0, forbidden: [] }
  const hear = (permutation: Permutation, trace: Trace): void => {
    const oracle = oracleOf(permutation, played.adapter.pics)
    const judged = pronounce(oracle, trace)
    reading.traces++
    if (judged) reading.forbidden.push({ ...judged, permutation: permutation.name })
  }
  await eachTrace(played, hear, () => isEnough(reading))
  return reading
}
