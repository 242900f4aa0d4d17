// Mutants of the VIA reference that end a connection wrongly.
import { answer } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Introduction } from '../../../reference/via/addresses.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { Connector } from '../../../reference/via/connector.ts'
import { Farewells } from '../../../reference/via/farewells.ts'
import { frameKind, reasons } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import type { Vi } from '../../../reference/via/objects.ts'
import type { ViEvent } from '../../../reference/via/states.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { mutantsOf, withViaParts } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

class LeavesToError extends Lifecycle {
  override move(vi: Vi, event: ViEvent): boolean {
    const connected = vi.state === 'connected'
    const moved = super.move(vi, event)
    if (connected && event === 'disconnect') vi.state = 'error'
    return moved
  }
}

class LosesToIdle extends Lifecycle {
  protected override enterError(vi: Vi, event: 'fault' | 'lost'): void {
    this.move(vi, event === 'lost' ? 'disconnect' : event)
  }
}

class LosesToNothing extends Lifecycle {
  protected override enterError(vi: Vi, event: 'fault' | 'lost'): void {
    if (event !== 'lost') super.enterError(vi, event)
  }
}

/** A connection that breaks leaves its VI idle at this end. */
class BreaksToIdle extends Lifecycle {
  protected override enterError(vi: Vi, event: 'fault' | 'lost'): void {
    this.move(vi, event === 'fault' ? 'disconnect' : event)
  }
}

class DisconnectUnsaid extends Farewells {
  override say(channel: Channel, reason: number, message: number): void {
    if (reason !== reasons.disconnected) super.say(channel, reason, message)
  }
}

class BreakUnsaid extends Farewells {
  override say(channel: Channel, reason: number, message: number): void {
    if (reason === reasons.disconnected) super.say(channel, reason, message)
  }
}

class ReasonUnsaid extends Farewells {
  override say(channel: Channel, reason: number, message: number): void {
    super.say(channel, reason === reasons.badReceive ? reasons.broken : reason, message)
  }
}

class IdleRefused extends ViCalls {
  override disconnect(call: Call<'VipDisconnect'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    return vi?.state === 'idle' ? answer('VIP_INVALID_STATE') : super.disconnect(call)
  }
}

class ErrorRefused extends ViCalls {
  override disconnect(call: Call<'VipDisconnect'>): ViaAnswer {
    const vi = this.board.names.find('vi', call.vi)
    return vi?.state === 'error' ? answer('VIP_INVALID_STATE') : super.disconnect(call)
  }
}

/** Leaves the error state for whoever asks for a connection. */
class ErrorHeals extends ViCalls {
  override request(id: number, call: Call<'VipConnectRequest'>): ViaAnswer | undefined {
    const vi = this.board.names.find('vi', call.vi)
    if (vi?.state === 'error') vi.state = 'idle'
    return super.request(id, call)
  }
}

/** Tells the own program of a disconnect when the peer has heard of it. */
class OwnDisconnectReported extends Farewells {
  private readonly left = new Map<number, Vi>()

  override clear(): void {
    super.clear()
    this.left.clear()
  }

  override say(channel: Channel, reason: number, message: number): void {
    if (reason === reasons.disconnected) this.left.set(channel.number, channel.vi)
    super.say(channel, reason, message)
  }

  override heard(node: number, number: number): void {
    super.heard(node, number)
    const vi = this.left.get(number)
    if (vi) this.board.reports.vi(vi, 'connection-lost')
    this.left.delete(number)
  }
}

/** Finds the VI of a request also when that was cancelled, and connects it. */
class LateAcceptTaken extends Connector {
  private readonly made = new Map<number, Channel>()

  override clear(): void {
    super.clear()
    this.made.clear()
  }

  override make(vi: Vi, node: number): Channel {
    const channel = super.make(vi, node)
    this.made.set(channel.number, channel)
    return channel
  }

  override channel(number: number, node: number, remote: number): Channel | undefined {
    const late = this.made.get(number)
    const isLate = late?.open === true && late.node === node && late.remote === remote
    return super.channel(number, node, remote) ?? (isLate ? late : undefined)
  }

