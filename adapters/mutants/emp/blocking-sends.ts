// An endpoint whose send call is synchronous: it answers when the message has been acknowledged.
import { EmpEndpoint } from '../../../reference/emp/endpoint.ts'
import type { Call, Return } from '../../../spec/vocabulary/calls.ts'
import type { OutputSink } from '../../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../../spec/vocabulary/units.ts'

/** Holds the answer of each accepted send back until its request is done. */
export class BlockingSends extends EmpEndpoint {
  /** Requests by the call that posts them. */
  private readonly posting = new Map<number, string>()
  /** Answers by request. */
  private readonly held = new Map<string, Return>()

  override apply(call: Call, now: Instant): void {
    if (call.body.operation === 'emp.isend') this.posting.set(call.id, call.body.as)
    super.apply(call, now)
  }

  override drain(sink: OutputSink): void {
    super.drain({
      frame: (octets, length) => sink.frame(octets, length),
      returned: (answer) => {
        const request = this.posting.get(answer.id)
        this.posting.delete(answer.id)
        if (request !== undefined && answer.status === 'ok') this.held.set(request, answer)
        else sink.returned(answer)
      },
      event: (event) => {
        if (event.event === 'emp.completion') {
          const answer = this.held.get(event.request)
          this.held.delete(event.request)
          if (answer) sink.returned(answer)
        }
        sink.event(event)
      },
    })
  }

  override reset(seed: number): void {
    super.reset(seed)
    this.posting.clear()
    this.held.clear()
  }
}
