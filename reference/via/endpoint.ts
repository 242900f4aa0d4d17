// One VIA host with its NIC: calls, frames and time in; frames, returns and events out.
import type { Call } from '../../spec/vocabulary/calls.ts'
import type { Endpoint, EndpointSetting, OutputSink } from '../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'
import { SteppedEndpoint } from '../core/stepped-endpoint.ts'
import { activity, activityOrder } from './activities.ts'
import { Board } from './board.ts'
import { Calls } from './calls.ts'
import type { Intake } from './intake.ts'
import { wholeOffer } from './offer.ts'
import type { ViaOffer } from './offer.ts'
import { referenceParts } from './parts.ts'
import type { ViaParts } from './parts.ts'

/** The reference. Calls and frames only enqueue; everything a NIC does is one of its activities, stepped or not. */
export class ViaEndpoint extends SteppedEndpoint implements Endpoint {
  protected readonly board: Board
  private readonly calls: Calls
  private readonly intake: Intake

  constructor(setting: EndpointSetting, parts?: Partial<ViaParts>, offer: ViaOffer = wholeOffer) {
    super(setting.stepped, activityOrder)
    const made = { ...referenceParts, ...parts }
    this.board = new Board(setting, made, offer)
    this.calls = new Calls(this.board, made)
    this.intake = new made.intake(this.board)
  }

  apply(call: Call, now: Instant): void {
    this.board.now = now
    const answer = this.calls.answer(call.id, call.body)
    if (this.board.link.worksInCalls) this.work()
    if (answer) this.board.returns(call.id, answer)
  }

  deliver(octets: Uint8Array, length: number, now: Instant): void {
    this.board.now = now
    this.board.link.take(octets, length)
  }

  override wake(now: Instant): void {
    this.board.now = now
  }

  get wakeAt(): Instant | undefined {
    return this.board.alarms.earliest
  }

  reset(seed: number): void {
    this.board.reset(seed)
  }

  protected override flush(sink: OutputSink): void {
    this.board.output.flush(sink)
  }

  protected override isRunnable(one: number): boolean {
    const { board } = this
    switch (one) {
      case activity.doorbell:
        return board.queues.rings
      case activity.fetch:
        return board.sender.fetches
      case activity.transmit:
        return board.outbox.ready || board.sender.ready
      case activity.receive:
        return board.ring.waiting
      case activity.dataWrite:
        return board.ring.holds
      case activity.acknowledge:
        return board.receiver.owes
      case activity.statusWrite:
        return board.completions.statusWaits
      case activity.entry:
        return board.completions.entryWaits
      case activity.handler:
        return board.handlers.waits
      case activity.timer:
        return board.alarms.due(board.now)
      default:
        return false
    }
  }

  protected override step(one: number): void {
    const { board } = this
    switch (one) {
      case activity.doorbell:
        return board.queues.answerDoorbell()
      case activity.fetch:
        return board.sender.fetch()
      case activity.transmit:
        return board.outbox.ready ? board.outbox.send() : board.sender.transmit()
      case activity.receive:
        return this.intake.take()
      case activity.dataWrite:
        return board.receiver.write()
      case activity.acknowledge:
        return board.receiver.sendAcknowledgement()
      case activity.statusWrite:
        return board.completions.writeStatus()
      case activity.entry:
        return board.completions.writeEntry()
      case activity.handler:
        return board.handlers.run()
      case activity.timer:
        return board.alarms.ring()
    }
  }
}
