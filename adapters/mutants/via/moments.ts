// An endpoint some of whose parts leave something over for a moment: until the next activity has gone, or there is none.
import { ViaEndpoint } from '../../../reference/via/endpoint.ts'
import type { OutputSink } from '../../../spec/vocabulary/endpoint.ts'

/** A part that is told how time goes on. */
export interface Momentary {
  /** An activity has gone. */
  pass(): void
  /** No activity can go. */
  rest(): void
}

export class Moments extends ViaEndpoint {
  override drain(sink: OutputSink): void {
    super.drain(sink)
    if (this.runnableCount > 0) return
    for (const part of this.momentary()) part.rest()
    this.flush(sink)
  }

  protected override step(one: number): void {
    super.step(one)
    for (const part of this.momentary()) part.pass()
  }

  private momentary(): readonly Momentary[] {
    const { waits, reports, handlers, completions, peers } = this.board
    return [waits, reports, handlers, completions, peers].filter((part) => isMomentary(part))
  }
}

function isMomentary(part: object): part is Momentary {
  return 'pass' in part && 'rest' in part
}
