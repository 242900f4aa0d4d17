// A conversation with one adapter: requests out, answers back in order, each within a budget; and what went wrong, in words.
import process from 'node:process'
import { counted } from '../../spec/vocabulary/units.ts'
import { AdapterFailure } from '../../harness/subject/adapter.ts'
import type { AdapterTrouble } from '../../harness/subject/adapter.ts'
import { Incident } from '../../harness/subject/incident.ts'
import type { LiveOutput } from '../../harness/subject/turn.ts'
import { LineReader, lineOctetsMax, quote } from './lines.ts'
import type { Line } from './lines.ts'
import { failureWords, readAnswer } from './protocol.ts'
import type { Answer } from './protocol.ts'
import { WrongShape } from './shape.ts'
import type { Members } from './shape.ts'
import { readLiveOutput } from './turn-members.ts'
import type { OpenTransport, Transport } from './transport.ts'

/** As soon as so many worlds have asked, the adapter gets to work while the harness goes on with the others. */
const sendsMax = 8

/** How long an adapter that was asked to close may take, and then how long one that was ended may take to be gone. */
const closingMax = 500
const goingMax = 1000

/** An answer with the line that it was read from. */
export interface Answered {
  readonly answer: Answer
  readonly text: string
}

/** Who said a line; `neither` where it tells what happened to the conversation itself. */
export type Speaker = 'harness' | 'adapter' | 'neither'

export interface ConversationOptions {
  /** How long each answer may take, in milliseconds. */
  readonly answerWithin: number
  /** Hears every line that is sent or received, without its newline, and in words how the adapter began and ended. */
  readonly overhear?: ((speaker: Speaker, text: string) => void) | undefined
}

/** Who is told, once, what became of a request: at once when its answer is read, before any line that follows it. */
export interface Awaiting<T> {
  readonly answered: (answer: T) => void
  readonly failed: (failure: AdapterFailure) => void
}

/** What a request is made of; its id is given by the conversation. */
export interface RequestParts {
  readonly op: string
  readonly members: Members
  /** What it says, in words, if `op` does not. */
  readonly what?: string
  /** The world that it is about; the first of the process unless given. */
  readonly world?: number
}

interface Waiter {
  /** Null for a line that is no request: its answer has no other. */
  readonly id: number | null
  readonly world: number
  /** What was asked, in words. */
  readonly what: string
  readonly awaiting: Awaiting<Answered>
}

export class Conversation {
  /** Takes what an endpoint with a clock of its own tells unasked; while undefined, such a line is a fault. */
  told: ((told: LiveOutput) => void) | undefined
  /** Learns of the failure, asked or not. */
  failed: ((failure: AdapterFailure) => void) | undefined
  private answerWithin: number
  private readonly transport: Transport
  private readonly overhear: ConversationOptions['overhear']
  private readonly reader = new LineReader()
  /** Requests that are not answered yet, in the order in which they were made. */
  private readonly waiters: Waiter[] = []
  /** Requests that were not sent yet, and how often they should have been. */
  private unsent = ''
  private sends = 0
  /** Runs while an answer is awaited, and only then keeps this process running. */
  private timer: NodeJS.Timeout | undefined
  private lastId = 0
  private failure: AdapterFailure | undefined
  /** Worlds that were asked when it failed, and what is shared by them if they are several. */
  private asked: ReadonlySet<number> = new Set()
  private incident: Incident | undefined
  private isClosing = false
  private closing: Promise<void> | undefined

  constructor(open: OpenTransport, { answerWithin, overhear }: ConversationOptions) {
    this.answerWithin = answerWithin
    this.overhear = overhear
    overhear?.('neither', 'the adapter starts')
    this.transport = open({
      octets: (chunk) => {
        for (const line of this.reader.push(chunk)) this.hear(line)
      },
      ended: (words) => this.ended(words),
      unreachable: (words) => this.fail('start', words),
    })
  }

  /** False once it has failed or was ended: nothing is answered any more. */
  get isAlive(): boolean {
    return this.failure === undefined
  }

