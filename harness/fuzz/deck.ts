// Numbers that are dealt like cards: each comes once before one comes again.

/** A number of all moves that do the same: it says which of so many things is tried, and none of them is likelier than the others. */
export interface Dealt {
  /** What the moves do. */
  readonly act: string
  /** The name of the number. */
  readonly number: string
  /** How many there are, counted from 0. */
  readonly of: number
}

export class Deck {
  private readonly cards: number[]
  private readonly below: (count: number) => number
  /** Those that were not dealt yet lie before this place. */
  private left = 0

  /** Of so many cards; `below` draws a number from 0 to one less than it is given. */
  constructor(count: number, below: (count: number) => number) {
    this.cards = Array.from({ length: count }, (_, card) => card)
    this.below = below
  }

  /** Any of those that are left; when none is, all are shuffled again. */
  deal(): number {
    if (this.left === 0) this.left = this.cards.length
    const place = this.below(this.left--)
    const [card = 0, last = 0] = [this.cards[place], this.cards[this.left]]
    this.cards[place] = last
    this.cards[this.left] = card
    return card
  }
}
