// Live progress: a line that is repainted on a terminal, plain lines elsewhere.
import type { PermutationResult } from '../../result/report.ts'
import { verdicts, type Verdict } from '../../result/verdict.ts'
import { LiveLine } from './live-line.ts'
import type { Screen } from './terminal.ts'

/** In milliseconds: for no longer is nothing said between two rows, so that a log shows that the run goes on. */
const silenceMax = 30_000

export class Progress {
  private readonly total: number
  private readonly stream: Screen
  private readonly now: () => number
  private readonly live: LiveLine
  private readonly counts = new Map<Verdict, number>()
  private done = 0
  private suite = ''
  /** Whether something has applied since the last plain line. */
  private applies = false
  private saidAt: number

  constructor(total: number, stream: Screen = process.stderr, now = (): number => performance.now()) {
    this.total = total
    this.stream = stream
    this.now = now
    this.live = new LiveLine(stream, now)
    this.saidAt = now()
  }

  row(row: PermutationResult): void {
    // Of suites in which nothing applies the line of the next tells enough.
    if (!this.stream.isTTY && row.suite !== this.suite && this.applies) this.sayLine()
    this.applies ||= row.verdict !== 'not-applicable'
    this.done++
    this.counts.set(row.verdict, (this.counts.get(row.verdict) ?? 0) + 1)
    this.suite = row.suite
    if (this.stream.isTTY) this.live.paint(this.soFar, this.suite)
    else if (this.now() - this.saidAt > silenceMax) this.sayLine()
  }

  /** Takes the live line away, or says the last plain one. */
  end(): void {
    if (this.stream.isTTY) this.live.clear()
    else this.sayLine()
  }

  private sayLine(): void {
    this.saidAt = this.now()
    this.applies = false
    this.stream.write(`${this.soFar()}${this.suite}\n`)
  }

  /** How far it is, with room for the suite behind it. */
  private readonly soFar = (): string => {
    const counts = verdicts
      .filter((verdict) => this.counts.has(verdict))
      .map((verdict) => `${this.counts.get(verdict) ?? 0} ${verdict}`)
    return `${String(this.done).padStart(String(this.total).length)}/${this.total}  ${counts.join(', ')}  `
  }
}
