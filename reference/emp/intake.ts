// The first look at each frame that arrived: dropped, taken as an acknowledgement, or handed on as data.
import type { EmpDropReason } from '../../spec/vocabulary/emp.ts'
import type { Board } from './board.ts'
import { acknowledgementType, FrameView, frameRefusal } from './frame.ts'
import { ethernetOctets } from './headers.ts'
import type { Receiver } from './receiver.ts'
import type { Sender } from './sender.ts'

/** Classifies the frames of the receive ring, oldest first. */
export class Intake {
  protected readonly board: Board
  private readonly sender: Sender
  private readonly receiver: Receiver
  private readonly view = new FrameView()

  constructor(board: Board, sender: Sender, receiver: Receiver) {
    this.board = board
    this.sender = sender
    this.receiver = receiver
  }

  /** Takes the oldest waiting frame of the ring. */
  take(): void {
    const { ring, memory, dropped } = this.board
    const view = this.view.show(memory.octets, ring.place, ring.length)
    const reason = this.refusal(view)
    if (reason) {
      dropped[reason]++
      ring.discard()
    } else if (view.type === acknowledgementType) {
      this.sender.acknowledged(view.sender, view.message, view.frame)
      ring.discard()
    } else this.receiver.receive(view)
  }

  /** Why a frame is dropped whatever its message; undefined if it is not. */
  // cites: EMP-FRAME-006, EMP-FRAME-008, EMP-FRAME-010
  protected refusal(view: FrameView): EmpDropReason | undefined {
    if (!this.destinationMatches(view)) return 'wrong-destination'
    const refused = this.wellFormed(view)
    if (refused) return refused
    return this.sourceMatches(view) ? undefined : 'wrong-sender'
  }

  /** Whether the frame is for this NIC. */
  protected destinationMatches(view: FrameView): boolean {
    return this.board.link.isMac(this.board.node, view.destinationHigh, view.destinationLow)
  }

  /** Whether the frame comes from the MAC that is stored for its sender. */
  protected sourceMatches(view: FrameView): boolean {
    return this.board.link.isMac(view.sender, view.sourceHigh, view.sourceLow)
  }

  /** Why a frame cannot be, judged from its own octets; longer than the MTU is one reason. */
  protected wellFormed(view: FrameView): EmpDropReason | undefined {
    if (view.arrived > this.board.configuration.mtu + ethernetOctets) return 'malformed'
    return frameRefusal(view, this.board.fragments)
  }
}
