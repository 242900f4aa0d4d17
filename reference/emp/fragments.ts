// How a message is cut into frames (R2): which octets of it each frame carries.
import { ethernetOctets, frameHeaderOctets, messageHeaderOctets } from './headers.ts'

/** The cut that follows from the MTU. Frames count from 0; octets are those of the message. */
export class Fragments {
  private readonly mtu: number

  constructor(mtu: number) {
    this.mtu = mtu
  }

  // cites: EMP-FRAME-002
  hasMessageHeader(frame: number): boolean {
    return frame === 0
  }

  /** Octets of all headers of `frame`, Ethernet's included. */
  headerOctets(frame: number): number {
    return ethernetOctets + frameHeaderOctets + (this.hasMessageHeader(frame) ? messageHeaderOctets : 0)
  }

  /** The most message octets that `frame` can carry: F0 of frame 0, F of all others. */
  // cites: EMP-FRAME-003, EMP-FRAME-007
  capacity(frame: number): number {
    return this.mtu + ethernetOctets - this.headerOctets(frame)
  }

  /** Where the octets of `frame` begin in the message. */
  offset(frame: number): number {
    return frame === 0 ? 0 : this.capacity(0) + (frame - 1) * this.capacity(frame)
  }

  /** Number of frames of a message of `total` octets. */
  // cites: EMP-FRAME-004, EMP-FRAME-009
  count(total: number): number {
    const first = this.capacity(0)
    return total <= first ? 1 : 1 + Math.ceil((total - first) / this.capacity(1))
  }

  /** Octets in `frame` of a message of `total` octets; negative or 0 past its end. */
  bytes(total: number, frame: number): number {
    return Math.min(this.capacity(frame), total - this.offset(frame))
  }
}
