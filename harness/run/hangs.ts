// Counts permutations in which the adapter hung, and says when the rest is not worth the wait.

/** After so many in a row a session waits for no other. */
export const hangsInARowMax = 5

/** After so many in a whole run, if they are half of it or more, nobody waits: with several worlds, answers come in between. */
export const hangsAmongOthersMax = 10

/** All that a run has tried, in whatever sessions. */
export class HangsOfRun {
  private ran = 0
  private hung = 0
  private reason: string | undefined

  /** Why nothing more is waited for; undefined while more is. Once said it stays the same. */
  get enough(): string | undefined {
    return this.reason
  }

  note(hung: boolean): void {
    this.ran++
    if (hung) this.hung++
    if (this.hung >= hangsAmongOthersMax && this.hung * 2 >= this.ran)
      this.reason ??= `the adapter hung in ${this.hung} of the ${this.ran} permutations before this one`
  }
}

/** One session, and the run that it is part of. */
export class Hangs {
  private inARow = 0
  private readonly run: HangsOfRun

  constructor(run: HangsOfRun = new HangsOfRun()) {
    this.run = run
  }

  /** As `HangsOfRun.enough`; or what this session says of itself. */
  get enough(): string | undefined {
    if (this.inARow < hangsInARowMax) return this.run.enough
    return `the adapter hung in ${hangsInARowMax} permutations in a row before this one`
  }

  /** A permutation has ended. */
  note(hung: boolean): void {
    this.inARow = hung ? this.inARow + 1 : 0
    this.run.note(hung)
  }
}
