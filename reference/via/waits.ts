// Taking completions: from work queues and completion queues, at once or when there is one.
import { viaTimeoutDuration } from '../../spec/vocabulary/via-calls.ts'
import { viaInfinite, viaStatusMasks } from '../../spec/vocabulary/via-constants.ts'
import type { VipReturn } from '../../spec/vocabulary/via-returns.ts'
import type { Alarm } from '../core/alarms.ts'
import { answer, badParameter } from './answers.ts'
import type { ViaAnswer } from './answers.ts'
import type { Board } from './board.ts'
import type { CompletionQueue, Posting, WorkQueue } from './objects.ts'

type Source = WorkQueue | CompletionQueue

/** A wait that has not returned. */
export interface OpenWait {
  readonly call: number
  readonly source: Source
  readonly alarm: Alarm
}

/** The instant at which `timeout` milliseconds are over; undefined for no end. */
export function deadline(now: number, timeout: number): number | undefined {
  return timeout === viaInfinite ? undefined : now + viaTimeoutDuration(timeout)
}

export class Waits {
  protected readonly board: Board
  private open: OpenWait[] = []

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.open = []
  }

  /** Takes the first completion of `source`; what else there is to say if there is none. */
  take(source: Source): ViaAnswer {
    return 'postings' in source ? this.takeDescriptor(source) : this.takeEntry(source)
  }

  /** As `take`, but stays open while there is nothing to take. */
  wait(call: number, source: Source, timeout: number): ViaAnswer | undefined {
    const taken = this.take(source)
    if (taken.vip?.code !== 'VIP_NOT_DONE') return taken
    if (timeout === 0) return answer('VIP_TIMEOUT')
    const alarm = this.board.alarms.make(() => this.end(call, answer('VIP_TIMEOUT')))
    this.open.push({ call, source, alarm })
    const end = deadline(this.board.now, timeout)
    if (end !== undefined) this.board.alarms.set(alarm, end)
    return undefined
  }

  /** Something has changed at `source`: calls that wait there are served, in order, and then handlers. */
  review(source: Source): void {
    for (;;) {
      const first = this.open.find((wait) => wait.source === source && this.hears(wait))
      if (!first) break
      const taken = this.take(source)
      if (taken.vip?.code === 'VIP_NOT_DONE') return
      this.end(first.call, taken)
    }
    this.board.handlers.review(source)
  }

  /** `source` is gone. */
  cancel(source: Source): void {
    for (const { call } of this.open.filter((wait) => wait.source === source)) this.end(call, badParameter)
    this.board.handlers.cancel(source)
  }

  /** Whether a wait is woken when its source changes. */
  protected hears(_wait: OpenWait): boolean {
    return true
  }

  protected takeDescriptor(queue: WorkQueue): ViaAnswer {
    const first = queue.postings[0]
    if (!first) return this.emptyQueue()
    if (first.state !== 'done') return answer('VIP_NOT_DONE')
    queue.postings.shift()
    return answer(this.codeOf(first), { descriptor: this.board.written.returned(first.address) })
  }

  /** With what a complete descriptor is handed out. */
  protected codeOf({ status }: Posting): VipReturn {
    return status & viaStatusMasks.errors ? 'VIP_DESCRIPTOR_ERROR' : 'VIP_SUCCESS'
  }

  protected emptyQueue(): ViaAnswer {
    return answer('VIP_DESCRIPTOR_ERROR', { descriptor: null })
  }

  protected takeEntry(cq: CompletionQueue): ViaAnswer {
    const entry = cq.entries.shift()
    return entry ? answer('VIP_SUCCESS', { entry }) : answer('VIP_NOT_DONE')
  }

  private end(call: number, result: ViaAnswer): void {
    const i = this.open.findIndex((wait) => wait.call === call)
    const [wait] = i < 0 ? [] : this.open.splice(i, 1)
    if (!wait) return
    this.board.alarms.release(wait.alarm)
    this.board.returns(call, result)
  }
}
