// A transcript of what harness and adapter say to each other: a line of the file for each line, written as it is said.
import type { Speaker } from '../../../adapters/process/conversation.ts'
import { readFileSync } from 'node:fs'
import type { RecordedLine } from '../../../adapters/process/recorded.ts'
import { messageOf } from '../../subject/thrown.ts'
import type { GrowingFile } from '../files/growing-file.ts'

/** What stands between the lines where the last case is over, and where some are played again, of which no row tells. */
export const overWords = 'the last case is over'
export const againWords = 'some of it is played again'

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

/** A transcript read back, line by line; or why it is none. */
export function readTranscript(file: string): readonly RecordedLine[] | { readonly problem: string } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${messageOf(thrown)}` }
  }
  const lines: RecordedLine[] = []
  // What has no end was being written when the record broke off.
  const whole = text.split('\n').slice(0, -1)
  for (const [place, line] of whole.entries()) {
    const speaker = speakers.get(line.slice(0, 2))
    if (!speaker)
      return {
        problem: `${file}:${place + 1} is no line of a transcript: run --transcript writes "> ", "< " or "# " before each.`,
      }
    lines.push({ number: place + 1, speaker, text: line.slice(2) })
  }
  return lines
}

const speakers: ReadonlyMap<string, Speaker> = new Map([
  ['> ', 'harness'],
  ['< ', 'adapter'],
  ['# ', 'neither'],
])
