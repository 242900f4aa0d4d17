// Mutants of the VIA reference that take for what comes later what was of the first: attributes, limits, places, errors.
import { serialDistance } from '../../../reference/core/serial.ts'
import type { Introduction } from '../../../reference/via/addresses.ts'
import type { ViaAnswer } from '../../../reference/via/answers.ts'
import type { Channel } from '../../../reference/via/channel.ts'
import { Connector } from '../../../reference/via/connector.ts'
import type { Attempt } from '../../../reference/via/connector.ts'
import { DescriptorAccess } from '../../../reference/via/descriptor-access.ts'
import { frameFlag } from '../../../reference/via/frame.ts'
import type { ViaHeader } from '../../../reference/via/frame.ts'
import { Lifecycle } from '../../../reference/via/lifecycle.ts'
import { NameCalls } from '../../../reference/via/name-calls.ts'
import { NicCalls } from '../../../reference/via/nic-calls.ts'
import type { Nic, Posting, Vi } from '../../../reference/via/objects.ts'
import { Peers } from '../../../reference/via/peers.ts'
import type { PeerAttempt } from '../../../reference/via/peers.ts'
import { Receiver } from '../../../reference/via/receiver.ts'
import { Reports } from '../../../reference/via/reports.ts'
import { Sender } from '../../../reference/via/sender.ts'
import type { ViEvent } from '../../../reference/via/states.ts'
import type { ViaRemoteAttributes } from '../../../spec/vocabulary/via-attributes.ts'
import type { ViplCall } from '../../../spec/vocabulary/via-calls.ts'
import type { ViaErrorCode } from '../../../spec/vocabulary/via-constants.ts'
import type { ViaControlFields } from '../../../spec/vocabulary/via-descriptor.ts'
import { mutantsOf, withViaParts, type Mutant } from '../mutant.ts'

type Call<Operation extends ViplCall['operation']> = Extract<ViplCall, { operation: Operation }>

/** What each VI was told first of the VI at the other end. */
class FirstTold {
  private readonly told = new WeakMap<Vi, ViaRemoteAttributes>()

  of(vi: Vi, attributes: ViaRemoteAttributes): ViaRemoteAttributes {
    const first = this.told.get(vi) ?? attributes
    this.told.set(vi, first)
    return first
  }
}

class FirstServer extends Connector {
  private readonly first = new FirstTold()

  protected override establish(attempt: Attempt, outputs: { remoteAttributes?: ViaRemoteAttributes } = {}): void {
    const { remoteAttributes } = outputs
    if (!remoteAttributes) super.establish(attempt, outputs)
    else super.establish(attempt, { remoteAttributes: this.first.of(attempt.channel.vi, remoteAttributes) })
  }
}

class FirstPeer extends Peers {
  private readonly first = new FirstTold()

  protected override establish(attempt: PeerAttempt, remoteAttributes: ViaRemoteAttributes): void {
    super.establish(attempt, this.first.of(attempt.channel.vi, remoteAttributes))
  }
}

/** Keeps what the first request of a host has brought. */
class FirstClient extends Connector {
  private readonly first = new Map<number, ViaRemoteAttributes>()

  override clear(): void {
    super.clear()
    this.first.clear()
  }

  override requested(node: number, header: ViaHeader, introduction: Introduction): void {
    const attributes = this.first.get(node) ?? introduction.attributes
    this.first.set(node, attributes)
    super.requested(node, header, { ...introduction, attributes })
  }
}

/** Looks at MaxTransferSize with the first descriptor of a VI. */
class FirstTransfer extends DescriptorAccess {
  private readonly most = new WeakMap<Vi, number>()

  protected override isTooLong(posting: Posting, fields: ViaControlFields): boolean {
    const { vi, queue, total } = posting
    if (queue.queue === 'recv') return super.isTooLong(posting, fields)
    const most = this.most.get(vi) ?? vi.attributes.maxTransferSize
    this.most.set(vi, most)
    return fields.length !== total || total > most
  }
}

/** How many messages are in the peer's memory is known of a host, not of a connection. */
class PlacedTogether extends Sender {
  override acknowledged(channel: Channel, received: number, placed: number): void {
    super.acknowledged(channel, received, placed)
    for (const { channel: other } of this.board.names.all('vi')) {
      if (!other?.open || other === channel || other.node !== channel.node || !other.reliable) continue
      const most = Math.min(placed, other.messages)
      if (serialDistance(other.remotePlaced, most) <= 0) continue
      other.remotePlaced = most
      this.goOn(other)
    }
  }
}

/** Of an unreliable message that broke off it waits for the end, which it takes that of the next one for. */
class GapTakesNext extends Receiver {
  private readonly broken = new WeakMap<Channel, number>()

  protected override acceptsSome(channel: Channel, header: ViaHeader): boolean {
    const { receiving, message } = channel
    const isNext = (header.flags & frameFlag.first) !== 0 && receiving !== undefined
    if (!isNext || this.broken.get(channel) === message) return super.acceptsSome(channel, header)
    this.broken.set(channel, message)
    return false
  }
}

/** Tells errors of one code once for each VI. */
abstract class ToldOnce extends Reports {
  protected abstract readonly code: ViaErrorCode
  private readonly told = new WeakSet<Vi>()

  override vi(vi: Vi, code: ViaErrorCode): void {
    if (code === this.code && this.told.has(vi)) return
    if (code === this.code) this.told.add(vi)
    super.vi(vi, code)
  }
}

class DropToldOnce extends ToldOnce {
  protected override readonly code = 'receive-queue-empty'
}

class RefusalToldOnce extends ToldOnce {
  protected override readonly code = 'rdma-write-protection'
}

