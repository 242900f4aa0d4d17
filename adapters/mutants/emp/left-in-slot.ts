// Mutants that leave a mark in a slot or in a record, where the next message finds it.
import { stat } from '../../../reference/emp/descriptors.ts'
import { HostLibrary } from '../../../reference/emp/host.ts'
import type { Answer } from '../../../reference/core/buffers.ts'
import { Matching } from '../../../reference/emp/matching.ts'
import { Receiver } from '../../../reference/emp/receiver.ts'
import { StatusWriter } from '../../../reference/emp/status.ts'
import { empAny } from '../../../spec/vocabulary/emp.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'
import { mutantsOf, withEmpParts, type Mutant } from '../mutant.ts'

type PostCall = Parameters<HostLibrary['post']>[0]

/** A slot stays marked for withdrawal until something could be withdrawn from it. */
class MarksForWithdrawal extends HostLibrary {
  private readonly marked = new Set<number>()

  override clear(): void {
    super.clear()
    this.marked.clear()
  }

  override post(call: PostCall, id: number, now: Instant): Answer | undefined {
    const answer = super.post(call, id, now)
    const head = this.named.get(call.as)?.head ?? -1
    if (this.marked.has(head)) this.means.doorbell.push(~head)
    return answer
  }

  override cancel(name: string): Answer {
    const answer = super.cancel(name)
    const request = this.named.get(name)
    if (request && answer.status === 'ok') this.marked.add(request.head)
    return answer
  }

  override handedBack(head: number): void {
    if (this.means.descriptors.stat(head) & stat.cancelled) this.marked.delete(head)
    super.handedBack(head)
  }
}

/** Sets a bit for a slot whose receive was too short, and never clears it. */
class StaysTruncated extends StatusWriter {
  private readonly truncated = new Set<number>()

  override clear(): void {
    super.clear()
    this.truncated.clear()
  }

  protected override complete(head: number, bytes: number, outcome: number): void {
    if (outcome === stat.truncated) this.truncated.add(head)
    const isReceive = (this.descriptors.stat(head) & stat.receive) !== 0
    const isMarked = isReceive && outcome === stat.done && this.truncated.has(head)
    super.complete(head, bytes, isMarked ? stat.truncated : outcome)
  }
}

/** Bits of the word that is cleared when a record is used again. */
const wordBits = 32

/** Clears one word of the marks of a record, and leaves those of further frames. */
class ClearsOneWord extends Receiver {
  /** By record: frames of all messages that have been there. */
  private readonly stale = new Map<number, number>()

  override clear(): void {
    super.clear()
    this.stale.clear()
  }

  protected override finish(record: number): void {
    super.finish(record)
    const frames = this.unfinished.frames[record] ?? 0
    this.stale.set(record, Math.max(frames, this.stale.get(record) ?? 0))
  }

  protected override mark(record: number, frame: number): boolean {
    return super.mark(record, frame) && !this.isStale(record, frame)
  }

  protected override collectionComplete(record: number, collection: number): boolean {
    const size = this.board.configuration.collection
    const end = Math.min((collection + 1) * size, this.unfinished.frames[record] ?? 0)
    for (let frame = collection * size; frame < end; frame++) {
      if (!this.unfinished.marked(record, frame) && !this.isStale(record, frame)) return false
    }
    return true
  }

  private isStale(record: number, frame: number): boolean {
    return frame >= wordBits && frame < (this.stale.get(record) ?? 0)
  }
}

/** Sets a bit for a slot whose receive is for any node, and never clears it. */
class StaysWild extends Matching {
  private readonly wild = new Set<number>()

  override clear(): void {
    super.clear()
    this.wild.clear()
  }

  override post(head: number): void {
    if (this.descriptors.peer(head) === empAny) this.wild.add(head)
    super.post(head)
  }

  protected override compatible(head: number, peer: number, tag: number): boolean {
    return super.compatible(head, this.wild.has(head) ? this.descriptors.peer(head) : peer, tag)
  }
}

/** Looks for the next receive of node and tag when it has found one, and takes that if its slot is posted when it is needed. */
class LooksAhead extends Matching {
  private ahead = new Map<string, number>()

  override clear(): void {
    super.clear()
    this.ahead = new Map<string, number>()
  }

  override bind(peer: number): void {
    const before = this.count
    super.bind(peer)
    if (this.count === before) return
    for (let i = 0; i < this.unfinished.count(peer); i++) {
      const tag = this.unfinished.tags[this.unfinished.at(peer, i)] ?? 0
      this.ahead.set(`${peer}:${tag}`, super.choose(peer, tag))
    }
  }

  protected override choose(peer: number, tag: number): number {
    const ahead = this.ahead.get(`${peer}:${tag}`) ?? -1
    return this.isPosted(ahead) ? ahead : super.choose(peer, tag)
  }
}

export const leftInSlotMutants: readonly Mutant[] = mutantsOf('emp', [
  {
    name: 'emp-cancels-next-in-slot',
    words: 'Withdraws the next receive in a slot when a cancel came too late for the one before.',
    violates: ['EMP-MATCH-016', 'EMP-MATCH-019'],
    make: withEmpParts({ host: MarksForWithdrawal }),
  },
  {
    name: 'emp-stays-truncated',
    words: 'Reports a receive as truncated if one before it in its slot was.',
    violates: ['EMP-MATCH-010', 'EMP-REL-001'],
    make: withEmpParts({ status: StaysTruncated }),
  },
  {
    name: 'emp-clears-one-word',
    words: 'Clears the marks of the first 32 frames alone when it uses the record of a message again.',
    violates: ['EMP-REL-001', 'EMP-REL-002', 'EMP-REL-010'],
    make: withEmpParts({ receiver: ClearsOneWord }),
  },
  {
    name: 'emp-stays-wild',
    words: 'Gives a receive messages of every node if one before it in its slot was for any.',
    violates: ['EMP-MATCH-002'],
    make: withEmpParts({ matching: StaysWild }),
  },
  {
    name: 'emp-looks-ahead',
    words:
      'Gives a message the slot that was next for its node and tag when the one before came, whatever is posted there.',
    violates: ['EMP-MATCH-002', 'EMP-MATCH-001'],
    make: withEmpParts({ matching: LooksAhead }),
  },
])
