// What becomes of a VI: its states, and what breaking, losing and leaving a connection does to its queues.
import { viaReliabilityLevels, viaStatusBits } from '../../spec/vocabulary/via-constants.ts'
import type { ViaQueue } from '../../spec/vocabulary/via-returns.ts'
import { nextState } from '../core/machine.ts'
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { frameKind, reasons } from './frame.ts'
import type { Vi } from './objects.ts'
import { viStates } from './states.ts'
import type { ViEvent } from './states.ts'

export class Lifecycle {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  /** Moves a VI; false if its state refuses that. */
  move(vi: Vi, event: ViEvent): boolean {
    const next = nextState(viStates, vi.state, event)
    if (next === undefined) return false
    vi.state = next
    return true
  }

  /** Whether the state of a VI allows `event`. */
  allows(vi: Vi, event: ViEvent): boolean {
    return nextState(viStates, vi.state, event) !== undefined
  }

  /** Whether what is posted on a queue is kept, or flushed at once. */
  admits(vi: Vi, queue: ViaQueue): boolean {
    return this.allows(vi, queue === 'send' ? 'send' : 'receive')
  }

  /** VipDisconnect: leaves whatever there is, and hands all descriptors back before it returns. */
  disconnect(vi: Vi): void {
    const { channel } = vi
    const connected = vi.state === 'connected'
    if (vi.state === 'connect-pending') {
      this.board.connector.abandon(vi)
      this.board.peers.abandon(vi)
    }
    this.move(vi, 'disconnect')
    if (connected && channel) this.leave(channel, reasons.disconnected, 0)
    this.flush(vi)
    this.board.completions.settle(vi)
    this.board.handlers.settle(vi.name)
  }

  /** A descriptor of the channel has failed by its own fault. */
  descriptorFailed(channel: Channel): void {
    if (channel.reliable) this.break(channel, reasons.broken, 0)
  }

  /** An error breaks the connection of a VI, if it has one. */
  fault(vi: Vi): void {
    if (vi.state === 'connected' && vi.channel) this.break(vi.channel, reasons.broken, 0)
  }

  /** This end breaks the connection and says why; `message`: at which message of the peer. */
  break(channel: Channel, reason: number, message: number): void {
    if (!channel.open) return
    this.enterError(channel.vi, 'fault')
    this.leave(channel, reason, message)
    this.flush(channel.vi)
  }

  /** The peer has left. */
  left(channel: Channel, reason: number, message: number): void {
    if (!channel.open) return
    this.blame(channel, this.faultOf(channel, reason), message)
    if (reason === reasons.silent) this.failTransport(channel)
    this.lose(channel)
  }

  /** The peer has not answered for too long. */
  silent(channel: Channel): void {
    this.failTransport(channel)
    this.board.farewells.say(channel, reasons.silent, 0)
    this.lose(channel)
  }

  protected flush(vi: Vi): void {
    this.board.queues.flush(vi.send)
    this.board.queues.flush(vi.recv)
  }

  protected enterError(vi: Vi, event: 'fault' | 'lost'): void {
    this.move(vi, event)
  }

  /** The connection is gone without this end's doing. */
  protected lose(channel: Channel): void {
    this.enterError(channel.vi, 'lost')
    this.board.connector.close(channel)
    this.flush(channel.vi)
    this.board.reports.vi(channel.vi, 'connection-lost')
  }

  /** What the peer's reason for leaving is to a descriptor here, as status bits; 0 if none is told. */
  protected faultOf({ level }: Channel, reason: number): number {
    const isReception = level === viaReliabilityLevels['reliable-reception']
    if (reason === reasons.badReceive && isReception) return viaStatusBits['remote-descriptor-error']
    const isRdma = reason === reasons.badRead || (reason === reasons.badWrite && isReception)
    return isRdma ? viaStatusBits['rdma-protection-error'] : 0
  }

  /** The descriptor of `message` is at fault, and what was under way before it is not completed any more. */
  protected blame({ started }: Channel, fault: number, message: number): void {
    const last = fault === 0 ? -1 : started.findIndex((posting) => posting.message === message)
    for (const posting of started.slice(0, last + 1)) {
      const bits = posting.message === message ? fault : viaStatusBits['descriptor-flushed']
      this.board.completions.complete(posting, bits, 0)
    }
  }

  /** The oldest send under way could not be brought across. */
  protected failTransport(channel: Channel): void {
    const [first] = channel.started
    if (first) this.board.completions.complete(first, viaStatusBits['transport-error'], 0)
    if (this.serves(channel)) this.tellTransport(channel)
  }

  /** Whether the peer is reading here, or writing, so that no descriptor here can say what became of it. */
  protected serves({ reliable, answers, placing }: Channel): boolean {
    return reliable && (answers.length > 0 || placing === frameKind.write)
  }

  // cites: VIA-RDMA-028
  protected tellTransport({ vi }: Channel): void {
    this.board.reports.vi(vi, 'rdma-transport')
  }

  private leave(channel: Channel, reason: number, message: number): void {
    this.board.farewells.say(channel, reason, message)
    this.board.connector.close(channel)
  }
}
