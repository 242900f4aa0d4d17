// The NIC's way out: Ethernet headers, padding, and the loop for messages to itself.
import type { HostAddress } from '../../spec/vocabulary/endpoint.ts'
import { writeU16, writeU32 } from './octets.ts'
import type { Memory } from './memory.ts'
import type { ReceiveRing } from './receive-ring.ts'

/** Slots for frames that go out, as `Output` has them. */
interface FrameSlots {
  readonly room: boolean
  readonly nextFrame: number
  frame(length: number): void
}

/** What a link leads to, and which frames it carries. */
export interface LinkEnds {
  readonly memory: Memory
  readonly output: FrameSlots
  readonly ring: ReceiveRing
  readonly ethertype: number
}

/** Writes frames for node `peer` where they go: to the output, or straight into the own receive ring. */
// cites: EMP-MATCH-012
export class Link {
  /** Octets of the shortest frame, without its FCS. */
  protected readonly frameOctetsMin: number = 60
  private readonly ends: LinkEnds
  private readonly node: number
  /** MACs in two parts: the first two octets, the last four. */
  private readonly high: Int32Array
  private readonly low: Float64Array

  constructor(ends: LinkEnds, hosts: readonly HostAddress[], node: number) {
    this.ends = ends
    this.node = node
    this.high = Int32Array.from(hosts, ({ mac }) => Number.parseInt(mac.slice(0, 4), 16))
    this.low = Float64Array.from(hosts, ({ mac }) => Number.parseInt(mac.slice(4), 16))
  }

  /** Whether a frame for `peer` finds a free slot. */
  room(peer: number): boolean {
    return peer === this.node ? this.ends.ring.room : this.ends.output.room
  }

  /** Begins a frame for `peer`: writes the Ethernet header and returns its arena place. */
  open(peer: number): number {
    const place = peer === this.node ? this.ends.ring.nextFrame : this.ends.output.nextFrame
    const { octets } = this.ends.memory
    writeU16(octets, place, this.high[peer] ?? 0)
    writeU32(octets, place + 2, this.low[peer] ?? 0)
    writeU16(octets, place + 6, this.high[this.node] ?? 0)
    writeU32(octets, place + 8, this.low[this.node] ?? 0)
    writeU16(octets, place + 12, this.ends.ethertype)
    return place
  }

  /** Ends the frame begun for `peer`, `length` octets long before padding. */
  close(peer: number, place: number, length: number): void {
    const { frameOctetsMin } = this
    if (length < frameOctetsMin) this.ends.memory.octets.fill(0, place + length, place + frameOctetsMin)
    const padded = Math.max(length, frameOctetsMin)
    if (peer === this.node) this.ends.ring.frame(padded)
    else this.ends.output.frame(padded)
  }

  /** Whether the MAC in two parts is that of `node`. */
  isMac(node: number, high: number, low: number): boolean {
    return this.high[node] === high && this.low[node] === low
  }
}
