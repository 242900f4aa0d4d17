// An adapter that lives in a subprocess: starts it, greets it, and speaks turns with it.
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { AdapterFailure } from '../../harness/subject/adapter.ts'
import type { Adapter, Identity, OpenedHosts } from '../../harness/subject/adapter.ts'
import type { Pics } from '../../harness/subject/pics.ts'
import type { TurnAnswer } from '../../harness/subject/turn.ts'
import { Child } from './child.ts'
import { quote } from './lines.ts'
import { protocolVersion, readGreeting, writeHello, writeOpen, writeSeeds } from './protocol.ts'
import type { Greeting, Hello } from './protocol.ts'
import { WrongShape } from './shape.ts'
import type { Members } from './shape.ts'
import { readTurnAnswer, writeTurn } from './turn-members.ts'

export interface ProcessOptions {
  /** How long each answer may take, in milliseconds of real time; 10 000 unless said. */
  readonly answerWithin?: number
  /** How long the command may take until it has answered hello; 10 000 unless said. */
  readonly startWithin?: number
  readonly harness: Hello['harness']
}

/** How the adapter is started, with everything decided. */
interface Launch {
  readonly command: string
  readonly answerWithin: number
  readonly startWithin: number
  readonly harness: Hello['harness']
}

const withinDefault = 10_000

/**
 * Runs `command` in a shell and greets what it starts. Rejects with an `AdapterFailure`: `start`, or `protocol` if it
 * does not refuse an operation that no version of the protocol has.
 */
export async function startProcessAdapter(command: string, options: ProcessOptions): Promise<Adapter> {
  const { answerWithin = withinDefault, startWithin = withinDefault, harness } = options
  const launch = { command, answerWithin, startWithin, harness }
  const { child, greeting } = await start(launch)
  await probe(child)
  return new ProcessAdapter(launch, greeting, child)
}

class ProcessAdapter implements Adapter {
  readonly name: string
  readonly identity: Identity
  readonly pics: Pics
  readonly isReference: boolean
  private readonly launch: Launch
  private readonly greeting: Greeting
  private child: Child
  /** Counts the worlds: only the one opened last exists. */
  private world = 0

  constructor(launch: Launch, greeting: Greeting, child: Child) {
    this.launch = launch
    this.greeting = greeting
    this.child = child
    this.name = launch.command
    this.identity = greeting.identity
    this.pics = greeting.pics
    this.isReference = greeting.isReference
  }

  async open(settings: readonly EndpointSetting[]): Promise<OpenedHosts> {
    const world = ++this.world
    if (!this.child.isAlive) this.child = await this.restart()
    const { child } = this
    child.forgetStderr()
    await ask(child, { op: 'open', members: writeOpen(settings), read: ignore })
    const current = (): Child => {
      if (world !== this.world) throw new AdapterFailure('protocol', 'this world ended when another was opened')
      return child
    }
    return {
      kind: 'remote',
      far: {
        exchange: async (turn): Promise<TurnAnswer> =>
          ask(current(), { op: 'turn', members: writeTurn(turn), read: readTurnAnswer }),
        reset: async (seeds) => {
          current().forgetStderr()
          await ask(child, { op: 'reset', members: writeSeeds(seeds), read: ignore })
        },
        // The process stays for the next world, which replaces this one there.
        close: async () => {
          if (world === this.world) this.world++
        },
      },
    }
  }

  async close(): Promise<void> {
    this.world++
    await this.child.close()
  }

  private async restart(): Promise<Child> {
    const { child, greeting } = await start(this.launch)
    const { identity, pics, isReference } = greeting
    const before = this.greeting
    if (isDeepStrictEqual([identity, pics, isReference], [before.identity, before.pics, before.isReference]))
      return child
    throw child.fail('start', 'the adapter, started again, declares something else than before')
  }
}

/** A fresh process that has answered hello. Whatever goes wrong on the way there is called `start`. */
async function start({
  command,
  answerWithin,
  startWithin,
  harness,
}: Launch): Promise<{ child: Child; greeting: Greeting }> {
  const child = new Child(command, startWithin)
  const nonce = randomUUID()
  try {
    const hello = writeHello({ protocols: [protocolVersion], nonce, harness })
    const greeting = await ask(child, { op: 'hello', members: hello, read: readGreeting })
    if (greeting.protocol !== protocolVersion) {
      throw child.fail('start', `the adapter speaks protocol ${greeting.protocol}, not ${protocolVersion}`)
    }
    if (greeting.nonce !== nonce) throw child.fail('start', `the adapter's greeting has another nonce than hello`)
    child.answerWithin = answerWithin
    return { child, greeting }
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure) || thrown.trouble === 'start') throw thrown
    throw new AdapterFailure('start', thrown.message, thrown.stderr)
  }
}

/** An operation that nobody has must be refused: else the refusal of a real one would mean nothing. */
async function probe(child: Child): Promise<void> {
  const op = `probe-${randomUUID()}`
  try {
    const { answer, text } = await child.request(op, {})
    if (answer.kind === 'unsupported') return
    throw child.fail('protocol', `the adapter did not answer an unknown operation with unsupported: ${quote(text)}`)
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure) || thrown.trouble === 'protocol') throw thrown
    throw new AdapterFailure('protocol', `an unknown operation was not answered: ${thrown.message}`, thrown.stderr)
  }
}

interface Question<T> {
  readonly op: string
  readonly members: Members
  readonly read: (ok: Members) => T
}

/** Asks and reads what is answered; every answer but a good one is the end of the process. */
async function ask<T>(child: Child, { op, members, read }: Question<T>): Promise<T> {
  const { answer, text } = await child.request(op, members)
  if (answer.kind === 'error') {
    throw child.fail('crash', `the adapter failed in ${op}: ${answer.stack ?? answer.message}`)
  }
  if (answer.kind === 'unsupported') {
    throw child.fail('protocol', `the adapter does not support ${op}: ${answer.what}`)
  }
  try {
    return read(answer.ok)
  } catch (thrown) {
    if (!(thrown instanceof WrongShape)) throw thrown
    throw child.fail('protocol', `in the answer to ${op}, ${thrown.message}: ${quote(text)}`)
  }
}

function ignore(): void {}
