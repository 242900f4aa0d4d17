// A file that grows beside a run. That it cannot be written any more is told once, and takes nothing else along.
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { messageOf } from '../../subject/thrown.ts'
import { complain } from '../terminal/terminal.ts'

export class GrowingFile {
  private readonly name: string
  private readonly path: string
  private readonly file: number
  private isWhole = true
  private isBegun = false

  private constructor(name: string, path: string) {
    this.name = name
    this.path = path
    this.file = openSync(path, 'a')
  }

  /** A new one at that path; or why it cannot be written. What was there goes when something is written. `name` is what it holds, and the option that names it. */
  static open(name: 'transcript' | 'capture', path: string): GrowingFile | { readonly problem: string } {
    try {
      return new GrowingFile(name, path)
    } catch (thrown) {
      const why = messageOf(thrown)
      return { problem: `The ${name} cannot be written to ${path}: ${why}. Name another file with --${name}.` }
    }
  }

  /** What is given is in the file when this returns, whatever becomes of this process. */
  write(octets: string | Uint8Array): void {
    if (!this.isWhole) return
    try {
      this.begin()
      writeSync(this.file, typeof octets === 'string' ? Buffer.from(octets) : octets)
    } catch (thrown) {
      this.isWhole = false
      complain(
        `The ${this.name} ends here, since ${this.path} cannot be written: ${messageOf(thrown)}. All else goes on.`,
      )
    }
  }

  private begin(): void {
    if (this.isBegun) return
    this.isBegun = true
    if (fstatSync(this.file).isFile()) ftruncateSync(this.file)
  }

  close(): void {
    closeSync(this.file)
  }
}
