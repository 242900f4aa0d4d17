// Deadlines that call back: timers by number, handed out to whoever needs one.
import type { Instant } from '../../spec/vocabulary/units.ts'
import { Timers } from './timers.ts'

/** What is to be done when a deadline comes. */
export interface Alarm {
  readonly id: number
  readonly ring: () => void
}

/** Alarms of one endpoint. An alarm is made once and can be set as often as one likes. */
export class Alarms {
  private readonly timers = new Timers()
  private readonly byId: (Alarm | undefined)[] = []
  private readonly spare: number[] = []

  get earliest(): Instant | undefined {
    return this.timers.earliest
  }

  due(now: Instant): boolean {
    return this.timers.due(now)
  }

  make(ring: () => void): Alarm {
    const alarm = { id: this.spare.pop() ?? this.byId.length, ring }
    this.byId[alarm.id] = alarm
    return alarm
  }

  /** Gives an alarm back, set or not. */
  release(alarm: Alarm): void {
    if (this.byId[alarm.id] !== alarm) return
    this.timers.disarm(alarm.id)
    this.byId[alarm.id] = undefined
    this.spare.push(alarm.id)
  }

  set(alarm: Alarm, instant: Instant): void {
    if (this.byId[alarm.id] === alarm) this.timers.arm(alarm.id, instant)
  }

  unset(alarm: Alarm): void {
    if (this.byId[alarm.id] === alarm) this.timers.disarm(alarm.id)
  }

  /** The earliest deadline has come. */
  ring(): void {
    const id = this.timers.first
    this.timers.disarm(id)
    this.byId[id]?.ring()
  }

  clear(): void {
    this.timers.clear()
    this.byId.length = 0
    this.spare.length = 0
  }
}
