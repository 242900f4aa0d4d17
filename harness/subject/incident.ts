// A process that failed while several of its worlds were asked, or another one than that which learns of it.

/** Whose failure it is shows when each world that was asked is played again by itself. */
export class Incident {
  /** How many worlds were asked and have not been played again. */
  private suspects: number
  private isExplained: boolean

  /** Nobody who learns of it was asked: the failure is another's. */
  static elsewhere(): Incident {
    const incident = new Incident(0)
    incident.isExplained = true
    return incident
  }

  constructor(suspects: number) {
    this.suspects = suspects
    this.isExplained = false
  }

  /** One of them was played again; true if it was the last, and none has failed by itself. */
  playedAlone(failed: boolean): boolean {
    this.suspects--
    if (failed) this.isExplained = true
    return this.suspects === 0 && !this.isExplained
  }
}
