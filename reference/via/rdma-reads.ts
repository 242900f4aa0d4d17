// The near end of RDMA reads: where they work, and what becomes of their answers.
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { frameFlag, frameKind } from './frame.ts'
import type { Posting } from './objects.ts'
import type { Landing } from './receiver.ts'

export class RdmaReads {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  /** Union of the reliability levels at which they work. */
  get levels(): number {
    return this.board.offer.readLevels
  }

  worksAt(level: number): boolean {
    return (this.levels & level) !== 0
  }

  /** A part of an answer goes into the memory of its read. */
  // cites: VIA-RDMA-009
  take(landing: Landing, from: number): void {
    const { channel, flags } = landing
    const read = this.readOf(channel, landing)
    if (!read || read.failure) return
    if (!this.board.receiver.scatter(read, landing, from)) {
      this.board.sender.spoil(channel, read)
      return
    }
    if ((flags & frameFlag.last) === 0) return
    read.isAnswered = true
    this.board.receiver.placed(landing)
    this.board.sender.answered(channel, read)
  }

  /** The read that an answer is for. */
  protected readOf({ started }: Channel, { immediate }: Landing): Posting | undefined {
    return started.find(({ kind, message }) => kind === frameKind.read && message === immediate)
  }
}