  /** How long each answer may take from now on, in milliseconds. */
  allow(answerWithin: number): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.answerWithin = answerWithin
  }

  /** As `Transport.heldOctets`. */
  get heldOctets(): number | undefined {
    return this.transport.heldOctets
  }

  /** Forgets what was written to stderr so far: it belonged to the case before. */
  forgetStderr(): void {
    this.transport.forgetStderr()
  }

  /** Makes a request that goes out with the next `send`. */
  put({ op, members, what = op, world = 0 }: RequestParts, awaiting: Awaiting<Answered>): void {
    const id = ++this.lastId
    const rest = JSON.stringify(members)
    const about = world === 0 ? '' : `,"world":${world}`
    const text = `{"id":${id},"op":${JSON.stringify(op)}${about}${rest === '{}' ? '' : ','}${rest.slice(1)}`
    this.write(text, { id, world, what, awaiting })
  }

  /** As `put`. Rejects with an `AdapterFailure`. */
  request(op: string, members: Members): Promise<Answered> {
    return new Promise((answered, failed) => this.put({ op, members }, { answered, failed }))
  }

  /** As `request`, but of a line that is none, and is answered by an error without an id. `words` is what it is. */
  badRequest(text: string, words: string): Promise<Answered> {
    return new Promise((answered, failed) =>
      this.write(text, { id: null, world: 0, what: words, awaiting: { answered, failed } }),
    )
  }

  /** Sends all requests that were made, in one piece with those that other worlds make before this process waits again. */
  send(): void {
    this.sends++
    if (this.sends === sendsMax) this.flush()
    else if (this.sends === 1) process.nextTick(this.flush)
  }

  /** Ends it hard, and tells why. Nothing is waited for. */
  fail(trouble: AdapterTrouble, message: string): AdapterFailure {
    if (this.failure) return this.failure
    const failure = new AdapterFailure(trouble, message, this.transport.stderr)
    this.failure = failure
    this.overhear?.('neither', message)
    clearTimeout(this.timer)
    this.transport.end()
    this.asked = new Set(this.waiters.map(({ world }) => world))
    if (this.asked.size > 1) this.incident = new Incident(this.asked.size)
    for (const { awaiting, world } of this.waiters.splice(0)) awaiting.failed(this.failureIn(world, failure))
    this.failed?.(failure)
    return failure
  }

  /** Asks it to close, and ends it hard if it does not. Resolves when it is gone, however often it is called. */
  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  private async closeOnce(): Promise<void> {
    if (this.isAlive && this.waiters.length === 0 && this.transport.isOurs) {
      this.isClosing = true
      this.request('close', {}).catch(() => undefined)
      this.send()
      await within(closingMax, this.transport.gone)
    }
    this.fail('crash', 'the adapter was closed')
    await within(goingMax, this.transport.gone)
  }

  /** What a world learns of the failure. Answers may have been under way, so that all that were asked are suspect. */
  private failureIn(world: number, failure: AdapterFailure): AdapterFailure {
    const isAsked = this.asked.has(world)
    if (this.asked.size === 0 || (isAsked && this.asked.size === 1)) return failure
    const incident = isAsked ? this.incident : Incident.elsewhere()
    return new AdapterFailure(failure.trouble, failure.message, failure.stderr, incident)
  }

  private write(text: string, waiter: Waiter): void {
    if (this.failure) {
      waiter.awaiting.failed(this.failureIn(waiter.world, this.failure))
      return
    }
    this.overhear?.('harness', text)
    this.waiters.push(waiter)
    this.unsent += `${text}\n`
  }

  private readonly flush = (): void => {
    this.sends = 0
    if (this.unsent === '' || this.failure) return
    this.transport.write(this.unsent)
    this.unsent = ''
    if (!this.timer?.hasRef()) this.watch()
  }

  private hear(line: Line): void {
    if (this.failure) return
    if (line.kind !== 'value') {
      this.overhear?.('adapter', line.start)
      const fault = line.kind === 'too-long' ? `longer than ${lineOctetsMax} octets` : 'no JSON'
      this.fail('protocol', `the adapter wrote a line that is ${fault}: ${quote(line.start)}`)
      return
    }
    this.overhear?.('adapter', line.text)
    try {
      const told = this.told && readLiveOutput(line.value)
      if (told) this.told?.(told)
      else this.answered({ answer: readAnswer(line.value), text: line.text })
    } catch (thrown) {
      if (!(thrown instanceof WrongShape)) throw thrown
      this.fail('protocol', `the adapter wrote a line that is no answer (${thrown.message}): ${quote(line.text)}`)
    }
  }

  private answered({ answer, text }: Answered): void {
    const [due] = this.waiters
    if (due && due.id === answer.id) {
      this.waiters.shift()
      if (this.waiters.length === 0) this.timer?.unref()
      else this.watch()
      due.awaiting.answered({ answer, text })
    } else if (answer.kind === 'error' && answer.id === null) {
      if (this.told) this.fail('crash', `the adapter failed: ${failureWords(answer)}`)
      else this.fail('protocol', `the adapter could not read a request: ${answer.message}`)
    } else {
      const asked = due ? `request ${due.id} was asked` : 'nothing was asked'
      this.fail('protocol', `the adapter answered request ${answer.id} where ${asked}: ${quote(text)}`)
    }
  }

  /** From now on the next answer is due. */
  private watch(): void {
    if (this.timer) {
      this.timer.ref().refresh()
      return
    }
    this.timer = setTimeout(() => {
      const [due] = this.waiters
      // The answer may lie in the pipe already when this process itself was held up: one look at the pipe first.
      if (due) setImmediate(() => this.overdue(due))
    }, this.answerWithin)
  }

  private overdue(due: Waiter): void {
    if (this.waiters[0] !== due) return
    const after = this.waiters.length - 1
    const others =
      after === 0
        ? ''
        : `; of the ${counted(after, 'request')} sent with it the last was ${this.waiters.at(-1)?.what ?? ''}`
    this.fail('hang', `the adapter did not answer ${due.what} within ${this.answerWithin} ms${others}`)
  }

  private ended(words: string): void {
    if (this.failure || this.isClosing) return
    const rest = this.reader.unfinished
    this.fail('crash', rest === '' ? words : `${words} in the middle of a line: ${quote(rest)}`)
  }
}

/** Waits for what is to happen, but not longer than so many milliseconds. */
async function within(milliseconds: number, awaited: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([awaited, late])
  clearTimeout(timer)
}
