// Mutants that go wrong only when frames come late, or cross each other.
import type { Channel } from '../../../reference/via/channel.ts'
import { Connector } from '../../../reference/via/connector.ts'
import type { Attempt } from '../../../reference/via/connector.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import type { Vi } from '../../../reference/via/objects.ts'
import type { VipReturn } from '../../../spec/vocabulary/via-returns.ts'
import { racesOf, withViaParts, type Mutant } from '../mutant.ts'

/** Takes whatever the client says while an accept is open for a yes. */
class CancelConfirms extends Connector {
  private isCancelled = false

  override cancelled(node: number, header: ViaHeader): void {
    this.isCancelled = true
    super.cancelled(node, header)
    this.isCancelled = false
  }

  protected override fail(attempt: Attempt, code: VipReturn): void {
    if (this.isCancelled) this.establish(attempt)
    else super.fail(attempt, code)
  }
}

/** Gives a frame for a connection that has ended to the one that its VI has now. */
class OldFramesTaken extends Connector {
  private readonly vis = new Map<number, Vi>()

  override clear(): void {
    super.clear()
    this.vis.clear()
  }

  override channel(number: number, node: number, remote: number): Channel | undefined {
    const known = super.channel(number, node, remote)
    const vi = this.vis.get(number)
    if (known || vi?.state !== 'connected') return known
    return vi.channel?.node === node ? vi.channel : undefined
  }

  protected override channelOf(vi: Vi, number: number, node: number): Channel {
    this.vis.set(number, vi)
    return super.channelOf(vi, number, node)
  }
}

export const unluckyFrameMutants: readonly Mutant[] = racesOf('via', [
  {
    name: 'via-cancel-confirms',
    words: 'Takes the word of a client that gives up, if it meets the accept, for that of one that is connected.',
    violates: ['VIA-CON-020', 'VIA-CON-001'],
    make: withViaParts({ connector: CancelConfirms }),
  },
  {
    name: 'via-old-frames-taken',
    words: 'Takes late frames of an earlier connection for frames of the one that the VI has now.',
    violates: ['VIA-VI-017', 'VIA-VI-020', 'VIA-REL-001', 'VIA-REL-004', 'VIA-REL-007', 'VIA-REL-008', 'VIA-REL-012'],
    make: withViaParts({ connector: OldFramesTaken }),
  },
])
