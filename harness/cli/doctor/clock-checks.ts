// Checks of the clock: an implementation that is told the time has no other.
import type { Greeting } from '../../../adapters/process/protocol.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import { formatDuration } from '../../../spec/vocabulary/units.ts'
import type { TurnAnswer } from '../../subject/turn.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { interfacesOf, openVirtual } from './open-world.ts'
import type { Patient } from './patient.ts'
import { beginExchange } from './traffic.ts'
import type { VirtualWorld } from './virtual-world.ts'

export const clockChecks: readonly Check[] = [
  {
    name: 'told-time',
    words: 'deadlines lie in the future of the time that it is told',
    advice: 'Reckon deadlines from the member now of the turn, never from a clock of your own.',
    run: virtual(checkDeadlines),
  },
  {
    name: 'nothing-unasked',
    words: 'nothing happens unless a deadline has come or something comes in',
    advice: 'Do everything that can be done now before the answer to a turn, and the rest only at its wake.',
    run: virtual(checkQuiet),
  },
  {
    name: 'idle-wake',
    words: 'a wake without a deadline does no harm',
    advice: 'Ignore a wake when no deadline has come.',
    run: virtual(checkIdleWake),
  },
]

function virtual(run: (patient: Patient, greeting: Greeting) => Promise<Outcome>): Check['run'] {
  return greeted((patient, greeting) =>
    greeting.pics.clock === 'virtual' ? run(patient, greeting) : unasked('it goes by a clock of its own'),
  )
}

/** Far from the beginning, and no round number of anything. */
const late: Instant = 5_000_000_019

/** A world in which left has just sent, at a late instant, while nothing has arrived. */
async function sentLate(patient: Patient, greeting: Greeting): Promise<VirtualWorld> {
  const [name = 'emp'] = interfacesOf(greeting)
  const world = await openVirtual(patient, greeting, { interface: name })
  world.now = late
  await beginExchange(world, name)
  return world
}

async function checkDeadlines(patient: Patient, greeting: Greeting): Promise<Outcome> {
  const world = await sentLate(patient, greeting)
  for (const node of [0, 1]) {
    const { wakeAt } = await world.turn(node, [])
    if (wakeAt !== null && wakeAt < late)
      return wrong(`at ${formatDuration(late)} its deadline is ${formatDuration(wakeAt)}, which is past`)
  }
  return right
}

async function checkQuiet(patient: Patient, greeting: Greeting): Promise<Outcome> {
  const world = await sentLate(patient, greeting)
  for (const node of [0, 1]) {
    const again = await world.turn(node, [])
    if (again.outputs.length > 0) return wrong(`asked again at the same instant, it did ${wordsOf(again)}`)
    if (again.wakeAt === null || again.wakeAt <= world.now + 1) continue
    world.now = again.wakeAt - 1
    const before = await world.turn(node, [])
    if (before.outputs.length > 0) return wrong(`1ns before its deadline, it did ${wordsOf(before)}`)
  }
  return right
}

async function checkIdleWake(patient: Patient, greeting: Greeting): Promise<Outcome> {
  const world = await openVirtual(patient, greeting)
  const { outputs } = await world.turn(0, [{ kind: 'wake' }])
  return outputs.length === 0 ? right : wrong(`woken in a fresh world, it did ${wordsOf({ outputs, wakeAt: null })}`)
}

function wordsOf({ outputs }: TurnAnswer): string {
  return outputs.map(({ kind }) => kind).join(', ')
}
