// Selects permutations by patterns over their paths, and by requirement ids.
import { permutationNames } from './expand.ts'
import { didYouMean } from './yaml/nearest.ts'
import type { DeclaredCase, SuiteCase } from './suite-case.ts'

export interface Selection {
  /** Whether the permutation of this full name is selected. */
  readonly matches: (name: string) => boolean
  /** Whether any permutation of the case `suite/case` is selected. */
  readonly matchesCase: (id: string) => boolean
}

/**
 * `*` stands for anything within a component of a path, `**` for any number of components. A pattern also selects all
 * that lies below what it matches; a case goes by the names that it had before as well. A requirement id selects the
 * cases that verify it, the name of an interface those that are about it. No patterns select everything.
 * A pattern that matches nothing is a problem, worded with the nearest name.
 */
export function select(
  cases: readonly SuiteCase[],
  patterns: readonly string[],
): Selection | { readonly problem: string } {
  const all = cases.map((given): Candidate => ({ given, names: permutationNames(given) }))
  const unmatched = patterns.filter((pattern) => !all.some((candidate) => selects(pattern, candidate)))
  if (unmatched.length > 0) return { problem: unmatched.map((pattern) => problemOf(pattern, all)).join('\n') }
  const selected = new Set(all.flatMap((candidate) => namesOf(candidate, patterns)))
  const selectedCases = new Set([...selected].map((name) => name.split('/').slice(0, 2).join('/')))
  return { matches: (name) => selected.has(name), matchesCase: (id) => selectedCases.has(id) }
}

/** What a case is called, and was. */
type Named = Pick<DeclaredCase, 'id' | 'suite' | 'was'>

/** Whether a full name, or what it lies below, is matched by a pattern that is a path, which may go by an earlier name of a case. */
export function matcherOf(pattern: string, declared: readonly Named[]): (name: string) => boolean {
  const parts = partsOf(pattern)
  const renamed = new Map(declared.filter(({ was }) => was.length > 0).map((each) => [each.id, each]))
  return (name) => {
    const of = renamed.get(name.split('/').slice(0, 2).join('/'))
    const names = of ? namesEverOf(of, name) : [name]
    return names.some((each) => startsWith(each.split('/'), parts))
  }
}

/** What a permutation of the case is called, and was. */
function namesEverOf({ id, suite, was }: Named, name: string): readonly string[] {
  return [id, ...was.map((slug) => `${suite}/${slug}`)].map((each) => `${each}${name.slice(id.length)}`)
}

interface Candidate {
  readonly given: SuiteCase
  readonly names: readonly string[]
}

function namesOf({ given, names }: Candidate, patterns: readonly string[]): readonly string[] {
  const { requirements, interface: of } = given.declared
  const isMeant = (pattern: string): boolean => pattern === of || requirements.includes(pattern)
  if (patterns.length === 0 || patterns.some(isMeant)) return names
  const globs = patterns.map(partsOf)
  return names.filter((name) =>
    namesEverOf(given.declared, name).some((each) => globs.some((parts) => startsWith(each.split('/'), parts))),
  )
}

function selects(pattern: string, candidate: Candidate): boolean {
  return namesOf(candidate, [pattern]).length > 0
}

function partsOf(pattern: string): readonly (RegExp | '**')[] {
  // A slash at the end asks for what lies below, which a pattern selects anyway.
  const parts = pattern.replace(/\/+$/, '').split('/')
  return parts.map((part) => (part === '**' ? part : globOf(part)))
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

function problemOf(pattern: string, all: readonly Candidate[]): string {
  const depth = pattern.split('/').length
  const paths = all.flatMap(({ names }) => names.map((name) => name.split('/').slice(0, depth).join('/')))
  const help = didYouMean(pattern, [...paths, ...all.flatMap(({ given }) => given.declared.requirements)])
  return `\`${pattern}\` matches no case${help === '' ? '' : `: ${help}`}`
}
