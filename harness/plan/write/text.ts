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

/** What stands on one line is broken where it is longer; texts are not. */
const lineOctets = 100

export function textOf(file: WrittenMap): string {
  const document = new Document(undefined, { version: '1.2', schema: 'core' })
  document.contents = spreadNode(file)
  return document.toString({ lineWidth: 0, singleQuote: true })
}

function spreadNode(value: Written): Node {
  if (isList(value)) {
    const list = new YAMLSeq()
    list.items = value.map((item) => spreadNode(item))
    return list
  }
  return isMap(value)
    ? mapOf(new YAMLMap(), value, (key, each) => (spread.has(key) ? spreadNode(each) : lineNode(each)))
    : new Scalar(value)
}

function lineNode(value: Written): Node {
  if (isList(value)) {
    const list = new LineList()
    list.items = value.map((item) => lineNode(item))
    return list
  }
  return isMap(value) ? mapOf(new LineMap(), value, (_, each) => lineNode(each)) : new Scalar(value)
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

/** `padding`: what stands inside the brackets at either end. */
function inLine(context: Context, padding: string): Context {
  if (!context) return context
  return { ...context, flowCollectionPadding: padding, options: { ...context.options, lineWidth: lineOctets } }
}

/** `[a, b]`, without blanks inside the brackets. */
class LineList extends YAMLSeq {
  override flow = true

  override toString(context: Context, ...others: readonly (() => void)[]): string {
    return super.toString(inLine(context, ''), ...others)
  }
}

/** `{ a: b }`, with blanks inside the braces. */
class LineMap extends YAMLMap {
  override flow = true

  override toString(context: Context, ...others: readonly (() => void)[]): string {
    return super.toString(inLine(context, ' '), ...others)
  }
}
