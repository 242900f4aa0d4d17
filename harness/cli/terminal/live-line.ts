// The line at the bottom of a terminal that is painted over while something goes on.
import { clearLine, cursorTo } from 'node:readline'
import { styled, type Screen } from './terminal.ts'

/** More often nobody reads. */
const repaintMilliseconds = 100

/** Columns of a terminal that does not say. */
const columnsUsual = 80

export class LiveLine {
  private readonly stream: Screen
  private readonly now: () => number
  private paintedAt: number

  /** Nothing is painted at once: what is over by then needs no such line. */
  constructor(stream: Screen, now: () => number) {
    this.stream = stream
    this.now = now
    this.paintedAt = now()
  }

  /** Paints what `words` says, and `aside` dimly behind it, cut to the width; does nothing if it has done so a moment ago. */
  paint(words: () => string, aside = ''): void {
    const time = this.now()
    if (time - this.paintedAt < repaintMilliseconds) return
    this.paintedAt = time
    const room = (this.stream.columns || columnsUsual) - 1
    const text = words().slice(0, room)
    const rest = aside.slice(0, room - text.length)
    cursorTo(this.stream, 0)
    this.stream.write(rest === '' ? text : text + styled('dim', rest, this.stream))
    clearLine(this.stream, 1)
  }

  clear(): void {
    cursorTo(this.stream, 0)
    clearLine(this.stream, 0)
  }
}
