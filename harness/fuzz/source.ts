// Where the plans of a search come from: drawn anew, or made from plans that have shown something new.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { choices, Lots, mishapsFor, movesFor, plansFor } from './draw.ts'
import type { Leaning } from './focus.ts'
import type { Language } from './language.ts'
import { hostsMax, hostsMin, type Mishap, type Move, type Plan } from './plan.ts'

export interface SourceSetting {
  readonly seed: number
  readonly leaning: Leaning
  /** False: every plan is drawn anew, whatever was seen. */
  readonly guided: boolean
}

/** A guided search begins with so many plans drawn anew: what is easily found is found first. */
const freshFirst = 200

/** Of what plans of either origin show, the latest so many count. */
const yieldSpan = 100

/** The least share of plans of either origin. */
const shareLeast = 1 / 8

/** How often plans of one origin have shown something new of late. */
class Yield {
  rate = 1

  note(isNew: boolean): void {
    this.rate += ((isNew ? 1 : 0) - this.rate) / yieldSpan
  }
}

/** Shares are drawn in so many steps. */
const shareSteps = 1024

/** Kept plans; the oldest is forgotten. */
const keptMost = 2048

/** Among the kept, the latest are taken up more often: out of so many times, all but one. */
const latest = 64

/** A plan that grows no further: what it would show, shorter ones show as well. */
const movesMost = 6
const mishapsMost = 6
const choicesMost = 48

interface Kept<Drawn extends Move> {
  readonly plan: Plan<Drawn>
  readonly cost: number
}

export class PlanSource<Drawn extends Move> {
  private readonly guided: boolean
  private readonly random: RandomGenerator
  private readonly plans: Lots<Plan<Drawn>>
  private readonly moves: Lots<Drawn>
  private readonly mishaps: Lots<Mishap>
  private readonly choices: Lots<number>
  private readonly kept: Kept<Drawn>[] = []
  private readonly yields = { fresh: new Yield(), changed: new Yield() }
  private made = 0
  /** What the latest plan was, and whether it has shown something new. */
  private origin: 'fresh' | 'changed' = 'fresh'
  private isNew = false

  constructor(language: Language<Drawn>, { seed, leaning, guided }: SourceSetting) {
    this.guided = guided
    this.random = xoroshiro128plus(seed)
    this.plans = new Lots(plansFor(language, leaning), seed)
    this.moves = new Lots(movesFor(language, leaning), seed ^ 1)
    this.mishaps = new Lots(mishapsFor(leaning), seed ^ 2)
    this.choices = new Lots(choices, seed ^ 3)
  }

  next(): Plan<Drawn> {
    if (this.made++ > 0) this.yields[this.origin].note(this.isNew)
    this.isNew = false
    this.origin = this.nextOrigin()
    if (this.origin === 'fresh') return this.plans.draw()
    let plan = this.keptPlan()
    for (let changes = 1 + this.below(3); changes > 0; changes--) plan = this.changed(plan)
    return plan
  }

  /** The latest plan has shown something new, in a trace of so many records. */
  keep(plan: Plan<Drawn>, cost: number): void {
    if (!this.guided) return
    this.isNew = true
    if (this.kept.length < keptMost) this.kept.push({ plan, cost })
    else this.kept[this.below(keptMost)] = { plan, cost }
  }

  get size(): number {
    return this.kept.length
  }

  /** Plans of that origin are made more often which shows more that is new. */
  private nextOrigin(): 'fresh' | 'changed' {
    if (!this.guided || this.kept.length === 0 || this.made <= freshFirst) return 'fresh'
    const { fresh, changed } = this.yields
    const share = fresh.rate / (fresh.rate + changed.rate || 1)
    const bounded = Math.min(1 - shareLeast, Math.max(shareLeast, share))
    return this.below(shareSteps) < bounded * shareSteps ? 'fresh' : 'changed'
  }

  /** The cheaper of two. */
  private keptPlan(): Plan<Drawn> {
    const one = this.anyKept()
    const other = this.anyKept()
    return one.cost <= other.cost ? one.plan : other.plan
  }

  private anyKept(): Kept<Drawn> {
    const among = this.below(2) === 0 ? this.kept.length : Math.min(latest, this.kept.length)
    const kept = this.kept[this.kept.length - 1 - this.below(among)]
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
