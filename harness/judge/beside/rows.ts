// What two runs did around the place where they part, in rows: what both did stands in one.
import type { BesideRow } from '../../result/report.ts'
import type { View } from '../seen/view.ts'
import { eventOf, type Deed } from './deeds.ts'
import type { Parting, Sides } from './parting.ts'

/** How many deeds of each run are shown before they part, and from there on. */
const shownBefore = 10
const shownAfter = 30

/** A run with its deeds. */
export interface Told {
  readonly view: View
  readonly deeds: readonly Deed[]
}

export interface RowsBeside {
  readonly rows: readonly BesideRow[]
  /** The place of the row at which they part. */
  readonly parting: number
  /** Events that are not shown: of the implementation before the rows, and of whoever has more of them behind. */
  readonly omittedBefore: number
  readonly omittedAfter: number
}

/** `first` is the implementation, `second` the reference. */
export function rowsBeside({ first, second }: Sides<Told>, parting: Parting): RowsBeside {
  const { from } = parting
  const [one, other] = [windowOf(first.deeds, from.first), windowOf(second.deeds, from.second)]
  const aligned = align(one.deeds, other.deeds)
  const rows = aligned.map(({ first: mine, second: its }): BesideRow => ({
    ...(mine ? { implementation: eventOf(first.view, mine) } : {}),
    ...(its ? { reference: eventOf(second.view, its) } : {}),
    same: mine !== undefined && its !== undefined && isSame(mine, its),
  }))
  const parted = [deedAt(first.deeds, parting.first), deedAt(second.deeds, parting.second)].filter(
    (deed) => deed !== undefined,
  )
  const isParted = (row: Partial<Sides<Deed>>): boolean =>
    parted.some((deed) => deed === row.first || deed === row.second)
  return {
    rows,
    parting: aligned.findIndex(isParted),
    omittedBefore: one.before,
    omittedAfter: Math.max(one.after, other.after),
  }
}

function deedAt(deeds: readonly Deed[], place: number | undefined): Deed | undefined {
  return place === undefined ? undefined : deeds[place]
}

function windowOf(
  deeds: readonly Deed[],
  from: number,
): { readonly deeds: readonly Deed[]; readonly before: number; readonly after: number } {
  const start = Math.max(0, Math.min(from, deeds.length) - shownBefore)
  const shown = deeds.slice(start, from + shownAfter)
  return { deeds: shown, before: start, after: deeds.length - start - shown.length }
}

function isSame(one: Deed, other: Deed): boolean {
  return one.stream === other.stream && one.key === other.key
}

/** In the order of both, with as many pairs as can be; what has no pair stands in the order of time. */
function align(first: readonly Deed[], second: readonly Deed[]): readonly Partial<Sides<Deed>>[] {
  const lengths = commonLengths(first, second)
  const rows: Partial<Sides<Deed>>[] = []
  let [i, j] = [0, 0]
  for (;;) {
    const [one, other] = [first[i], second[j]]
    if (!one && !other) return rows
    if (one && other && isSame(one, other)) {
      rows.push({ first: one, second: other })
      i++
      j++
      continue
    }
    const without = { first: lengths[i + 1]?.[j] ?? -1, second: lengths[i]?.[j + 1] ?? -1 }
    const isFirst =
      !other ||
      (one && (without.first > without.second || (without.first === without.second && one.time <= other.time)))
    // What stands in one place of the same stream at one time is seen best side by side.
    if (one && other && without.first === without.second && one.stream === other.stream && one.time === other.time) {
      rows.push({ first: one, second: other })
      i++
      j++
    } else if (isFirst && one) {
      rows.push({ first: one })
      i++
    } else if (other) {
      rows.push({ second: other })
      j++
    }
  }
}

/** How many pairs there are at most from place i of the one and place j of the other on. */
function commonLengths(first: readonly Deed[], second: readonly Deed[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: first.length + 1 }, () => Array.from({ length: second.length + 1 }, () => 0))
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      const [one, other, row] = [first[i], second[j], lengths[i]]
      if (!one || !other || !row) continue
      row[j] = isSame(one, other)
        ? 1 + (lengths[i + 1]?.[j + 1] ?? 0)
        : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return lengths
}
