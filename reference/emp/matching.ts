// Posted receives, and which of them takes which message (R6, R7).
import { empAny } from '../../spec/vocabulary/emp.ts'
import type { DescriptorPool } from './descriptors.ts'
import { messageState } from './unfinished.ts'
import type { Unfinished } from './unfinished.ts'

/** The posted receives that no message has taken, by head slot, oldest first. */
export class Matching {
  protected readonly descriptors: DescriptorPool
  protected readonly unfinished: Unfinished
  protected readonly posted: Int32Array
  protected count = 0

  constructor(descriptors: DescriptorPool, unfinished: Unfinished, size: number) {
    this.descriptors = descriptors
    this.unfinished = unfinished
    this.posted = new Int32Array(size)
  }

  clear(): void {
    this.count = 0
  }

  /** The NIC has fetched the receive descriptor at `head`: a message that waits for it is bound to it. */
  // cites: EMP-MATCH-006, EMP-MATCH-007
  post(head: number): void {
    this.posted[this.count++] = head
    const peer = this.descriptors.peer(head)
    if (peer !== empAny) return this.bind(peer)
    // At most one message takes it. Among those of several peers it is the one whose header came first.
    const record = this.find(peer, this.descriptors.tag(head))
    if (record >= 0) this.bind(this.unfinished.peers[record] ?? 0)
  }

  /** Withdraws the receive at `head`, if no message has taken it; whether it did (R24). */
  // cites: EMP-MATCH-016
  withdraw(head: number): boolean {
    if (!this.isPosted(head)) return false
    this.remove(head)
    return true
  }

  /** The message that a receive for `peer` and `tag` would take if it were posted now (R24): its record, or -1. */
  // cites: EMP-MATCH-017
  find(peer: number, tag: number): number {
    if (peer !== empAny) return this.firstOf(peer, tag)
    let best = -1
    for (let each = 0; each < this.unfinished.peerCount; each++) {
      const record = this.firstOf(each, tag)
      if (record >= 0 && (best < 0 || this.arrival(record) < this.arrival(best))) best = record
    }
    return best
  }

  /** Binds the waiting messages of `peer`, in the order of their IDs, to posted receives that they may take. */
  // cites: EMP-MATCH-003
  bind(peer: number): void {
    const { unfinished } = this
    for (let i = 0; i < unfinished.count(peer) && this.count > 0; i++) {
      const record = unfinished.at(peer, i)
      if (unfinished.state(record) !== messageState.waiting) continue
      const head = this.choose(peer, unfinished.tags[record] ?? 0)
      if (head < 0 || this.heldBack(record)) continue
      this.remove(head)
      unfinished.states[record] = messageState.active
      unfinished.heads[record] = head
    }
  }

  /** The receive that a message of `peer` with `tag` takes: the oldest compatible one, or -1. */
  // cites: EMP-MATCH-001
  protected choose(peer: number, tag: number): number {
    for (let i = 0; i < this.count; i++) {
      const head = this.posted[i] ?? 0
      if (this.compatible(head, peer, tag)) return head
    }
    return -1
  }

  // cites: EMP-MATCH-002
  protected compatible(head: number, peer: number, tag: number): boolean {
    return matches(this.descriptors.peer(head), peer) && matches(this.descriptors.tag(head), tag)
  }

  /** Whether a message must wait because the header of an earlier one has not been seen. */
  // cites: EMP-MATCH-003, EMP-MATCH-004
  protected heldBack(record: number): boolean {
    const { unfinished } = this
    const peer = unfinished.peers[record] ?? 0
    for (let i = 0; i < unfinished.count(peer); i++) {
      const earlier = unfinished.at(peer, i)
      if (earlier === record) return false
      if (unfinished.state(earlier) === messageState.unknown) return true
    }
    return false
  }

  /** The first message of `peer` with `tag` that waits, if no earlier one may be waiting before it; or -1. */
  protected firstOf(peer: number, tag: number): number {
    const { unfinished } = this
    for (let i = 0; i < unfinished.count(peer); i++) {
      const record = unfinished.at(peer, i)
      if (unfinished.state(record) !== messageState.waiting || !matches(tag, unfinished.tags[record] ?? 0)) continue
      return this.heldBack(record) ? -1 : record
    }
    return -1
  }

  protected arrival(record: number): number {
    return this.unfinished.arrivals[record] ?? 0
  }

  protected isPosted(head: number): boolean {
    return this.posted.subarray(0, this.count).includes(head)
  }

  /** The receive at `head` is posted no longer: a message has taken it, or it was withdrawn. */
  protected remove(head: number): void {
    const at = this.posted.subarray(0, this.count).indexOf(head)
    this.posted.copyWithin(at, at + 1, this.count)
    this.count--
  }
}

/** Whether what a receive names, a peer or a tag, is that of a message (R18). */
// cites: EMP-MATCH-014, EMP-MATCH-015
function matches(named: number, own: number): boolean {
  return named === own || named === empAny
}
