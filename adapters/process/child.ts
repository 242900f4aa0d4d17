// An adapter process that is started here: its pipes, how it ended in words, and its hard end with all that it started.
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { Socket } from 'node:net'
import { constants } from 'node:os'
import process from 'node:process'
import { Family } from './family.ts'
import { Tail } from './tail.ts'
import type { Transport, TransportListener } from './transport.ts'

/** How much of stderr is kept, in octets. */
const stderrOctetsMax = 64 * 1024

/**
 * How long a process that has begun to end may take to be gone altogether, in milliseconds. Its last lines and its exit
 * code come separately; a grandchild may hold its pipes for ever.
 */
const endingMax = 100

/** What is started: a command for the shell, and where and with what settings it runs. */
export interface ChildCommand {
  readonly command: string
  readonly directory?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Makes a `Child` that tells the listener. */
export function childTransport(started: ChildCommand): (listener: TransportListener) => Child {
  return (listener) => new Child(started, listener)
}

export class Child implements Transport {
  readonly isOurs = true
  readonly gone: Promise<void>
  private readonly spawned: ChildProcessWithoutNullStreams
  private readonly family = new Family()
  private readonly listener: TransportListener
  private readonly tail = new Tail(stderrOctetsMax)
  /** What is known of its end so far. */
  private fate: string | undefined
  private isEnding = false

  constructor({ command, directory, environment }: ChildCommand, listener: TransportListener) {
    this.listener = listener
    // A group of its own: what the command starts can then be killed with it.
    this.spawned = spawn('sh', ['-c', command], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: directory,
      env: { ...process.env, ...environment, ...this.family.environment },
    })
    this.family.begin(this.spawned.pid)
    this.gone = new Promise((resolve) => {
      this.spawned.once('exit', () => resolve())
      this.spawned.once('error', () => resolve())
    })
    this.listen()
    this.release()
  }

  get stderr(): string {
    return this.tail.text
  }

  forgetStderr(): void {
    this.tail.clear()
  }

  write(text: string): void {
    this.spawned.stdin.write(text)
  }

  end(): void {
    this.family.kill()
    const { stdin, stdout, stderr } = this.spawned
    for (const pipe of [stdin, stdout, stderr]) pipe.destroy()
  }

  /** Sends a signal to every process of its group. */
  signal(name: NodeJS.Signals): void {
    this.family.signal(name)
  }

  /** Nothing more is written to it: its input ends. */
  endInput(): void {
    this.spawned.stdin.end()
  }

  /** How many processes of it are left, itself included; 0 where that cannot be told. */
  get remaining(): number {
    return this.family.size
  }

  get heldOctets(): number | undefined {
    return this.family.heldOctets
  }

  private listen(): void {
    const { spawned, listener } = this
    spawned.stdout.on('data', (chunk: Uint8Array) => listener.octets(chunk))
    spawned.stdout.on('end', () => this.ending('the adapter closed its output'))
    spawned.stderr.on('data', (chunk: Uint8Array) => this.tail.push(chunk))
    for (const pipe of [spawned.stdin, spawned.stdout, spawned.stderr]) {
      pipe.on('error', () => this.ending('the adapter closed its input'))
    }
    spawned.on('error', (error) => listener.unreachable(`sh could not be started: ${error.message}`))
    spawned.on('exit', (code, signal) => {
      this.fate = `the adapter ${exitInWords(code, signal)}`
      this.ending(this.fate)
    })
    // Only now have exit, the last line and the last of stderr all been seen.
    spawned.on('close', () => listener.ended(this.fate ?? 'the adapter closed its pipes'))
  }

  /** Only a request that waits for its answer keeps the harness running, by its timer. */
  private release(): void {
    const { spawned } = this
    spawned.unref()
    for (const pipe of [spawned.stdin, spawned.stdout, spawned.stderr]) if (pipe instanceof Socket) pipe.unref()
  }

  private ending(words: string): void {
    if (this.isEnding) return
    this.isEnding = true
    setTimeout(() => setImmediate(() => this.listener.ended(this.fate ?? words)), endingMax)
  }
}

function exitInWords(code: number | null, signal: string | null): string {
  if (signal !== null) return `was killed by ${signal}`
  // A shell reports a command that died of signal n as 128 + n.
  const reported = Object.entries(constants.signals).find(([, number]) => code === 128 + number)
  return `exited with code ${code}${reported ? ` (a shell's word for ${reported[0]})` : ''}`
}
