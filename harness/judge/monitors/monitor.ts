// A monitor: an invariant that every trace must keep, whatever the case expects.
import type { Instant, NodeIndex } from '../../../spec/vocabulary/units.ts'
import type { View } from '../seen/view.ts'

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
  /** What must hold, where that is not said by the monitor's words. */
  readonly words?: string
  readonly at?: Instant
  /** The call whose answer breaks it; unless given, the one that the endpoint answered at that instant, if it is the only one. */
  readonly call?: number
  /** When fewer, or others, than the monitor's. */
  readonly requirements?: readonly string[]
}

/** What a monitor notes down: of whom it had something to watch, and what was broken. */
export class Watching {
  /** Answers that were the only ones that the rule allows: by call, by which requirement. */
  readonly right = new Map<number, string>()
  readonly breaches: Breach[] = []
  /** Of whom something was watched that shows all of the monitor's requirements; and by requirement, that shows just this one. */
  private readonly nodes: NodeIndex[] = []
  private readonly nodesBy = new Map<string, NodeIndex[]>()

  /** Forgets everything, for the next monitor. */
  clear(): void {
    // Most monitors had nothing to note, and what is empty costs time to be emptied.
    if (this.nodes.length > 0) this.nodes.length = 0
    if (this.nodesBy.size > 0) this.nodesBy.clear()
    if (this.breaches.length > 0) this.breaches.length = 0
    if (this.right.size > 0) this.right.clear()
  }

  /**
   * Notes that an endpoint did something in whose place another deed would have broken the rule; of one requirement, if it is
   * about that only.
   */
  watched(node: NodeIndex, requirement?: string): void {
    const nodes = requirement === undefined ? this.nodes : this.nodesOf(requirement)
    if (!nodes.includes(node)) nodes.push(node)
  }

  /** Those of the monitor's requirements that what such endpoints did has shown; undefined if nothing of theirs was watched. */
  shown(requirements: readonly string[], isMeant: (node: NodeIndex) => boolean): readonly string[] | undefined {
    if (this.nodes.some(isMeant)) return requirements
    if (this.nodesBy.size === 0) return undefined
    const shown = requirements.filter((each) => this.nodesBy.get(each)?.some(isMeant))
    return shown.length > 0 ? shown : undefined
  }

  private nodesOf(requirement: string): NodeIndex[] {
    let nodes = this.nodesBy.get(requirement)
    if (!nodes) this.nodesBy.set(requirement, (nodes = []))
    return nodes
  }

  broken(breach: Breach): void {
    this.breaches.push(breach)
  }
}
