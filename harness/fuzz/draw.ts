// Draws plans and their parts by fast-check, in lots, since a lot costs little more than a few.
import { array, constant, constantFrom, integer, nat, oneof, record, sample, type Arbitrary } from 'fast-check'
import type { Leaning } from './focus.ts'
import type { Language } from './language.ts'
import { hostsMax, hostsMin, type Mishap, type Move, type Plan } from './plan.ts'

/** The most moves and mishaps of a plan as it is drawn: usually, and of one that is long. Then the most choices. */
const movesMost = 5
const mishapsMost = 5
const longMovesMost = 10
const longMishapsMost = 8
const choicesMost = 24

/** Settings are counted modulo, choices too. */
const settings = nat(59)
export const choices: Arbitrary<number> = nat(7)

/** Frames that can be hit are the first ones, since small runs have no others. */
const ordinals = oneof(
  { weight: 8, arbitrary: nat(4) },
  { weight: 3, arbitrary: nat(12) },
  { weight: 1, arbitrary: nat(40) },
)

/** Two hosts most often: they meet. */
const hosts = oneof(
  { weight: 7, arbitrary: constant(hostsMin) },
  { weight: 2, arbitrary: constant(3) },
  { weight: 1, arbitrary: integer({ min: 4, max: hostsMax }) },
)

export function mishapsFor({ fates }: Leaning): Arbitrary<Mishap> {
  return record({
    fate: constantFrom(...fates),
    host: nat(hostsMax - 1),
    ordinal: ordinals,
    full: constantFrom(0, 0, 1),
    amount: nat(7),
  })
}

export function movesFor<Drawn extends Move>(language: Language<Drawn>, { mistakes }: Leaning): Arbitrary<Drawn> {
  return oneof({ weight: 10 - mistakes, arbitrary: language.moves }, { weight: mistakes, arbitrary: language.mistakes })
}

/** Whole plans: short ones most often, and long ones, since much can meet in them that is not likely to meet otherwise. */
export function plansFor<Drawn extends Move>(language: Language<Drawn>, leaning: Leaning): Arbitrary<Plan<Drawn>> {
  const moves = movesFor(language, leaning)
  const mishaps = mishapsFor(leaning)
  return record({
    hosts,
    setting: settings,
    seed: nat(0xffff),
    moves: oneof(
      { weight: 3, arbitrary: array(moves, { minLength: 1, maxLength: 2 }) },
      { weight: 2, arbitrary: array(moves, { minLength: 2, maxLength: movesMost, size: 'max' }) },
      { weight: 1, arbitrary: array(moves, { minLength: movesMost, maxLength: longMovesMost, size: 'max' }) },
    ),
    mishaps: oneof(
      { weight: 1, arbitrary: constant([]) },
      { weight: 3, arbitrary: array(mishaps, { maxLength: mishapsMost, size: 'max' }) },
      { weight: 1, arbitrary: array(mishaps, { minLength: 4, maxLength: longMishapsMost, size: 'max' }) },
    ),
    choices: oneof(
      { weight: 10 - leaning.stepped, arbitrary: constant([]) },
      { weight: leaning.stepped, arbitrary: array(choices, { minLength: 1, maxLength: choicesMost, size: 'max' }) },
    ),
  })
}

/** How many are drawn at a time. */
const lotSize = 512

/** Hands out what an arbitrary draws, one after the other, without end: the same for the same seed. */
export class Lots<Drawn> {
  private readonly arbitrary: Arbitrary<Drawn>
  private seed: number
  private lot: readonly Drawn[] = []
  private next = 0

  constructor(arbitrary: Arbitrary<Drawn>, seed: number) {
    this.arbitrary = arbitrary
    this.seed = seed
  }

  draw(): Drawn {
    if (this.next === this.lot.length) {
      this.lot = sample(this.arbitrary, { seed: this.seed, numRuns: lotSize })
      this.seed = (Math.imul(this.seed, 0x9e3779b1) + 1) | 0
      this.next = 0
    }
    const drawn = this.lot[this.next++]
    if (drawn === undefined) throw new RangeError('fast-check drew nothing')
    return drawn
  }
}
