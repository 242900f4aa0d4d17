// What endpoints share, whatever they speak: activities that can go, run in a fixed order or one by one as the harness says.
import type { OutputSink } from '../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'

/** There is one path for both: unstepped, `drain` runs the same activities until none is left. */
export abstract class SteppedEndpoint {
  private readonly stepped: boolean
  private readonly order: readonly number[]

  /** `order`: the activities as they go when nobody chooses, the first that can. */
  constructor(stepped: boolean, order: readonly number[]) {
    this.stepped = stepped
    this.order = order
  }

  drain(sink: OutputSink): void {
    this.flush(sink)
    if (this.stepped) return
    for (let next = this.next(); next >= 0; next = this.next()) {
      this.step(next)
      this.flush(sink)
    }
  }

  /** Does all that can go, as far as there is room for what comes of it. */
  protected work(): void {
    for (let next = this.next(); next >= 0; next = this.next()) this.step(next)
  }

  get runnableCount(): number {
    if (!this.stepped) return 0
    let count = 0
    for (const one of this.order) if (this.isRunnable(one)) count++
    return count
  }

  activity(index: number): number {
    let before = index
    for (const one of this.order) if (this.isRunnable(one) && before-- === 0) return one
    return -1
  }

  run(one: number, now: Instant): void {
    this.wake(now)
    if (this.isRunnable(one)) this.step(one)
  }

  /** Only takes note of the time: what is due is an activity. */
  abstract wake(now: Instant): void

  /** Hands out what was done, and forgets it. */
  protected abstract flush(sink: OutputSink): void

  protected abstract isRunnable(activity: number): boolean

  /** Does one unit of an activity that can go. */
  protected abstract step(activity: number): void

  private next(): number {
    for (let i = 0; i < this.order.length; i++) {
      const one = this.order[i] ?? -1
      if (this.isRunnable(one)) return one
    }
    return -1
  }
}
