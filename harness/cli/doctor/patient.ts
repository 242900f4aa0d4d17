// The adapter under examination: starts processes of it, greets them, and ends them all.
import { randomUUID } from 'node:crypto'
import type { Reach } from '../../../adapters/process/adapter.ts'
import { attachedTransport } from '../../../adapters/process/attached.ts'
import { childTransport, type Child } from '../../../adapters/process/child.ts'
import { Conversation, type Answered, type ConversationOptions } from '../../../adapters/process/conversation.ts'
import { protocolVersion, writeHello, type Greeting } from '../../../adapters/process/protocol.ts'
import { harnessIdentity } from '../package.ts'
import type { Known } from './known.ts'

export interface PatientOptions {
  readonly reach: Reach
  readonly known: Known
  /** How long an answer may take, and how long the start; in milliseconds. */
  readonly answerWithin: number
  readonly startWithin: number
  readonly overhear?: ConversationOptions['overhear']
}

/** One process of the adapter, or one connection to it. */
export interface Visit {
  readonly conversation: Conversation
  /** The process, if it was started here. */
  readonly child: Child | undefined
}

/** An answer to hello, and the nonce that was sent with it. */
export interface Hello {
  readonly nonce: string
  readonly answered: Answered
}

export class Patient {
  /** What a greeting may declare. */
  readonly known: Known
  /** The answer to the first hello, once there is one. */
  hello: Hello | undefined
  /** What that said, once it was read. */
  greeting: Greeting | undefined
  readonly answerWithin: number
  private readonly options: PatientOptions
  private readonly visits: Visit[] = []
  private current: Visit | undefined

  constructor(options: PatientOptions) {
    this.options = options
    this.known = options.known
    this.answerWithin = options.answerWithin
  }

  /** Whether processes of it are started here, so that they can be killed and started again. */
  get isChild(): boolean {
    return 'command' in this.options.reach
  }

  /** A process that was asked nothing yet. */
  start(): Visit {
    const { reach, startWithin: answerWithin, overhear } = this.options
    let child: Child | undefined
    const conversation = new Conversation(
      (listener) => {
        if (!('command' in reach)) return attachedTransport(reach)(listener)
        child = childTransport(reach)(listener)
        return child
      },
      { answerWithin, overhear },
    )
    const visit = { conversation, child }
    this.visits.push(visit)
    return visit
  }

  /** A process of its own, which has answered hello somehow. */
  async startGreeted(): Promise<Visit & { readonly hello: Hello }> {
    const visit = this.start()
    const hello = await sayHello(visit, [protocolVersion])
    visit.conversation.allow(this.answerWithin)
    return { ...visit, hello }
  }

  /** The process that checks share; a fresh one if the last did not live on. */
  async visit(): Promise<Visit> {
    if (this.current?.conversation.isAlive !== true) {
      const visit = await this.startGreeted()
      this.hello ??= visit.hello
      this.current = visit
    }
    return this.current
  }

  /** Ends a process hard, and waits for it to be gone. */
  async dismiss(visit: Visit): Promise<void> {
    if (this.current === visit) this.current = undefined
    await visit.conversation.close()
  }

  /** Ends every process that was started. */
  async close(): Promise<void> {
    for (const visit of this.visits) await this.dismiss(visit)
  }
}

/** Offers versions of the protocol. */
export async function sayHello({ conversation }: Visit, protocols: readonly number[]): Promise<Hello> {
  const nonce = randomUUID()
  const answered = await askNow(conversation, 'hello', writeHello({ protocols, nonce, harness: harnessIdentity }))
  return { nonce, answered }
}

/** Makes a request, sends it, and gives whatever is answered. */
export function askNow(
  conversation: Conversation,
  op: string,
  members: Readonly<Record<string, unknown>>,
): Promise<Answered> {
  const answer = conversation.request(op, members)
  conversation.send()
  return answer
}
