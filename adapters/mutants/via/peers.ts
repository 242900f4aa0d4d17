// Mutants of the VIA reference that pair equal requests wrongly.
import { answer, badState, success } from '../../../reference/via/answers.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import { writeIntroduction } from '../../../reference/via/addresses.ts'
import type { Introduction, KnownAddress } from '../../../reference/via/addresses.ts'
import { Connector, introduced } from '../../../reference/via/connector.ts'
import { frameKind } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import type { Vi } from '../../../reference/via/objects.ts'
import { Peers } from '../../../reference/via/peers.ts'
import type { PeerAttempt } from '../../../reference/via/peers.ts'
import { ViCalls } from '../../../reference/via/vi-calls.ts'
import type { ViaRemoteAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import { viaInfinite } from '../../../spec/vocabulary/via-constants.ts'
import type { VipReturn } from '../../../spec/vocabulary/via-returns.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

interface Who {
  readonly own: string
  readonly remote: KnownAddress
}
type PeerCall = Extract<ViplCall, { operation: 'VipConnectPeerRequest' }>

class NobodyAnswers extends Peers {
  override requested(): void {}
}

class StaysPending extends Peers {
  protected override establish(attempt: PeerAttempt, remote: ViaRemoteAttributes): void {
    super.establish(attempt, remote)
    attempt.channel.vi.state = 'connect-pending'
  }
}

/** Says what there is to say once, and never again. */
class AsksOnce extends Peers {
  private readonly asked = new WeakSet<PeerAttempt>()

  protected override say(attempt: PeerAttempt): void {
    if (!attempt.peer && this.asked.has(attempt)) {
      this.board.alarms.set(attempt.alarm, attempt.end ?? Infinity)
      return
    }
    this.asked.add(attempt)
    super.say(attempt)
  }
}

class PollsRefused extends Peers {
  override done(vi: Vi): ViaAnswer {
    const given = super.done(vi)
    return given.vip?.code === 'VIP_NOT_DONE' ? badState : given
  }
}

class ToldOwnAttributes extends Peers {
  protected override establish(attempt: PeerAttempt): void {
    super.establish(attempt, introduced(attempt.channel.vi.attributes))
  }
}

class WantsSameRights extends Peers {
  protected override mismatch(other: ViaRemoteAttributes, attempt: PeerAttempt): VipReturn | undefined {
    const { enableRdmaWrite } = attempt.channel.vi.attributes
    return super.mismatch(other, attempt) ?? (other.enableRdmaWrite === enableRdmaWrite ? undefined : 'VIP_INVALID_QOS')
  }
}

class Hurries extends Peers {
  override request(vi: Vi, who: Who, timeout: number): void {
    super.request(vi, who, timeout === viaInfinite ? 10_000 : Math.ceil(timeout / 10))
  }
}

class WaitsForEver extends Peers {
  override request(vi: Vi, who: Who): void {
    super.request(vi, who, viaInfinite)
  }
}

class TimeoutBreaks extends Peers {
  protected override fail(attempt: PeerAttempt, code: VipReturn): void {
    super.fail(attempt, code)
    if (code === 'VIP_TIMEOUT') attempt.channel.vi.state = 'error'
  }
}

/** A request that is over is still found by a peer's. */
class GhostsAnswer extends Peers {
  private ghosts: PeerAttempt[] = []

  override clear(): void {
    super.clear()
    this.ghosts = []
  }

  override requested(node: number, header: ViaHeader, introduction: Introduction): void {
    const ghost = this.find(node, header.from, introduction) ? undefined : this.ghostFor(node, introduction)
    if (!ghost) {
      super.requested(node, header, introduction)
      return
    }
    const { channel, wanted, own } = ghost
    const payload = writeIntroduction({ attributes: introduced(channel.vi.attributes), wanted, own })
    this.board.outbox.post(node, { kind: frameKind.peerAccept, to: header.from, from: channel.number }, payload)
  }

  protected override giveUp(attempt: PeerAttempt): void {
    super.giveUp(attempt)
    this.ghosts.push(attempt)
  }

  private ghostFor(node: number, { own, wanted }: Introduction): PeerAttempt | undefined {
    return this.ghosts.find((one) => one.channel.node === node && one.own === wanted && one.wanted === own)
  }
}

class MismatchAccepted extends Peers {
  protected override mismatch(): undefined {}
}

class MismatchSilent extends Peers {
  protected override turnAway(attempt: PeerAttempt, _from: number, code: VipReturn): void {
    this.fail(attempt, code)
  }
}

class MismatchAsReject extends Peers {
  override refused(node: number, header: ViaHeader): void {
    const attempt = this.attempts.get(header.to)
    if (attempt?.channel.node === node) this.fail(attempt, 'VIP_REJECT')
  }
}

class ToldTwice extends Peers {
  protected override tell(): void {}
}

class NothingNotDone extends Peers {
  override done(vi: Vi): ViaAnswer {
    const given = super.done(vi)
    return given === badState ? answer('VIP_NOT_DONE') : given
  }
}

class RequestsConnected extends ViCalls {
  override peerRequest(call: PeerCall): ViaAnswer {
    const given = super.peerRequest(call)
    return given === badState ? success : given
  }
}

class ViUnchecked extends ViCalls {
  override peerRequest(call: PeerCall): ViaAnswer {
    return this.board.names.find('vi', call.vi) ? super.peerRequest(call) : success
  }
}

class AddressesUnchecked extends ViCalls {
  override peerRequest(call: PeerCall): ViaAnswer {
    const given = super.peerRequest(call)
    return given.vip?.code === 'VIP_INVALID_PARAMETER' && this.board.names.find('vi', call.vi) ? success : given
  }
}

class DiscriminatorPrefix extends Peers {
  protected override fits(attempt: PeerAttempt, { own, wanted }: Introduction): boolean {
    return isPrefix(attempt.own, wanted) && isPrefix(attempt.wanted, own)
  }
}

function isPrefix(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one)
}

