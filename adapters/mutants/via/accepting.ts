// Mutants of the VIA reference that accept what they should not, or make too much of it when connecting fails.
import { answer } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { Connector } from '../../../reference/via/connector.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import type { ConnectionRequest, Vi } from '../../../reference/via/objects.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import type { ViEvent } from '../../../reference/via/states.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import type { VipReturn } from '../../../spec/vocabulary/via-returns.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** Allows what the states of a VI do not. */
class AcceptsConnected extends Lifecycle {
  override allows(vi: Vi, event: ViEvent): boolean {
    return (event === 'accept' && vi.state === 'connected') || super.allows(vi, event)
  }
}

class RequestsConnected extends Lifecycle {
  override allows(vi: Vi, event: ViEvent): boolean {
    return (event === 'request' && vi.state === 'connected') || super.allows(vi, event)
  }
}

class RefusedBreaks extends ViCalls {
  override request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    const vi = this.board.names.find('vi', call.vi)
    if (vi) this.board.lifecycle.fault(vi)
    return super.request(id, call)
  }
}

/** Says in what two ends do not agree, but for one thing. */
class AnyLevel extends ViCalls {
  protected override mismatch(connection: ConnectionRequest, vi: Vi): VipReturn | undefined {
    const code = super.mismatch(connection, vi)
    return code === 'VIP_INVALID_RELIABILITY_LEVEL' ? undefined : code
  }
}

class AnyTransferSize extends ViCalls {
  protected override mismatch(connection: ConnectionRequest, vi: Vi): VipReturn | undefined {
    const code = super.mismatch(connection, vi)
    return code === 'VIP_INVALID_MTU' ? undefined : code
  }
}

class LargerTransferSize extends ViCalls {
  protected override mismatch(connection: ConnectionRequest, vi: Vi): VipReturn | undefined {
    const code = super.mismatch(connection, vi)
    const larger = vi.attributes.maxTransferSize > connection.attributes.maxTransferSize
    return code === 'VIP_INVALID_MTU' && larger ? undefined : code
  }
}

class SameRights extends ViCalls {
  protected override mismatch(connection: ConnectionRequest, vi: Vi): VipReturn | undefined {
    const differ = connection.attributes.enableRdmaWrite !== vi.attributes.enableRdmaWrite
    return super.mismatch(connection, vi) ?? (differ ? 'VIP_INVALID_PARAMETER' : undefined)
  }
}

class MismatchRejects extends ViCalls {
  protected override mismatch(connection: ConnectionRequest, vi: Vi): VipReturn | undefined {
    const code = super.mismatch(connection, vi)
    if (code) this.board.connector.reject(connection)
    return code
  }
}

class MismatchUsesUp extends ViCalls {
  protected override mismatch(connection: ConnectionRequest, vi: Vi): VipReturn | undefined {
    const code = super.mismatch(connection, vi)
    if (code) connection.alive = false
    return code
  }
}

/** Takes the server's word for that of both. */
class AcceptsAlone extends Connector {
  override accept(call: number, vi: Vi, accepting: ConnectionRequest): void {
    super.accept(call, vi, accepting)
    if (vi.channel) this.confirmed(vi.channel)
  }

  override cancelled(_node: number, _header: ViaHeader): void {}
}

class HandleStays extends Connector {
  override accept(call: number, vi: Vi, accepting: ConnectionRequest): void {
    super.accept(call, vi, accepting)
    accepting.alive = true
  }

  override reject(connection: ConnectionRequest): void {
    super.reject(connection)
    connection.alive = true
  }
}

class FailedRequestFlushes extends Lifecycle {
  override move(vi: Vi, event: ViEvent): boolean {
    const moved = super.move(vi, event)
    if (event === 'refused') this.flush(vi)
    return moved
  }
}

class FailedRequestStays extends Lifecycle {
  override move(vi: Vi, event: ViEvent): boolean {
    return event === 'refused' || super.move(vi, event)
  }
}

/** Begins a connection with an empty receive queue. */
class ConnectingFlushes extends Lifecycle {
  override move(vi: Vi, event: ViEvent): boolean {
    const moved = super.move(vi, event)
    if (event === 'established') this.board.queues.flush(vi.recv)
    return moved
  }
}

const early = 100_000

/** Takes what comes in the first moments of a connection, and has nobody to give it to. */
class EarlyDataLost extends Receiver {
  /** Since when a channel is known to the receiver. */
  private readonly since = new WeakMap<Channel, number>()

  protected override acceptsNext(channel: Channel, header: ViaHeader): boolean {
    const { now } = this.board
    const begin = this.since.get(channel) ?? now
    this.since.set(channel, begin)
    return super.acceptsNext(channel, header) && now - begin > early
  }
}

class PendingStays extends ViCalls {
  override disconnect(call: Call<'VipDisconnect'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    return vi?.state === 'connect-pending' ? answer('VIP_INVALID_STATE') : super.disconnect(call)
  }
}

/** The channel of a VI goes on where the one before has ended, at the server only. */
class NumbersKept extends Connector {
  override accept(call: number, vi: Vi, accepting: ConnectionRequest): void {
    const before = vi.channel
    super.accept(call, vi, accepting)
    if (!vi.channel || !before) return
    vi.channel.expected = before.expected
    vi.channel.message = before.message
  }
}

