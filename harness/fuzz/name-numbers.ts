// Numbers in place of names, for what is counted by hashes of small numbers.

/** Gives each name a number of its own, from 1, in the order in which they first come. */
export class NameNumbers {
  private readonly numbers = new Map<string, number>()

  of(name: string): number {
    const known = this.numbers.get(name)
    if (known !== undefined) return known
    const number = this.numbers.size + 1
    this.numbers.set(name, number)
    return number
  }
}
