// Who plays in one process: several worlds at once, or one of them alone.

/** Any number share it, or one has it alone; who wants it alone goes before those who come after. */
export class Sharing {
  private sharers = 0
  private isAlone = false
  private readonly wantAlone: (() => void)[] = []
  private readonly wantShare: (() => void)[] = []

  /** Shares it as long as `work` lasts; waits while somebody has it alone, or wants to. */
  async share<T>(work: () => Promise<T>): Promise<T> {
    if (this.isAlone || this.wantAlone.length > 0) await new Promise<void>((go) => this.wantShare.push(go))
    else this.sharers++
    try {
      return await work()
    } finally {
      this.sharers--
      this.letIn()
    }
  }

  /** Has it alone as long as `work` lasts; waits until nobody shares it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.isAlone || this.sharers > 0) await new Promise<void>((go) => this.wantAlone.push(go))
    else this.isAlone = true
    try {
      return await work()
    } finally {
      this.isAlone = false
      this.letIn()
    }
  }

  /** Whoever is let in is counted at once, so that nobody comes between. */
  private letIn(): void {
    if (this.isAlone) return
    const next = this.wantAlone[0]
    if (next) {
      if (this.sharers > 0) return
      this.wantAlone.shift()
      this.isAlone = true
      next()
      return
    }
    for (const go of this.wantShare.splice(0)) {
      this.sharers++
      go()
    }
  }
}
