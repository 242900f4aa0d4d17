// A host of this process as the engine sees it: told something, it does it at once, and what it throws is a crash of its own.
import type { Call } from '../../spec/vocabulary/calls.ts'
import type { Endpoint, OutputSink } from '../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'

/** What a host of this process finds around it. */
export interface Surroundings {
  readonly sink: OutputSink
  /** Told its deadline whenever that may have moved. */
  readonly rearm: (due: Instant | undefined) => void
  /** Told what came out of it as an exception, its own or one of the sink. */
  readonly failed: (thrown: unknown) => void
}

/**
 * All that is told to it ends alike. Each kind has a `try` of its own, since one for all would take a function, made anew for
 * every frame, call, wake and activity.
 */
export class LocalPort {
  readonly kind = 'local'
  private readonly endpoint: Endpoint
  private readonly surroundings: Surroundings

  constructor(endpoint: Endpoint, surroundings: Surroundings) {
    this.endpoint = endpoint
    this.surroundings = surroundings
  }

  get wakeAt(): Instant | undefined {
    return this.endpoint.wakeAt
  }

  get runnableCount(): number {
    return this.endpoint.runnableCount
  }

  activity(place: number): number {
    return this.endpoint.activity(place)
  }

  apply(call: Call, now: Instant): void {
    try {
      this.endpoint.apply(call, now)
      this.settle()
    } catch (thrown) {
      this.surroundings.failed(thrown)
    }
  }

  deliver(octets: Uint8Array, length: number, now: Instant): void {
    try {
      this.endpoint.deliver(octets, length, now)
      this.settle()
    } catch (thrown) {
      this.surroundings.failed(thrown)
    }
  }

  wake(now: Instant): void {
    try {
      this.endpoint.wake(now)
      this.settle()
    } catch (thrown) {
      this.surroundings.failed(thrown)
    }
  }

  run(activity: number, now: Instant): void {
    try {
      this.endpoint.run(activity, now)
      this.settle()
    } catch (thrown) {
      this.surroundings.failed(thrown)
    }
  }

  private settle(): void {
    this.endpoint.drain(this.surroundings.sink)
    this.surroundings.rearm(this.endpoint.wakeAt)
  }
}
