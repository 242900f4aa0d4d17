// What most endpoints share: what they did waits in order until it is drained, and they have no steps to choose from.
import type { TurnOutput } from '../harness/subject/turn.ts'
import type { Call, ProviderEvent, Return } from '../spec/vocabulary/calls.ts'
import type { Endpoint, OutputSink } from '../spec/vocabulary/endpoint.ts'
import type { Instant } from '../spec/vocabulary/units.ts'

export abstract class QueuedEndpoint implements Endpoint {
  /** When it wants to be woken, at the latest: set it whenever that changes. Undefined: only if something comes in. */
  wakeAt: Instant | undefined = undefined
  private readonly outputs: TurnOutput[] = []

  abstract apply(call: Call, now: Instant): void

  deliver(_octets: Uint8Array, _length: number, _now: Instant): void {}

  wake(_now: Instant): void {}

  get runnableCount(): number {
    return 0
  }

  activity(_index: number): number {
    return 0
  }

  run(_activity: number, _now: Instant): void {}

  drain(sink: OutputSink): void {
    for (const output of this.outputs) {
      switch (output.kind) {
        case 'return':
          sink.returned(output.answer)
          break
        case 'frame':
          sink.frame(output.octets, output.octets.length)
          break
        case 'event':
          sink.event(output.event)
      }
    }
    this.outputs.length = 0
  }

  /** Forgets what was not drained, and the deadline. */
  reset(_seed: number): void {
    this.outputs.length = 0
    this.wakeAt = undefined
  }

  /** Answers a call, now or later. */
  protected returned(answer: Return): void {
    this.outputs.push({ kind: 'return', answer })
  }

  /** Puts a frame on the wire, from the destination MAC to the last octet before the FCS. The octets are copied. */
  protected frame(octets: Uint8Array): void {
    this.outputs.push({ kind: 'frame', octets: octets.slice() })
  }

  /** Tells what nobody asked for. */
  protected event(event: ProviderEvent): void {
    this.outputs.push({ kind: 'event', event })
  }
}
