// Prints a diagnostic for people: where, what, the line with a caret under it, and what to do.
import type { Diagnostic } from './diagnostic.ts'
import type { SourcePosition } from './position.ts'

export function formatDiagnostic(diagnostic: Diagnostic, textOfFile: string): string {
  const { position, length, message, suggestion, usedAt } = diagnostic
  const out = [`${placeWords(position)}: error: ${message}`]
  const line = textOfFile.split('\n')[position.line - 1]?.replace(/\r$/, '')
  if (line !== undefined) {
    const number = String(position.line)
    // Tabs keep their width, so that the caret stands under what it means.
    const indent = line.slice(0, position.column - 1).replaceAll(/[^\t]/g, ' ')
    const carets = '^'.repeat(Math.max(1, Math.min(length, line.length - position.column + 1)))
    out.push(` ${number} | ${line}`, ` ${' '.repeat(number.length)} | ${indent}${carets}`)
  }
  if (usedAt) out.push(`used at ${placeWords(usedAt)}`)
  if (suggestion !== '') out.push(`help: ${suggestion}`)
  return out.join('\n')
}

function placeWords({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`
}
