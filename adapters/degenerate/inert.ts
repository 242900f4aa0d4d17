// What all degenerate endpoints share: nothing comes from the wire, nothing goes to it, nothing is ever due.
import type { Call, ProviderEvent, Return } from '../../spec/vocabulary/calls.ts'
import type { Endpoint, OutputSink } from '../../spec/vocabulary/endpoint.ts'

export abstract class InertEndpoint implements Endpoint {
  readonly wakeAt = undefined
  readonly runnableCount = 0
  private readonly pending: (Return | ProviderEvent)[] = []

  abstract apply(call: Call): void

  deliver(): void {}

  wake(): void {}

  run(): void {}

  activity(): number {
    return 0
  }

  drain(sink: OutputSink): void {
    for (const output of this.pending) {
      if ('event' in output) sink.event(output)
      else sink.returned(output)
    }
    this.pending.length = 0
  }

  reset(): void {
    this.pending.length = 0
  }

  protected tell(output: Return | ProviderEvent): void {
    this.pending.push(output)
  }
}
