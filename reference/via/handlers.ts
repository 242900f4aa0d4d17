// Handlers of the Notify calls: armed at a work queue or a completion queue, each runs once, for one completion.
import type { ProviderEvent } from '../../spec/vocabulary/calls.ts'
import type { ViaCompletionEntry } from '../../spec/vocabulary/via-returns.ts'
import { Fifo } from '../core/fifo.ts'
import type { Board } from './board.ts'
import type { CompletionQueue, Nic, Posting, WorkQueue } from './objects.ts'

/** A handler that waits for a completion. */
export interface Armed {
  readonly nic: Nic
  readonly source: WorkQueue | CompletionQueue
  readonly handler: string
  readonly context: number
}

/** A handler that has its completion and is to run. */
export interface Due {
  readonly armed: Armed
  readonly vi: string
  /** The descriptor that was taken off its queue; or the entry that was taken off its completion queue. */
  readonly taken: Posting | ViaCompletionEntry
}

export class Handlers {
  protected readonly board: Board
  protected armed: Armed[] = []
  protected readonly due = new Fifo<Due>()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.armed = []
    this.due.clear()
  }

  /** Arms a handler; what is complete already is for it at once. */
  arm(armed: Armed): void {
    this.armed.push(armed)
    this.review(armed.source)
  }

  /** Something has changed at `source`: handlers armed there are given what is complete, in the order of arming. */
  review(source: WorkQueue | CompletionQueue): void {
    for (;;) {
      const first = this.pick(source)
      const due = first && this.take(first)
      if (!due) return
      this.release(first)
      this.due.push(due)
    }
  }

  get waits(): boolean {
    return this.due.count > 0
  }

  /** Runs one handler. */
  run(): void {
    const due = this.due.shift()
    if (due) this.tell(due)
  }

  /** Handlers that have a completion of the VI run now. */
  settle(vi: string): void {
    for (const due of this.due.take((one) => one.vi === vi)) this.tell(due)
  }

  /** `source` is gone: handlers that have their completion run now, the others never. */
  cancel(source: WorkQueue | CompletionQueue): void {
    for (const due of this.due.take(({ armed }) => armed.source === source)) this.tell(due)
    this.armed = this.armed.filter((one) => one.source !== source)
  }

  /** Which handler is served next at `source`. */
  protected pick(source: WorkQueue | CompletionQueue): Armed | undefined {
    return this.armed.find((one) => one.source === source)
  }

  /** A handler that has been served is armed no more. */
  protected release(armed: Armed): void {
    this.armed.splice(this.armed.indexOf(armed), 1)
  }

  /** Takes what is complete off for a handler; undefined if nothing is. */
  protected take(armed: Armed): Due | undefined {
    const { source } = armed
    if ('postings' in source) {
      const [first] = source.postings
      if (first?.state !== 'done') return undefined
      source.postings.shift()
      return { armed, vi: first.vi.name, taken: first }
    }
    const taken = source.entries.shift()
    return taken && { armed, vi: taken.vi, taken }
  }

  protected tell(due: Due): void {
    this.board.output.event(this.eventOf(due))
  }

  protected eventOf({ armed, vi, taken }: Due): ProviderEvent {
    const { handler, context, nic } = armed
    const to = { handler, context, nic: nic.name, vi }
    if (!('address' in taken)) return { event: 'via.cq-notify', ...to, queue: taken.queue }
    const descriptor = this.board.written.returned(taken.address)
    return { event: 'via.notify', ...to, queue: taken.queue.queue, descriptor }
  }
}
