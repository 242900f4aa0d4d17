// Whether parts hold each permutation of a run exactly once; if not, what is missing, doubled or strange, and in which part.
import { counted } from '../../../spec/vocabulary/units.ts'
import { grouped } from '../../../reports/grouped.ts'
import type { Permutation } from '../../plan/permutation.ts'
import { namesOfShard, shardWords, type Shard } from '../../plan/shard.ts'
import type { PermutationResult } from '../../result/report.ts'
import type { Part } from './part.ts'

/** How many permutations of one kind are named. */
const namesShown = 3

/** The rows of all permutations, in the order of the plan; or every reason why there are not. */
export function rowsOfAll(
  plan: readonly Permutation[],
  parts: readonly Part[],
): readonly PermutationResult[] | { readonly problem: string } {
  const held = grouped(
    parts.flatMap((part) => part.report.cases.map((row) => ({ part, row }))),
    ({ row }) => row.name,
  )
  const rows = plan.flatMap(({ name }) => held.get(name)?.map(({ row }) => row) ?? [])
  const problems = [
    ...doubledWords(held),
    ...strangeWords(plan, parts),
    ...missingWords(plan, { held: new Set(held.keys()), parts }),
  ]
  return problems.length > 0 ? { problem: problems.join('\n') } : rows
}

interface HeldRow {
  readonly part: Part
  readonly row: PermutationResult
}

/** One line for each set of parts that hold the same. */
function doubledWords(held: ReadonlyMap<string, readonly HeldRow[]>): readonly string[] {
  const doubled = [...held.values()].filter(({ length }) => length > 1)
  const byParts = grouped(doubled, (rows) => rows.map(({ part }) => part.path).join(' and '))
  return [...byParts].map(([paths, rows]) => {
    const names = rows.flatMap(([first]) => first?.row.name ?? [])
    const shards = new Set(rows.flatMap((each) => each.map(({ part }) => wordsOf(part.report.run.shard))))
    const [shard = ''] = shards
    const same = shards.size === 1 && shard !== '' ? `, which are both ${shard}` : ''
    return `doubled, in ${paths}${same}: ${someOf(names)}`
  })
}

/** What a part holds that the plan does not know. */
function strangeWords(plan: readonly Permutation[], parts: readonly Part[]): readonly string[] {
  const known = new Set(plan.map(({ name }) => name))
  return parts.flatMap(({ path, report }) => {
    const strange = report.cases.map(({ name }) => name).filter((name) => !known.has(name))
    return strange.length === 0 ? [] : [`not of this run, in ${path}: ${someOf(strange)}`]
  })
}

/** Where all parts are of one cut, a line for each shard of it that something is missing of, and how it is run. */
function missingWords(
  plan: readonly Permutation[],
  { held, parts }: { readonly held: ReadonlySet<string>; readonly parts: readonly Part[] },
): readonly string[] {
  const missing = plan.filter(({ name }) => !held.has(name)).map(({ name }) => name)
  if (missing.length === 0) return []
  const shards = shardsOf(plan, parts)
  const commandFor = (name: string): string => shards.find(({ names }) => names.has(name))?.command ?? ''
  return [...grouped(missing, commandFor)].map(([command, names]) => {
    const how = command === '' ? '' : `. This runs what is missing: ${command}`
    return `missing: ${someOf(names)}${how}`
  })
}

/** All shards of the plan, and what runs each; none where the parts are not cut in one way. */
function shardsOf(
  plan: readonly Permutation[],
  parts: readonly Part[],
): readonly { readonly command: string; readonly names: ReadonlySet<string> }[] {
  const [first] = parts
  const shard = first?.report.run.shard
  if (!first || !shard || parts.some(({ report }) => report.run.shard?.of !== shard.of)) return []
  return Array.from({ length: shard.of }, (_, place) => {
    const other: Shard = { part: place + 1, of: shard.of }
    const command = first.report.run.command.replace(shardWords(shard), shardWords(other))
    return { command, names: namesOfShard(plan, other) }
  })
}

function wordsOf(shard: Shard | undefined): string {
  return shard ? shardWords(shard) : ''
}

/** `1 permutation: name`, `868 permutations: name, name, name and 865 more`. */
function someOf(names: readonly string[]): string {
  const more = names.length - namesShown
  const shown = names.slice(0, namesShown).join(', ')
  return `${counted(names.length, 'permutation')}: ${shown}${more > 0 ? ` and ${more} more` : ''}`
}
