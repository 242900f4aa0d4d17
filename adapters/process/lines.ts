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
    let from = 0
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
    if (!this.skipping) lines.push(parse(this.pieces))
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

function parse(pieces: readonly Uint8Array[]): Line {
  const [only] = pieces
  const octets = only && pieces.length === 1 ? only : Buffer.concat(pieces)
  if (!isUtf8(octets)) return { kind: 'not-json', start: startOf(pieces) }
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'value', value, text }
  } catch {
    return { kind: 'not-json', start: startOf(pieces) }
  }
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
