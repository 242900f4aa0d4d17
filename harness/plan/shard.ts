// Cuts the permutations of a run into parts of one size, for as many machines.
import type { Permutation } from './permutation.ts'
import { seedOf } from './seed.ts'

/** One of so many parts, from 1. */
export interface Shard {
  readonly part: number
  readonly of: number
}

/** What a shard needs of a permutation. */
type Cut = Pick<Permutation, 'name' | 'notApplicable'>

/**
 * The names of one part. All that applies is put in an order that each name finds by itself, and cut into pieces that
 * differ by one at most; what does not apply likewise. So no part has all the long cases, and where a few permutations
 * are added, about as few change their part.
 */
export function namesOfShard(permutations: readonly Cut[], shard: Shard): ReadonlySet<string> {
  const applies = ({ notApplicable }: Cut): boolean => notApplicable === undefined
  const rest = permutations.filter((each) => !applies(each))
  return new Set([...pieceOf(permutations.filter(applies), shard), ...pieceOf(rest, shard)])
}

export function shardWords({ part, of }: Shard): string {
  return `--shard ${part}/${of}`
}

function pieceOf(permutations: readonly Cut[], { part, of }: Shard): readonly string[] {
  const placed = permutations.map(({ name }) => ({ name, place: seedOf(name, 0) }))
  // Two names of one place keep their order in the plan.
  const ordered = placed.toSorted((one, other) => one.place - other.place).map(({ name }) => name)
  const end = (parts: number): number => Math.floor((parts * ordered.length) / of)
  return ordered.slice(end(part - 1), end(part))
}
