// One host with its NIC, as an adapter writes it: calls on memory are answered here, all others by what extends this.
import { HostMemory } from '../../adapters/host-memory.ts'
import { QueuedEndpoint } from '../../adapters/queued-endpoint.ts'
import type { Call, CallBody } from '../../spec/vocabulary/calls.ts'
import type { EmpCall } from '../../spec/vocabulary/emp.ts'
import type { EndpointSetting } from '../../spec/vocabulary/endpoint.ts'
import type { MemoryCall } from '../../spec/vocabulary/memory.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'
import type { ViaCall } from '../../spec/vocabulary/via-calls.ts'

/** A call of a host program that is left to the implementation. `thread` 0 is the program's main thread. */
export interface HostCall {
  readonly id: number
  readonly thread: number
  readonly body: EmpCall | ViaCall
}

/**
 * What comes in is worked through in `onCall`, `onFrame` and `onWake`. They say what came of it with `returned`, `frame` and
 * `event`, in the order in which it happened, and set `wakeAt`. Throwing means that the adapter itself failed, which the
 * harness takes for a crash.
 *
 * To be stepped, let these three only make activities runnable, and override `runnableCount`, `activity` and `run`. Where a
 * world is not stepped, the first runnable activity is run until there is none: one code path for both.
 */
export abstract class HostEndpoint extends QueuedEndpoint {
  /** What its world is like: hosts with their MACs, which of them this is, values to work with. */
  protected readonly setting: EndpointSetting
  /** The host's memory. What a message is sent from and received into: `this.memory.at(range)`. */
  protected readonly memory: HostMemory = new HostMemory()

  constructor(setting: EndpointSetting) {
    super()
    this.setting = setting
  }

  override apply({ id, thread, body }: Call, now: Instant): void {
    if (isMemoryCall(body)) this.returned({ id, ...this.memory.answer(body) })
    else this.onCall({ id, thread, body }, now)
    this.goOn(now)
  }

  override deliver(octets: Uint8Array, length: number, now: Instant): void {
    this.onFrame(octets.subarray(0, length), now)
    this.goOn(now)
  }

  override wake(now: Instant): void {
    this.onWake(now)
    this.goOn(now)
  }

  /** Fresh again: what extends this forgets all that it keeps besides. `seed` is for what it wants to vary. */
  override reset(seed: number): void {
    super.reset(seed)
    this.memory.clear()
  }

  /**
   * The host program calls at the instant `now`, in nanoseconds. Every call gets one `returned`: at once, or for one that
   * waits when it is done. What is not offered is answered `unsupported`.
   */
  protected abstract onCall(call: HostCall, now: Instant): void

  /** The link hands a frame to the NIC, from the destination MAC to the last octet before the FCS. Copy what is kept. */
  protected onFrame(_octets: Uint8Array, _now: Instant): void {}

  /** The instant `wakeAt` has come. It does no harm if nothing is due. */
  protected onWake(_now: Instant): void {}

  private goOn(now: Instant): void {
    while (!this.setting.stepped && this.runnableCount > 0) this.run(this.activity(0), now)
  }
}

function isMemoryCall(body: CallBody): body is MemoryCall {
  return body.operation.startsWith('memory.')
}
