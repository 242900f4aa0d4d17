// One adapter process: a line out, a line back, within a budget; and in words what became of it when it fails.
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { Socket } from 'node:net'
import { constants } from 'node:os'
import { AdapterFailure } from '../../harness/subject/adapter.ts'
import type { AdapterTrouble } from '../../harness/subject/adapter.ts'
import { LineReader, lineOctetsMax, quote } from './lines.ts'
import type { Line } from './lines.ts'
import { readAnswer } from './protocol.ts'
import type { Answer } from './protocol.ts'
import { killGroup, watchGroup } from './process-group.ts'
import { WrongShape } from './shape.ts'
import type { Members } from './shape.ts'
import { Tail } from './tail.ts'

/** How much of stderr is kept, in octets. */
const stderrOctetsMax = 64 * 1024

/**
 * How long a process that has begun to end may take to be gone altogether, in milliseconds. Its last lines and its exit
 * code come separately; a grandchild may hold its pipes for ever.
 */
const endingMax = 100

/** How long a process that was asked to close may take, and then how long a killed one may take to be reaped. */
const closingMax = 500
const reapingMax = 1000

/** An answer with the line that it was read from. */
export interface Answered {
  readonly answer: Answer
  readonly text: string
}

interface Waiter {
  readonly id: number
  readonly timer: NodeJS.Timeout
  readonly resolve: (answered: Answered) => void
  readonly reject: (failure: AdapterFailure) => void
}

export class Child {
  /** How long each answer may take, in milliseconds. */
  answerWithin: number
  private readonly spawned: ChildProcessWithoutNullStreams
  private readonly reader = new LineReader()
  private readonly stderr = new Tail(stderrOctetsMax)
  private readonly exited: Promise<void>
  private waiter: Waiter | undefined
  private lastId = 0
  private failure: AdapterFailure | undefined
  /** What is known of its end so far. */
  private fate: string | undefined
  private isEnding = false

