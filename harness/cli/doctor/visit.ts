// One process of the adapter under examination, or one connection to it.
import { randomUUID } from 'node:crypto'
import type { Reach } from '../../../adapters/process/adapter.ts'
import { attachedTransport } from '../../../adapters/process/attached.ts'
import { childTransport, type Child } from '../../../adapters/process/child.ts'
import { Conversation, type Answered, type ConversationOptions } from '../../../adapters/process/conversation.ts'
import { writeHello } from '../../../adapters/process/protocol.ts'
import type { Transport, TransportListener } from '../../../adapters/process/transport.ts'
import { harnessIdentity } from '../files/package.ts'

/** An answer to hello, and the nonce that was sent with it. */
export interface Hello {
  readonly nonce: string
  readonly answered: Answered
}

/** A number that will be given once. */
class Signal {
  readonly given: Promise<number>
  private resolve: ((left: number) => void) | undefined

  constructor() {
    this.given = new Promise((resolve) => {
      this.resolve = resolve
    })
  }

  give(left: number): void {
    this.resolve?.(left)
  }
}

export class Visit {
  readonly conversation: Conversation
  /** The process, if it was started here. */
  readonly child: Child | undefined
  /** Resolves when it has ended by itself, with how many processes of it were left then. */
  readonly ended: Promise<number>

  constructor(reach: Reach, options: ConversationOptions) {
    const end = new Signal()
    let child: Child | undefined
    const open = (listener: TransportListener): Transport => {
      if (!('command' in reach)) return attachedTransport(reach)(listener)
      // Whoever listens kills what is left: it is counted before.
      const ended = (words: string): void => {
        end.give(started.remaining)
        listener.ended(words)
      }
      const started = childTransport(reach)({ ...listener, ended })
      child = started
      return started
    }
    this.conversation = new Conversation(open, options)
    this.child = child
    this.ended = end.given
  }

  /** Offers versions of the protocol. */
  async hello(protocols: readonly number[]): Promise<Hello> {
    const nonce = randomUUID()
    const answered = await this.ask('hello', writeHello({ protocols, nonce, harness: harnessIdentity }))
    return { nonce, answered }
  }

  /** Makes a request, sends it, and gives whatever is answered. */
  ask(op: string, members: Readonly<Record<string, unknown>>): Promise<Answered> {
    const answer = this.conversation.request(op, members)
    this.conversation.send()
    return answer
  }
}
