// A transcript of what harness and adapter say to each other: a line of the file for each line, written as it is said.
import type { Speaker } from '../../../adapters/process/conversation.ts'
import { GrowingFile } from '../files/growing-file.ts'

const marks: Readonly<Record<Speaker, string>> = { harness: '>', adapter: '<', neither: '#' }

export class Transcript {
  private readonly file: GrowingFile

  private constructor(file: GrowingFile) {
    this.file = file
  }

  /** A new one at that path; or why it cannot be written. */
  static open(path: string): Transcript | { readonly problem: string } {
    const file = GrowingFile.open('transcript', path)
    return file instanceof GrowingFile ? new Transcript(file) : file
  }

  readonly overhear = (speaker: Speaker, text: string): void => {
    const lines = text.split('\n').map((line) => `${marks[speaker]} ${line}\n`)
    this.file.write(lines.join(''))
  }

  close(): void {
    this.file.close()
  }
}
