// Drives an opened world to the end of its script, by virtual time or by a real clock, and says what went wrong on the way.
import type { RunEnding } from '../judge/verdict/ending.ts'
import { AdapterFailure, type FarHosts } from '../subject/adapter.ts'
import { namedMessageOf, stackOf } from '../subject/thrown.ts'
import type { Turn, TurnAnswer } from '../subject/turn.ts'
import type { NodeIndex } from '../../spec/vocabulary/units.ts'
import type { Standstill } from './standstill.ts'
import type { OpenWorld } from './worlds.ts'

/** Calls went ahead that were not due: nothing of this run counts. */
export interface Misled {
  readonly kind: 'misled'
  readonly operation: string
}

/** Advances the world to the script's end; what went wrong on the way, if anything. */
export async function drive({ world, elsewhere }: OpenWorld, clock: Clock): Promise<RunEnding | Misled | undefined> {
  const live = elsewhere?.kind === 'live' ? elsewhere.far : undefined
  const begun = clock()
  let exchanges = 0
  let told = 0
  const pass = (): void => {
    // Instants are whole nanoseconds, also where a clock is finer.
    if (live) world.horizon = Math.floor(clock() - begun)
  }
  for (;;) {
    pass()
    const standstill = world.advance()
    const node = standstill.kind === 'exchange' ? (standstill.turns[0]?.endpoint ?? -1) : -1
    try {
      switch (standstill.kind) {
        case 'exchange':
          if (++exchanges > exchangesMax) return restless
          world.resume(await exchanged(standstill.turns, elsewhere))
          break
        case 'wait':
          if (!live) throw new Error('virtual time waits for nobody')
          for (const { endpoint, output } of await live.hear(standstill.until - world.now)) {
            pass()
            if (++told > toldMax) return tireless
            world.told(endpoint, output)
          }
          break
        default:
          return endingAt(standstill)
      }
    } catch (thrown) {
      if (!(thrown instanceof AdapterFailure)) throw thrown
      return endingOf(thrown, node)
    }
  }
}

const restless = {
  kind: 'flood',
  message: 'an endpoint never came to rest: does a deadline stay armed that has come, or move on and on?',
} as const

/** The most exchanges of one run with another process: some minutes of a fast one, and far more than any case needs. */
const exchangesMax = 500_000

const tireless = {
  kind: 'flood',
  message: 'by a clock of its own an endpoint told one thing after another without end: does it never come to rest?',
} as const

/** The most that is told in one run by a real clock: what can be taken is some thousand a second, and cases need thousands at most. */
export const toldMax = 100_000

/** Nanoseconds of a monotonic clock. */
export type Clock = () => number

/** What comes back at once: from endpoints with a clock of their own that is nothing, they tell it when it happens. */
async function exchanged(turns: readonly Turn[], elsewhere: FarHosts | undefined): Promise<readonly TurnAnswer[]> {
  if (!elsewhere) throw new Error('a host is remote and nobody can be asked')
  if (elsewhere.kind === 'remote') return elsewhere.far.exchange(turns)
  const live = elsewhere.far
  // Calls of a race are handed over together; whatever else there is comes one by one.
  await Promise.all(turns.flatMap(({ endpoint, inputs }) => inputs.map((input) => live.give(endpoint, input))))
  return turns.map(() => nothingYet)
}

const nothingYet: TurnAnswer = { outputs: [], wakeAt: null }

function endingAt(standstill: Exclude<Standstill, { kind: 'exchange' | 'wait' }>): RunEnding | Misled | undefined {
  switch (standstill.kind) {
    case 'finished':
      return undefined
    case 'misled':
      return standstill
    case 'crash':
      return {
        kind: 'crash',
        node: standstill.node,
        message: namedMessageOf(standstill.thrown),
        stack: stackOf(standstill.thrown),
      }
    case 'flood':
      return restless
    case 'stuck':
      throw new Error('nothing will ever happen again, and the case still waits')
  }
}

/** What a rejected promise of an adapter means. */
export function endingOf(thrown: unknown, node: NodeIndex): RunEnding {
  if (!(thrown instanceof AdapterFailure))
    return { kind: 'crash', node, message: namedMessageOf(thrown), stack: stackOf(thrown) }
  const { message, stderr, incident } = thrown
  switch (thrown.trouble) {
    case 'start':
    case 'crash':
      return { kind: 'crash', node, message, stderr, incident }
    case 'hang':
      return { kind: 'hang', node, message, stderr, incident }
    case 'protocol':
      return { kind: 'protocol', node, message, stderr, incident }
  }
}
