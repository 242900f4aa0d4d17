// A monitor: an invariant that every trace must keep, whatever the case expects.
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { View } from '../view.ts'

export interface Monitor {
  /** A slug. */
  readonly name: string
  /** What must hold, in plain words. */
  readonly words: string
  readonly requirements: readonly string[]
  /** True: it reads frames, and stands down where they are not known. */
  readonly needsWire: boolean
  /** True: it measures how long something took, and stands down by a real clock. */
  readonly needsExactTime?: boolean
  watch(view: View, watching: Watching): void
}

/** A broken rule, and the endpoint that broke it. */
export interface Breach {
  readonly node: NodeIndex
  readonly seen: string
  readonly at?: Instant
  /** The call whose answer breaks it; unless given, the one that the endpoint answered at that instant, if it is the only one. */
  readonly call?: number
  /** When fewer, or others, than the monitor's. */
  readonly requirements?: readonly string[]
}

/** What a monitor notes down: whom it had something to watch of, and what was broken. */
export class Watching {
  /** Answers that were the only ones that the rule allows: by call, by which requirement. */
  readonly right = new Map<number, string>()
  readonly nodes: NodeIndex[] = []
  readonly breaches: Breach[] = []

  /** Forgets everything, for the next monitor. */
  clear(): void {
    // Most monitors had nothing to note, and what is empty costs time to be emptied.
    if (this.nodes.length > 0) this.nodes.length = 0
    if (this.breaches.length > 0) this.breaches.length = 0
    if (this.right.size > 0) this.right.clear()
  }

  watched(node: NodeIndex): void {
    if (!this.nodes.includes(node)) this.nodes.push(node)
  }

  broken(breach: Breach): void {
    this.watched(breach.node)
    this.breaches.push(breach)
  }
}
