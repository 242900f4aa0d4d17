// An adapter outside this process: starts or reaches it, greets it, and speaks turns with it.
import { randomUUID } from 'node:crypto'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import { millisecond, type Duration } from '../../spec/vocabulary/units.ts'
import { AdapterFailure } from '../../harness/subject/adapter.ts'
import type { Adapter, Carrier, Identity, OpenedHosts } from '../../harness/subject/adapter.ts'
import type { Pics } from '../../harness/subject/pics.ts'
import { AdapterProcess, start, type Reach, type Source } from './adapter-process.ts'
import type { Answered, Conversation, ConversationOptions } from './conversation.ts'
import { quote } from './lines.ts'
import { Hearing, liveHosts } from './live.ts'
import { writeOpen } from './protocol.ts'
import type { Hello } from './protocol.ts'
import { ignore, request } from './question.ts'
import { remoteHosts, type FarWorld } from './remote.ts'
import type { Members } from './shape.ts'

export type { Reach }

export interface ProcessOptions {
  /** How long each answer may take, in milliseconds; 10 000 unless given. */
  readonly answerWithin?: number
  /** How long the adapter may take to start and answer hello, in milliseconds; 10 000 unless given. */
  readonly startWithin?: number
  readonly harness: Hello['harness']
  readonly overhear?: ConversationOptions['overhear']
}

const withinDefault = 10_000

/**
 * Starts or reaches an adapter, which gets the name that the user gave it, and greets it. Rejects with an
 * `AdapterFailure`: `start`, or `protocol` if it does not refuse an operation that no version of the protocol has.
 */
export async function startProcessAdapter(name: string, reach: Source, options: ProcessOptions): Promise<Adapter> {
  const { answerWithin = withinDefault, startWithin = withinDefault, harness, overhear } = options
  const launch = { reach, answerWithin, startWithin, harness, overhear }
  const { conversation, greeting } = await start(launch)
  await probe(conversation)
  return new OneWorldAdapter(name, new AdapterProcess({ launch, greeting, conversation }))
}

/** One world at a time of a process, which may host those of other adapters beside it. */
class OneWorldAdapter implements Adapter {
  readonly name: string
  readonly identity: Identity
  readonly pics: Pics
  readonly isReference: boolean
  readonly carrier: Carrier
  readonly callWithin: Duration
  private readonly process: AdapterProcess
  /** The number of its world in the process. */
  private readonly world: number
  /** Counts its worlds: only the one opened last exists. */
  private opened = 0

  constructor(name: string, process: AdapterProcess) {
    const { identity, pics, isReference } = process.greeting
    this.name = name
    this.process = process
    this.identity = identity
    this.pics = pics
    this.isReference = isReference
    this.callWithin = process.launch.answerWithin * millisecond
    this.world = process.join()
    this.carrier = this.carrierOf(process)
  }

  async open(settings: readonly EndpointSetting[]): Promise<OpenedHosts> {
    const { process, world } = this
    const opened = ++this.opened
    const conversation = await process.converse()
    conversation.forgetStderr()
    const nodes = settings.map(({ node }) => node)
    const hearing = this.pics.clock === 'real' ? new Hearing(conversation, nodes) : undefined
    const read = (): void => hearing?.forget()
    const opening = request(conversation, { op: 'open', world, members: writeOpen(settings), read })
    opening.catch(ignore) // the first exchange fails with it
    const far = this.farWorld(conversation, opened)
    if (!hearing) return { kind: 'remote', far: remoteHosts(far) }
    conversation.send()
    await opening
    return { kind: 'live', far: liveHosts(far, hearing) }
  }

  async close(): Promise<void> {
    this.opened++
    await this.process.end()
  }

  private farWorld(conversation: Conversation, opened: number): FarWorld {
    const isLatest = (): boolean => opened === this.opened
    return {
      conversation,
      world: this.world,
      isOpen: () => isLatest() && this.process.isIn(conversation),
      check: () => {
        if (!isLatest()) throw new AdapterFailure('protocol', 'this world ended when another was opened')
      },
      // The process stays for the next world, which replaces this one there.
      close: async () => {
        if (isLatest()) this.opened++
      },
    }
  }

  private carrierOf(process: AdapterProcess): Carrier {
    const worldsMax = process.greeting.worlds
    const common = {
      get isFresh() {
        return process.isFresh
      },
      renew: () => this.close(),
      whyGone: () => process.whyGone(),
      heldMemory: () => process.heldMemory(),
    }
    if (worldsMax === 1) return common
    const others: Adapter[] = []
    const beside = (count: number): readonly Adapter[] => {
      if (count >= worldsMax) throw new RangeError(`a process of ${this.name} hosts ${worldsMax} worlds`)
      while (others.length < count) others.push(new OneWorldAdapter(this.name, process))
      return others.slice(0, count)
    }
    return Object.assign(common, { worldsMax, sharing: process.sharing, beside })
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
