// Checks of determinism: the same world with the same seed gives the same answers, octet for octet.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { differenceOf } from './difference.ts'
import { interfacesOf, openVirtual } from './open-world.ts'
import type { Patient } from './patient.ts'
import { beginExchange } from './traffic.ts'
import type { VirtualWorld } from './virtual-world.ts'

export const determinismChecks: readonly Check[] = [
  {
    name: 'same-world',
    words: 'the same world with the same seed gives the same answers, octet for octet',
    advice: 'Draw whatever varies from the seed of open: no clock, no random numbers, no addresses of this process.',
    run: repeated(async (patient, greeting) => {
      const answers: string[][] = []
      for (let time = 0; time < 2; time++) answers.push(await answersOf(await opened(patient, greeting), greeting))
      return compare(answers, 'the world opened again')
    }),
  },
  {
    name: 'reset',
    words: 'after reset the world is as it was after open with that seed',
    advice: 'Let reset forget all: buffers, requests, counters, deadlines, numbers of messages.',
    needs: ['same-world'],
    run: repeated(async (patient, greeting) => {
      const world = await opened(patient, greeting)
      const before = await answersOf(world, greeting)
      await world.reset(seed)
      return compare([before, await answersOf(world, greeting)], 'the world after reset')
    }),
  },
  {
    name: 'several-worlds',
    words: 'worlds that are open at once share nothing: each answers as it does alone, octet for octet',
    advice:
      'Let all that a world knows hang on its endpoints, and reset and open be of the world that they name; or leave "worlds" out.',
    needs: ['same-world'],
    run: repeated((patient, greeting) =>
      greeting.worlds === 1 ? Promise.resolve(unasked('it hosts one world at a time')) : sideBySide(patient, greeting),
    ),
  },
]

const seed = 20_260_101

/** A world alone, then beside another in which the same happens, turn by turn, and which begins anew in between. */
async function sideBySide(patient: Patient, greeting: Greeting): Promise<Outcome> {
  const alone = await answersOf(await opened(patient, greeting), greeting)
  for (const number of new Set([1, greeting.worlds - 1])) {
    const worlds = [await opened(patient, greeting), await opened(patient, greeting, number)] as const
    const [first, second] = await Promise.all(worlds.map((world) => answersOf(world, greeting)))
    const beside = compare([alone, first ?? []], `world 0 beside world ${number}`)
    if (beside.kind === 'wrong') return beside
    const other = compare([alone, second ?? []], `world ${number} beside world 0`)
    if (other.kind === 'wrong') return other
    const interrupted = await interruptedBy(worlds, greeting)
    const through = compare([alone, interrupted], `world 0, with a reset of world ${number} in the middle,`)
    if (through.kind === 'wrong') return through
  }
  return right
}

/** The answers of the first world, which goes on while the second is reset. */
async function interruptedBy(
  [first, second]: readonly [VirtualWorld, VirtualWorld],
  greeting: Greeting,
): Promise<string[]> {
  await first.reset(seed)
  await begin(first, greeting)
  await second.reset(seed)
  await first.settle()
  return [...first.answers]
}

function repeated(run: (patient: Patient, greeting: Greeting) => Promise<Outcome>): Check['run'] {
  return greeted((patient, greeting) =>
    greeting.pics.clock === 'virtual' ? run(patient, greeting) : unasked('what runs on its own varies'),
  )
}

function opened(patient: Patient, greeting: Greeting, world = 0): Promise<VirtualWorld> {
  return openVirtual(patient, greeting, { seed, world })
}

/** All answers of a whole exchange. */
async function answersOf(world: VirtualWorld, greeting: Greeting): Promise<string[]> {
  await begin(world, greeting)
  await world.settle()
  return [...world.answers]
}

async function begin(world: VirtualWorld, greeting: Greeting): Promise<void> {
  const [name = 'emp'] = interfacesOf(greeting)
  await beginExchange(world, name)
}

function compare([first = [], second = []]: readonly (readonly string[])[], words: string): Outcome {
  const place = first.findIndex((answer, i) => answer !== second[i])
  if (place < 0 && first.length === second.length) return right
  const [before, now] = [first[place], second[place]]
  if (before === undefined || now === undefined)
    return wrong(`${words} gives ${counted(second.length, 'answer')}, where there were ${first.length}`)
  return wrong(`in answer ${place + 1} of ${words} ${differenceOf(now, before)}`)
}
