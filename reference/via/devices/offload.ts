// A card that knows VIA: doorbells, fetching of descriptors and DMA are its own steps. Frames go over Ethernet.
import { Link } from '../../core/link.ts'
import { readU16 } from '../../core/octets.ts'
import type { ReceiveRing } from '../../core/receive-ring.ts'
import { ethernetOctets, viaEthertype } from '../frame.ts'
import type { Device, DeviceSetting } from './device.ts'

export class Offload extends Link implements Device {
  static mtu(wire: number): number {
    return wire
  }

  readonly worksInCalls: boolean = false
  /** Frames that went on to the other protocols of the host. */
  handedOn = 0
  protected readonly ring: ReceiveRing

  constructor({ memory, output, ring, hosts, node }: DeviceSetting) {
    super({ memory, output, ring, ethertype: viaEthertype }, hosts, node)
    this.ring = ring
  }

  clear(): void {
    this.handedOn = 0
  }

  // cites: VIA-NIC-014
  take(octets: Uint8Array, length: number): void {
    if (this.isOwn(octets, length)) this.ring.take(octets, length)
    else this.handedOn++
  }

  /** Whether a frame is VIA's: all others are left alone. */
  protected isOwn(octets: Uint8Array, length: number): boolean {
    return length >= ethernetOctets && readU16(octets, ethernetOctets - 2) === viaEthertype
  }
}
