// The rows of a table of differences between two runs; what only one of them speaks of takes a row for each case or suite, not for each permutation.
import { grouped } from '../../../reports/grouped.ts'
import { counted } from '../../../spec/vocabulary/units.ts'

/** Something that has a verdict in each run; undefined in the one that does not speak of it. */
export interface Difference {
  readonly name: string
  readonly first: string | undefined
  readonly second: string | undefined
}

type Side = 'first' | 'second'

/**
 * Name, verdict in the first run and verdict in the second of each difference. Where one run speaks of
 * nothing in a suite, or of no permutation of a case, that is one row. `names` are those of all permutations that each run speaks of.
 */
export function differenceRows(
  differences: readonly Difference[],
  names: Readonly<Record<Side, readonly string[]>>,
): readonly (readonly string[])[] {
  const spokenOf = { first: new Set(names.first.flatMap(placesOf)), second: new Set(names.second.flatMap(placesOf)) }
  const rowOf = (each: Difference): string => {
    const lacking = lackingIn(each)
    return (lacking && placesOf(each.name).find((place) => !spokenOf[lacking].has(place))) ?? each.name
  }
  return [...grouped(differences, rowOf)].map(([place, inside]) => [
    inside.length === 1 ? (inside[0]?.name ?? place) : `${place} (${counted(inside.length, 'permutation')})`,
    verdictsOf(inside, 'first'),
    verdictsOf(inside, 'second'),
  ])
}

function lackingIn({ first, second }: Difference): Side | undefined {
  if (first === undefined) return 'first'
  return second === undefined ? 'second' : undefined
}

/** The suite and the case that a permutation belongs to, the larger first. */
function placesOf(name: string): readonly string[] {
  const [suite = name, ofSuite = ''] = name.split('/')
  return [suite, `${suite}/${ofSuite}`]
}

/** The verdict of one, how many have which of several. */
function verdictsOf(inside: readonly Difference[], side: Side): string {
  const kinds = [...grouped(inside, (each) => each[side] ?? 'not there')]
  return kinds.map(([verdict, of]) => (kinds.length === 1 ? verdict : `${of.length} ${verdict}`)).join(', ')
}
