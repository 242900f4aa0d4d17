// How little of a plan was tried before: told from what it says, before anything is run.
import { NameNumbers } from './name-numbers.ts'
import type { Move, Plan } from './plan.ts'

/** Facts fall on counters by their hash. */
const places = 1 << 20

/** The most facts of a plan that are looked at: more than the longest have. */
const factsMost = 8192

/** Which hosts a move is about is no news. */
const whoElse: ReadonlySet<string> = new Set(['act', 'host', 'peer'])

/**
 * Between 0, where long plans are always the newer ones, and 1, where a plan is as new as its facts are on average, and short ones win:
 * what finds most was measured with faults that are found late.
 */
const weightOfLength = 0.85

/** A move: what it does, and a fact for each of its numbers. */
interface MoveFacts {
  act: number
  readonly facts: number[]
}

/**
 * Counts what plans were made of, so that what was seldom tried goes first: numbers of a move, and each beside another move, since
 * most faults that are found late need several moves to meet.
 */
export class Novelty {
  private readonly tried = new Uint32Array(places)
  private readonly names = new NameNumbers()
  private readonly told: MoveFacts[] = []
  private readonly facts = new Int32Array(factsMost)
  private count = 0

  /** The more the less of the plan was tried; the more numbers and moves it has, the more there is to be new. */
  of(plan: Plan): number {
    this.read(plan)
    let rarity = 0
    for (let i = 0; i < this.count; i++) rarity += 1 / (1 + (this.tried[this.facts[i] ?? 0] ?? 0))
    return rarity / this.count ** weightOfLength
  }

  /** The plan is tried now. */
  took(plan: Plan): void {
    this.read(plan)
    for (let i = 0; i < this.count; i++) {
      const place = this.facts[i] ?? 0
      this.tried[place] = (this.tried[place] ?? 0) + 1
    }
  }

  private read({ moves }: Plan): void {
    this.count = 0
    for (const [i, move] of moves.entries()) {
      const now = this.tell(i, move)
      this.put(mixed(now.act, 0))
      for (const fact of now.facts) this.put(fact)
      for (let before = 0; before < i; before++) this.putBoth(this.told[before], now)
    }
  }

  private tell(place: number, move: Move): MoveFacts {
    const told = (this.told[place] ??= { act: 0, facts: [] })
    told.act = this.names.of(move.act)
    told.facts.length = 0
    for (const name in move) {
      if (!whoElse.has(name)) told.facts.push(mixed(mixed(told.act, this.names.of(name)), Number(move[name])))
    }
    return told
  }

  /** One move goes before another. */
  private putBoth(before: MoveFacts | undefined, after: MoveFacts): void {
    if (!before) return
    this.put(mixed(mixed(before.act, after.act), 1))
    for (const fact of before.facts) this.put(mixed(mixed(fact, after.act), 2))
    for (const fact of after.facts) this.put(mixed(mixed(fact, before.act), 3))
  }

  private put(fact: number): void {
    if (this.count < factsMost) this.facts[this.count++] = (fact ^ (fact >>> 15)) & (places - 1)
  }
}

/** A number that tells the two, in their order. */
function mixed(one: number, other: number): number {
  const both = Math.imul(Math.imul(one, 0x9e3779b1) ^ (other + 0x7f4a7c15), 0x85ebca6b)
  return both ^ (both >>> 13)
}
