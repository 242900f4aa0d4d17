// Mutants of the VIA reference that tell wrongly of RDMA that suffered on its way.
import type { Channel } from '../../../reference/via/channel.ts'
import { frameKind, reasons } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import { Reports, type Told } from '../../../reference/via/reports.ts'
import type { Nic } from '../../../reference/via/objects.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

class BrokenOffTwice extends Receiver {
  protected override breakOff(channel: Channel): void {
    super.breakOff(channel)
    this.board.reports.vi(channel.vi, 'rdma-write-abort')
  }
}

class BreaksOverBrokenOff extends Receiver {
  protected override breakOff(channel: Channel): void {
    super.breakOff(channel)
    this.board.lifecycle.break(channel, reasons.broken, 0)
  }
}

/** Takes what goes into a receive for a write that has nobody to tell. */
class EveryoneBreaksOff extends Receiver {
  protected override isBrokenOff(channel: Channel, header: ViaHeader): boolean {
    if (super.isBrokenOff(channel, header)) return true
    const isGap = header.message === channel.message && header.offset > channel.offset
    return !channel.reliable && channel.receiving !== undefined && isGap && header.kind === frameKind.write
  }
}

class BrokenOffOfNic extends Reports {
  protected override tell(nic: Nic, told: Told): void {
    super.tell(nic, told.code === 'rdma-write-abort' ? { resource: 'nic', code: told.code, opCode: told.opCode } : told)
  }
}

class TransportTwice extends Lifecycle {
  protected override tellTransport(channel: Channel): void {
    super.tellTransport(channel)
    super.tellTransport(channel)
  }
}

class TransportOfOwn extends Lifecycle {
  protected override serves(channel: Channel): boolean {
    return super.serves(channel) || channel.started.length > 0
  }

  protected override failTransport(channel: Channel): void {
    if (this.serves(channel)) this.tellTransport(channel)
    super.failTransport(channel)
  }
}

class TransportInstead extends Lifecycle {
  private instead = false

  protected override tellTransport(channel: Channel): void {
    super.tellTransport(channel)
    this.instead = true
  }

  protected override lose(channel: Channel): void {
    if (!this.instead) {
      super.lose(channel)
      return
    }
    this.instead = false
    this.enterError(channel.vi, 'lost')
    this.board.connector.close(channel)
    this.flush(channel.vi)
  }
}

export const rdmaBrokenMutants = mutantsOf('via', [
  {
    name: 'via-rdma-broken-off-twice',
    words: 'Tells twice that an unreliable RDMA write broke off.',
    violates: ['VIA-RDMA-027'],
    make: withViaParts({ receiver: BrokenOffTwice }),
  },
  {
    name: 'via-rdma-broken-off-breaks',
    words: 'Breaks an unreliable connection over an RDMA write that broke off.',
    violates: ['VIA-RDMA-027'],
    make: withViaParts({ receiver: BreaksOverBrokenOff }),
  },
  {
    name: 'via-rdma-broken-off-besides',
    words: 'Tells the handler of an RDMA write with immediate data that broke off.',
    violates: ['VIA-RDMA-027'],
    make: withViaParts({ receiver: EveryoneBreaksOff }),
  },
  {
    name: 'via-rdma-broken-off-of-nic',
    words: 'Says of an RDMA write that broke off that the NIC is concerned.',
    violates: ['VIA-RDMA-027', 'VIA-ERR-005'],
    make: withViaParts({ reports: BrokenOffOfNic }),
  },
  {
    name: 'via-rdma-transport-twice',
    words: 'Tells twice that the transport failed while the peer read or wrote.',
    violates: ['VIA-RDMA-028'],
    make: withViaParts({ lifecycle: TransportTwice }),
  },
  {
    name: 'via-rdma-transport-of-own',
    words: 'Tells of a transport error of RDMA where its own descriptor says so.',
    violates: ['VIA-RDMA-028', 'VIA-ERR-006'],
    make: withViaParts({ lifecycle: TransportOfOwn }),
  },
  {
    name: 'via-rdma-transport-instead',
    words: 'Tells of the transport error of the RDMA of the peer, and not that the connection is lost.',
    violates: ['VIA-RDMA-028'],
    make: withViaParts({ lifecycle: TransportInstead }),
  },
])
