// Farewells: what a peer is told when this end leaves a connection, until it has heard.
import type { Alarm } from '../core/alarms.ts'
import type { Duration, Instant } from '../../spec/vocabulary/units.ts'
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { frameKind } from './frame.ts'
import type { ViaHeader } from './frame.ts'

interface Farewell {
  readonly node: number
  readonly header: Partial<ViaHeader>
  readonly alarm: Alarm
  readonly end: Instant
  timeout: Duration
}

/** A farewell outlives its VI, which may be used again or destroyed at once. */
export class Farewells {
  protected readonly board: Board
  private readonly open = new Map<number, Farewell>()

  constructor(board: Board) {
    this.board = board
  }

  clear(): void {
    this.open.clear()
  }

  /** Tells the peer of `channel` that it is left, why, and how far this end has come; `message`: the one at fault. */
  say(channel: Channel, reason: number, message: number): void {
    const { number, remote, node, expected, placed } = channel
    const header = { kind: frameKind.farewell, to: remote, from: number, sequence: expected, message: placed, reason }
    const { retransmission, silence } = this.board.configuration
    const alarm = this.board.alarms.make(() => this.repeat(number))
    const end = this.board.now + silence
    const farewell = { node, header: { ...header, total: message }, alarm, end, timeout: retransmission }
    this.open.set(number, farewell)
    this.send(farewell)
  }

  /** The peer has heard the farewell of channel `number`. */
  heard(node: number, number: number): void {
    const farewell = this.open.get(number)
    if (!farewell || farewell.node !== node) return
    this.open.delete(number)
    this.board.alarms.release(farewell.alarm)
  }

  protected repeat(number: number): void {
    const farewell = this.open.get(number)
    if (!farewell) return
    if (this.board.now >= farewell.end) {
      this.heard(farewell.node, number)
      return
    }
    farewell.timeout *= 2
    this.send(farewell)
  }

  private send(farewell: Farewell): void {
    this.board.outbox.post(farewell.node, farewell.header)
    this.board.alarms.set(farewell.alarm, Math.min(this.board.now + farewell.timeout, farewell.end))
  }
}
