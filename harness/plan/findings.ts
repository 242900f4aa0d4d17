// Collects diagnostics while files are read, so that nothing stops at the first.
import type { SourcePosition } from './case.ts'
import type { Diagnostic } from './diagnostic.ts'

/** A stretch of one line of a file. */
export interface Mark {
  readonly position: SourcePosition
  readonly length: number
}

export class Findings {
  readonly diagnostics: Diagnostic[] = []

  add(mark: Mark, message: string, suggestion = ''): void {
    const { position, length } = mark
    const known = this.diagnostics.some((other) => samePosition(other.position, position) && other.message === message)
    if (!known) this.diagnostics.push({ position, length: Math.max(1, length), message, suggestion })
  }

  /** Takes over what `others` found at positions where nothing has been found yet. */
  addElsewhere(others: Findings): void {
    const news = others.diagnostics.filter(
      (diagnostic) => !this.diagnostics.some((other) => samePosition(other.position, diagnostic.position)),
    )
    for (const diagnostic of news) this.add(diagnostic, diagnostic.message, diagnostic.suggestion)
  }
}

function samePosition(a: SourcePosition, b: SourcePosition): boolean {
  return a.line === b.line && a.column === b.column && a.file === b.file
}

/** By file, then by line and column. */
export function inFileOrder(a: Diagnostic, b: Diagnostic): number {
  if (a.position.file !== b.position.file) return a.position.file < b.position.file ? -1 : 1
  return a.position.line - b.position.line || a.position.column - b.position.column
}
