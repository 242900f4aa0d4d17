// A transcript of what harness and adapter say to each other: a line of the file for each line, written as it is said.
import { closeSync, openSync, writeSync } from 'node:fs'
import type { Speaker } from '../../../adapters/process/conversation.ts'
import { messageOf } from '../../subject/thrown.ts'

const marks: Readonly<Record<Speaker, string>> = { harness: '>', adapter: '<', neither: '#' }

export class Transcript {
  private readonly file: number

  private constructor(file: number) {
    this.file = file
  }

  /** A new one at that path; or why it cannot be written. */
  static open(path: string): Transcript | { readonly problem: string } {
    try {
      return new Transcript(openSync(path, 'w'))
    } catch (thrown) {
      const why = messageOf(thrown)
      return { problem: `The transcript cannot be written to ${path}: ${why}. Name another file with --transcript.` }
    }
  }

  /** What was said is in the file when this returns, whatever becomes of this process. */
  readonly overhear = (speaker: Speaker, text: string): void => {
    const lines = text.split('\n').map((line) => `${marks[speaker]} ${line}\n`)
    writeSync(this.file, lines.join(''))
  }

  close(): void {
    closeSync(this.file)
  }
}