  override accepted(node: number, header: ViaHeader, introduction: Introduction): void {
    const late = this.made.get(header.to)
    if (late?.node !== node || late.open || late.remote !== 0 || late.vi.state !== 'idle') {
      super.accepted(node, header, introduction)
      return
    }
    late.open = true
    late.remote = header.from
    late.vi.channel = late
    late.vi.state = 'connected'
    this.board.outbox.post(node, { kind: frameKind.confirm, to: header.from, from: header.to })
  }
}

export const leavingMutants = mutantsOf('via', [
  {
    name: 'via-leaves-to-error',
    words: 'Puts a connected VI that is disconnected into the error state.',
    violates: ['VIA-DISC-001', 'VIA-FLUSH-006', 'VIA-VI-017'],
    make: withViaParts({ lifecycle: LeavesToError }),
  },
  {
    name: 'via-loses-to-idle',
    words: 'Makes a VI idle whose peer has gone.',
    violates: ['VIA-DISC-002', 'VIA-ERR-009', 'VIA-REL-015'],
    make: withViaParts({ lifecycle: LosesToIdle }),
  },
  {
    name: 'via-loses-to-nothing',
    words: 'Tells the error handler of a lost connection, and leaves the VI connected.',
    violates: ['VIA-DISC-002', 'VIA-ERR-009', 'VIA-REL-015'],
    make: withViaParts({ lifecycle: LosesToNothing }),
  },
  {
    name: 'via-breaks-to-idle',
    words: 'Makes a VI idle that breaks its connection by an error.',
    violates: ['VIA-ERR-011', 'VIA-ERR-012', 'VIA-ERR-014', 'VIA-ERR-020', 'VIA-REL-015'],
    make: withViaParts({ lifecycle: BreaksToIdle }),
  },
  {
    name: 'via-disconnect-unsaid',
    words: 'Does not tell the peer of a disconnect.',
    violates: ['VIA-DISC-002'],
    make: withViaParts({ farewells: DisconnectUnsaid }),
  },
  {
    name: 'via-break-unsaid',
    words: 'Does not tell the peer when an error has broken the connection.',
    violates: ['VIA-ERR-012', 'VIA-ERR-015', 'VIA-ERR-018', 'VIA-ERR-020', 'VIA-REL-015'],
    make: withViaParts({ farewells: BreakUnsaid }),
  },
  {
    name: 'via-rr-sender-not-told',
    words: 'Does not tell the sender at Reliable Reception what has become of its message.',
    violates: ['VIA-ERR-012', 'VIA-ERR-015', 'VIA-ERR-018'],
    make: withViaParts({ farewells: ReasonUnsaid }),
  },
  {
    name: 'via-idle-disconnect-refused',
    words: 'Refuses to disconnect an idle VI.',
    violates: ['VIA-DISC-003', 'VIA-DISC-004'],
    make: withViaParts({ viCalls: IdleRefused }),
  },
  {
    name: 'via-error-disconnect-refused',
    words: 'Refuses to disconnect a VI in the error state.',
    violates: ['VIA-DISC-005', 'VIA-FLUSH-006'],
    make: withViaParts({ viCalls: ErrorRefused }),
  },
  {
    name: 'via-error-heals',
    words: 'Lets a VI in the error state request a connection.',
    violates: ['VIA-DISC-005', 'VIA-CON-022'],
    make: withViaParts({ viCalls: ErrorHeals }),
  },
  {
    name: 'via-own-disconnect-reported',
    words: 'Tells the error handler of a disconnect by its own program.',
    violates: ['VIA-DISC-007', 'VIA-ERR-024'],
    make: withViaParts({ farewells: OwnDisconnectReported }),
  },
  {
    name: 'via-late-accept-taken',
    words: 'Connects a VI whose request was cancelled when the accept of it comes.',
    violates: ['VIA-CON-028'],
    make: withViaParts({ connector: LateAcceptTaken }),
  },
])
