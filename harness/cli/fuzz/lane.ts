// One lane of a search: one thread, one adapter, one seed.
import { setImmediate } from 'node:timers/promises'
import { referenceAdapter } from '../../../adapters/reference/adapter.ts'
import type { InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import type { Focus } from '../../fuzz/focus.ts'
import { hunt, type Caught, type HuntSeen } from '../../fuzz/hunt.ts'
import { languageOf } from '../../fuzz/languages.ts'
import type { Adapter } from '../../subject/adapter.ts'
import { worldsBeside } from '../session/jobs.ts'
import type { Project } from '../project/project.ts'
import { complain } from '../terminal/terminal.ts'

/** What a lane is to do; plain data, so that it can be handed to a worker. */
export interface LanePlan {
  readonly interface: InterfaceName
  readonly seed: number
  readonly focus: Focus | undefined
  /** False: plans are drawn blindly. */
  readonly guided: boolean
  /** The most runs, and milliseconds; Infinity for no bound. */
  readonly runs: number
  readonly milliseconds: number
  /** Worlds of the adapter's process at once; as many as are of use and can be, unless given. */
  readonly worlds?: number | undefined
}

/** What a lane tells while it searches. */
export type LaneWord =
  | { readonly kind: 'seen'; readonly seen: HuntSeen }
  | { readonly kind: 'caught'; readonly caught: Caught }
  | { readonly kind: 'ended'; readonly seen: HuntSeen }

/** How often a lane tells how far it is, and lets signals through. */
const breathMilliseconds = 50

/** Runs that shrinking one failure may cost. */
const shrinkRuns = 4000

/** Searches until the plan's bound, or until it is interrupted. */
export async function searchLane(
  plan: LanePlan,
  { project, adapter, isInterrupted }: { project: Project; adapter: Adapter; isInterrupted: () => boolean },
  tell: (word: LaneWord) => void | Promise<void>,
): Promise<void> {
  const end = performance.now() + plan.milliseconds
  let breathed = performance.now()
  let seen: HuntSeen | undefined
  const { layouts, descriptor } = project
  const beside = worldsBeside(adapter, plan.worlds)
  const search = hunt(languageOf(plan.interface, layouts, adapter.pics), {
    ...plan,
    subject: {
      iut: adapter,
      reference: referenceAdapter(),
      layouts,
      descriptor,
      clock: () => performance.now() * 1_000_000,
    },
    beside,
    doubt: doubtOnce(),
    isOver: () => performance.now() >= end,
    isInterrupted,
    progress: (now) => {
      seen = now
    },
    breathe: async () => {
      if (performance.now() - breathed < breathMilliseconds) return
      if (seen) await tell({ kind: 'seen', seen })
      await setImmediate()
      breathed = performance.now()
    },
    shrinkRuns,
  })
  for (;;) {
    const next = await search.next()
    if (next.done === true) {
      await tell({ kind: 'ended', seen: next.value })
      return
    }
    // Whoever hears of it may run it on the same adapter, which has one world at a time.
    await tell({ kind: 'caught', caught: next.value })
  }
}

/** Says once that worlds seem to share something. */
function doubtOnce(): (run: number) => void {
  let isSaid = false
  return (run) => {
    if (!isSaid)
      complain(
        `Run ${run} failed beside others in one process, and not alone: do its worlds share anything? Try --worlds 1.`,
      )
    isSaid = true
  }
}
