// Checks of options of EMP by which something can be named or set: what is set in a world has to show in it.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import type { Return } from '../../../spec/vocabulary/calls.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import type { Configuration } from '../../../spec/vocabulary/endpoint.ts'
import { formatDuration, millisecond } from '../../../spec/vocabulary/units.ts'
import { configure } from '../../subject/pics.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { openVirtual, openWorld } from './open-world.ts'
import type { Patient } from './patient.ts'
import { beginExchange, exchangeWith, makeCalls, messageOctets, receive, receiveBuffer } from './traffic.ts'

export const settableChecks: readonly Check[] = [
  {
    name: 'emp.wildcards',
    words: 'a receive for any node and tag takes a message where emp.wildcards is declared',
    advice: `Declare the option emp.wildcards only if ${empAny} as from or tag of emp.irecv means any.`,
    run: declared('emp.wildcards', checkWildcards),
  },
  {
    name: 'emp.retry-limit',
    words: 'a send that nothing answers fails where emp.retry-limit is declared and emp.retries is set to 1',
    advice:
      'Declare the option emp.retry-limit only if a send fails after as many retransmissions as emp.retries in the configuration of open.',
    run: setTo('emp.retry-limit', { 'emp.retries': 1 }, lookAtRetries),
  },
  {
    name: 'emp.slow-translation',
    words: 'a posting waits for its page where emp.slow-translation is declared and emp.translation is set',
    advice:
      'Declare the option emp.slow-translation only if a posting takes, for each page, the time that emp.translation has in the configuration of open.',
    run: setTo('emp.slow-translation', { 'emp.translation': millisecond }, lookAtTranslation),
  },
  {
    name: 'emp.word-writes',
    words: 'a posting takes more activities where emp.word-writes is declared and emp.burst is set to 1',
    advice:
      'Declare the option emp.word-writes only if, stepped, other activities may go after each emp.burst words of a descriptor, as open has it.',
    run: setTo('emp.word-writes', { 'emp.burst': 1 }, lookAtWords),
  },
]

type Run = (patient: Patient, greeting: Greeting) => Outcome | Promise<Outcome>
type Look = (patient: Patient, greeting: Greeting, configuration: Configuration) => Promise<Outcome>

/** A check of what an option of EMP promises, where that is declared. */
function declared(option: string, run: Run): Check['run'] {
  return greeted((patient, greeting) => {
    const { interfaces, options } = greeting.pics
    if (!interfaces.includes('emp')) return unasked('it does not offer emp')
    return options[option] === true ? run(patient, greeting) : unasked('it is not declared')
  })
}

/** A check of an option that says that a value can be set, which needs a clock that is told the time. */
function setTo(option: string, wanted: Configuration, look: Look): Check['run'] {
  return declared(option, (patient, greeting) => {
    const configured = configure(greeting.pics, wanted)
    if ('refused' in configured) {
      const advice = `Give the value a range in the greeting ("settable"), or leave the option ${option} out.`
      return { kind: 'wrong', seen: refusal(greeting, wanted), advice }
    }
    return greeting.pics.clock === 'virtual'
      ? look(patient, greeting, wanted)
      : unasked('it goes by a clock of its own')
  })
}

function refusal({ pics }: Greeting, wanted: Configuration): string {
  return Object.entries(wanted)
    .map(([key, value]) => {
      const { settable } = pics.values[key] ?? {}
      return `${key} ${settable ? `can be set from ${settable.least} to ${settable.most} only` : 'cannot be set'}, ${value} was due`
    })
    .join('; ')
}

async function checkWildcards(patient: Patient, greeting: Greeting): Promise<Outcome> {
  const world = await openWorld(patient, greeting, { interface: 'emp' })
  const hindrance = await makeCalls(world, exchangeWith(receive(empAny, empAny)))
  if (hindrance) return wrong(`for any node and tag ${hindrance.words}`)
  await world.settle()
  const answer = await world.call(1, { operation: 'emp.test', request: 'r' })
  if (answer?.completions?.[0]?.bytes === messageOctets) return right
  return wrong(`when the message for it had come, emp.test ${returned(answer)}`)
}

/** Deadlines that are enough for a peer to be given up that is given one more chance. */
const deadlinesMax = 100

/** What is sent reaches nobody. */
async function lookAtRetries(patient: Patient, greeting: Greeting, configuration: Configuration): Promise<Outcome> {
  const world = await openVirtual(patient, greeting, { interface: 'emp', configuration })
  const hindrance = await beginExchange(world, 'emp')
  if (hindrance) return unasked(hindrance.words)
  for (let deadlines = 0; deadlines < deadlinesMax; deadlines++) if (!(await world.pass())) break
  const answer = await world.call(0, { operation: 'emp.test', request: 's' })
  if (answer?.completions?.[0]?.outcome === 'failed') return right
  return wrong(`${formatDuration(world.now)} after a send that nothing answered, emp.test ${returned(answer)}`)
}

/** The receive lies in one page. */
async function lookAtTranslation(patient: Patient, greeting: Greeting, configuration: Configuration): Promise<Outcome> {
  const world = await openVirtual(patient, greeting, { interface: 'emp', configuration })
  const hindrance = await makeCalls(world, [receiveBuffer])
  if (hindrance) return unasked(hindrance.words)
  const { node, body } = receive()
  const early = await world.call(node, body)
  if (early?.status === 'unsupported') return unasked('emp.irecv is not supported yet')
  if (early) return wrong(`emp.irecv ${returned(early)} at once`)
  const told = world.deeds.length
  await world.pass()
  const late = world.deeds.slice(told).find(({ output }) => output.kind === 'return')
  return late ? right : wrong(`emp.irecv did not return at once, and ${formatDuration(world.now)} later neither`)
}

/** With as many words at once as can be set, and with one. */
async function lookAtWords(patient: Patient, greeting: Greeting, configuration: Configuration): Promise<Outcome> {
  if (greeting.pics.options['stepped'] !== true) return unasked('it shows only in a stepped world')
  const most = greeting.pics.values['emp.burst']?.settable?.most ?? 1
  const few = await activitiesOfPosting(patient, greeting, { 'emp.burst': most })
  const many = await activitiesOfPosting(patient, greeting, configuration)
  if (many > few) return right
  return wrong(`a receive took ${many === 1 ? '1 activity' : `${many} activities`}, as with emp.burst ${most}`)
}

/** Activities that are enough for one posting, word by word. */
const activitiesMax = 200

/** How many go until a receive is posted and all is quiet. */
async function activitiesOfPosting(
  patient: Patient,
  greeting: Greeting,
  configuration: Configuration,
): Promise<number> {
  const world = await openVirtual(patient, greeting, { interface: 'emp', stepped: true, configuration })
  for (const { node, body } of [receiveBuffer, receive()]) await world.call(node, body)
  for (let activities = 0; activities < activitiesMax; activities++) {
    const { runnable: [activity] = [] } = await world.turn(1, [])
    if (activity === undefined) return activities
    await world.turn(1, [{ kind: 'run', activity }])
  }
  return activitiesMax
}

function returned(answer: Return | undefined): string {
  return answer ? `returned ${JSON.stringify(answer)}` : 'did not return at once'
}