/** A VI that is connected begins with empty queues. */
class DropsComplete extends Lifecycle {
  override move(vi: Vi, event: ViEvent): boolean {
    if (event === 'established') {
      for (const { postings } of [vi.send, vi.recv]) {
        const kept = postings.filter(({ state }) => state === 'posted')
        postings.splice(0, postings.length, ...kept)
      }
    }
    return super.move(vi, event)
  }
}

class DropsEntries extends Lifecycle {
  override move(vi: Vi, event: ViEvent): boolean {
    if (event === 'established') this.board.completions.forget(vi)
    return super.move(vi, event)
  }
}

/** What waits for descriptors goes with the connection. */
class LeavesDisarmed extends Lifecycle {
  override disconnect(vi: Vi): void {
    super.disconnect(vi)
    this.board.handlers.cancel(vi.send)
    this.board.handlers.cancel(vi.recv)
  }
}

/** A NIC handle stands in the place of the one that was closed last. */
class InheritsHandler extends NicCalls {
  private left: Pick<Nic, 'handler' | 'context'> | undefined

  override open(call: Call<'VipOpenNic'>): ViaAnswer {
    const given = super.open(call)
    const nic = given.vip?.code === 'VIP_SUCCESS' ? this.board.names.find('nic', call.as) : undefined
    if (nic && this.left) Object.assign(nic, this.left)
    this.left = undefined
    return given
  }

  override close(call: Call<'VipCloseNic'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    const given = super.close(call)
    if (nic?.alive === false) this.left = { handler: nic.handler, context: nic.context }
    return given
  }
}

/** The name service of a handle that was closed goes on for whoever comes next. */
class InheritsNames extends NameCalls {
  private known: Nic[] = []

  override init(call: Call<'VipNSInit'>): ViaAnswer {
    const nic = this.board.names.find('nic', call.nic)
    const given = super.init(call)
    if (nic && given.vip?.code === 'VIP_SUCCESS') this.known = [...this.known.filter(({ alive }) => alive), nic]
    return given
  }

  protected override isStarted(nic: Nic): boolean {
    return super.isStarted(nic) || this.known.some((one) => !one.alive && this.started.has(one))
  }
}

export const inTurnMutants: readonly Mutant[] = mutantsOf('via', [
  {
    name: 'via-attributes-of-first-server',
    words: 'Tells the client of every server the attributes of the first one that accepted the same VI.',
    violates: ['VIA-CON-003'],
    make: withViaParts({ connector: FirstServer }),
  },
  {
    name: 'via-attributes-of-first-client',
    words: 'Tells a server that waits the attributes of the first VI by which a host has asked.',
    violates: ['VIA-CON-002'],
    make: withViaParts({ connector: FirstClient }),
  },
  {
    name: 'via-peer-attributes-of-first',
    words: 'Tells of every peer the attributes of the first one that was paired with the same VI.',
    violates: ['VIA-PEER-008'],
    make: withViaParts({ peers: FirstPeer }),
  },
  {
    name: 'via-transfer-size-of-first-send',
    words: 'Holds all sends of a VI to the MaxTransferSize that it had with the first.',
    violates: ['VIA-DESC-019', 'VIA-SEND-002', 'VIA-VI-014'],
    make: withViaParts({ descriptors: FirstTransfer }),
  },
  {
    name: 'via-placed-together',
    words: 'Takes messages of all VIs for placed of which so many of one VI are placed at the same host.',
    violates: ['VIA-REL-002', 'VIA-REL-011', 'VIA-REL-012', 'VIA-REL-013'],
    make: withViaParts({ sender: PlacedTogether }),
  },
  {
    name: 'via-gap-takes-next',
    words: 'Drops the unreliable message behind one that broke off.',
    violates: ['VIA-REL-004', 'VIA-REL-005', 'VIA-REL-016'],
    make: withViaParts({ receiver: GapTakesNext }),
  },
  {
    name: 'via-no-receive-told-once',
    words: 'Tells once in the life of a VI that a message found no receive.',
    violates: ['VIA-ERR-010'],
    make: withViaParts({ reports: DropToldOnce }),
  },
  {
    name: 'via-rdma-refusal-told-once',
    words: 'Tells once in the life of a VI that an RDMA write was refused.',
    violates: ['VIA-RDMA-007'],
    make: withViaParts({ reports: RefusalToldOnce }),
  },
  {
    name: 'via-connecting-drops-complete',
    words: 'Forgets complete descriptors that nobody has taken when their VI is connected again.',
    violates: ['VIA-DISC-006', 'VIA-DONE-007'],
    make: withViaParts({ lifecycle: DropsComplete }),
  },
  {
    name: 'via-connecting-drops-entries',
    words: 'Forgets the entries of a VI when it is connected again.',
    violates: ['VIA-CQ-004', 'VIA-FLUSH-004'],
    make: withViaParts({ lifecycle: DropsEntries }),
  },
  {
    name: 'via-notify-ends-with-connection',
    words: 'Disarms the handlers of a VI when it is disconnected.',
    violates: ['VIA-NTFY-005', 'VIA-NTFY-008'],
    make: withViaParts({ lifecycle: LeavesDisarmed }),
  },
  {
    name: 'via-handler-inherited',
    words: 'Gives a NIC handle that is opened the error handler of the one that was closed before.',
    violates: ['VIA-ERR-003', 'VIA-ERR-004'],
    make: withViaParts({ nicCalls: InheritsHandler }),
  },
  {
    name: 'via-names-inherited',
    words: 'Takes the name service for started on all NIC handles when one was closed on which it is.',
    violates: ['VIA-NS-001'],
    make: withViaParts({ nameCalls: InheritsNames }),
  },
])
