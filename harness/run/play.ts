// Plays one permutation once, in one order, and says how the run ended; the trace holds the rest.
import { writePattern } from '../../spec/vocabulary/memory.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import { macOf } from '../fabric/address.ts'
import { build } from '../judge/build.ts'
import { classifier } from '../judge/dissect.ts'
import type { RunEnding } from '../judge/ending.ts'
import { observationsFor } from '../judge/observe.ts'
import { SightingWatch } from '../judge/sighting-watch.ts'
import type { CraftStep, Permutation } from '../plan/case.ts'
import type { WireLayout } from '../plan/layout.ts'
import { AdapterFailure } from '../subject/adapter.ts'
import type { Schedule } from './schedule.ts'
import { Steps } from './steps.ts'
import type { Progress, World } from './world.ts'
import type { OpenWorld, Worlds } from './worlds.ts'

/** One run that has ended. Without a world nothing was run, and nothing was recorded. */
export interface Played {
  readonly ending: RunEnding
  readonly world: World | undefined
}

export interface PlayOptions {
  readonly worlds: Worlds
  readonly layout: WireLayout
  /** Given: internal activities are stepped, and it chooses from the first race on. */
  readonly schedule: Schedule | undefined
  readonly stepped: boolean
}

export async function play(permutation: Permutation, options: PlayOptions): Promise<Played> {
  const { worlds, stepped } = options
  let foresees = true
  for (;;) {
    let open: OpenWorld
    try {
      open = await worlds.take(permutation, stepped)
    } catch (thrown) {
      return { ending: endingOf(thrown, -1), world: undefined }
    }
    const ending = await playIn(open, permutation, { ...options, foresees })
    // Endpoints are told everything, so the run can be made again; and each operation misleads but once.
    if (ending.kind === 'misled') {
      foresees = !worlds.waiting.has(ending.operation)
      worlds.waiting.add(ending.operation)
      continue
    }
    // A world that ended badly may hold anything: the next case gets a fresh one.
    if (ending.kind !== 'finished') await worlds.discard(open)
    return { ending, world: open.world }
  }
}

/** Calls went ahead that were not due: nothing of this run counts. */
interface Misled {
  readonly kind: 'misled'
  readonly operation: string
}

async function playIn(
  open: OpenWorld,
  permutation: Permutation,
  options: PlayOptions & { readonly foresees: boolean },
): Promise<RunEnding | Misled> {
  const { world, far } = open
  try {
    const steps = new Steps(permutation, {
      returnsAtOnce: (operation) => !options.worlds.waiting.has(operation),
      build: (step) => crafted(step, options.layout),
      watch: (sighting) => new SightingWatch(sighting, permutation, readingOf(permutation, options.layout)),
      observations: observationsFor(permutation),
      schedule: options.schedule,
    })
    const { link, faults, weather, seed } = permutation
    const foresees = options.foresees && far.size > 0
    world.begin({ link, faults, weather, seed, classify: classifier(options.layout), foresees }, steps)
    const failed = await drive(open)
    if (failed) return failed
    for (let node = 0; node < world.hosts; node++)
      world.trace.mark('deadline', node, world.wakeAt(node) ?? -1, world.now)
    if (steps.unmet) return { kind: 'unmet', ...steps.unmet }
    return steps.timeout ? { kind: 'timeout', ...steps.timeout } : { kind: 'finished' }
  } catch (thrown) {
    return { kind: 'harness-error', message: messageOf(thrown), stack: stackOf(thrown) }
  }
}

/** Advances the world to the script's end; what went wrong on the way, if anything. */
async function drive({ world, far }: OpenWorld): Promise<RunEnding | Misled | undefined> {
  for (;;) {
    const progress = world.advance()
    if (progress.kind !== 'exchange') return endingOfProgress(progress)
    const node = progress.turns[0]?.endpoint ?? -1
    // All remote hosts of a world are hosted by one process.
    const remote = far.get(node)
    if (!remote) throw new Error(`host ${node} is remote and nobody can be asked`)
    let answers
    try {
      answers = await remote.exchange(progress.turns)
    } catch (thrown) {
      return endingOf(thrown, node)
    }
    world.resume(answers)
  }
}

function endingOfProgress(progress: Exclude<Progress, { kind: 'exchange' }>): RunEnding | Misled | undefined {
  switch (progress.kind) {
    case 'finished':
      return undefined
    case 'misled':
      return progress
    case 'crash':
      return {
        kind: 'crash',
        node: progress.node,
        message: messageOf(progress.thrown),
        stack: stackOf(progress.thrown),
      }
    case 'flood':
      return { kind: 'flood', message: 'an endpoint never came to rest' }
    case 'stuck':
      throw new Error('nothing will ever happen again, and the case still waits')
  }
}

/** What a rejected promise of an adapter means. */
function endingOf(thrown: unknown, node: NodeIndex): RunEnding {
  if (!(thrown instanceof AdapterFailure))
    return { kind: 'crash', node, message: messageOf(thrown), stack: stackOf(thrown) }
  const { message, stderr } = thrown
  switch (thrown.trouble) {
    case 'start':
    case 'crash':
      return { kind: 'crash', node, message, stderr }
    case 'hang':
      return { kind: 'hang', node, message, stderr }
    case 'protocol':
      return { kind: 'protocol', node, message, stderr }
  }
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}

export function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? '') : ''
}

/** What the judge needs to read the frames of a permutation's trace. */
export function readingOf(
  permutation: Permutation,
  layout: WireLayout,
): { layout: WireLayout; macs: readonly string[] } {
  return { layout, macs: permutation.hosts.map((_, node) => macOf(node)) }
}

function crafted(step: CraftStep, layout: WireLayout): Uint8Array {
  const { pattern, position, bytes } = step.payload
  const payload = new Uint8Array(bytes)
  writePattern(pattern, payload, { from: 0, to: bytes, position })
  const fields = { sender: step.from, ...step.fields }
  return build(layout, fields, {
    source: addressOf(step.source ?? step.from),
    destination: addressOf(step.destination ?? step.to),
    payload,
  })
}

function addressOf(host: string | NodeIndex): string {
  return typeof host === 'string' ? host : macOf(host)
}
