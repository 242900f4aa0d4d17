// Live progress: a line that is repainted on a terminal, plain lines elsewhere.
import { clearLine, cursorTo } from 'node:readline'
import type { CaseResult } from '../result/report.ts'
import { verdicts, type Verdict } from '../result/verdict.ts'
import { styled } from './terminal.ts'

const repaintMilliseconds = 100

export class Progress {
  private readonly total: number
  private readonly stream: NodeJS.WriteStream
  private readonly counts = new Map<Verdict, number>()
  private done = 0
  private suite = ''
  private paintedAt = 0

  constructor(total: number, stream: NodeJS.WriteStream = process.stderr) {
    this.total = total
    this.stream = stream
  }

  row(row: CaseResult): void {
    this.done++
    this.counts.set(row.verdict, (this.counts.get(row.verdict) ?? 0) + 1)
    const isNewSuite = row.suite !== this.suite
    if (!this.stream.isTTY && isNewSuite && this.suite !== '') this.stream.write(`${this.line()}\n`)
    this.suite = row.suite
    if (this.stream.isTTY) this.repaint(false)
  }

  /** Takes the live line away, or says the last plain one. */
  end(): void {
    if (!this.stream.isTTY) {
      this.stream.write(`${this.line()}\n`)
      return
    }
    cursorTo(this.stream, 0)
    clearLine(this.stream, 0)
  }

  private repaint(now: boolean): void {
    const time = performance.now()
    if (!now && time - this.paintedAt < repaintMilliseconds) return
    this.paintedAt = time
    cursorTo(this.stream, 0)
    this.stream.write(this.line().slice(0, (this.stream.columns || 80) - 1))
    clearLine(this.stream, 1)
  }

  private line(): string {
    const counts = verdicts
      .filter((verdict) => this.counts.has(verdict))
      .map((verdict) => `${this.counts.get(verdict) ?? 0} ${verdict}`)
    return `${String(this.done).padStart(String(this.total).length)}/${this.total}  ${counts.join(', ')}  ${styled('dim', this.suite, this.stream)}`
  }
}
