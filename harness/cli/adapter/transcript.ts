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
  let octets: Buffer
  try {
    octets = readFileSync(file)
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${messageOf(thrown)}` }
  }
  const lines: RecordedLine[] = []
  let start = 0
  // What has no end was being written when the record broke off.
  for (let end = octets.indexOf(newline); end >= 0; end = octets.indexOf(newline, start)) {
    const number = lines.length + 1
    const speaker = speakers.get(octets.toString('latin1', start, start + 2))
    if (!speaker)
      return {
        problem: `${file}:${number} is no line of a transcript: run --transcript writes "> ", "< " or "# " before each.`,
      }
    lines.push(new TranscriptLine({ number, speaker }, octets.subarray(start + 2, end)))
    start = end + 1
  }
  return lines
}

/** Its text is made when it is asked for: a transcript may be larger than all strings together can be. */
class TranscriptLine implements RecordedLine {
  readonly number: number
  readonly speaker: Speaker
  private readonly octets: Buffer

  constructor({ number, speaker }: Pick<RecordedLine, 'number' | 'speaker'>, octets: Buffer) {
    this.number = number
    this.speaker = speaker
    this.octets = octets
  }

  get text(): string {
    return this.octets.toString()
  }
}

const newline = 0x0a

const speakers: ReadonlyMap<string, Speaker> = new Map([
  ['> ', 'harness'],
  ['< ', 'adapter'],
  ['# ', 'neither'],
])
