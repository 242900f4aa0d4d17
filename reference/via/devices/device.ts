// What lies under the provider: it carries frames, and it decides who does the work that a post makes.
import type { HostAddress } from '../../../spec/vocabulary/endpoint.ts'
import type { Memory } from '../../core/memory.ts'
import type { Output } from '../../core/output.ts'
import type { ReceiveRing } from '../../core/receive-ring.ts'

/** What a device works on: host memory, its ways out and in, and the hosts of the world, of which `node` is its own. */
export interface DeviceSetting {
  readonly memory: Memory
  readonly output: Output
  readonly ring: ReceiveRing
  readonly hosts: readonly HostAddress[]
  readonly node: number
}

/** All that the provider knows of what is under it. */
// source: M-VIA's home page: modular, in software or with hardware's help, beside other protocols
export interface Device {
  /**
   * True: the host's processor does the work within the call or the interrupt that makes it, and no call returns before.
   * False: a card does it, and anything may happen between its steps.
   */
  readonly worksInCalls: boolean
  /** Whether a frame for `peer` finds a free slot. */
  room(peer: number): boolean
  /** Begins a frame for `peer`, and returns the arena place of its Ethernet header. */
  open(peer: number): number
  /** Ends the frame begun for `peer`, `length` octets long. */
  close(peer: number, place: number, length: number): void
  /** Takes a frame that has arrived: into the receive ring if it is the provider's. The octets are borrowed. */
  take(octets: Uint8Array, length: number): void
  /** Forgets all that has gone through it. */
  clear(): void
  /** Whether the MAC in two parts, of two and four octets, is that of `node`. */
  isMac(node: number, high: number, low: number): boolean
}

/** Makes devices of one kind, and tells beforehand how long their frames are. */
export interface DeviceKind {
  new (setting: DeviceSetting): Device
  /** Octets that a frame takes after its Ethernet header, where the wire would take `wire`. */
  mtu(wire: number): number
}