  constructor(command: string, answerWithin: number) {
    this.answerWithin = answerWithin
    // A group of its own: what the command starts can then be killed with it.
    this.spawned = spawn('sh', ['-c', command], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
    if (this.spawned.pid !== undefined) watchGroup(this.spawned.pid)
    this.exited = new Promise((resolve) => {
      this.spawned.once('exit', () => resolve())
      this.spawned.once('error', () => resolve())
    })
    this.listen()
    this.release()
  }

  /** False once it has failed or was ended: it answers nothing any more. */
  get isAlive(): boolean {
    return this.failure === undefined
  }

  /** Forgets what was written to stderr so far: it belonged to the case before. */
  forgetStderr(): void {
    this.stderr.clear()
  }

  /** Sends one request and waits for its answer. Rejects with an `AdapterFailure`. One request at a time. */
  request(op: string, members: Members): Promise<Answered> {
    if (this.failure) return Promise.reject(this.failure)
    if (this.waiter) return Promise.reject(new AdapterFailure('protocol', `${op} was asked before the last answer`))
    const id = ++this.lastId
    return new Promise((resolve, reject) => {
      // The answer may lie in the pipe already when this process itself was held up: one look at the pipe first.
      const timer = setTimeout(() => setImmediate(() => this.overdue(id, op)), this.answerWithin)
      this.waiter = { id, timer, resolve, reject }
      this.spawned.stdin.write(`${JSON.stringify({ ...members, id, op })}\n`)
    })
  }

  /** Ends it hard, and tells why. Nothing is waited for. */
  fail(trouble: AdapterTrouble, message: string): AdapterFailure {
    if (this.failure) return this.failure
    const failure = new AdapterFailure(trouble, message, this.stderr.text)
    this.failure = failure
    this.kill()
    this.take()?.reject(failure)
    return failure
  }

  /** Asks it to close, and ends it hard if it does not. Resolves when it is gone. */
  async close(): Promise<void> {
    if (this.isAlive && !this.waiter) {
      this.isEnding = true
      this.request('close', {}).catch(() => undefined)
      await within(closingMax, this.exited)
    }
    this.fail('crash', 'the adapter was closed')
    await within(reapingMax, this.exited)
  }

  private listen(): void {
    const { spawned } = this
    spawned.stdout.on('data', (chunk: Uint8Array) => {
      for (const line of this.reader.push(chunk)) this.hear(line)
    })
    spawned.stdout.on('end', () => this.ending('the adapter closed its output'))
    spawned.stderr.on('data', (chunk: Uint8Array) => this.stderr.push(chunk))
    for (const pipe of [spawned.stdin, spawned.stdout, spawned.stderr]) {
      pipe.on('error', () => this.ending('the adapter closed its input'))
    }
    spawned.on('error', (error) => this.fail('start', `sh could not be started: ${error.message}`))
    spawned.on('exit', (code, signal) => {
      this.fate = `the adapter ${exitInWords(code, signal)}`
      this.ending(this.fate)
    })
    // Only now have exit, the last line and the last of stderr all been seen.
    spawned.on('close', () => this.ended(this.fate ?? 'the adapter closed its pipes'))
  }

  /** Only a request that waits for its answer keeps the harness running, by its timer. */
  private release(): void {
    const { spawned } = this
    spawned.unref()
    for (const pipe of [spawned.stdin, spawned.stdout, spawned.stderr]) if (pipe instanceof Socket) pipe.unref()
  }

  private hear(line: Line): void {
    if (this.failure) return
    if (line.kind !== 'value') {
      const fault = line.kind === 'too-long' ? `longer than ${lineOctetsMax} octets` : 'no JSON'
      this.fail('protocol', `the adapter wrote a line that is ${fault}: ${quote(line.start)}`)
      return
    }
    try {
      const answer = readAnswer(line.value)
      if (this.waiter?.id === answer.id) {
        this.take()?.resolve({ answer, text: line.text })
      } else if (answer.kind === 'error' && answer.id === null) {
        this.fail('protocol', `the adapter could not read a request: ${answer.message}`)
      } else {
        const asked = this.waiter ? `request ${this.waiter.id} was asked` : 'nothing was asked'
        this.fail('protocol', `the adapter answered request ${answer.id} where ${asked}: ${quote(line.text)}`)
      }
    } catch (thrown) {
      if (!(thrown instanceof WrongShape)) throw thrown
      this.fail('protocol', `the adapter wrote a line that is no answer (${thrown.message}): ${quote(line.text)}`)
    }
  }

  private take(): Waiter | undefined {
    const { waiter } = this
    clearTimeout(waiter?.timer)
    this.waiter = undefined
    return waiter
  }

  private overdue(id: number, op: string): void {
    if (this.waiter?.id !== id) return
    this.fail('hang', `the adapter did not answer ${op} within ${this.answerWithin} ms`)
  }

  private ending(words: string): void {
    if (this.failure || this.isEnding) return
    this.isEnding = true
    setTimeout(() => setImmediate(() => this.ended(this.fate ?? words)), endingMax)
  }

  private ended(words: string): void {
    if (this.failure) return
    const rest = this.reader.unfinished
    this.fail('crash', rest === '' ? words : `${words} in the middle of a line: ${quote(rest)}`)
  }

  private kill(): void {
    const { pid, stdin, stdout, stderr } = this.spawned
    if (pid !== undefined) killGroup(pid)
    for (const pipe of [stdin, stdout, stderr]) pipe.destroy()
  }
}

function exitInWords(code: number | null, signal: string | null): string {
  if (signal !== null) return `was killed by ${signal}`
  // A shell reports a command that died of signal n as 128 + n.
  const reported = Object.entries(constants.signals).find(([, number]) => code === 128 + number)
  return `exited with code ${code}${reported ? ` (a shell's word for ${reported[0]})` : ''}`
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
