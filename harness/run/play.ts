// Plays one permutation once, in one order, and says how the run ended; the trace holds the rest.
import { writePattern } from '../../spec/vocabulary/memory.ts'
import type { Duration, NodeIndex } from '../../spec/vocabulary/units.ts'
import { macOf } from '../fabric/address.ts'
import { buildFrame } from '../judge/frames/frame-building.ts'
import { classifier } from '../judge/frames/dissect.ts'
import type { RunEnding } from '../judge/verdict/ending.ts'
import { closingQuestionsOf } from '../judge/questions/closing-questions.ts'
import { SightingWatch } from '../judge/sightings/sighting-watch.ts'
import type { CraftStep, Permutation } from '../plan/permutation.ts'
import { opaqueWire, type WireLayout } from '../plan/layout.ts'
import { onceFor } from '../plan/once-for.ts'
import { namedMessageOf, stackOf } from '../subject/thrown.ts'
import { drive, endingOf, type Clock, type Misled } from './drive.ts'
import type { Schedule } from './schedule.ts'
import { callWithinMax, Steps, type StepTools } from './steps.ts'
import type { World } from './world.ts'
import { HostFailure, type OpenWorld, type Worlds } from './worlds.ts'

/** One run that has ended. Without a world nothing was run, and nothing was recorded. */
export interface Played {
  readonly ending: RunEnding
  readonly world: World | undefined
}

export interface PlayOptions {
  readonly worlds: Worlds
  readonly layout: WireLayout
  /** Given: internal activities are stepped, and it chooses from the first race on, or from the first step on if there is none. */
  readonly schedule: Schedule | undefined
  readonly stepped: boolean
  readonly clock: Clock
  /** By a real clock: how long a call that a step awaits may stay open, beside the time that it is told to wait itself. */
  readonly callWithin: Duration
  /** By a real clock: see StepTools. */
  readonly spread?: StepTools['spread']
}

export async function play(permutation: Permutation, options: PlayOptions): Promise<Played> {
  const { worlds, stepped } = options
  let foresees = true
  for (;;) {
    let open: OpenWorld
    try {
      open = await worlds.take(permutation, stepped)
    } catch (thrown) {
      const ending = thrown instanceof HostFailure ? endingOf(thrown.cause, thrown.node) : ourFault(thrown)
      return { ending, world: undefined }
    }
    const ending = await playIn(open, permutation, { foresees, ...options })
    // Endpoints are told everything, so the run can be made again; and each operation misleads but once.
    if (ending.kind === 'misled') {
      foresees = worlds.returnsAtOnce(ending.operation)
      worlds.sawWaiting(ending.operation)
      continue
    }
    // A world that ended badly may hold anything: the next case gets a fresh one.
    if (ending.kind !== 'finished') await worlds.discard(open)
    return { ending, world: open.world }
  }
}

async function playIn(
  open: OpenWorld,
  permutation: Permutation,
  options: PlayOptions & { readonly foresees: boolean },
): Promise<RunEnding | Misled> {
  const { world, elsewhere } = open
  const isLive = elsewhere?.kind === 'live'
  try {
    const steps = new Steps(permutation, {
      returnsAtOnce: (operation) => options.worlds.returnsAtOnce(operation),
      build: (step) => crafted(step, options.layout),
      watch: (sighting) => new SightingWatch(sighting, permutation, readingOf(permutation, options.layout)),
      closingQuestions: closingQuestionsOf(permutation),
      schedule: options.schedule,
      callWithin: isLive ? options.callWithin : callWithinMax,
      spread: isLive ? options.spread : undefined,
    })
    const { link, faults, weather, seed } = permutation
    const foresees = options.foresees && elsewhere?.kind === 'remote'
    world.begin(
      { link, faults, weather, seed, classify: classifier(options.layout), foresees, realClock: isLive },
      steps,
    )
    const failed = await drive(open, options.clock)
    if (failed) return failed
    // What goes by a clock of its own does not tell its deadlines.
    for (let node = 0; node < (isLive ? 0 : world.hosts); node++)
      world.trace.mark('deadline', node, world.wakeAt(node) ?? -1, world.now)
    if (steps.unmet) return { kind: 'unmet', ...steps.unmet }
    return steps.timeout ? { kind: 'timeout', ...steps.timeout } : { kind: 'finished' }
  } catch (thrown) {
    return ourFault(thrown)
  }
}

function ourFault(thrown: unknown): RunEnding {
  return { kind: 'harness-error', message: namedMessageOf(thrown), stack: stackOf(thrown) }
}

/** What the judge needs to read the frames of a permutation's trace. */
export function readingOf(
  permutation: Permutation,
  layout: WireLayout,
): { layout: WireLayout; macs: readonly string[] } {
  return { layout, macs: macsOf(permutation.hosts) }
}

const macsOf: (hosts: Permutation['hosts']) => readonly string[] = onceFor((hosts) =>
  hosts.map((_, node) => macOf(node)),
)

function crafted(step: CraftStep, layout: WireLayout): Uint8Array {
  const { pattern, position, bytes } = step.payload
  const payload = new Uint8Array(bytes)
  writePattern(pattern, payload, { from: 0, to: bytes, position })
  const fields = { sender: step.from, ...step.fields }
  // A frame of another protocol has an Ethernet header, and the rest is its own affair.
  const { ethertype } = step
  return buildFrame(ethertype === undefined ? layout : { ...opaqueWire, ethertype }, fields, {
    source: addressOf(step.source ?? step.from),
    destination: addressOf(step.destination ?? step.to),
    payload,
  })
}

function addressOf(host: string | NodeIndex): string {
  return typeof host === 'string' ? host : macOf(host)
}
