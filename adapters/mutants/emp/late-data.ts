// An endpoint whose data reaches host memory late: a slow DMA, which shows a status that is written too soon.
import { activity } from '../../../reference/emp/activities.ts'
import { EmpEndpoint } from '../../../reference/emp/endpoint.ts'
import type { EmpParts } from '../../../reference/emp/parts.ts'
import type { Call } from '../../../spec/vocabulary/calls.ts'
import type { EndpointSetting, OutputSink } from '../../../spec/vocabulary/endpoint.ts'
import type { Duration, Instant } from '../../../spec/vocabulary/units.ts'

/** From the first frame that waits to be written to the writing of all that then wait. */
const latency: Duration = 20_000

/** Runs the activities itself unless stepped; a harness that steps chooses the moment of a data write anyway. */
export class LateData extends EmpEndpoint {
  private readonly steps: boolean
  private now: Instant = 0
  private dueAt: Instant | undefined

  constructor(setting: EndpointSetting, parts: Partial<EmpParts>) {
    super({ ...setting, stepped: true }, parts)
    this.steps = !setting.stepped
  }

  override apply(call: Call, now: Instant): void {
    this.now = now
    super.apply(call, now)
  }

  override deliver(octets: Uint8Array, length: number, now: Instant): void {
    this.now = now
    super.deliver(octets, length, now)
  }

  override wake(now: Instant): void {
    this.now = now
    super.wake(now)
  }

  override drain(sink: OutputSink): void {
    super.drain(sink)
    if (!this.steps) return
    for (let next = this.nextStep(); next >= 0; next = this.nextStep()) {
      this.run(next, this.now)
      super.drain(sink)
    }
  }

  override get wakeAt(): Instant | undefined {
    const armed = super.wakeAt
    if (this.dueAt === undefined) return armed
    return armed === undefined ? this.dueAt : Math.min(armed, this.dueAt)
  }

  override reset(seed: number): void {
    super.reset(seed)
    this.now = 0
    this.dueAt = undefined
  }

  override get runnableCount(): number {
    return this.steps ? 0 : super.runnableCount
  }

  private nextStep(): number {
    let writes = false
    for (let i = 0; i < super.runnableCount; i++) {
      const one = this.activity(i)
      if (one !== activity.dataWrite || this.mayWrite()) return one
      writes = true
    }
    if (!writes) this.dueAt = undefined
    return -1
  }

  private mayWrite(): boolean {
    this.dueAt ??= this.now + latency
    return this.dueAt <= this.now
  }
}
