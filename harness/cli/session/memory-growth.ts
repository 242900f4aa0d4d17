// Looks now and then at how much memory an adapter holds, and says so where that grows through the whole of a run.
import type { Carrier, HeldMemory } from '../../subject/adapter.ts'

/** What the growth of an adapter is called among the facts of a run. */
export const adapterMemory = 'memory of the adapter'

/** Runs between two looks at first, and looks that are kept at least: where there are twice as many, every other is left out. */
const everyFirst = 8
const looksKept = 12

/** So many, in one process, tell growth from a start. */
const looksLeast = 8

/** What a program takes while it warms up is no leak: looks before this share of them do not count. */
const warmUp = 0.25

/** Growth is told from so many octets on, if there is also twice as much in the end as after the warm-up. */
const growthLeast = 64 * 1024 * 1024
const timesLeast = 2

/** A collector of garbage may give a little back, and still lose. */
const dipMost = 0.95

export class MemoryGrowth {
  private readonly carrier: Carrier | undefined
  private runs = 0
  /** How many runs lie between two looks. */
  private every = everyFirst
  /** Of the process that runs now. */
  private held: HeldMemory[] = []

  constructor(carrier: Carrier | undefined) {
    this.carrier = carrier
  }

  /** A run has ended. */
  run(): void {
    if (++this.runs % this.every !== 0) return
    const now = this.carrier?.heldMemory?.()
    if (!now) return
    if (now.start !== this.held[0]?.start) this.held = []
    this.held.push(now)
    if (this.held.length < 2 * looksKept) return
    this.held = this.held.filter((_, i) => i % 2 === 1)
    this.every *= 2
  }

  /** How far it grew, in words; undefined if it did not, or only as programs do. */
  get words(): string | undefined {
    return growthWords(this.held.map(({ octets }) => octets))
  }
}

/** What these octets, held one after the other, come to if they hardly ever become fewer. */
export function growthWords(held: readonly number[]): string | undefined {
  if (held.length < looksLeast) return undefined
  const warm = held.slice(Math.floor(held.length * warmUp))
  const [first = 0, last = 0] = [warm[0], warm.at(-1)]
  const isSteady = warm.every((octets, i) => octets >= dipMost * (warm[i - 1] ?? 0))
  if (!isSteady || last - first < growthLeast || last < timesLeast * first) return undefined
  return `grew from ${mebibytes(first)} to ${mebibytes(last)} while it ran: what is made in a world has to go with it`
}

function mebibytes(octets: number): string {
  return `${Math.round(octets / (1024 * 1024))} MiB`
}
