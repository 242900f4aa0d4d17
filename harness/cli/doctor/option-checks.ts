// Checks of options: what is declared absent is refused cleanly, so that its absence is no claim about what it does.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import type { Return } from '../../../spec/vocabulary/calls.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { interfacesOf, openVirtual, openWorld } from './open-world.ts'
import type { Patient } from './patient.ts'
import { beginExchange } from './traffic.ts'
import type { CallMembers } from './world.ts'

export const optionChecks: readonly Check[] = [
  refusal('emp.counters', { operation: 'emp.counters' }),
  refusal('emp.descriptors', { operation: 'emp.descriptor', request: 's' }),
  {
    name: 'emp.completion-events',
    words: 'no completion is told unasked where emp.completion-events is absent',
    advice: 'Declare the option emp.completion-events, or tell no such event.',
    run: absent('emp.completion-events', async (patient, greeting) => {
      const world = await openWorld(patient, greeting, { interface: 'emp' })
      const hindrance = await beginExchange(world, 'emp')
      if (hindrance) return unasked(hindrance.words)
      await world.settle()
      const told = world.deeds.filter(({ output }) => output.kind === 'event').length
      return told === 0 ? right : wrong(`${told} events of an exchange`)
    }),
  },
  {
    name: 'stepped',
    words: 'what could go next is told where stepped is declared, and only there',
    advice: 'Give runnable in the answer to a turn if the world is stepped, and leave it out if it is not.',
    run: greeted(async (patient, greeting) => {
      if (greeting.pics.clock === 'real') return unasked('it goes by a clock of its own')
      const [name = 'emp'] = interfacesOf(greeting)
      const world = await openVirtual(patient, greeting, {
        interface: name,
        stepped: greeting.pics.options['stepped'] === true,
      })
      const { runnable } = await world.turn(0, [])
      if (greeting.pics.options['stepped'] === true) return runnable ? right : wrong('no runnable in a stepped world')
      return runnable ? wrong('runnable in a world that is not stepped') : right
    }),
  },
]

/** A check that a call of an option which is absent is refused, and not merely without effect. */
function refusal(option: string, call: CallMembers): Check {
  return {
    name: option,
    words: `${call.operation} is refused as unsupported where ${option} is absent`,
    advice: `Return the status unsupported for ${call.operation}, or declare the option ${option}.`,
    run: absent(option, async (patient, greeting) => {
      const world = await openWorld(patient, greeting, { interface: 'emp' })
      await beginExchange(world, 'emp')
      const answer = await world.call(0, call)
      return answer?.status === 'unsupported' ? right : wrong(returnWords(answer))
    }),
  }
}

/** An option of EMP that is not declared. */
function absent(option: string, run: (patient: Patient, greeting: Greeting) => Promise<Outcome>): Check['run'] {
  return greeted((patient, greeting) => {
    if (!greeting.pics.interfaces.includes('emp')) return unasked('it does not offer emp')
    return greeting.pics.options[option] === true ? unasked('it is declared') : run(patient, greeting)
  })
}

function returnWords(answer: Return | undefined): string {
  return answer ? `it returned ${JSON.stringify(answer)}` : 'it did not return at once'
}
