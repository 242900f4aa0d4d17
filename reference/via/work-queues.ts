// The work queues: what is posted, in order, until the consumer takes it back.
import { viaStatusBits } from '../../spec/vocabulary/via-constants.ts'
import { Fifo } from '../core/fifo.ts'
import type { Board } from './board.ts'
import { frameKind } from './frame.ts'
import type { Posting, Vi, WorkQueue } from './objects.ts'

export class WorkQueues {
  protected readonly board: Board
  private readonly doorbells = new Fifo<Posting>()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.doorbells.clear()
  }

  /** Posts the descriptor at `address`; false if the queue is full. */
  post(vi: Vi, queue: WorkQueue, address: number, handle: number): boolean {
    if (this.isFull(queue)) return false
    const posting: Posting = {
      vi,
      queue,
      address,
      handle,
      ...this.board.descriptors.link(address),
      state: 'posted',
      rung: false,
      kind: frameKind.data,
      segments: [],
      total: 0,
      target: undefined,
      control: 0,
      immediate: 0,
      message: 0,
      firstSequence: 0,
      frames: 0,
      failure: 0,
      isAnswered: false,
      operation: queue.queue === 'send' ? 'send' : 'receive',
      status: 0,
      length: 0,
    }
    queue.postings.push(posting)
    this.knock(posting)
    return true
  }

  get rings(): boolean {
    return this.doorbells.count > 0
  }

  /** The NIC takes note of one posted descriptor. */
  answerDoorbell(): void {
    const posting = this.doorbells.shift()
    if (posting) this.ring(posting)
  }

  /** The first descriptor of a receive queue that nothing has used. */
  takeReceive(vi: Vi): Posting | undefined {
    for (;;) {
      const posting = this.pick(vi.recv)
      if (!posting) return undefined
      this.ring(posting)
      if (posting.state === 'posted') {
        posting.state = 'active'
        return posting
      }
    }
  }

  /** The first descriptor of a send queue that is still to be carried out. */
  nextSend(vi: Vi): Posting | undefined {
    const posting = this.pick(vi.send)
    return posting?.rung ? posting : undefined
  }

  /** A descriptor that nothing can be written to leaves its queue. */
  drop(posting: Posting): void {
    posting.state = 'done'
    const { postings } = posting.queue
    const i = postings.indexOf(posting)
    if (i >= 0) postings.splice(i, 1)
    this.board.waits.review(posting.queue)
  }

  /** A descriptor turns out to be none: it is reported, and breaks the connection. */
  refuse(posting: Posting): void {
    this.drop(posting)
    this.board.reports.descriptor(posting, 'post-descriptor')
    this.board.lifecycle.fault(posting.vi)
  }

  /** All that is outstanding comes back unprocessed. */
  flush(queue: WorkQueue): void {
    for (const posting of queue.postings) {
      if (posting.state === 'posted' || posting.state === 'active') this.flushOne(posting)
    }
  }

  /** The NIC is to take note of a descriptor. */
  protected knock(posting: Posting): void {
    this.doorbells.push(posting)
  }

  protected flushOne(posting: Posting): void {
    const { channel } = posting.vi
    const partial = channel?.receiving === posting && channel.offset > 0 ? viaStatusBits['partial-error'] : 0
    this.board.completions.complete(posting, viaStatusBits['descriptor-flushed'] | partial, 0)
  }

  protected isFull(queue: WorkQueue): boolean {
    return queue.postings.length >= this.board.configuration.descriptors
  }

  /** Which descriptor comes next. */
  protected pick(queue: WorkQueue): Posting | undefined {
    return queue.postings.find(({ state }) => state === 'posted')
  }

  private ring(posting: Posting): void {
    if (posting.state !== 'posted' || posting.rung) return
    posting.rung = true
    if (!this.board.descriptors.isValid(posting)) this.refuse(posting)
    else if (!this.board.lifecycle.admits(posting.vi, posting.queue.queue)) this.flushOne(posting)
    else if (posting.queue.queue === 'send') this.board.sender.offered(posting.vi)
  }
}
