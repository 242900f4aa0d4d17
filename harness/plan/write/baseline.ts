// Changes the text of a baseline, and leaves what it does not change as it was written, comments included.
import { isSeq, parseDocument, YAMLSeq, type Document } from 'yaml'
import type { BaselineEntry } from '../read/baseline.ts'

/** What a new baseline says of itself. */
const head = ` Failures that are known. \`viaduct run --baseline\` with this file fails for every other one, and for an entry
 that is no longer right; \`viaduct baseline tighten\` takes such entries out.`

/**
 * The text with each entry replaced by what `become` makes of it, by its place in the file: itself, others, or none; and
 * with more entries at its end. The text is one that `readBaseline` takes.
 */
export function changedBaseline(
  text: string,
  become: (place: number) => 'itself' | readonly BaselineEntry[],
  more: readonly BaselineEntry[],
): string {
  const document: Document = parseDocument(text, { version: '1.2', schema: 'core' })
  const nodeOf = (entry: BaselineEntry): unknown => document.createNode(entry)
  const list = isSeq(document.contents) ? document.contents : new YAMLSeq()
  list.items = [
    ...list.items.flatMap((item, place) => {
      const others = become(place)
      return others === 'itself' ? [item] : others.map(nodeOf)
    }),
    ...more.map(nodeOf),
  ]
  list.flow = list.items.length === 0
  document.contents = list
  if (text === '') document.commentBefore = head
  return document.toString({ lineWidth: 0, singleQuote: true })
}
