// Tells a world that never comes to rest from one that is at work: how much it does in all, and at one instant.

/** The most turns of one run: about a minute of the fastest endpoint. */
const turnsMax = 20_000_000

/** The most turns at one instant of virtual time. */
const turnsPerInstantMax = 100_000

/** The most wakes at one instant: an endpoint is woken once, does what is due, and moves its deadline. */
const wakesPerInstantMax = 1_000

export class Flood {
  private turns = 0
  private turnsAtInstant = 0
  private wakesAtInstant = 0

  clear(): void {
    this.turns = this.turnsAtInstant = this.wakesAtInstant = 0
  }

  /** The world takes a turn; false when that is more than any case needs. */
  turn(): boolean {
    this.turns++
    this.turnsAtInstant++
    return (
      this.turns <= turnsMax && this.turnsAtInstant <= turnsPerInstantMax && this.wakesAtInstant <= wakesPerInstantMax
    )
  }

  woken(): void {
    this.wakesAtInstant++
  }

  timePassed(): void {
    this.turnsAtInstant = this.wakesAtInstant = 0
  }
}
