// One place in a YAML file: its value with axes filled in, and where it stands.
import { isMap, isNode, isScalar, isSeq, LineCounter, type Pair, type YAMLMap } from 'yaml'
import type { SourcePosition } from '../position.ts'
import type { Mark } from './findings.ts'
import { onceFor } from '../once-for.ts'
import { markAt, type Source, type SourceText } from './source.ts'

/** What axes stand for in one permutation. */
export interface AxisValues {
  readonly values: ReadonlyMap<string, string>
  /** Used only for words: a real value for a text that stands for an axis. */
  readonly examples: ReadonlyMap<string, string>
}

const noAxes: AxisValues = { values: new Map(), examples: new Map() }

const axisPattern = /\$([a-z][a-z0-9-]*)/g

export class Place {
  readonly source: Source
  readonly #node: unknown
  readonly #key: unknown
  readonly #axes: AxisValues

  constructor(source: Source, node: unknown, key: unknown, axes: AxisValues) {
    this.source = source
    this.#node = node
    this.#key = key
    this.#axes = axes
  }

  static root(source: Source): Place {
    return new Place(source, source.root, undefined, noAxes)
  }

  /** A place in a file that could not be read: everything in it is absent. */
  static nowhere(given: SourceText): Place {
    return new Place(
      { ...given, root: undefined, data: undefined, lines: new LineCounter() },
      undefined,
      undefined,
      noAxes,
    )
  }

  /** The same place with these values for axes. */
  bind(axes: AxisValues): Place {
    return new Place(this.source, this.#node, this.#key, axes)
  }

  /** The same place with these texts for names, in surroundings where texts may stand for axes as they do at `other`. */
  bindLike(other: Place, values: ReadonlyMap<string, string>): Place {
    return this.bind({ values, examples: other.#axes.examples })
  }

  /** False where a key was asked for that is not there. */
  get present(): boolean {
    return this.#node !== undefined
  }

  /** True where `null` is written, as the value of a key or an item. */
  get isNull(): boolean {
    return isScalar(this.#node) && this.#node.value === null
  }

  get isMap(): boolean {
    return isMap(this.#node)
  }

  get isList(): boolean {
    return isSeq(this.#node)
  }

  /** The value of a key of this map; an absent place if there is none. */
  get(key: string): Place {
    const pair = isMap(this.#node) ? pairsOf(this.#node).get(key) : undefined
    // A key without a value is there, but has nothing in it.
    return new Place(this.source, pair ? (pair.value ?? null) : undefined, pair?.key ?? this.#key, this.#axes)
  }

  /** The item of this list, or the value of this map: one component of a JSON pointer. */
  child(component: string): Place {
    if (!isSeq(this.#node)) return this.get(component)
    return new Place(this.source, this.#node.items[Number(component)], undefined, this.#axes)
  }

  items(): readonly Place[] {
    if (!isSeq(this.#node)) return []
    return this.#node.items.map((item) => new Place(this.source, item, undefined, this.#axes))
  }

  /** The items of a list, or this place alone if it is none. */
  oneOrMore(): readonly Place[] {
    if (!this.present) return []
    return this.isList ? this.items() : [this]
  }

  /** Keys and values of this map, in order. */
  entries(): readonly { readonly name: string; readonly key: Place; readonly value: Place }[] {
    if (!isMap(this.#node)) return []
    return this.#node.items.map(({ key, value }) => {
      const place = new Place(this.source, key, undefined, this.#axes)
      return { name: place.text() ?? '', key: place, value: new Place(this.source, value ?? null, key, this.#axes) }
    })
  }

  /** A scalar as it is written, axes filled in; undefined for anything else. */
  text(): string | undefined {
    const raw = keyText(this.#node)
    if (!raw?.includes('$')) return raw
    return raw.replace(axisPattern, (whole, name: string) => this.#axes.values.get(name) ?? whole)
  }

  /** A real value for a text that stands for an axis; the text itself otherwise. */
  example(): string | undefined {
    const text = this.text()
    return text === undefined ? undefined : (this.#axes.examples.get(text) ?? text)
  }

  /** A scalar as a number; undefined for anything else. */
  number(): number | undefined {
    if (isScalar(this.#node) && typeof this.#node.value === 'number') return this.#node.value
    const text = this.text()
    return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
  }

  /** Names of axes that this scalar mentions, each with its stretch of the file. */
  axisNames(): readonly { readonly name: string; readonly mark: Mark }[] {
    const raw = keyText(this.#node)
    if (!raw?.includes('$') || !isNode(this.#node)) return []
    const [from, to] = this.#node.range ?? [0, 0]
    const written = this.source.text.slice(from, to)
    return [...written.matchAll(axisPattern)].map((found) => ({
      name: found[1] ?? '',
      mark: markAt(this.source, from + found.index, from + found.index + found[0].length),
    }))
  }

  /** The scalar itself; for maps and lists the key they stand under, or their first key. */
  mark(): Mark {
    const node = this.#node
    if (isMap(node) || isSeq(node)) {
      if (isNode(this.#key)) return this.#markOf(this.#key)
      const first: unknown = isMap(node) ? node.items[0]?.key : undefined
      if (isNode(first)) return this.#markOf(first)
    }
    // An empty value has no width: its key is what a reader sees.
    if (isScalar(node) && node.value === null && isNode(this.#key)) return this.#markOf(this.#key)
    return this.#markOf(isNode(node) ? node : this.#key)
  }

  /** The key that this value stands under, or the value itself in a list. */
  keyMark(): Mark {
    return isNode(this.#key) ? this.#markOf(this.#key) : this.mark()
  }

  position(): SourcePosition {
    return this.keyMark().position
  }

  /** This place on one line, as a file would say it. */
  flow(): string {
    if (isMap(this.#node)) {
      const parts = this.entries().map(({ name, value }) => `${name}: ${value.flow()}`)
      return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
    }
    if (isSeq(this.#node))
      return `[${this.items()
        .map((item) => item.flow())
        .join(', ')}]`
    return this.text() ?? 'null'
  }

  #markOf(node: unknown): Mark {
    const [from, to] = isNode(node) ? (node.range ?? [0, 1]) : [0, 1]
    return markAt(this.source, from, to)
  }
}

/** The pairs of a map by their keys; a case is read once for each combination of its axes. */
const pairsOf: (map: YAMLMap) => ReadonlyMap<string, Pair> = onceFor((map) => {
  const made = new Map<string, Pair>()
  for (const pair of map.items) {
    const key = keyText(pair.key)
    if (key !== undefined && !made.has(key)) made.set(key, pair)
  }
  return made
})

function keyText(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined
  if (typeof node.value === 'string') return node.value
  const { value } = node
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
  return isPlain ? (node.source ?? String(value)) : undefined
}
