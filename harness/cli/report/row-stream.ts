// The rows of a run, in a file while it goes on: a killed run leaves them behind.
import { closeSync, fstatSync, openSync, statSync, writeSync, type Stats } from 'node:fs'

export class RowStream {
  private readonly path: string
  /** Held open, so that no later file is taken for this one. */
  private readonly file: number
  private readonly identity: Pick<Stats, 'ino' | 'dev'>
  private isWhole = true

  /** Of a file that is there; rows go to its end. Throws what the system says. */
  constructor(path: string) {
    this.path = path
    this.file = openSync(path, 'a')
    this.identity = fstatSync(this.file)
  }

  /** What cannot be written once is written no further. */
  append(row: unknown): void {
    if (!this.isWhole) return
    try {
      writeSync(this.file, `${JSON.stringify(row)}\n`)
    } catch {
      this.isWhole = false
    }
  }

  /** Who has its place: nobody, if it is gone. */
  inItsPlace(): 'itself' | 'another' | 'nobody' {
    const there = statSync(this.path, { throwIfNoEntry: false })
    if (!there) return 'nobody'
    const { ino, dev } = this.identity
    return there.ino === ino && there.dev === dev ? 'itself' : 'another'
  }

  close(): void {
    closeSync(this.file)
  }
}
