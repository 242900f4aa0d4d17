// What a model has found right where nothing else would have been: on this it has pronounced, and not only failed to forbid it.

/** Notes by which requirements observations were the only ones that could be, while somebody wants to know. */
export class Affirmed {
  isWanted = false
  private readonly requirements: string[] = []
  private readonly isSure: () => boolean

  /** `isSure`: whether nothing has left open so far in which state the world is. */
  constructor(isSure: () => boolean) {
    this.isSure = isSure
  }

  /** What was just seen is as these requirements want it, and each other thing would have broken them. */
  right(...requirements: readonly string[]): void {
    if (this.isWanted && this.isSure()) this.requirements.push(...requirements)
  }

  /** All since the last time. */
  take(): readonly string[] {
    return this.requirements.length === 0 ? none : this.requirements.splice(0)
  }
}

const none: readonly string[] = []
