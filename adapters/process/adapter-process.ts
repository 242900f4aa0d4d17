// One process of an adapter, or one connection: greeted, started or reached again once it has ended, and shared by its worlds.
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { AdapterFailure, type HeldMemory } from '../../harness/subject/adapter.ts'
import { Sharing } from '../../harness/subject/sharing.ts'
import { attachedTransport, type SocketAddress } from './attached.ts'
import { childTransport, type ChildCommand } from './child.ts'
import { Conversation, type ConversationOptions } from './conversation.ts'
import { protocolVersion, readGreeting, writeHello } from './protocol.ts'
import type { Greeting, Hello } from './protocol.ts'
import { ask } from './question.ts'
import type { OpenTransport } from './transport.ts'

/** How an adapter is had: by a command that starts it, or at a socket where it listens. */
export type Reach = ChildCommand | SocketAddress

/** An adapter that is there, or the record of what one has answered. */
export type Source = Reach | { readonly record: OpenTransport }

/** How the adapter is started, with everything decided. */
export interface Launch {
  readonly reach: Source
  /** In milliseconds: how long each answer may take, and how long start and greeting together. */
  readonly answerWithin: number
  readonly startWithin: number
  readonly harness: Hello['harness']
  readonly overhear: ConversationOptions['overhear']
}

/** After so many starts in a row that failed, no other is tried. */
const failedStartsMax = 5

/** How long one that listens may take to do so again after it went, and how often it is looked for; in milliseconds. */
const comingBackMax = 2000
const lookingEvery = 250

/** What several adapters have in common whose worlds are in one process: the conversation with it, and the next when that has ended. */
export class AdapterProcess {
  readonly greeting: Greeting
  readonly launch: Launch
  readonly sharing = new Sharing()
  /** How many adapters have their worlds in it. */
  private adapters = 0
  private conversation: Conversation
  /** Under way while another conversation is being had. */
  private restarting: Promise<void> | undefined
  private isUsed = false
  /** How often it was started or reached again. */
  private starts = 0
  /** Starts that failed since the last that did not, and, after too many, why there will be no other. */
  private failedStarts = 0
  private gone: string | undefined

  constructor({ launch, greeting, conversation }: Started & { readonly launch: Launch }) {
    this.launch = launch
    this.greeting = greeting
    this.conversation = conversation
  }

  /** One more adapter has its worlds in it: their number. */
  join(): number {
    return this.adapters++
  }

  /** As `Carrier.isFresh`. */
  get isFresh(): boolean {
    return this.adapters === 1 && (!this.isUsed || !this.conversation.isAlive)
  }

  /** The conversation in which worlds are opened now. Rejects with an `AdapterFailure` if there is none and none can be had. */
  async converse(): Promise<Conversation> {
    if (!this.conversation.isAlive) await this.again()
    this.isUsed = true
    return this.conversation
  }

  /** False once nothing more is said in this conversation. */
  isIn(conversation: Conversation): boolean {
    return this.conversation === conversation && conversation.isAlive
  }

  /** As `Carrier.heldMemory`. */
  heldMemory(): HeldMemory | undefined {
    const octets = this.conversation.isAlive ? this.conversation.heldOctets : undefined
    return octets === undefined ? undefined : { start: this.starts, octets }
  }

  async end(): Promise<void> {
    await this.conversation.close()
  }

  /** As `Carrier.whyGone`. What is started here has failed often enough when it is called gone; what listens is looked for. */
  async whyGone(): Promise<string | undefined> {
    if (this.conversation.isAlive || this.gone !== undefined || this.isStartedHere) return this.gone
    try {
      await this.again()
    } catch (thrown) {
      if (!(thrown instanceof AdapterFailure)) throw thrown
    }
    return this.gone
  }

  private get isStartedHere(): boolean {
    return 'command' in this.launch.reach || 'record' in this.launch.reach
  }

  /** Once for all who need it. */
  private again(): Promise<void> {
    this.restarting ??= this.restart().finally(() => (this.restarting = undefined))
    return this.restarting
  }

  /** A fresh process or connection, which declares what the first did. */
  private async restart(): Promise<void> {
    try {
      const { conversation, greeting } = await (this.isStartedHere ? startAgain(this.launch) : reachAgain(this.launch))
      this.compare(conversation, greeting)
      this.failedStarts = 0
      this.isUsed = false
      this.starts++
      this.conversation = conversation
    } catch (thrown) {
      if (!(thrown instanceof AdapterFailure)) throw thrown
      this.failedStarts++
      if (!this.isStartedHere) this.gone = thrown.message
      else if (this.failedStarts >= failedStartsMax) this.gone = `${thrown.message}, ${failedStartsMax} times in a row`
      throw thrown
    }
  }

  private compare(conversation: Conversation, greeting: Greeting): void {
    const { nonce: _, ...declared } = greeting
    const { nonce: __, ...before } = this.greeting
    if (isDeepStrictEqual(declared, before)) return
    throw conversation.fail('start', 'the adapter, started again, declares something else than before')
  }
}

export interface Started {
  readonly conversation: Conversation
  readonly greeting: Greeting
}

/** As `start`, of an adapter that has run before. */
async function startAgain(launch: Launch): Promise<Started> {
  try {
    return await start(launch)
  } catch (thrown) {
    throw reworded(thrown, (message) => `started again, ${message}`)
  }
}

/** As `start`, of an adapter that has listened before: whoever looks after it may need a moment to start it again. */
async function reachAgain(launch: Launch): Promise<Started> {
  const end = performance.now() + comingBackMax
  for (;;) {
    try {
      return await start(launch)
    } catch (thrown) {
      if (performance.now() + lookingEvery > end)
        throw reworded(
          thrown,
          (message) => `the connection to the adapter was lost and cannot be made again: ${message}`,
        )
    }
    await setTimeout(lookingEvery)
  }
}

function reworded(thrown: unknown, words: (message: string) => string): unknown {
  if (!(thrown instanceof AdapterFailure)) return thrown
  return new AdapterFailure(thrown.trouble, words(thrown.message), thrown.stderr)
}

function transportTo(reach: Source): OpenTransport {
  if ('record' in reach) return reach.record
  return 'command' in reach ? childTransport(reach) : attachedTransport(reach)
}

/** A fresh process that has answered hello. Whatever goes wrong on the way there is called `start`. */
export async function start({ reach, answerWithin, startWithin, harness, overhear }: Launch): Promise<Started> {
  const transport = transportTo(reach)
  const conversation = new Conversation(transport, { answerWithin: startWithin, overhear })
  const nonce = randomUUID()
  try {
    const hello = writeHello({ protocols: [protocolVersion], nonce, harness })
    const greeting = await ask(conversation, { op: 'hello', members: hello, read: readGreeting })
    if (greeting.protocol !== protocolVersion) {
      throw conversation.fail('start', `the adapter speaks protocol ${greeting.protocol}, not ${protocolVersion}`)
    }
    if (greeting.nonce !== nonce) {
      throw conversation.fail('start', `the adapter's greeting has another nonce than hello`)
    }
    conversation.allow(answerWithin)
    return { conversation, greeting }
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure) || thrown.trouble === 'start') throw thrown
    throw new AdapterFailure('start', thrown.message, thrown.stderr)
  }
}