/** Accepts the request that came last, whichever handle it is given. */
class NewestAccepted extends Connector {
  override accept(call: number, vi: Vi, accepting: ConnectionRequest): void {
    super.accept(call, vi, this.board.names.all('connection').at(-1) ?? accepting)
  }
}

class RejectsAll extends Connector {
  override reject(connection: ConnectionRequest): void {
    for (const each of this.board.names.all('connection')) if (each.node === connection.node) super.reject(each)
  }
}

export const acceptingMutants = mutantsOf('via', [
  {
    name: 'via-accepts-connected',
    words: 'Accepts a request with a VI that is connected already.',
    violates: ['VIA-CON-014'],
    make: withViaParts({ lifecycle: AcceptsConnected }),
  },
  {
    name: 'via-requests-connected',
    words: 'Lets a VI request a connection that is connected already.',
    violates: ['VIA-CON-022'],
    make: withViaParts({ lifecycle: RequestsConnected }),
  },
  {
    name: 'via-refused-request-breaks',
    words: 'Breaks the connection of a VI whose VipConnectRequest it refuses.',
    violates: ['VIA-CON-022', 'VIA-VI-020'],
    make: withViaParts({ viCalls: RefusedBreaks }),
  },
  {
    name: 'via-level-mismatch-accepted',
    words: 'Connects VIs of different reliability levels.',
    violates: ['VIA-CON-015'],
    make: withViaParts({ viCalls: AnyLevel }),
  },
  {
    name: 'via-transfer-mismatch-accepted',
    words: 'Connects VIs of different MaxTransferSize.',
    violates: ['VIA-CON-016'],
    make: withViaParts({ viCalls: AnyTransferSize }),
  },
  {
    name: 'via-larger-transfer-accepted',
    words: 'Accepts with a VI whose MaxTransferSize is larger than that of the client.',
    violates: ['VIA-CON-016'],
    make: withViaParts({ viCalls: LargerTransferSize }),
  },
  {
    name: 'via-wants-same-rights',
    words: 'Does not connect VIs whose RDMA rights differ.',
    violates: ['VIA-CON-018'],
    make: withViaParts({ viCalls: SameRights }),
  },
  {
    name: 'via-failed-accept-rejects',
    words: 'Rejects the request when VipConnectAccept refuses because of attributes.',
    violates: ['VIA-CON-019'],
    make: withViaParts({ viCalls: MismatchRejects }),
  },
  {
    name: 'via-failed-accept-uses-handle',
    words: 'Uses the connection handle up when VipConnectAccept refuses because of attributes.',
    violates: ['VIA-CON-019'],
    make: withViaParts({ viCalls: MismatchUsesUp }),
  },
  {
    name: 'via-accepts-alone',
    words: 'Accepts a request whether the client still waits for it or not.',
    violates: ['VIA-CON-020'],
    make: withViaParts({ connector: AcceptsAlone }),
  },
  {
    name: 'via-connection-handle-stays',
    words: 'Takes a connection handle again that was answered.',
    violates: ['VIA-CON-021'],
    make: withViaParts({ connector: HandleStays }),
  },
  {
    name: 'via-failed-request-flushes',
    words: 'Flushes the receives of a VI whose request has failed.',
    violates: ['VIA-CON-024'],
    make: withViaParts({ lifecycle: FailedRequestFlushes }),
  },
  {
    name: 'via-failed-request-stays-pending',
    words: 'Leaves a VI whose request has failed in state connect pending.',
    violates: ['VIA-CON-024', 'VIA-VI-012'],
    make: withViaParts({ lifecycle: FailedRequestStays }),
  },
  {
    name: 'via-connecting-flushes',
    words: 'Flushes the receives of a VI when it becomes connected.',
    violates: ['VIA-CON-025'],
    make: withViaParts({ lifecycle: ConnectingFlushes }),
  },
  {
    name: 'via-early-data-lost',
    words: 'Acknowledges and loses what comes in the first moments of a reliable connection.',
    violates: ['VIA-CON-026', 'VIA-REL-007', 'VIA-REL-012'],
    make: withViaParts({ receiver: EarlyDataLost }),
  },
  {
    name: 'via-pending-not-disconnected',
    words: 'Refuses to disconnect a VI whose request is outstanding.',
    violates: ['VIA-CON-028'],
    make: withViaParts({ viCalls: PendingStays }),
  },
  {
    name: 'via-numbers-kept',
    words: 'Expects the numbers of the connection before when a VI is connected again.',
    violates: ['VIA-VI-017', 'VIA-DISC-005'],
    make: withViaParts({ connector: NumbersKept }),
  },
  {
    name: 'via-newest-request-accepted',
    words: 'Accepts the request that came last, whichever of several the connection handle is of.',
    violates: ['VIA-CON-001', 'VIA-CON-008'],
    make: withViaParts({ connector: NewestAccepted }),
  },
  {
    name: 'via-reject-rejects-all',
    words: 'Rejects with one request of a host all others that wait for their answers.',
    violates: ['VIA-CON-001', 'VIA-CON-008'],
    make: withViaParts({ connector: RejectsAll }),
  },
])
