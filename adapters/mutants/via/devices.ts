// Mutants of what lies under the provider: each shows on one device only.
import type { Memory } from '../../../reference/core/memory.ts'
import { readU16 } from '../../../reference/core/octets.ts'
import { Ethernet } from '../../../reference/via/devices/ethernet.ts'
import { Loopback } from '../../../reference/via/devices/loopback.ts'
import type { DeviceSetting } from '../../../reference/via/devices/device.ts'
import { ethernetOctets, frameKind, headerOctets } from '../../../reference/via/frame.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

/** What a device in software declares otherwise: nothing happens by itself between its steps. */
const inSoftware = { stepped: false } as const

class SkipsNext extends Ethernet {
  private skips = false

  override clear(): void {
    super.clear()
    this.skips = false
  }

  override take(octets: Uint8Array, length: number): void {
    if (!this.isOwn(octets, length)) this.skips = true
    else if (this.skips) this.skips = false
    else super.take(octets, length)
  }
}

class AnswersAll extends Ethernet {
  private readonly hosts: number

  constructor(setting: DeviceSetting) {
    super(setting)
    this.hosts = setting.hosts.length
  }

  override take(octets: Uint8Array, length: number): void {
    super.take(octets, length)
    if (this.isOwn(octets, length)) return
    for (let peer = 0; peer < this.hosts; peer++) {
      if (!this.room(peer) || !this.isMac(peer, readU16(octets, 6), octetsAfter(octets))) continue
      this.close(peer, this.open(peer), ethernetOctets)
    }
  }
}

/** The last four octets of the source address. */
function octetsAfter(octets: Uint8Array): number {
  return readU16(octets, 8) * 0x1_0000 + readU16(octets, 10)
}

/** Frames of other protocols that fit in before nothing does. */
const slots = 32

class KeepsSlots extends Ethernet {
  private kept = 0

  override clear(): void {
    super.clear()
    this.kept = 0
  }

  override take(octets: Uint8Array, length: number): void {
    if (!this.isOwn(octets, length)) this.kept++
    if (this.kept < slots) super.take(octets, length)
  }
}

/** Octets of a page. */
const page = 4096

class CopiesOnePage extends Loopback {
  override take(octets: Uint8Array, length: number): void {
    super.take(length > page ? octets.map((octet, place) => (place < page ? octet : 0)) : octets, length)
  }
}

class DropsEmpty extends Loopback {
  private readonly memory: Memory

  constructor(setting: DeviceSetting) {
    super(setting)
    this.memory = setting.memory
  }

  override close(peer: number, place: number, length: number): void {
    const kind = this.memory.octets[place + ethernetOctets]
    const isEmpty = length === ethernetOctets + headerOctets && kind === frameKind.data
    if (!isEmpty) super.close(peer, place, length)
  }
}

class LeadsToLast extends Loopback {
  private readonly last: number

  constructor(setting: DeviceSetting) {
    super(setting)
    this.last = setting.hosts.length - 1
  }

  override room(): boolean {
    return super.room(this.last)
  }

  override open(): number {
    return super.open(this.last)
  }

  override close(_peer: number, place: number, length: number): void {
    super.close(this.last, place, length)
  }
}

export const deviceMutants = mutantsOf('via', [
  {
    name: 'via-ethernet-skips-next',
    words: 'Loses the frame that comes behind one of another protocol.',
    violates: ['VIA-NIC-014'],
    options: inSoftware,
    make: withViaParts({ device: SkipsNext }),
  },
  {
    name: 'via-ethernet-answers-all',
    words: 'Answers frames of other protocols.',
    violates: ['VIA-NIC-014'],
    options: inSoftware,
    make: withViaParts({ device: AnswersAll }),
  },
  {
    name: 'via-ethernet-keeps-slots',
    words: 'Never frees the places that frames of other protocols have taken.',
    violates: ['VIA-NIC-014'],
    options: inSoftware,
    make: withViaParts({ device: KeepsSlots }),
  },
  {
    name: 'via-loopback-copies-one-page',
    words: 'Copies only the first page of what is longer.',
    violates: ['VIA-SEND-001', 'VIA-SEND-002'],
    options: inSoftware,
    wire: 'none',
    make: withViaParts({ device: CopiesOnePage }),
  },
  {
    name: 'via-loopback-drops-empty',
    words: 'Hands nothing over where there is nothing to copy.',
    violates: ['VIA-SEND-002'],
    options: inSoftware,
    wire: 'none',
    make: withViaParts({ device: DropsEmpty }),
  },
  {
    name: 'via-loopback-leads-to-last',
    words: 'Takes everything to the process that was started last, whomever it is for.',
    violates: ['VIA-CON-029'],
    options: inSoftware,
    wire: 'none',
    make: withViaParts({ device: LeadsToLast }),
  },
])
