// A transcript of what harness and adapter say to each other: a line of the file for each line, written as it is said.
import type { Speaker } from '../../../adapters/process/conversation.ts'
import type { GrowingFile } from '../files/growing-file.ts'

const marks: Readonly<Record<Speaker, string>> = { harness: '>', adapter: '<', neither: '#' }

export class Transcript {
  private readonly file: GrowingFile

  constructor(file: GrowingFile) {
    this.file = file
  }

  readonly overhear = (speaker: Speaker, text: string): void => {
    const lines = text.split('\n').map((line) => `${marks[speaker]} ${line}\n`)
    this.file.write(lines.join(''))
  }

  close(): void {
    this.file.close()
  }
}
