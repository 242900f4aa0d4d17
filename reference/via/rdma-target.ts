// The far end of RDMA: memory here that the peer writes into and reads by itself.
import type { Board } from './board.ts'
import type { Channel } from './channel.ts'
import { frameFlag, frameKind, reasons } from './frame.ts'
import type { Shipment, Target, Vi } from './objects.ts'
import type { RdmaRight } from './protection.ts'
import type { Landing } from './receiver.ts'

/** Octets that the peer names. */
interface Named extends Target {
  readonly total: number
}

export class RdmaTarget {
  protected readonly board: Board

  constructor(board: Board) {
    this.board = board
  }

  /** Whether the peer may write all that it is about to. */
  admits(vi: Vi, named: Named): boolean {
    return this.permits(vi, named, 'enableRdmaWrite')
  }

  /** Puts the data of one frame where the peer wants it; false if it may not write there, or not any more. */
  // cites: VIA-RDMA-002
  write(landing: Landing, from: number): boolean {
    const { channel, address, offset, bytes } = landing
    if (!this.admits(channel.vi, landing)) return false
    const { memory, protection } = this.board
    memory.octets.copyWithin(protection.place(address) + offset, from, from + bytes)
    return true
  }

  /** As `write`, for a message that no receive is taken for. */
  writeAlone(landing: Landing, from: number): void {
    const { channel, message, flags, failure } = landing
    if (channel.refused === message) return
    if (failure !== 0 || !this.write(landing, from)) this.refuseWrite(landing)
    else if (flags & frameFlag.last) this.board.receiver.placed(landing)
  }

  /** The peer wants to read: what it asked for goes out as a message of this end. */
  read(landing: Landing): void {
    const { channel, message, address, handle, total } = landing
    const { vi } = channel
    if (!this.permits(vi, landing, 'enableRdmaRead')) {
      this.refuseRead(channel, message)
      return
    }
    this.board.receiver.placed(landing)
    const answer: Shipment = {
      vi,
      kind: frameKind.answer,
      segments: [{ address, handle, bytes: total }],
      total,
      target: undefined,
      control: 0,
      immediate: message,
      message: 0,
      firstSequence: 0,
      frames: 0,
      failure: 0,
    }
    this.board.sender.answer(channel, answer)
  }

  /** The peer must not read where it wanted to. */
  refuseRead(channel: Channel, message: number): void {
    this.board.reports.vi(channel.vi, 'rdma-read-protection')
    this.board.lifecycle.break(channel, reasons.badRead, message)
  }

  /** No descriptor here can say that the peer must not write. */
  // cites: VIA-RDMA-007
  protected refuseWrite({ channel, message }: Landing): void {
    if (channel.message === message) channel.placing = 0
    channel.refused = message
    this.board.reports.vi(channel.vi, 'rdma-write-protection')
    if (channel.reliable) this.board.lifecycle.break(channel, reasons.badWrite, message)
  }

  protected permits(vi: Vi, { address, handle, total }: Named, right: RdmaRight): boolean {
    return this.board.protection.permits(vi, { address, handle, bytes: total }, right)
  }
}
