// Checks of the clock: an implementation that is told the time has no other, and one that is not has one that runs.
import { setTimeout } from 'node:timers/promises'
import type { Greeting } from '../../../adapters/process/protocol.ts'
import type { InterfaceName } from '../../../spec/vocabulary/endpoint.ts'
import {
  formatDuration,
  millisecond,
  type Duration,
  type Instant,
  type NodeIndex,
} from '../../../spec/vocabulary/units.ts'
import type { TurnAnswer } from '../../subject/turn.ts'
import { greeted, right, unasked, wrong, type Check, type Outcome } from './check.ts'
import { interfacesOf, openLive, openVirtual } from './open-world.ts'
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
    name: 'served-deadline',
    words: 'a deadline that has come is served by its wake, and another lies in the future',
    advice: 'At a wake do all that is due by now, and then say when the next deadline is, or that there is none.',
    needs: ['told-time'],
    run: virtual(checkServed),
  },
  {
    name: 'passing-time',
    words: 'time gets on from one deadline to the next, or none is left',
    advice:
      'Reckon a deadline when its timer is started, and let it stand until it comes or is needed no more: one that is reckoned anew at each turn moves on and on. Where nothing is waited for, give wakeAt as null.',
    needs: ['served-deadline'],
    run: virtual(checkPassing),
  },
  {
    name: 'idle-wake',
    words: 'a wake without a deadline does no harm',
    advice: 'Ignore a wake when no deadline has come.',
    run: virtual(checkIdleWake),
  },
  {
    name: 'own-clock',
    words: 'its clock counts nanoseconds, and never goes back',
    advice: 'Give as `at` the nanoseconds of one monotonic clock, the same for all endpoints.',
    run: real(checkOwnClock),
  },
  {
    name: 'threads',
    words: 'a call that waits holds up no call of another thread',
    advice: 'Let each call that may block run on a thread of its own.',
    run: real(checkThreads),
  },
]

function virtual(run: (patient: Patient, greeting: Greeting) => Promise<Outcome>): Check['run'] {
  return greeted((patient, greeting) =>
    greeting.pics.clock === 'virtual' ? run(patient, greeting) : unasked('it goes by a clock of its own'),
  )
}

function real(run: (patient: Patient, greeting: Greeting) => Promise<Outcome>): Check['run'] {
  return greeted((patient, greeting) =>
    greeting.pics.clock === 'real' ? run(patient, greeting) : unasked('it is told the time'),
  )
}

/** Far from the beginning, and no round number of anything. */
const late: Instant = 5_000_000_019

