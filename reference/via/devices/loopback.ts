// No card and no link: hosts are processes of one machine, and its processor copies what they say from one to the other.
import { Link } from '../../core/link.ts'
import type { ReceiveRing } from '../../core/receive-ring.ts'
import { viaEthertype } from '../frame.ts'
import type { Device, DeviceSetting } from './device.ts'

/** Octets that are copied at a time: two pages. */
const copyOctets = 8192

export class Loopback extends Link implements Device {
  static mtu(): number {
    return copyOctets
  }

  readonly worksInCalls = true
  /** Nothing has to reach the length that a wire asks for. */
  protected override readonly frameOctetsMin = 0
  protected readonly ring: ReceiveRing

  constructor({ memory, output, ring, hosts, node }: DeviceSetting) {
    super({ memory, output, ring, ethertype: viaEthertype }, hosts, node)
    this.ring = ring
  }

  clear(): void {
    // What is copied is gone.
  }

  take(octets: Uint8Array, length: number): void {
    this.ring.take(octets, length)
  }
}
