// An adapter outside this process: starts or reaches it, greets it, and speaks turns with it.
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { millisecond, type Duration } from '../../spec/vocabulary/units.ts'
import { AdapterFailure } from '../../harness/subject/adapter.ts'
import type { Adapter, Carrier, Identity, OpenedHosts } from '../../harness/subject/adapter.ts'
import type { Pics } from '../../harness/subject/pics.ts'
import { attachedTransport, type SocketAddress } from './attached.ts'
import { childTransport, type ChildCommand } from './child.ts'
import { Conversation, type Answered, type ConversationOptions } from './conversation.ts'
import { quote } from './lines.ts'
import { Hearing, liveHosts } from './live.ts'
import { protocolVersion, readGreeting, writeHello, writeOpen } from './protocol.ts'
import type { Greeting, Hello } from './protocol.ts'
import { ask, ignore, request } from './question.ts'
import { remoteHosts } from './remote.ts'
import type { Members } from './shape.ts'

/** How an adapter is had: by a command that starts it, or at a socket where it listens. */
export type Reach = ChildCommand | SocketAddress

export interface ProcessOptions {
  /** How long each answer may take, in milliseconds of real time; 10 000 unless said. */
  readonly answerWithin?: number
  /** How long the adapter may take until it has answered hello; 10 000 unless said. */
  readonly startWithin?: number
  readonly harness: Hello['harness']
  readonly overhear?: ConversationOptions['overhear']
}

/** How the adapter is started, with everything decided. */
interface Launch {
  readonly reach: Reach
  readonly answerWithin: number
  readonly startWithin: number
  readonly harness: Hello['harness']
  readonly overhear: ConversationOptions['overhear']
}

const withinDefault = 10_000

/** After so many starts in a row that failed, no other is tried. */
const failedStartsMax = 5

/** How long one that listens may take to do so again after it went, and how often it is looked for; in milliseconds. */
const comingBackMax = 2000
const lookingEvery = 250

/**
 * Starts or reaches an adapter, which gets the name that the user gave it, and greets it. Rejects with an
 * `AdapterFailure`: `start`, or `protocol` if it does not refuse an operation that no version of the protocol has.
 */
export async function startProcessAdapter(name: string, reach: Reach, options: ProcessOptions): Promise<Adapter> {
  const { answerWithin = withinDefault, startWithin = withinDefault, harness, overhear } = options
  const launch = { reach, answerWithin, startWithin, harness, overhear }
  const { conversation, greeting } = await start(launch)
  await probe(conversation)
  return new ProcessAdapter(name, { launch, greeting, conversation })
}

class ProcessAdapter implements Adapter {
  readonly name: string
  readonly identity: Identity
  readonly pics: Pics
  readonly isReference: boolean
  private readonly launch: Launch
  private readonly greeting: Greeting
  private conversation: Conversation
  private isUsed = false
  readonly carrier: Carrier
  readonly callWithin: Duration
  /** Counts the worlds: only the one opened last exists. */
  private world = 0
  /** Starts that failed since the last that did not, and, after too many, why there will be no other. */
  private failedStarts = 0
  private gone: string | undefined

  constructor(name: string, { launch, greeting, conversation }: Started & { readonly launch: Launch }) {
    this.launch = launch
    this.greeting = greeting
    this.conversation = conversation
    this.name = name
    this.identity = greeting.identity
    this.pics = greeting.pics
    this.isReference = greeting.isReference
    this.callWithin = launch.answerWithin * millisecond
    const isFresh = (): boolean => !this.isUsed || !this.conversation.isAlive
    this.carrier = {
      get isFresh() {
        return isFresh()
      },
      renew: () => this.close(),
      whyGone: () => this.whyGone(),
    }
  }

  async open(settings: readonly EndpointSetting[]): Promise<OpenedHosts> {
    const world = ++this.world
    if (!this.conversation.isAlive) this.conversation = await this.restart()
    const { conversation } = this
    this.isUsed = true
    conversation.forgetStderr()
    const nodes = settings.map(({ node }) => node)
    const hearing = this.pics.clock === 'real' ? new Hearing(conversation, nodes) : undefined
    const read = (): void => hearing?.forget()
    const opening = request(conversation, { op: 'open', members: writeOpen(settings), read })
    opening.catch(ignore) // the first exchange fails with it
    const far = {
      conversation,
      check: (): void => {
        if (world !== this.world) throw new AdapterFailure('protocol', 'this world ended when another was opened')
      },
      // The process stays for the next world, which replaces this one there.
      close: async (): Promise<void> => {
        if (world === this.world) this.world++
      },
    }
    if (!hearing) return { kind: 'remote', far: remoteHosts(far) }
    conversation.send()
    await opening
    return { kind: 'live', far: liveHosts(far, hearing) }
  }

  async close(): Promise<void> {
    this.world++
    await this.conversation.close()
  }

  /** As `Carrier.whyGone`. What is started here has failed often enough when it is called gone; what listens is looked for. */
  private async whyGone(): Promise<string | undefined> {
    if (this.conversation.isAlive || this.gone !== undefined || this.isStartedHere) return this.gone
    try {
      this.conversation = await this.restart()
    } catch (thrown) {
      if (!(thrown instanceof AdapterFailure)) throw thrown
    }
    return this.gone
  }

  private get isStartedHere(): boolean {
    return 'command' in this.launch.reach
  }

  /** A fresh process or connection, which declares what the first did. */
  private async restart(): Promise<Conversation> {
    try {
      const { conversation, greeting } = await (this.isStartedHere ? startAgain(this.launch) : reachAgain(this.launch))
      this.compare(conversation, greeting)
      this.failedStarts = 0
      this.isUsed = false
      return conversation
    } catch (thrown) {
      if (!(thrown instanceof AdapterFailure)) throw thrown
      this.failedStarts++
      if (!this.isStartedHere) this.gone = thrown.message
      else if (this.failedStarts >= failedStartsMax) this.gone = `${thrown.message}, ${failedStartsMax} times in a row`
      throw thrown
    }
  }

  private compare(conversation: Conversation, { identity, pics, isReference }: Greeting): void {
    const before = this.greeting
    if (isDeepStrictEqual([identity, pics, isReference], [before.identity, before.pics, before.isReference])) return
    throw conversation.fail('start', 'the adapter, started again, declares something else than before')
  }
}

interface Started {
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

/** A fresh process that has answered hello. Whatever goes wrong on the way there is called `start`. */
async function start({ reach, answerWithin, startWithin, harness, overhear }: Launch): Promise<Started> {
  const transport = 'command' in reach ? childTransport(reach) : attachedTransport(reach)
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

/** An operation that nobody has must be refused: else the refusal of a real one would mean nothing. */
async function probe(conversation: Conversation): Promise<void> {
  const op = `probe-${randomUUID()}`
  try {
    const { answer, text } = await requestNow(conversation, op, {})
    if (answer.kind === 'unsupported') return
    throw conversation.fail(
      'protocol',
      `the adapter did not answer an unknown operation with unsupported: ${quote(text)}`,
    )
  } catch (thrown) {
    if (!(thrown instanceof AdapterFailure) || thrown.trouble === 'protocol') throw thrown
    throw new AdapterFailure('protocol', `an unknown operation was not answered: ${thrown.message}`, thrown.stderr)
  }
}

function requestNow(conversation: Conversation, op: string, members: Members): Promise<Answered> {
  const answer = conversation.request(op, members)
  conversation.send()
  return answer
}
