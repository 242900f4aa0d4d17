// Mutants of the VIA reference in which something is left of what was there before: timers, attributes, what was told.
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { Channel } from '../../../reference/via/channel.ts'
import { Connector } from '../../../reference/via/connector.ts'
import type { CompletionQueue, Granted, Nic, Segment, Vi, WorkQueue } from '../../../reference/via/objects.ts'
import { Peers } from '../../../reference/via/peers.ts'
import { Protection } from '../../../reference/via/protection.ts'
import type { RdmaRight } from '../../../reference/via/protection.ts'
import { Reports } from '../../../reference/via/reports.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import { deadline, Waits } from '../../../reference/via/waits.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import type { ViaErrorCode } from '../../../spec/vocabulary/via-constants.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

const nanosecondsOfMillisecond = 1_000_000

/** Timers that nobody stops: what comes next at the same place ends with the one before, if that is earlier. */
class OldTimers<Place extends object> {
  private readonly ends = new WeakMap<Place, number>()

  /** What is left of `timeout` milliseconds at `place`. */
  left(place: Place, now: number, timeout: number): number {
    const end = this.ends.get(place) ?? 0
    this.ends.set(place, deadline(now, timeout) ?? 0)
    if (end <= now) return timeout
    return Math.min(timeout, Math.ceil((end - now) / nanosecondsOfMillisecond))
  }
}

class WaitTimersStay extends Waits {
  private readonly timers = new OldTimers<WorkQueue | CompletionQueue>()

  override wait(call: number, source: WorkQueue | CompletionQueue, timeout: number): ViaAnswer | undefined {
    return super.wait(call, source, timeout === 0 ? 0 : this.timers.left(source, this.board.now, timeout))
  }
}

class RequestTimersStay extends Connector {
  private readonly timers = new OldTimers<Vi>()

  override request(call: number, vi: Vi, who: Parameters<Connector['request']>[2], timeout: number): void {
    super.request(call, vi, who, this.timers.left(vi, this.board.now, timeout))
  }
}

class ServerTimersStay extends Connector {
  private readonly timers = new OldTimers<Nic>()

  override wait(call: number, server: Parameters<Connector['wait']>[1], timeout: number): ViaAnswer | undefined {
    return super.wait(call, server, timeout === 0 ? 0 : this.timers.left(server.nic, this.board.now, timeout))
  }
}

class PeerTimersStay extends Peers {
  private readonly timers = new OldTimers<Vi>()

  override request(vi: Vi, who: Parameters<Peers['request']>[1], timeout: number): void {
    super.request(vi, who, this.timers.left(vi, this.board.now, timeout))
  }
}

/** What a VI was made with. */
const made = new WeakMap<Vi, Granted>()

class NotesAttributes extends ViCalls {
  override create(call: Call<'VipCreateVi'>): ViaAnswer {
    const given = super.create(call)
    const vi = given.vip?.code === 'VIP_SUCCESS' ? this.board.names.find('vi', call.as) : undefined
    if (vi) made.set(vi, vi.attributes)
    return given
  }
}

class RightsAsMade extends Protection {
  override permits(vi: Vi, span: Segment, right: RdmaRight): boolean {
    if (span.bytes === 0) return true
    const region = this.region(vi.nic, span.handle)
    return region?.[right] === true && made.get(vi)?.[right] === true && this.allows(vi, span)
  }
}

class LevelAsMade extends Channel {
  override get level(): number {
    return made.get(this.vi)?.reliabilityLevel ?? super.level
  }
}

class ConnectsAsMade extends Connector {
  protected override channelOf(vi: Vi, number: number, node: number): Channel {
    return new LevelAsMade(vi, number, node)
  }
}

class TellsLossOnce extends Reports {
  private readonly told = new WeakSet<Vi>()

  override vi(vi: Vi, code: ViaErrorCode): void {
    if (code === 'connection-lost' && this.told.has(vi)) return
    if (code === 'connection-lost') this.told.add(vi)
    super.vi(vi, code)
  }
}

export const leftOverMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-wait-timer-left',
    words: 'Ends a Wait when the time of one before it is over that was served at the same queue.',
    violates: ['VIA-WAIT-001', 'VIA-WAIT-002', 'VIA-CQ-008', 'VIA-CQ-009'],
    make: withViaParts({ waits: WaitTimersStay }),
  },
  {
    name: 'via-request-timer-left',
    words: 'Ends a request when the time of one before it is over that the same VI had been answered.',
    violates: ['VIA-CON-009'],
    make: withViaParts({ connector: RequestTimersStay }),
  },
  {
    name: 'via-server-timer-left',
    words: 'Ends the wait of a server when the time of one before it is over that had its request.',
    violates: ['VIA-CON-012'],
    make: withViaParts({ connector: ServerTimersStay }),
  },
  {
    name: 'via-peer-timer-left',
    words: 'Ends a peer request when the time of one before it is over of the same VI.',
    violates: ['VIA-PEER-003'],
    make: withViaParts({ peers: PeerTimersStay }),
  },
  {
    name: 'via-rights-of-vi-as-made',
    words: 'Goes by the RDMA rights that a VI was made with, whatever was set.',
    violates: ['VIA-RDMA-003', 'VIA-RDMA-010', 'VIA-VI-014'],
    make: withViaParts({ viCalls: NotesAttributes, protection: RightsAsMade }),
  },
  {
    name: 'via-level-as-made',
    words: 'Treats connections of a VI as the reliability level wants it that it was made with, whatever was set.',
    violates: ['VIA-VI-014', 'VIA-ERR-010', 'VIA-ERR-011', 'VIA-REL-015', 'VIA-REL-016'],
    make: withViaParts({ viCalls: NotesAttributes, connector: ConnectsAsMade }),
  },
  {
    name: 'via-loss-told-once',
    words: 'Tells of a lost connection of a VI once in its life.',
    violates: ['VIA-DISC-002', 'VIA-ERR-001', 'VIA-VI-017'],
    make: withViaParts({ reports: TellsLossOnce }),
  },
])
