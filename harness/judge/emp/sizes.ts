// The collection sizes in force: what each host began with, and how it was configured since (E12, R21).
import { empDefaults } from '../../../spec/vocabulary/endpoint.ts'
import type { NodeIndex } from '../../../spec/vocabulary/units.ts'
import { returned, type CallSeen } from '../seen/history.ts'

/** A host was told another size: somewhere between these two records it took effect. */
interface Change {
  readonly node: NodeIndex
  readonly from: number
  readonly until: number
  readonly size: number
}

export class CollectionSizes {
  private readonly first: number | undefined
  private readonly changes: readonly Change[]

  /** `first`: the size of every host at the beginning; undefined when it is not known. */
  constructor(first: number | undefined, calls: readonly CallSeen[]) {
    this.first = isSize(first) ? first : undefined
    const changes: Change[] = []
    for (const seen of calls) {
      const { node, call, record, answer } = seen
      const { body } = call
      if (body.operation !== 'emp.configure' || (answer && answer.content.status !== 'ok')) continue
      changes.push({ node, from: record, until: returned(seen), size: body.collection })
    }
    this.changes = changes
  }

  /** Whether the size of any host was changed. */
  get isChanged(): boolean {
    return this.changes.length > 0
  }

  /** The size of every host at the beginning. */
  get atFirst(): number | undefined {
    return this.first
  }

  /** The size that a host had last been given when a record was made; the default where that is not known. */
  at(node: NodeIndex, record: number): number {
    let size = this.first
    for (const change of this.changes) if (change.node === node && change.until < record) size = change.size
    return isSize(size) ? size : empDefaults['emp.collection']
  }

  /** The one size of a host between two records; undefined when it was changed meanwhile, or is not known. */
  during(node: NodeIndex, from: number, until: number): number | undefined {
    let size = this.first
    for (const change of this.changes) {
      if (change.node !== node || change.from > until) continue
      if (change.until > from) return undefined
      size = change.size
    }
    return isSize(size) ? size : undefined
  }

  /** The size that both hosts had between two records. */
  common([one, other]: readonly [NodeIndex, NodeIndex], from: number, until: number): number | undefined {
    if (this.changes.length === 0) return this.first
    const size = this.during(one, from, until)
    return size === this.during(other, from, until) ? size : undefined
  }

  /** The size before the last change that a host had made by that record. */
  before(node: NodeIndex, record: number): number | undefined {
    let [before, size]: (number | undefined)[] = [undefined, this.first]
    for (const change of this.changes) {
      if (change.node !== node || change.until > record || change.size === size) continue
      before = size
      size = change.size
    }
    return before
  }
}

function isSize(size: number | undefined): size is number {
  return size !== undefined && size >= 1
}
