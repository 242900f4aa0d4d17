// Where the plans of a search come from: of a few that are drawn the one of which least was tried, or one made from those that have shown something new.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { choices, Lots, mishapsFor, movesFor, plansFor } from './draw.ts'
import type { Leaning } from './focus.ts'
import type { Language } from './language.ts'
import { Deck, type Dealt } from './deck.ts'
import { Novelty } from './novelty.ts'
import { hostsMax, hostsMin, type Mishap, type Move, type Plan } from './plan.ts'

export interface SourceSetting {
  readonly seed: number
  readonly leaning: Leaning
  /** False: every plan is drawn anew, whatever was tried and seen. */
  readonly guided: boolean
  /** How often a pair was seen that a plan has shown. */
  readonly timesSeen: (pair: number) => number
}

/** A guided search begins with so many plans drawn anew: what is easily found is found first. */
const freshFirst = 200

/** Of so many plans, one is made from a kept one; the others are drawn anew, which finds more. */
const keptEvery = 8

/** Kept plans; then the oldest is forgotten. */
const keptMost = 2048

/** Of so many kept plans, the one that shows what is seen most seldom is taken up. */
const candidates = 8

/** A plan grows no further by changes: what it would show, one that is drawn shows as well. */
const movesMost = 6
const mishapsMost = 6
const choicesMost = 48

/** What a plan has shown. */
interface Shown {
  /** A pair that had not been seen before. */
  readonly pair: number
  /** Records of its trace. */
  readonly cost: number
}

/** What the named number of a move is dealt from. */
interface NumberedDeck {
  readonly number: string
  readonly deck: Deck
}

interface Kept<Drawn extends Move> extends Shown {
  readonly plan: Plan<Drawn>
}

export class PlanSource<Drawn extends Move> {
  private readonly guided: boolean
  private readonly random: RandomGenerator
  private readonly plans: Lots<Plan<Drawn>>
  private readonly moves: Lots<Drawn>
  private readonly mishaps: Lots<Mishap>
  private readonly choices: Lots<number>
  private readonly drawnForOne: number
  /** By the act of a move. */
  private readonly decks: ReadonlyMap<string, NumberedDeck>
  /** Kept only where something is chosen by it. */
  private readonly novelty: Novelty | undefined
  private readonly timesSeen: SourceSetting['timesSeen']
  private readonly kept: Kept<Drawn>[] = []
  private keptNext = 0
  private made = 0

  constructor(language: Language<Drawn>, { seed, leaning, guided, timesSeen }: SourceSetting) {
    this.guided = guided
    this.timesSeen = timesSeen
    this.random = xoroshiro128plus(seed)
    this.plans = new Lots(plansFor(language, leaning), seed)
    this.moves = new Lots(movesFor(language, leaning), seed ^ 1)
    this.mishaps = new Lots(mishapsFor(leaning), seed ^ 2)
    this.choices = new Lots(choices, seed ^ 3)
    this.drawnForOne = language.drawnForOne
    this.decks = new Map(language.dealt.map((dealt) => [dealt.act, this.deckOf(dealt)]))
    this.novelty = guided && language.drawnForOne > 1 ? new Novelty() : undefined
  }

  next(): Plan<Drawn> {
    if (!this.guided) return this.plans.draw()
    const plan = this.guidedPlan()
    this.novelty?.took(plan)
    return plan
  }

  private guidedPlan(): Plan<Drawn> {
    if (++this.made <= freshFirst) return this.plans.draw()
    if (this.kept.length === 0 || this.below(keptEvery) > 0) return this.dealt(this.newestDrawn())
    let plan = this.keptPlan()
    for (let changes = 1 + this.below(3); changes > 0; changes--) plan = this.changed(plan)
    return plan
  }

