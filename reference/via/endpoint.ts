// One VIA host with its NIC: calls, frames and time in; frames, returns and events out.
import type { Call } from '../../spec/vocabulary/calls.ts'
import type { Endpoint, EndpointSetting, OutputSink } from '../../spec/vocabulary/endpoint.ts'
import type { Instant } from '../../spec/vocabulary/units.ts'
import { activity, activityOrder } from './activities.ts'
import { Board } from './board.ts'
import { Calls } from './calls.ts'
import { Intake } from './intake.ts'
import { referenceParts } from './parts.ts'
import type { ViaParts } from './parts.ts'

/** The reference. Calls and frames only enqueue; everything a NIC does is one of its activities, stepped or not. */
export class ViaEndpoint implements Endpoint {
  private readonly stepped: boolean
  private readonly board: Board
  private readonly calls: Calls
  private readonly intake: Intake

  constructor(setting: EndpointSetting, parts?: Partial<ViaParts>) {
    const made = { ...referenceParts, ...parts }
    this.stepped = setting.stepped
    this.board = new Board(setting, made)
    this.calls = new Calls(this.board, made)
    this.intake = new Intake(this.board)
  }

  apply(call: Call, now: Instant): void {
    this.board.now = now
    const answer = this.calls.answer(call.id, call.body)
    if (answer) this.board.returns(call.id, answer)
  }

  deliver(octets: Uint8Array, length: number, now: Instant): void {
    this.board.now = now
    this.board.ring.take(octets, length)
  }

  wake(now: Instant): void {
    this.board.now = now
  }

  drain(sink: OutputSink): void {
    this.board.output.flush(sink)
    if (this.stepped) return
    for (let next = this.next(); next >= 0; next = this.next()) {
      this.step(next)
      this.board.output.flush(sink)
    }
  }

  get wakeAt(): Instant | undefined {
    return this.board.alarms.earliest
  }

  reset(seed: number): void {
    this.board.reset(seed)
  }

  get runnableCount(): number {
    if (!this.stepped) return 0
    let count = 0
    for (const one of activityOrder) if (this.isRunnable(one)) count++
    return count
  }

  activity(index: number): number {
    let before = index
    for (const one of activityOrder) if (this.isRunnable(one) && before-- === 0) return one
    return -1
  }

  run(one: number, now: Instant): void {
    this.board.now = now
    if (this.isRunnable(one)) this.step(one)
  }

  private next(): number {
    for (let i = 0; i < activityOrder.length; i++) {
      const one = activityOrder[i] ?? -1
      if (this.isRunnable(one)) return one
    }
    return -1
  }

  private isRunnable(one: number): boolean {
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
      case activity.timer:
        return board.alarms.due(board.now)
      default:
        return false
    }
  }

  private step(one: number): void {
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
      case activity.timer:
        return board.alarms.ring()
    }
  }
}
