// The deadlines of the hosts as events of the queue: one that counts for each host, and how many hosts have one armed.
import type { Instant, NodeIndex } from '../../spec/vocabulary/units.ts'
import { eventKinds, type EventQueue } from '../fabric/event-queue.ts'

export class Deadlines {
  private readonly queue: EventQueue
  /** When the wake event of each host that counts is due; Infinity for none. */
  private readonly wakeDue: Float64Array
  private readonly armed: Uint8Array
  private armedCount = 0

  constructor(queue: EventQueue, hosts: number) {
    this.queue = queue
    this.wakeDue = new Float64Array(hosts)
    this.armed = new Uint8Array(hosts)
  }

  /** None is armed; the queue must be empty too. */
  clear(): void {
    this.wakeDue.fill(Infinity)
    this.armed.fill(0)
    this.armedCount = 0
  }

  get areArmed(): boolean {
    return this.armedCount > 0
  }

  /** The deadline of a host may have moved; undefined for none. What is overdue counts as due now. */
  rearm(node: NodeIndex, due: Instant | undefined, now: Instant): void {
    const isArmed = due === undefined ? 0 : 1
    if (this.armed[node] !== isArmed) {
      this.armed[node] = isArmed
      this.armedCount += isArmed === 1 ? 1 : -1
    }
    // A later deadline waits for the event that is there already: when it comes, the host is asked again.
    if (due === undefined || due >= (this.wakeDue[node] ?? Infinity)) return
    const time = Math.max(due, now)
    this.wakeDue[node] = time
    this.queue.push(time, eventKinds.wake, node, 0)
  }

  /** A wake event has come: whether it is the one that counts, since of several of a host only the latest made does. */
  take(node: NodeIndex, time: Instant): boolean {
    if (this.wakeDue[node] !== time) return false
    this.wakeDue[node] = Infinity
    return true
  }
}
