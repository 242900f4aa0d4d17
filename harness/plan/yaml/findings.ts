// Collects diagnostics while files are read, so that nothing stops at the first.
import type { SourcePosition } from '../position.ts'
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
  #usedAt: SourcePosition | undefined

  /** Says the same thing of the same position only once. */
  add({ position, length }: Mark, message: string, suggestion = ''): void {
    const used = this.#usedAt === undefined ? {} : { usedAt: this.#usedAt }
    this.#take({ position, length: Math.max(1, length), message, suggestion, ...used })
  }

  /** What `read` finds stands in a fixture that is used at this position, or by one that is. */
  usedAt(position: SourcePosition, read: () => void): void {
    const outer = this.#usedAt
    this.#usedAt ??= position
    read()
    this.#usedAt = outer
  }

  get isEmpty(): boolean {
    return this.diagnostics.length === 0
  }

  /** Takes over what `others` found at positions where nothing has been found yet. */
  addElsewhere(others: Findings): void {
    const news = others.diagnostics.filter(({ position }) => !this.#positions.has(keyOf(position)))
    for (const diagnostic of news) this.#take(diagnostic)
  }

  #take(diagnostic: Diagnostic): void {
    const key = keyOf(diagnostic.position)
    if (this.#told.has(`${key} ${diagnostic.message}`)) return
    this.#told.add(`${key} ${diagnostic.message}`)
    this.#positions.add(key)
    this.diagnostics.push(diagnostic)
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