  private newestDrawn(): Plan<Drawn> {
    let newest = this.plans.draw()
    if (!this.novelty) return newest
    let most = this.novelty.of(newest)
    for (let more = 1; more < this.drawnForOne; more++) {
      const other = this.plans.draw()
      const novelty = this.novelty.of(other)
      if (novelty <= most) continue
      newest = other
      most = novelty
    }
    return newest
  }

  private deckOf({ number, of }: Dealt): NumberedDeck {
    return { number, deck: new Deck(of, (count) => this.below(count)) }
  }

  /** The same, with what it tries dealt instead of drawn. */
  private dealt(plan: Plan<Drawn>): Plan<Drawn> {
    const moves = plan.moves.map((move) => {
      const from = this.decks.get(move.act)
      return from ? { ...move, [from.number]: from.deck.deal() } : move
    })
    return { ...plan, moves }
  }

  /** The plan has shown something new. */
  keep(plan: Plan<Drawn>, shown: Shown): void {
    if (!this.guided) return
    this.kept[this.keptNext] = { plan, ...shown }
    this.keptNext = (this.keptNext + 1) % keptMost
  }

  /** Of a few, the one that shows what is seldom seen, and is short. */
  private keptPlan(): Plan<Drawn> {
    let best = this.anyKept()
    for (let more = 1; more < candidates; more++) {
      const other = this.anyKept()
      if (this.weight(other) < this.weight(best)) best = other
    }
    return best.plan
  }

  private weight({ pair, cost }: Shown): number {
    return this.timesSeen(pair) * cost
  }

  private anyKept(): Kept<Drawn> {
    const kept = this.kept[this.below(this.kept.length)]
    if (!kept) throw new RangeError('no plan is kept')
    return kept
  }

  private changed(plan: Plan<Drawn>): Plan<Drawn> {
    switch (this.below(8)) {
      case 0:
      case 1:
      case 2:
        return { ...plan, moves: this.changedMoves(plan.moves) }
      case 3:
      case 4:
        return { ...plan, mishaps: this.changedList(plan.mishaps, this.mishaps, mishapsMost) }
      case 5:
      case 6:
        return { ...plan, choices: this.changedList(plan.choices, this.choices, choicesMost) }
      default:
        return this.changedSetting(plan)
    }
  }

  private changedMoves(moves: readonly Drawn[]): readonly Drawn[] {
    if (this.below(6) > 0) {
      const changed = this.changedList(moves, this.moves, movesMost)
      return changed.length === 0 ? moves : changed
    }
    // The beginning of one plan and the end of another.
    const other = this.keptPlan().moves
    const spliced = [...moves.slice(0, 1 + this.below(moves.length)), ...other.slice(this.below(other.length))]
    return spliced.slice(0, movesMost)
  }

  /** One item more, less, twice, at another place, or another in its place. */
  private changedList<Item>(list: readonly Item[], lots: Lots<Item>, most: number): readonly Item[] {
    const place = this.below(list.length + 1)
    const changed = [...list]
    switch (this.below(5)) {
      case 0:
        changed.splice(place, 1)
        return changed
      case 1:
        changed.splice(place, 1, lots.draw())
        return changed
      case 2: {
        const [taken] = changed.splice(place, 1)
        if (taken !== undefined) changed.splice(this.below(changed.length + 1), 0, taken)
        return changed
      }
      case 3:
        changed.splice(place, 0, changed[place] ?? lots.draw())
        return changed.slice(0, most)
      default:
        changed.splice(place, 0, lots.draw())
        return changed.slice(0, most)
    }
  }

  private changedSetting(plan: Plan<Drawn>): Plan<Drawn> {
    switch (this.below(4)) {
      case 0:
        return { ...plan, hosts: hostsMin + this.below(1 + this.below(hostsMax + 1 - hostsMin)) }
      case 1:
        return { ...plan, hosts: hostsMin }
      default:
        return { ...plan, setting: this.below(60) }
    }
  }

  private below(count: number): number {
    return (this.random.next() >>> 0) % count
  }
}
