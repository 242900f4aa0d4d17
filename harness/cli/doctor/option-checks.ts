// Checks of options: what is declared is there, and what is not is refused cleanly.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import type { Return } from '../../../spec/vocabulary/calls.ts'
import { counted } from '../../../spec/vocabulary/units.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { interfacesOf, openVirtual, openWorld } from './open-world.ts'
import type { Patient } from './patient.ts'
import { beginExchange } from './traffic.ts'
import type { CallMembers } from './world.ts'

export const optionChecks: readonly Check[] = [
  asDeclared('emp.counters', { operation: 'emp.counters' }),
  asDeclared('emp.descriptors', { operation: 'emp.descriptor', request: 's' }),
  asDeclared('emp.mpi', { operation: 'emp.testall', requests: ['s'] }, ['ok', 'pending']),
  // A send cannot be cancelled, which is an answer as well.
  asDeclared('emp.cancel', { operation: 'emp.cancel', request: 's' }, ['invalid']),
  asDeclared('emp.probe', { operation: 'emp.probe', from: 0, tag: 9 }, ['ok', 'pending']),
  {
    name: 'emp.completion-events',
    needs: ['wire'],
    words: 'completions are told unasked where emp.completion-events is declared, and only there',
    advice:
      'Tell an event for each descriptor that is handed back if the option emp.completion-events is declared, and none otherwise.',
    run: ofEmp(async (patient, greeting) => {
      const world = await openWorld(patient, greeting, { interface: 'emp' })
      const hindrance = await beginExchange(world, 'emp')
      if (hindrance) return unasked(hindrance.words)
      await world.settle()
      const told = world.deeds.filter(({ output }) => output.kind === 'event').length
      const isRight = greeting.pics.options['emp.completion-events'] === true ? told > 0 : told === 0
      if (isRight) return right
      const received = told === 0 ? await world.call(1, { operation: 'emp.test', request: 'r' }) : undefined
      if (received?.status === 'pending') return unfinished
      return wrong(`${counted(told, 'event')} of an exchange`)
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

/** What had not come to an end is not told to have. */
const unfinished: Outcome = {
  kind: 'wrong',
  seen: 'no event of an exchange, and its receive is still pending when all is quiet: the message did not get through',
  advice: 'Find out first why it does not get through here; what else failed above may be the reason.',
}

/** A check that a call of an option is answered where that is declared, and refused, not merely without effect, where not. */
function asDeclared(option: string, call: CallMembers, answered: readonly string[] = ['ok']): Check {
  return {
    name: option,
    words: `${call.operation} is answered where ${option} is declared, and refused as unsupported where it is not`,
    advice: `Declare the option ${option} if ${call.operation} is answered; if not, return its status unsupported.`,
    run: ofEmp(async (patient, greeting) => {
      const world = await openWorld(patient, greeting, { interface: 'emp' })
      const hindrance = await beginExchange(world, 'emp')
      const isDeclared = greeting.pics.options[option] === true
      if (isDeclared && hindrance) return unasked(hindrance.words)
      const answer = await world.call(0, call)
      const wanted = isDeclared ? answered : ['unsupported']
      return answer && wanted.includes(answer.status) ? right : wrong(returnWords(answer))
    }),
  }
}

/** A check of an adapter that offers EMP. */
function ofEmp(run: (patient: Patient, greeting: Greeting) => Promise<Outcome>): Check['run'] {
  return greeted((patient, greeting) =>
    greeting.pics.interfaces.includes('emp') ? run(patient, greeting) : unasked('it does not offer emp'),
  )
}

function returnWords(answer: Return | undefined): string {
  return answer ? `it returned ${JSON.stringify(answer)}` : 'it did not return at once'
}
