// Hands finished descriptors back to the host, one at a time (E43).
import { IntegerQueue } from '../core/integer-queue.ts'
import type { DescriptorPool } from './descriptors.ts'
import type { HostLibrary } from './host.ts'

/** Finished descriptors wait here until their status is written: a step of its own, after all data (R25). */
export class StatusWriter {
  protected readonly descriptors: DescriptorPool
  protected readonly host: HostLibrary
  /** Head slot, length of the message, outcome. */
  private readonly finished = new IntegerQueue()

  constructor(descriptors: DescriptorPool, host: HostLibrary) {
    this.descriptors = descriptors
    this.host = host
  }

  clear(): void {
    this.finished.clear()
  }

  get waiting(): boolean {
    return this.finished.count > 0
  }

  /** The message at `head` is finished; `outcome` is a `stat` value. */
  finish(head: number, bytes: number, outcome: number): void {
    this.finished.push(head)
    this.finished.push(bytes)
    this.finished.push(outcome)
  }

  /** Writes the status of the oldest finished descriptor. */
  write(): void {
    const head = this.finished.shift()
    const bytes = this.finished.shift() >>> 0
    this.complete(head, bytes, this.finished.shift())
  }

  // cites: EMP-DESC-010
  protected complete(head: number, bytes: number, outcome: number): void {
    this.descriptors.complete(head, bytes, outcome)
    this.host.handedBack(head)
  }
}
