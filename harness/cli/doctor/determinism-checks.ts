// Checks of determinism: the same world with the same seed gives the same answers, octet for octet.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import { quote } from '../../../adapters/process/lines.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
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
]

const seed = 20_260_101

function repeated(run: (patient: Patient, greeting: Greeting) => Promise<Outcome>): Check['run'] {
  return greeted((patient, greeting) =>
    greeting.pics.clock === 'virtual' ? run(patient, greeting) : unasked('what runs on its own varies'),
  )
}

function opened(patient: Patient, greeting: Greeting): Promise<VirtualWorld> {
  return openVirtual(patient, greeting, { seed })
}

/** All answers of a whole exchange. */
async function answersOf(world: VirtualWorld, greeting: Greeting): Promise<string[]> {
  const [name = 'emp'] = interfacesOf(greeting)
  await beginExchange(world, name)
  await world.settle()
  return [...world.answers]
}

function compare([first = [], second = []]: readonly (readonly string[])[], words: string): Outcome {
  const place = first.findIndex((answer, i) => answer !== second[i])
  if (place < 0 && first.length === second.length) return right
  const [one, other] = [first[place], second[place]].map((answer) => quote(answer ?? 'nothing'))
  return wrong(`answer ${place + 1} of ${words} is ${other ?? ''}, where it was ${one ?? ''}`)
}
