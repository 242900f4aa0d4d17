// Completions: statuses written back in order, then entries on completion queues.
import { viaStatusBits, viaStatusOperations } from '../../spec/vocabulary/via-constants.ts'
import { Fifo } from '../core/fifo.ts'
import type { Board } from './board.ts'
import type { Posting, Vi } from './objects.ts'

export class Completions {
  protected readonly board: Board
  /** Complete descriptors whose status is to be written, and those whose entry is to be put. */
  protected readonly statuses = new Fifo<Posting>()
  protected readonly entries = new Fifo<Posting>()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.statuses.clear()
    this.entries.clear()
  }

  /** The NIC is through with a descriptor. `bits`: what went wrong, and whether immediate data came. */
  complete(posting: Posting, bits: number, length: number): void {
    posting.state = 'complete'
    posting.status = viaStatusBits.done | viaStatusOperations[posting.operation] | bits
    posting.length = length
    this.statuses.push(posting)
  }

  get statusWaits(): boolean {
    return this.statuses.count > 0
  }

  /** Hands the oldest complete descriptor back. */
  writeStatus(): void {
    const posting = this.statuses.shift()
    if (posting) this.handBack(posting)
  }

  /** Whether an entry can be put; one for a full completion queue waits until there is room. */
  get entryWaits(): boolean {
    return this.entries.count > 0 && this.entries.has(fits)
  }

  writeEntry(): void {
    const posting = this.entries.takeFirst(fits)
    if (posting) this.putEntry(posting)
  }

  /** All that is complete of a VI is handed back now. */
  settle(vi: Vi): void {
    for (const posting of this.statuses.take((one) => one.vi === vi)) this.handBack(posting)
    for (const posting of this.entries.take((one) => one.vi === vi && fits(one))) this.putEntry(posting)
  }

  /** No entry names the VI any more. */
  forget(vi: Vi): void {
    this.entries.take((one) => one.vi === vi)
    for (const { cq } of [vi.send, vi.recv]) {
      if (!cq) continue
      const kept = cq.entries.filter((entry) => entry.vi !== vi.name)
      cq.entries.splice(0, cq.entries.length, ...kept)
    }
  }

  protected putEntry({ vi, queue }: Posting): void {
    if (!queue.cq) return
    queue.cq.entries.push({ vi: vi.name, queue: queue.queue })
    this.board.waits.review(queue.cq)
  }

  /** A descriptor that was handed back puts an entry, if its queue has a completion queue. */
  protected enter(posting: Posting): void {
    if (posting.queue.cq) this.entries.push(posting)
  }

  protected handBack(posting: Posting): void {
    if (!this.board.descriptors.writeBack(posting)) {
      this.board.queues.drop(posting)
      this.board.reports.descriptor(posting, 'completion-protection')
      this.board.lifecycle.fault(posting.vi)
      return
    }
    posting.state = 'done'
    this.enter(posting)
    this.board.waits.review(posting.queue)
  }
}

/** Whether its completion queue has room for its entry. */
function fits({ queue: { cq } }: Posting): boolean {
  return cq !== undefined && cq.entries.length < cq.capacity
}
