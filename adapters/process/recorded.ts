// An adapter that answers from the record of a conversation, instead of one that runs: the same questions, the same answers.
import { setImmediate } from 'node:timers'
import type { OpenTransport, Transport, TransportListener } from './transport.ts'

/** One line of a record, from 1, and who said it. */
export interface RecordedLine {
  readonly number: number
  readonly speaker: 'harness' | 'adapter' | 'neither'
  readonly text: string
}

/** Where the harness asks something else than it did when the record was made. */
export interface Departure {
  readonly line: number
  /** What the record has there; undefined at its end. */
  readonly recorded: string | undefined
  readonly asked: string
}

/** What follows each start of an adapter, in order; each is answered from once. */
export class Recording {
  /** The first place at which the record was left; nothing after it is answered. */
  departure: Departure | undefined
  private readonly starts: RecordedLine[][] = []
  private begun = 0
  private readonly last: number

  /** `isMark`: whether words between the lines tell where a case begins, and not what became of the adapter. */
  constructor(lines: readonly RecordedLine[], isMark: (text: string) => boolean) {
    this.last = lines.at(-1)?.number ?? 0
    for (const line of lines) {
      if (line.speaker === 'neither' && line.text === startWords) this.starts.push([])
      else if (line.speaker !== 'neither' || !isMark(line.text)) this.starts.at(-1)?.push(line)
    }
  }

  readonly open: OpenTransport = (listener) => new Recorded(this, this.starts[this.begun++] ?? [], listener)

  depart(at: RecordedLine | undefined, asked: string): void {
    this.departure ??= { line: at?.number ?? this.last + 1, recorded: at?.text, asked }
  }
}

/** What a conversation says when it begins. */
const startWords = 'the adapter starts'

/** How the words begin that say that this side ended it: the record has nothing of the adapter's own to tell then. */
const oursAlone =
  /^the adapter (was closed|did not answer|wrote a line|answered request|could not read|speaks protocol)/

class Recorded implements Transport {
  readonly isOurs = false
  readonly stderr = ''
  readonly heldOctets = undefined
  readonly gone: Promise<void> = Promise.resolve()
  private readonly recording: Recording
  private readonly lines: readonly RecordedLine[]
  private readonly listener: TransportListener
  private place = 0
  /** Questions that were asked, and not answered yet. */
  private open = 0
  private readonly written: string[] = []
  private nonce: readonly [recorded: string, asked: string] | undefined
  private isOver = false

  constructor(recording: Recording, lines: readonly RecordedLine[], listener: TransportListener) {
    this.recording = recording
    this.lines = lines
    this.listener = listener
  }

  write(text: string): void {
    this.written.push(...text.split('\n').filter((line) => line !== ''))
    setImmediate(() => this.go())
  }

  end(): void {
    this.isOver = true
  }

  forgetStderr(): void {}

  /** Tells what the record has up to the next question that was not asked yet. */
  private go(): void {
    while (!this.isOver) {
      const line = this.lines[this.place]
      if (line?.speaker === 'adapter') this.answer(line.text)
      else if (line?.speaker === 'neither') {
        if (oursAlone.test(line.text)) return
        this.leave(line.text)
        return
      } else if (!line && this.written.length === 0) {
        // Of an adapter that did not answer the record would tell.
        if (this.open > 0) this.breakOff()
        return
      } else if (!this.take(line)) return
      this.place++
    }
  }

  /** Whether the question of the record was asked. */
  private take(line: RecordedLine | undefined): boolean {
    const asked = this.written.shift()
    if (asked === undefined) return false
    if (line && this.isSame(line.text, asked)) {
      this.open++
      return true
    }
    this.recording.depart(line, asked)
    this.leave(unanswered)
    return false
  }

  /** The record ends before the answer to what was asked last. */
  private breakOff(): void {
    this.recording.depart(undefined, this.lines.at(-1)?.text ?? '')
    this.leave(unanswered)
  }

  /** Numbers that are drawn anew each time may differ. */
  private isSame(recorded: string, asked: string): boolean {
    if (recorded === asked) return true
    if (drawn.probe.test(recorded) && drawn.probe.test(asked)) return true
    const [before, now] = [drawn.hello.exec(recorded)?.[1], drawn.hello.exec(asked)?.[1]]
    if (before === undefined || now === undefined) return false
    this.nonce = [before, now]
    return true
  }

  private answer(text: string): void {
    this.open--
    const told = this.nonce ? text.replace(...this.nonce) : text
    this.listener.octets(new TextEncoder().encode(`${told}\n`))
  }

  private leave(words: string): void {
    this.isOver = true
    this.listener.ended(words)
  }
}

const unanswered = 'the record has no answer to this'

const drawn = {
  hello: /^\{"id":\d+,"op":"hello",.*"nonce":"([^"]*)"/,
  probe: /^\{"id":\d+,"op":"probe-[^"]*"\}$/,
}
