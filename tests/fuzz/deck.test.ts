// Numbers that are dealt: a guided search of VIA tries nothing twice before it has tried all else.
import { test } from 'tap'
import { referenceAdapter } from '../../adapters/reference/adapter.ts'
import { Deck } from '../../harness/fuzz/deck.ts'
import { leaningTo } from '../../harness/fuzz/focus.ts'
import { languageOf } from '../../harness/fuzz/languages.ts'
import { PlanSource } from '../../harness/fuzz/source.ts'
import { tries } from '../../harness/fuzz/via/tries.ts'
import { project } from './subject.ts'

let state = 7
const below = (count: number): number => {
  state = (Math.imul(state, 0x41c6_4e6d) + 0x3039) >>> 0
  return (state >>> 8) % count
}

function dealt(deck: Deck, count: number): readonly number[] {
  return Array.from({ length: count }, () => deck.deal())
}

const inOrder = (numbers: readonly number[]): readonly number[] => numbers.toSorted((one, other) => one - other)

await test('each card comes once before one comes again', (t) => {
  const deck = new Deck(52, below)
  const all = Array.from({ length: 52 }, (_, card) => card)
  t.same(inOrder(dealt(deck, 52)), all)
  t.same(inOrder(dealt(deck, 52)), all)
  t.end()
})

await test('cards come in another order each time', (t) => {
  const deck = new Deck(52, below)
  const once = dealt(deck, 52)
  t.notSame(once, inOrder(once))
  t.notSame(dealt(deck, 52), once)
  t.end()
})

await test('of one card that card comes', (t) => {
  t.same(dealt(new Deck(1, below), 3), [0, 0, 0])
  t.end()
})

/** How many of all tries are among the first so many that a search makes. */
function differentTries(guided: boolean, made: number): number {
  const language = languageOf('via', project.layouts, referenceAdapter().pics)
  const source = new PlanSource(language, { seed: 3, leaning: leaningTo(undefined), guided, timesSeen: () => 1 })
  const seen: unknown[] = []
  while (seen.length < made) for (const { act, what } of source.next().moves) if (act === 'try') seen.push(what)
  return new Set(seen.slice(0, made)).size
}

await test('a guided search of VIA has tried nearly all when a blind one has tried two thirds', (t) => {
  // The first plans of a guided search are drawn.
  const made = tries.length + 100
  t.ok(differentTries(true, made) > 0.9 * tries.length)
  t.ok(differentTries(false, made) < 0.8 * tries.length)
  t.end()
})
