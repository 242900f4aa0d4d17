// Mutants that trust an activity to go before another, or before a call.
import { viaStatusBits } from '../../../spec/vocabulary/via-constants.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { Completions } from '../../../reference/via/completions.ts'
import { frameFlag } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import type { Posting, Vi } from '../../../reference/via/objects.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { Landing } from '../../../reference/via/receiver.ts'
import { racesOf, withViaParts, type Mutant } from '../mutant.ts'

/** Queues entry and status of a descriptor together. */
class EntryBesideStatus extends Completions {
  private entered: Posting | undefined

  override complete(posting: Posting, bits: number, length: number): void {
    super.complete(posting, bits, length)
    super.enter(posting)
  }

  protected override enter(posting: Posting): void {
    this.entered = posting
  }

  protected override handBack(posting: Posting): void {
    super.handBack(posting)
    // One that nothing can be written to puts no entry.
    if (this.entered !== posting) this.entries.take((one) => one === posting)
  }
}

/** What was complete before a disconnect gets its status when its turn comes. */
class SettlesFlushed extends Completions {
  override settle(vi: Vi): void {
    const flushed = viaStatusBits['descriptor-flushed']
    const earlier = this.statuses.take((one) => one.vi === vi && (one.status & flushed) === 0)
    super.settle(vi)
    for (const each of earlier) this.statuses.push(each)
  }
}

/** Data that was classified is written and completes its receive, whatever has become of the connection. */
class LandsAfterFlush extends Receiver {
  protected override isLive(landing: Landing): boolean {
    return landing.posting !== undefined || super.isLive(landing)
  }

  protected override isOurs({ state }: Posting): boolean {
    return state !== 'complete'
  }
}

/** Takes a message for placed when its last frame is classified: all is well as long as it is written at once. */
class PlacedOnReceipt extends Receiver {
  protected override land(channel: Channel, header: ViaHeader, failure: number): void {
    const posting = channel.receiving
    super.land(channel, header, failure)
    if (posting && !failure && header.flags & frameFlag.last) channel.placed = header.message + 1
  }
}

export const racingActivityMutants: readonly Mutant[] = racesOf('via', [
  {
    name: 'via-entry-beside-status',
    words: 'Queues the entry of a descriptor with its status, and trusts that the status is written before.',
    violates: ['VIA-CQ-006'],
    make: withViaParts({ completions: EntryBesideStatus }),
  },
  {
    name: 'via-settles-flushed',
    words: 'Returns from VipDisconnect before the status of what was complete is written.',
    violates: ['VIA-FLUSH-001', 'VIA-DISC-006'],
    make: withViaParts({ completions: SettlesFlushed }),
  },
  {
    name: 'via-lands-after-flush',
    words: 'Writes data, and completes its receive, that was classified before VipDisconnect flushed the receive.',
    violates: ['VIA-FLUSH-008', 'VIA-DESC-023', 'VIA-DONE-007'],
    make: withViaParts({ receiver: LandsAfterFlush }),
  },
  {
    name: 'via-placed-on-receipt',
    words: 'Tells the sender at Reliable Reception that a message is in memory which is still to be written.',
    violates: ['VIA-REL-011'],
    make: withViaParts({ receiver: PlacedOnReceipt }),
  },
])