class LocalUnmatched extends Peers {
  protected override fits(attempt: PeerAttempt, { own }: Introduction): boolean {
    return attempt.wanted === own
  }
}

class RemoteUnmatched extends Peers {
  protected override fits(attempt: PeerAttempt, { wanted }: Introduction): boolean {
    return attempt.own === wanted
  }
}

class CancelForgotten extends Peers {
  override abandon(): void {}
}

/** Servers are shown peer requests for their address. */
class Served extends Peers {
  override requested(node: number, header: ViaHeader, introduction: Introduction): void {
    const { connector } = this.board
    const isServed = connector instanceof ShowsServers && connector.hasServer(introduction)
    if (isServed && !this.find(node, header.from, introduction)) connector.requested(node, header, introduction)
    else super.requested(node, header, introduction)
  }
}

class ShowsServers extends Connector {
  hasServer(introduction: Introduction): boolean {
    return this.serverFor(introduction) !== undefined
  }
}

export const peerMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-peer-nobody-answers',
    words: 'Each of two peers leaves it to the other to answer.',
    violates: ['VIA-PEER-001'],
    make: withViaParts({ peers: NobodyAnswers }),
  },
  {
    name: 'via-peer-stays-pending',
    words: 'A VI that was paired stays connect pending.',
    violates: ['VIA-PEER-001'],
    make: withViaParts({ peers: StaysPending }),
  },
  {
    name: 'via-peer-asks-once',
    words: 'A request that came before that of its peer is not made again, and not found.',
    violates: ['VIA-PEER-001'],
    make: withViaParts({ peers: AsksOnce }),
  },
  {
    name: 'via-peer-polls-refused',
    words: 'VipConnectPeerDone refuses while there is no outcome.',
    violates: ['VIA-PEER-002'],
    make: withViaParts({ peers: PollsRefused }),
  },
  {
    name: 'via-peer-told-own-attributes',
    words: 'Each peer is told the attributes of its own VI.',
    violates: ['VIA-PEER-008'],
    make: withViaParts({ peers: ToldOwnAttributes }),
  },
  {
    name: 'via-peer-wants-same-rights',
    words: 'Peers whose VIs do not have the same RDMA rights are not paired.',
    violates: ['VIA-PEER-004', 'VIA-PEER-001', 'VIA-PEER-008'],
    make: withViaParts({ peers: WantsSameRights }),
  },
  {
    name: 'via-peer-hurries',
    words: 'A peer request is over after a tenth of its time.',
    violates: ['VIA-PEER-003'],
    make: withViaParts({ peers: Hurries }),
  },
  {
    name: 'via-peer-waits-for-ever',
    words: 'A peer request never ends by itself.',
    violates: ['VIA-PEER-003'],
    make: withViaParts({ peers: WaitsForEver }),
  },
  {
    name: 'via-peer-timeout-breaks',
    words: 'A VI whose peer request is over is in error.',
    violates: ['VIA-PEER-003'],
    make: withViaParts({ peers: TimeoutBreaks }),
  },
  {
    name: 'via-peer-ghosts-answer',
    words: 'A peer request that is over is found by one that comes later.',
    violates: ['VIA-PEER-003', 'VIA-PEER-010'],
    make: withViaParts({ peers: GhostsAnswer }),
  },
  {
    name: 'via-peer-mismatch-accepted',
    words: 'Peers whose VIs have unequal attributes are paired.',
    violates: ['VIA-PEER-004'],
    make: withViaParts({ peers: MismatchAccepted }),
  },
  {
    name: 'via-peer-mismatch-silent',
    words: 'Of two peers whose VIs have unequal attributes only one is told so.',
    violates: ['VIA-PEER-004'],
    make: withViaParts({ peers: MismatchSilent }),
  },
  {
    name: 'via-peer-mismatch-as-reject',
    words: 'A peer whose VI has other attributes than that of its peer is told that it was rejected.',
    violates: ['VIA-PEER-004'],
    make: withViaParts({ peers: MismatchAsReject }),
  },
  {
    name: 'via-peer-told-twice',
    words: 'The outcome of a peer request is told as often as one asks.',
    violates: ['VIA-PEER-005'],
    make: withViaParts({ peers: ToldTwice }),
  },
  {
    name: 'via-peer-nothing-not-done',
    words: 'Where nothing was requested VipConnectPeerDone and VipConnectPeerWait answer VIP_NOT_DONE.',
    violates: ['VIA-PEER-005'],
    make: withViaParts({ peers: NothingNotDone }),
  },
  {
    name: 'via-peer-requests-connected',
    words: 'A peer request of a VI that is not idle succeeds, and does nothing.',
    violates: ['VIA-PEER-006'],
    make: withViaParts({ viCalls: RequestsConnected }),
  },
  {
    name: 'via-peer-vi-unchecked',
    words: 'A peer request of a VI that is not valid succeeds.',
    violates: ['VIA-PEER-007'],
    make: withViaParts({ viCalls: ViUnchecked }),
  },
  {
    name: 'via-peer-addresses-unchecked',
    words: 'A peer request without an address, or with one that is too long, succeeds.',
    violates: ['VIA-PEER-007'],
    make: withViaParts({ viCalls: AddressesUnchecked }),
  },
  {
    name: 'via-peer-discriminator-prefix',
    words: 'Peers are paired whose discriminators begin alike.',
    violates: ['VIA-PEER-009'],
    make: withViaParts({ peers: DiscriminatorPrefix }),
  },
  {
    name: 'via-peer-local-unmatched',
    words: 'A peer is paired with whoever has the address that it seeks, whomever that one seeks.',
    violates: ['VIA-PEER-009'],
    make: withViaParts({ peers: LocalUnmatched }),
  },
  {
    name: 'via-peer-remote-unmatched',
    words: 'A peer is paired with whoever seeks it, whomever it seeks itself.',
    violates: ['VIA-PEER-009'],
    make: withViaParts({ peers: RemoteUnmatched }),
  },
  {
    name: 'via-peer-cancel-forgotten',
    words: 'VipDisconnect leaves a peer request open.',
    violates: ['VIA-PEER-010'],
    make: withViaParts({ peers: CancelForgotten }),
  },
  {
    name: 'via-peer-served',
    words: 'A server that waits is handed peer requests.',
    violates: ['VIA-PEER-011'],
    make: withViaParts({ peers: Served, connector: ShowsServers }),
  },
])