/** A world in which left has just sent, at a late instant, while nothing has arrived: over this interface, or the first. */
async function sentLate(patient: Patient, greeting: Greeting, wished?: InterfaceName): Promise<VirtualWorld> {
  const name = wished ?? interfacesOf(greeting)[0] ?? 'emp'
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

/** Wakes at one instant that are enough to see that it will never be over. */
const wakesMax = 100

/** Nothing answers what left sent, so that a deadline comes. What is done then may differ; only that it has come is known. */
async function checkServed(patient: Patient, greeting: Greeting): Promise<Outcome> {
  const over = interfacesOf(greeting).find((each) => each === 'emp')
  const world = await sentLate(patient, greeting, over)
  let isAsked = false
  for (const node of [0, 1]) {
    const { wakeAt } = await world.turn(node, [])
    if (wakeAt === null) continue
    isAsked = true
    world.now = Math.max(world.now, wakeAt)
    if (!(await isServed(world, node)))
      return wrong(
        `its deadline came at ${formatDuration(world.now)}, and after ${wakesMax} wakes then it is not past it`,
      )
  }
  return isAsked ? right : undue(world, over)
}

/** Who has sent over EMP and is not answered sends again, at a deadline; over what else there is, that is the provider's. */
function undue({ deeds }: VirtualWorld, over: 'emp' | undefined): Outcome {
  const hasSent = deeds.some(({ node, output }) => node === 0 && output.kind === 'frame')
  if (!over || !hasSent) return unasked('it told no deadline, though nothing was answered')
  return {
    kind: 'wrong',
    seen: 'left sent a frame over emp which nothing answered, and told no deadline by which it sends that again',
    advice:
      'Give as wakeAt of each turn when the earliest timer is due, that of a retransmission too: else nothing wakes it.',
  }
}

async function isServed(world: VirtualWorld, node: NodeIndex): Promise<boolean> {
  for (let wakes = 0; wakes < wakesMax; wakes++) {
    const { wakeAt } = await world.turn(node, [{ kind: 'wake' }])
    if (wakeAt === null || wakeAt > world.now) return true
  }
  return false
}

/** Deadlines that are enough to see how far they take time. */
const deadlinesMax = 1000
/** The least that lies between them on average: with less, a case that waits for 5 s ends as one that never comes to rest. */
const paceLeast: Duration = 0.01 * millisecond

/** Whatever was begun is over, or is given up, or waits for long: with or without an answer from the other side. */
async function checkPassing(patient: Patient, greeting: Greeting): Promise<Outcome> {
  for (const name of interfacesOf(greeting)) {
    for (const isAnswered of [false, true]) {
      const world = await sentLate(patient, greeting, name)
      if (isAnswered) await world.settle()
      const crept = await creeping(world)
      if (crept !== undefined) return wrong(`after left ${isAnswered ? 'was answered' : 'sent'} over ${name}, ${crept}`)
    }
  }
  return right
}

/** Lets deadlines come, and nothing else; in words, that they hardly took time further. Undefined if they did, or ended. */
async function creeping(world: VirtualWorld): Promise<string | undefined> {
  const begun = world.now
  for (let deadlines = 0; deadlines < deadlinesMax; deadlines++) if (!(await world.pass())) return undefined
  const passed = world.now - begun
  if (passed >= deadlinesMax * paceLeast) return undefined
  return `${deadlinesMax} deadlines came within ${formatDuration(passed)}, and there is yet another`
}

async function checkIdleWake(patient: Patient, greeting: Greeting): Promise<Outcome> {
  const world = await openVirtual(patient, greeting)
  const { outputs } = await world.turn(0, [{ kind: 'wake' }])
  return outputs.length === 0 ? right : wrong(`woken in a fresh world, it did ${wordsOf({ outputs, wakeAt: null })}`)
}

/** How long lies between two looks at its clock, in milliseconds. */
const between = 20

async function checkOwnClock(patient: Patient, greeting: Greeting): Promise<Outcome> {
  const world = await openLive(patient, greeting)
  const look = (): Promise<Instant> => world.give(0, { kind: 'call', id: ++lastLook, thread: 0, operation: 'probe' })
  let lastLook = 0
  const began = performance.now()
  const first = await look()
  await setTimeout(between)
  const second = await look()
  const passed = (performance.now() - began) * millisecond
  if (second < first) return wrong(`it went back, from ${first} to ${second}`)
  const counted = second - first
  // What lies between is more than the pause, and less than all that passed here.
  if (counted >= (between / 2) * millisecond && counted <= 2 * passed) return right
  return wrong(`it counted ${counted} while ${Math.round(passed)} nanoseconds passed`)
}

/** A receive that nothing is sent to is waited for, while the main thread goes on. */
async function checkThreads(patient: Patient, greeting: Greeting): Promise<Outcome> {
  if (!greeting.pics.interfaces.includes('emp')) return unasked('it does not offer emp')
  const world = await openLive(patient, greeting, { interface: 'emp' })
  await world.call(0, { operation: 'memory.allocate', as: 'rx', bytes: 8, align: 8, offset: 0, ...plain })
  const pieces = [{ buffer: 'rx', offset: 0, bytes: 8 }]
  const posted = await world.call(0, { operation: 'emp.irecv', as: 'r', from: 1, tag: 1, pieces })
  if (posted?.status === 'unsupported') return unasked('emp.irecv is not supported yet')
  await world.call(0, { operation: 'emp.wait', request: 'r' }, { thread: 1, waits: true })
  const answer = await world.call(0, { operation: 'memory.digest', at: pieces[0] })
  return answer?.status === 'ok'
    ? right
    : wrong('while emp.wait was open on thread 1, memory.digest on thread 0 did not return')
}

const plain = { fill: { kind: 'const', seed: 0 }, guard: 0, locked: true }

function wordsOf({ outputs }: TurnAnswer): string {
  return outputs.map(({ kind }) => kind).join(', ')
}
