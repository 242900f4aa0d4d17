// The adapter under examination: starts processes of it, greets them, and ends them all.
import type { Reach } from '../../../adapters/process/adapter.ts'
import type { ConversationOptions } from '../../../adapters/process/conversation.ts'
import { protocolVersion, type Greeting } from '../../../adapters/process/protocol.ts'
import type { Known } from '../project/known.ts'
import { Visit, type Hello } from './visit.ts'

export interface PatientOptions {
  readonly reach: Reach
  readonly known: Known
  /** How long an answer may take, and how long the start; in milliseconds. */
  readonly answerWithin: number
  readonly startWithin: number
  readonly overhear?: ConversationOptions['overhear']
}

export class Patient {
  /** What a greeting may declare. */
  readonly known: Known
  readonly answerWithin: number
  /** The answer to the first hello, once there is one. */
  hello: Hello | undefined
  /** What that said, once it was read. */
  greeting: Greeting | undefined
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
    const visit = new Visit(reach, { answerWithin, overhear })
    this.visits.push(visit)
    return visit
  }

  /** A process of its own, which has answered hello somehow. */
  async startGreeted(): Promise<{ readonly visit: Visit; readonly hello: Hello }> {
    const visit = this.start()
    const hello = await visit.hello([protocolVersion])
    visit.conversation.allow(this.answerWithin)
    return { visit, hello }
  }

  /** The process that checks share; a fresh one if the last did not live on. */
  async visit(): Promise<Visit> {
    if (this.current?.conversation.isAlive !== true) {
      const { visit, hello } = await this.startGreeted()
      this.hello ??= hello
      this.current = visit
    }
    return this.current
  }

  /** Ends a process, hard if it does not end when it is asked to, and waits for it to be gone. */
  async dismiss(visit: Visit): Promise<void> {
    if (this.current === visit) this.current = undefined
    await visit.conversation.close()
  }

  /** Ends every process that was started. */
  async close(): Promise<void> {
    for (const visit of this.visits) await this.dismiss(visit)
  }
}
