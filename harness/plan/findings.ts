// Collects diagnostics while files are read, so that nothing stops at the first.
import type { SourcePosition } from './position.ts'
import type { Diagnostic } from './diagnostic.ts'

/** A stretch of one line of a file. */
export interface Mark {
  readonly position: SourcePosition
  readonly length: number
}

export class Findings {
  readonly diagnostics: Diagnostic[] = []
  readonly #told = new Set<string>()
  readonly #positions = new Set<string>()

  /** Says the same thing of the same position only once. */
  add({ position, length }: Mark, message: string, suggestion = ''): void {
    const key = keyOf(position)
    if (this.#told.has(`${key} ${message}`)) return
    this.#told.add(`${key} ${message}`)
    this.#positions.add(key)
    this.diagnostics.push({ position, length: Math.max(1, length), message, suggestion })
  }

  get isEmpty(): boolean {
    return this.diagnostics.length === 0
  }

  /** Takes over what `others` found at positions where nothing has been found yet. */
  addElsewhere(others: Findings): void {
    const news = others.diagnostics.filter(({ position }) => !this.#positions.has(keyOf(position)))
    for (const diagnostic of news) this.add(diagnostic, diagnostic.message, diagnostic.suggestion)
  }
}

function keyOf({ file, line, column }: SourcePosition): string {
  return `${line}:${column}:${file}`
}

/** By file, then by line and column. */
export function inFileOrder(a: Diagnostic, b: Diagnostic): number {
  if (a.position.file !== b.position.file) return a.position.file < b.position.file ? -1 : 1
  return a.position.line - b.position.line || a.position.column - b.position.column
}
