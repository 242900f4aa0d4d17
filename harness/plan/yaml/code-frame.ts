// Prints a diagnostic for people: where, what, the line with a caret under it, and what to do.
import type { Diagnostic } from './diagnostic.ts'
import { positionWords } from '../position.ts'

export function formatDiagnostic(diagnostic: Diagnostic, textOfFile: string): string {
  const { position, length, message, suggestion, usedAt } = diagnostic
  const out = [`${positionWords(position)}: error: ${message}`]
  const line = textOfFile.split('\n')[position.line - 1]?.replace(/\r$/, '')
  if (line !== undefined) {
    const number = String(position.line)
    const { text, start } = shownOf(line, position.column - 1)
    // Tabs keep their width, so that the caret stands under what it means.
    const indent = text.slice(0, start).replaceAll(/[^\t]/g, ' ')
    const carets = '^'.repeat(Math.max(1, Math.min(length, text.length - start)))
    out.push(` ${number} | ${text}`, ` ${' '.repeat(number.length)} | ${indent}${carets}`)
  }
  if (usedAt) out.push(`used at ${positionWords(usedAt)}`)
  if (suggestion !== '') out.push(`help: ${suggestion}`)
  return out.join('\n')
}

/** How many characters of a line are shown, and how many of them before what is marked. */
const shownMax = 160
const shownBefore = 60

/** The line, or what of a long one stands around the index `marked`; `start` is where that is in the text. */
function shownOf(line: string, marked: number): { readonly text: string; readonly start: number } {
  if (line.length <= shownMax) return { text: line, start: marked }
  const from = Math.max(0, Math.min(marked - shownBefore, line.length - shownMax))
  const before = from > 0 ? '...' : ''
  const after = from + shownMax < line.length ? '...' : ''
  return { text: `${before}${line.slice(from, from + shownMax)}${after}`, start: before.length + marked - from }
}
