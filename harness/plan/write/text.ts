// Makes the text of a suite file of what it says: items under each other, and what stands in them on one line.
import { Document, Pair, Scalar, YAMLMap, YAMLSeq, type Node } from 'yaml'
import type { Written, WrittenMap } from './written.ts'

/** Keys under which items stand under each other, if the key itself is not on one line with others. */
const spread: ReadonlySet<string> = new Set([
  'cases',
  'memory',
  'faults',
  'steps',
  'expect',
  'expect-any',
  'proves',
  'race',
  'members',
])

/** The columns of a line; what does not fit is broken into its items, but texts are not. */
const columns = 120

export function textOf(file: WrittenMap): string {
  const document = new Document(undefined, { version: '1.2', schema: 'core' })
  document.contents = spreadNode(file)
  return document.toString({ lineWidth: 0, singleQuote: true, trailingComma: true })
}

function spreadNode(value: Written): Node {
  if (isList(value)) {
    const list = new YAMLSeq()
    list.items = value.map((item) => spreadNode(item))
    return list
  }
  return isMap(value)
    ? mapOf(new YAMLMap(), value, (key, each) => (spread.has(key) ? spreadNode(each) : lineNode(each, key)))
    : new Scalar(value)
}

/** `key`: what it stands behind. */
function lineNode(value: Written, key = ''): Node {
  if (isList(value)) {
    const list = new LineList(key)
    list.items = value.map((item) => lineNode(item))
    return list
  }
  return isMap(value) ? mapOf(new LineMap(key), value, (name, each) => lineNode(each, name)) : new Scalar(value)
}

function mapOf(map: YAMLMap, members: WrittenMap, nodeOf: (key: string, value: Written) => Node): YAMLMap {
  for (const [key, value] of Object.entries(members)) {
    if (value !== undefined) map.items.push(new Pair(new Scalar(key), nodeOf(key, value)))
  }
  return map
}

function isList(value: Written): value is readonly Written[] {
  return Array.isArray(value)
}

function isMap(value: Written): value is WrittenMap {
  return typeof value === 'object' && value !== null && !isList(value)
}

type Context = Parameters<YAMLMap['toString']>[0]

/** `width`: columns that are left for it; `padding`: what stands inside the brackets at either end. */
function inLine(context: Context, width: number, padding: string): Context {
  if (!context) return context
  const lineWidth = width - context.indent.length
  return { ...context, flowCollectionPadding: padding, options: { ...context.options, lineWidth } }
}

/** `[a, b]`, without blanks inside the brackets. */
class LineList extends YAMLSeq {
  override flow = true
  private readonly key: string

  constructor(key: string) {
    super()
    this.key = key
  }

  override toString(context: Context, ...others: readonly (() => void)[]): string {
    // The package counts two blanks for each item, and padding.
    const width = columns - this.key.length + this.items.length + 1
    return super.toString(inLine(context, width, ''), ...others)
  }
}

/** `{ a: b }`, with blanks inside the braces. */
class LineMap extends YAMLMap {
  override flow = true
  private readonly key: string

  constructor(key: string) {
    super()
    this.key = key
  }

  override toString(context: Context, ...others: readonly (() => void)[]): string {
    const width = columns - this.key.length + this.items.length - 1
    return super.toString(inLine(context, width, ' '), ...others)
  }
}
