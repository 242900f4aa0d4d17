// Cuts a stream of octets into lines of JSON, whatever the sizes of its chunks, and never holds more than one line's worth.
import { isUtf8 } from 'node:buffer'

/** The most octets of one line, without its newline. */
export const lineOctetsMax = 1024 * 1024

/** How much of an offending line is kept to be quoted, in octets. */
const startOctetsMax = 160

/** One line. `start` is the beginning of one that is no JSON, as it was written. */
export type Line =
  | { readonly kind: 'value'; readonly value: unknown; readonly text: string }
  | { readonly kind: 'too-long'; readonly start: string }
  | { readonly kind: 'not-json'; readonly start: string }

const newline = 0x0a

/** Chunks in, whole lines out. Chunks are kept until their line is whole: they must not change after `push`. */
export class LineReader {
  private pieces: Uint8Array[] = []
  private held = 0
  /** Within a line that was already told to be too long. */
  private skipping = false

  /** The lines that end in this chunk, and one that has become too long in it. */
  push(chunk: Uint8Array): Line[] {
    const lines: Line[] = []
    let from = this.isBetween ? takeWhole(chunk, lines) : 0
    while (from < chunk.length) {
      const found = chunk.indexOf(newline, from)
      this.hold(chunk.subarray(from, found < 0 ? chunk.length : found), lines)
      if (found < 0) break
      this.finish(lines)
      from = found + 1
    }
    return lines
  }

  /** The beginning of the line that is not whole yet; empty if there is none. */
  get unfinished(): string {
    return startOf(this.pieces)
  }

  /** Nothing of the next line has come yet. */
  private get isBetween(): boolean {
    return this.held === 0 && !this.skipping
  }

  private hold(piece: Uint8Array, lines: Line[]): void {
    if (this.skipping || piece.length === 0) return
    this.pieces.push(piece)
    this.held += piece.length
    if (this.held <= lineOctetsMax) return
    lines.push({ kind: 'too-long', start: startOf(this.pieces) })
    this.drop()
    this.skipping = true
  }

  private finish(lines: Line[]): void {
    if (!this.skipping) lines.push(parseOctets(this.pieces))
    this.drop()
    this.skipping = false
  }

  private drop(): void {
    this.pieces = []
    this.held = 0
  }
}

/** The beginning of some text between double quotes, with everything escaped that would disturb a report. */
export function quote(text: string): string {
  const start = text.length > startOctetsMax ? text.slice(0, startOctetsMax) : text
  return `${JSON.stringify(start)}${start.length < text.length ? ' ...' : ''}`
}

/** Takes all lines that are whole, if none of them can be too long, decoded in one piece; how many octets these are. */
function takeWhole(chunk: Uint8Array, lines: Line[]): number {
  const end = chunk.lastIndexOf(newline)
  if (end < 0 || end > lineOctetsMax) return 0
  const text = decoded(chunk.subarray(0, end))
  if (text === undefined) return 0
  for (const line of text.split('\n')) lines.push(parse(line))
  return end + 1
}

function parseOctets(pieces: readonly Uint8Array[]): Line {
  const [only] = pieces
  const text = decoded(only && pieces.length === 1 ? only : Buffer.concat(pieces))
  return text === undefined ? { kind: 'not-json', start: startOf(pieces) } : parse(text)
}

function parse(text: string): Line {
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'value', value, text }
  } catch {
    return { kind: 'not-json', start: startOf([Buffer.from(text)]) }
  }
}

/** Undefined if it is no UTF-8. */
function decoded(octets: Uint8Array): string | undefined {
  if (!isUtf8(octets)) return undefined
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8')
}

/** The same beginning however the line was cut: a character that the limit splits is left out. */
function startOf(pieces: readonly Uint8Array[]): string {
  const start = new Uint8Array(startOctetsMax)
  let length = 0
  for (const piece of pieces) {
    if (length === startOctetsMax) break
    const part = piece.subarray(0, startOctetsMax - length)
    start.set(part, length)
    length += part.length
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(start.subarray(0, length), { stream: true })
}
