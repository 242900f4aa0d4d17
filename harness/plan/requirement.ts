// Requirements and classes as the spec files state them.
import type { SourcePosition } from './position.ts'

export interface Requirement {
  readonly id: string
  readonly interface: string
  readonly area: string
  readonly title: string
  readonly words: string
  readonly keyword: 'must' | 'should' | 'may'
  readonly class: string
  readonly basis: 'sourced' | 'recalled' | 'reading'
  /** Rows of the reading, such as E17 or R9. */
  readonly source: readonly string[]
  readonly clause: string
  /** Options without which it is not applicable. */
  readonly needs: readonly string[]
  /** Options with which it is not applicable, since it speaks of their absence. */
  readonly lacks: readonly string[]
  readonly untestable?: string
  readonly deferred?: string
  /** How others read it. It is judged as the words have it. */
  readonly disputed?: { readonly by: string; readonly ours: string; readonly theirs: string }
  readonly position: SourcePosition
}

/** A class of an interface; a class includes all classes before it in the list. */
export interface ConformanceClass {
  readonly interface: string
  readonly class: string
  readonly words: string
}

/** Everything the spec files say that judging needs. */
export interface Catalogue {
  readonly requirements: readonly Requirement[]
  readonly classes: readonly ConformanceClass[]
}
