// Mutants of the VIA reference whose RDMA trusts one activity to follow another at once.
import type { Channel } from '../../../reference/via/channel.ts'
import { frameFlag, frameKind } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { RdmaReads } from '../../../reference/via/rdma-reads.ts'
import { RdmaTarget } from '../../../reference/via/rdma-target.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import { racesOf, withViaParts, type Mutant } from '../mutant.ts'

/** Looks at the rights of a write when its frame is classified, and not again. */
class RightsOnce extends RdmaTarget {
  override write({ address, offset, bytes }: Landing, from: number): boolean {
    const { memory, protection } = this.board
    memory.octets.copyWithin(protection.place(address) + offset, from, from + bytes)
    return true
  }
}

/** Answers that were classified are taken whatever has become of the connection. */
class LateAnswers extends Receiver {
  protected override isLive(landing: Landing): boolean {
    return landing.kind === frameKind.answer || super.isLive(landing)
  }
}

class TakesLateAnswers extends RdmaReads {
  override take(landing: Landing, from: number): void {
    const { channel } = landing
    const read = channel.open ? undefined : this.readOf(channel, landing)
    if (read) this.board.receiver.scatter(read, landing, from)
    else super.take(landing, from)
  }
}

/** Takes a write for placed when its last frame is classified. */
class WriteOnReceipt extends Receiver {
  protected override land(channel: Channel, header: ViaHeader, failure: number): void {
    super.land(channel, header, failure)
    const isThrough = header.kind === frameKind.write && (header.flags & frameFlag.last) !== 0
    if (isThrough && !failure) channel.placed = header.message + 1
  }
}

export const racingRdmaMutants: readonly Mutant[] = racesOf('via', [
  {
    name: 'via-rdma-rights-once',
    words: 'Writes to memory that was deregistered after a frame for it had come.',
    violates: ['VIA-MEM-008', 'VIA-RDMA-003'],
    make: withViaParts({ target: RightsOnce }),
  },
  {
    name: 'via-rdma-answers-late',
    words: 'Writes what had come for a read into its memory after the read was flushed.',
    violates: ['VIA-RDMA-025'],
    make: withViaParts({ receiver: LateAnswers, reads: TakesLateAnswers }),
  },
  {
    name: 'via-rdma-placed-on-receipt',
    words: 'Tells the writer at Reliable Reception that its data is in memory which is still to be written.',
    violates: ['VIA-RDMA-022'],
    make: withViaParts({ receiver: WriteOnReceipt }),
  },
])
