// One host with its NIC, as an adapter writes it: calls on memory are answered here, all others by what extends this.
import { HostMemory } from '../../adapters/host-memory.ts'
import { QueuedEndpoint } from '../../adapters/queued-endpoint.ts'
import type { Call, CallBody } from '../../spec/vocabulary/calls.ts'
import type { EmpCall } from '../../spec/vocabulary/emp.ts'
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
 * What came in is worked through in `call`, `deliver` and `wake`. They say what came of it with `returned`, `frame` and
 * `event`, in the order in which it happened, and set `wakeAt`. To be stepped, override `runnableCount`, `activity` and
 * `run` too. Throwing means that the adapter itself failed, which the harness takes for a crash.
 */
export abstract class HostEndpoint extends QueuedEndpoint {
  /** The host's memory. What a message is sent from and received into: `this.memory.at(range)`. */
  protected readonly memory: HostMemory = new HostMemory()

  override apply({ id, thread, body }: Call, now: Instant): void {
    if (isMemoryCall(body)) this.returned({ id, ...this.memory.answer(body) })
    else this.call({ id, thread, body }, now)
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
  protected abstract call(call: HostCall, now: Instant): void
}

function isMemoryCall(body: CallBody): body is MemoryCall {
  return body.operation.startsWith('memory.')
}
