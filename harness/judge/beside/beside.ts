// Two runs of one permutation beside each other, of the implementation and of the reference: where they part, in words and rows.
import type { Instant } from '../../../spec/vocabulary/units.ts'
import type { Beside } from '../../result/report.ts'
import type { RunEnding } from '../verdict/ending.ts'
import type { View } from '../seen/view.ts'
import { timeWords } from '../words.ts'
import { deedsOf, deedWords, eventOf, type Deed } from './deeds.ts'
import { compareDeeds, type Parting, type Sides } from './parting.ts'
import { rowsBeside, type Told } from './rows.ts'

/** A run that has ended. */
export interface Ran {
  readonly view: View
  readonly ending: RunEnding
}

/**
 * Says nothing of what is right: what the reference does is one of several ways that are allowed. Nothing of the views is
 * kept.
 */
export function besideEachOther(implementation: Ran, reference: Ran): Beside {
  const sides = {
    first: { ...implementation, deeds: deedsOf(implementation.view) },
    second: { ...reference, deeds: deedsOf(reference.view) },
  }
  const { parting, shifted } = compareDeeds({ first: sides.first.deeds, second: sides.second.deeds })
  if (!parting) return { kind: 'played', words: 'both did the same at the same times, from beginning to end', rows: [] }
  const words = parting.of === 'times' ? timesWords(sides, parting) : partingWords(sides, parting, shifted)
  return { kind: 'played', words, ...rowsBeside(sides, parting) }
}

type Side = Told & Ran

function timesWords({ first, second }: Sides<Side>, parting: Parting): string {
  const [one, other] = partedOf({ first, second }, parting)
  const what = one ? deedWords(first.view, one) : ''
  return `both did the same from beginning to end, but not at the same times: first, ${what} at ${at(one)} with the implementation, and at ${at(other)} with the reference`
}

/** `until 12.4us both did the same; then, with the reference, right sent "..."; with the implementation, nothing more`. */
function partingWords(sides: Sides<Side>, parting: Parting, shifted: Instant | undefined): string {
  const { first, second } = sides
  const [one, other] = partedOf(sides, parting)
  const time = Math.min(one?.time ?? Infinity, other?.time ?? Infinity)
  const late = shifted === undefined ? '' : `, though from ${timeWords(shifted)} on not at the same times`
  const same = time === 0 ? 'at first both did the same' : `until ${timeWords(time)} both did the same${late}`
  const differs = one && other ? contents(sides, one, other) : ['', '']
  const its = `with the reference ${doneWords(second, other, { time, content: differs[1] ?? '' })}`
  const mine = `with the implementation ${doneWords(first, one, { time, content: differs[0] ?? '' })}`
  // Whatever was done first is told first.
  const isMineFirst = other === undefined || (one !== undefined && one.time < other.time)
  return `${same}; then ${isMineFirst ? `${mine}, and ${its}` : `${its}, and ${mine}`}`
}

function doneWords(
  { view, ending }: Side,
  deed: Deed | undefined,
  { time, content }: { readonly time: Instant; readonly content: string },
): string {
  if (!deed) return ending.kind === 'finished' ? 'nothing of the kind' : `nothing of the kind until ${endWords(ending)}`
  const what = `${deedWords(view, deed)}${content}`
  return deed.time === time ? what : `nothing of the kind until ${timeWords(deed.time)}, when ${what}`
}

function endWords({ kind }: RunEnding): string {
  switch (kind) {
    case 'crash':
      return 'it crashed'
    case 'hang':
      return 'it answered no more'
    case 'protocol':
      return 'it broke the protocol of adapters'
    case 'flood':
      return 'it was stopped, since it never came to rest'
    case 'finished':
    case 'timeout':
    case 'unmet':
    case 'harness-error':
      return 'the case ended'
  }
}

function partedOf({ first, second }: Sides<Told>, parting: Parting): readonly [Deed | undefined, Deed | undefined] {
  return [
    parting.first === undefined ? undefined : first.deeds[parting.first],
    parting.second === undefined ? undefined : second.deeds[parting.second],
  ]
}

/** In what two deeds differ whose words are the same: the fields of their frames, or what words do not show. */
function contents({ first, second }: Sides<Side>, one: Deed, other: Deed): readonly [string, string] {
  const [mine, its] = [eventOf(first.view, one), eventOf(second.view, other)]
  if (mine.label !== its.label) return ['', '']
  if (mine.kind !== 'frame' || its.kind !== 'frame') return [' with other content', '']
  const [ofMine, ofIts] = [only(mine.fields, its.fields), only(its.fields, mine.fields)]
  return ofMine === '' ? [' with other octets', ''] : [` with ${ofMine}`, ` with ${ofIts}`]
}

/** What stands in the one list of fields alone. */
function only(of: readonly string[], not: readonly string[]): string {
  return of.filter((field) => !not.includes(field)).join(', ')
}

function at(deed: Deed | undefined): string {
  return timeWords(deed?.time ?? 0)
}
