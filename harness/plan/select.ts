// Selects by patterns over paths, and by requirement ids.
import { nearest } from './nearest.ts'

/** Something with a path, such as a case or a permutation. */
export interface Selectable {
  readonly name: string
  /** Requirements that it verifies. */
  readonly requirements: readonly string[]
}

export interface UnmatchedPattern {
  readonly pattern: string
  /** What may have been meant; empty if nothing is near. */
  readonly suggestion: string
}

export interface Selection<T extends Selectable> {
  /** In the order given; everything if there are no patterns. */
  readonly selected: readonly T[]
  /** Patterns that match nothing: an error of whoever wrote them. */
  readonly unmatched: readonly UnmatchedPattern[]
}

/**
 * `*` stands for anything within a component of a path, `**` for any number of components. A pattern also selects all
 * that lies below what it matches. A requirement id selects what verifies it.
 */
export function select<T extends Selectable>(items: readonly T[], patterns: readonly string[]): Selection<T> {
  if (patterns.length === 0) return { selected: items, unmatched: [] }
  const matchers = patterns.map((pattern) => ({ pattern, matches: matcher(pattern) }))
  const selected = items.filter((item) => matchers.some(({ matches }) => matches(item)))
  const unmatched = matchers
    .filter(({ matches }) => !items.some((item) => matches(item)))
    .map(({ pattern }) => ({ pattern, suggestion: suggest(pattern, items) }))
  return { selected, unmatched }
}

function matcher(pattern: string): (item: Selectable) => boolean {
  const parts = pattern.split('/').map((part) => (part === '**' ? part : globOf(part)))
  return ({ name, requirements }) => requirements.includes(pattern) || startsWith(name.split('/'), parts)
}

function globOf(part: string): RegExp {
  const escaped = part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll(/\*+/g, '.*')}$`)
}

/** True if the first components are matched by the parts, whatever follows. */
function startsWith(components: readonly string[], parts: readonly (RegExp | '**')[]): boolean {
  const [part, ...rest] = parts
  if (part === undefined) return true
  if (part === '**') return components.some((_, i) => startsWith(components.slice(i), rest)) || rest.length === 0
  const [component, ...below] = components
  return component !== undefined && part.test(component) && startsWith(below, rest)
}

function suggest(pattern: string, items: readonly Selectable[]): string {
  const depth = pattern.split('/').length
  const paths = items.map(({ name }) => name.split('/').slice(0, depth).join('/'))
  const names = new Set([...paths, ...items.flatMap(({ requirements }) => requirements)])
  const found = nearest(pattern, names)
  return found === undefined ? '' : `did you mean \`${found}\`?`
}
